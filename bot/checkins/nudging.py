"""Which nudge comes next: pure, so that its promises can be tried against any history."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.checkins.model import monday_of
from bot.playbooks.model import Nudge, NudgeKind

REPEATED_AFTER = dt.timedelta(weeks=12)
FIRST = frozenset({NudgeKind.PERSPECTIVE, NudgeKind.OWN_HELP})
"""The two kinds with field evidence among service staff."""
_IN_A_ROW = 2
_SELF_CARE_APART = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A nudge somebody was shown; one they found not helpful never comes again."""

    nudge: str
    week: str
    is_unwanted: bool = False


def next_nudge(nudges: Mapping[str, Nudge], shown: Collection[Shown], week: str, seed: str) -> Nudge | None:
    """The nudge of a week: the one shown in it already, else a fresh one; none where none is left.

    Two of the proven kinds come before any other, and at least three others between two on self-care.
    """
    history = sorted(shown, key=lambda it: it.week)
    for it in history:
        if it.week == week and not it.is_unwanted and it.nudge in nudges:
            return nudges[it.nudge]
    fresh = _fresh(nudges, history, week)
    before = [nudges[it.nudge].kind for it in history if it.nudge in nudges and it.week <= week]
    wanted = [it for it in fresh if _fits(it.kind, before)] or [it for it in fresh if _may(it.kind, before)]
    return Random(f"{seed} {week} {len(history)}").choice(wanted) if wanted else None  # noqa: S311 - no secret


def _fresh(nudges: Mapping[str, Nudge], history: Sequence[Shown], week: str) -> list[Nudge]:
    since = monday_of(week) - REPEATED_AFTER
    out = {it.nudge for it in history if it.is_unwanted or monday_of(it.week) > since}
    return [nudges[id_] for id_ in sorted(nudges) if id_ not in out]


def _fits(kind: NudgeKind, before: Sequence[NudgeKind]) -> bool:
    last = before[-_IN_A_ROW:]
    is_others_turn = len(last) == _IN_A_ROW and FIRST.issuperset(last)
    return (kind not in FIRST) == is_others_turn and _may(kind, before)


def _may(kind: NudgeKind, before: Sequence[NudgeKind]) -> bool:
    return kind is not NudgeKind.SELF_CARE or NudgeKind.SELF_CARE not in before[-_SELF_CARE_APART:]
