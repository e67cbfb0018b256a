"""Whom to ask next; pure, and deterministic given its dice."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.peers.model import ASKS_A_DAY_MOST, Load, Topic

_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Seeker:
    """Who asks, and whom they must not be brought together with: by their own list, or as lead and led."""

    id: str
    topic: Topic
    not_with: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    led: frozenset[str] = frozenset()
    already_asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A supporter as they stand."""

    id: str
    topics: frozenset[Topic]
    per_week: int
    load: Load = field(default_factory=Load)
    is_present: bool = True
    not_with: frozenset[str] = frozenset()


def may_meet(seeker: Seeker, candidate: Candidate) -> bool:
    """Whether the two may be brought together at all; either side's list is enough to keep them apart."""
    return (
        candidate.id != seeker.id
        and candidate.id not in seeker.not_with | seeker.leads | seeker.led
        and seeker.id not in candidate.not_with
    )


def has_room(candidate: Candidate) -> bool:
    """Whether another talk is within what they offered; an ask that is open counts as one."""
    return candidate.load.talks + candidate.load.has_open_ask < candidate.per_week


def may_ask(seeker: Seeker, candidate: Candidate) -> bool:
    """Whether they may be asked at this moment."""
    return (
        may_meet(seeker, candidate)
        and candidate.is_present
        and candidate.id not in seeker.already_asked
        and seeker.topic in candidate.topics
        and not candidate.load.has_open_ask
        and candidate.load.asks_today < ASKS_A_DAY_MOST
        and has_room(candidate)
    )


def choose(seeker: Seeker, candidates: Sequence[Candidate], most: int, dice: random.Random) -> list[str]:
    """Whom to ask: whoever was asked longest ago first, so that turns go round; the dice settle the rest."""
    fitting = sorted((it for it in candidates if may_ask(seeker, it)), key=lambda it: it.id)
    dice.shuffle(fitting)
    fitting.sort(key=lambda it: it.load.asked_at or _NEVER)
    return [it.id for it in fitting[:most]]
