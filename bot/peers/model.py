"""Who listens, what is asked for, and when the next colleague is looked for; pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from whenever import Instant

from bot.errors import InvalidError
from bot.people import Member
from bot.scheduler.availability import QuietRules
from bot.scheduler.recurrence import local_moment, next_working_day
from bot.slack.ids import Action

ON_THE_FLOOR_MOST = dt.timedelta(hours=12)
"""Whoever forgets to say that they are off is taken off by then."""
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
ASKS_A_DAY_MOST = 3
"""Being asked costs something too, even where one declines."""
PER_WEEK_CHOICES: Sequence[int] = (1, 2, 3, 5)
NOT_WITH_MOST = 50
FOLLOWED_UP_AFTER_DAYS = 3
FOLLOWED_UP_AT = dt.time(10)
SELF_CHOSEN = QuietRules(quiet_from=dt.time(0), quiet_until=dt.time(0), working_days=frozenset(range(1, 8)))
"""Whoever says they are on the floor at midnight means it; only absence and do-not-disturb count."""


class Topic(StrEnum):
    """What somebody would like to talk about; words of one's own are never asked for."""

    HARD_CONTACT = "hard_contact"
    ABUSE = "abuse"
    WORKLOAD = "workload"
    TEAM = "team"
    OUTSIDE = "outside"
    COMPANY = "company"


class Wish(StrEnum):
    """When they would like to talk."""

    NOW = "now"
    BREAK = "break"
    AFTER_SHIFT = "after_shift"


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    TALK = "talk"
    WITHDRAWN = "withdrawn"
    NOBODY = "nobody"


class AskState(StrEnum):
    """Where the asking of one supporter stands; a decline is not told from a time that ran out."""

    PENDING = "pending"
    OVER = "over"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Rounds:
    """How looking goes on: so many looks, each with so much time to answer, to so many people at once."""

    count: int
    length: dt.timedelta
    at_once: int

    @property
    def whole(self) -> dt.timedelta:
        """From the first look to the end."""
        return self.count * self.length


ROUNDS: Mapping[Wish, Rounds] = {
    Wish.NOW: Rounds(4, dt.timedelta(minutes=5), 3),
    Wish.BREAK: Rounds(6, dt.timedelta(minutes=20), 1),
    Wish.AFTER_SHIFT: Rounds(6, dt.timedelta(hours=1), 1),
}
"""Fixed beforehand: when the next look comes never depends on whether anybody was asked, or said no."""

THANKED_AFTER: Mapping[Wish, dt.timedelta] = {
    Wish.NOW: dt.timedelta(hours=1),
    Wish.BREAK: dt.timedelta(hours=4),
}
"""When the one who listened hears a line; after the shift it is the next working day."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody offers: talks a week, the hours of their day in which to be asked, topics.

    Equal hours mean at any time.
    """

    per_week: int = 2
    asked_from: dt.time = dt.time(9)
    asked_until: dt.time = dt.time(17)
    topics: frozenset[Topic] = frozenset(Topic)


@dataclass(frozen=True, slots=True)
class Supporter:
    """Somebody on the roster; on the floor until `floor_ends_at`, None while they are off."""

    member: Member
    offer: Offer
    floor_ends_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What an asker fills in."""

    topic: Topic
    wish: Wish
    wants_follow_up: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is in Slack."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish to talk. `round` counts the looks so far; `told` is where the asker reads of it."""

    id: str
    asker: Member
    asking: Asking
    made_at: dt.datetime
    round_ends_at: dt.datetime
    state: State = State.OPEN
    round: int = 0
    supporter: str | None = None
    told: Place | None = None

    @property
    def workspace(self) -> str:
        """Where it was made."""
        return self.asker.workspace

    @property
    def rounds(self) -> Rounds:
        """How looking goes on."""
        return ROUNDS[self.asking.wish]

    @property
    def is_open(self) -> bool:
        """Whether somebody is still looked for."""
        return self.state is State.OPEN


@dataclass(frozen=True, slots=True)
class Ask:
    """One supporter who was asked; `request` is gone once the asker erased their data."""

    id: str
    supporter: Member
    request: str | None
    state: AskState
    asked_at: dt.datetime
    told: Place | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What a supporter has carried: talks in seven days, asks in one day, and when they were asked last."""

    talks: int = 0
    asks_today: int = 0
    has_open_ask: bool = False
    asked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody sees of peer support: what they offer, what they asked for, in their own zone."""

    supporter: Supporter | None
    request: Request | None
    zone: str
    talks: int = 0
    now: dt.datetime = field(default_factory=lambda: dt.datetime.min.replace(tzinfo=dt.UTC))

    @property
    def is_on_floor(self) -> bool:
        """Whether they may be asked at this moment, as far as they said themselves."""
        ends_at = self.supporter.floor_ends_at if self.supporter else None
        return ends_at is not None and ends_at > self.now


def check_offer(offer: Offer) -> Offer:
    """Somebody who offers to listen takes at least one talk a week, about at least one thing."""
    if not offer.topics:
        raise InvalidError("Choose at least one topic.", field=Action.PEER_TOPICS)
    if offer.per_week not in PER_WEEK_CHOICES:
        raise InvalidError("Choose how many talks a week.", field=Action.PEER_PER_WEEK)
    return offer


def floor_ends_at(offer: Offer, zone: str, now: dt.datetime) -> dt.datetime | None:
    """Until when a supporter who says "on the floor" now is asked; None outside the hours they set."""
    if offer.asked_from == offer.asked_until:
        return now + ON_THE_FLOOR_MOST
    local = local_time(now, zone)
    starts = (local.date() - dt.timedelta(days=1), local.date())
    for day in starts:
        crosses = offer.asked_until < offer.asked_from
        last_day = day + dt.timedelta(days=1) if crosses else day
        start = local_moment(day, offer.asked_from, zone)
        end = local_moment(last_day, offer.asked_until, zone)
        if start <= now < end:
            return min(end, now + ON_THE_FLOOR_MOST)
    return None


def next_end(request: Request, due_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When the look that begins now ends: from when it was due, so that it never tells how it went."""
    end = due_at + request.rounds.length
    return end if end > now else now + request.rounds.length


def last_end(request: Request) -> dt.datetime:
    """When looking ends, from how it stands."""
    return request.round_ends_at + (request.rounds.count - max(request.round, 1)) * request.rounds.length


def thanked_at(wish: Wish, zone: str, now: dt.datetime) -> dt.datetime:
    """When the one who listened hears a line after the talk."""
    if wish in THANKED_AFTER:
        return now + THANKED_AFTER[wish]
    return next_working_day(now, zone, FOLLOWED_UP_AT)


def followed_up_at(zone: str, now: dt.datetime) -> dt.datetime:
    """When the asker is asked how they are: in the morning, about three days later."""
    day = local_time(now, zone).date() + dt.timedelta(days=FOLLOWED_UP_AFTER_DAYS)
    return local_moment(day, FOLLOWED_UP_AT, zone)


def local_time(moment: dt.datetime, zone: str) -> dt.datetime:
    """A moment as the clocks of a zone show it, without the zone."""
    return Instant(moment).to_tz(zone).to_plain().to_stdlib()


def shown_time(moment: dt.datetime, zone: str) -> str:
    """The time of day in a zone: "14:05"."""
    return local_time(moment, zone).strftime("%H:%M")
