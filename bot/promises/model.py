"""What a promise is, when it is spoken of again, and who may do what with it; pure."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from whenever import Instant

from bot.errors import GoneError, InvalidError
from bot.people import Member
from bot.scheduler.recurrence import later_same_day, local_moment, next_working_day
from bot.slack.ids import Action

USUAL_TIME = dt.time(10)
DAY_ENDS = dt.time(20)
"""A reminder that could not go out by then is not sent on that day."""
WHAT_MOST = 200
TICKET_MOST = 40
AHEAD_MOST = dt.timedelta(days=366)
DAYS_OFF_MOST = 60

_TICKET = re.compile(r"[\w#./:-]+(?: [\w#./:-]+)?")
_LONG_NUMBER = re.compile(r"\d{13,}")


class State(StrEnum):
    """Where a promise stands."""

    OPEN = "open"
    QUEUED = "queued"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a promise ended."""

    KEPT = "kept"
    CONTENT = "content"
    UNREACHABLE = "unreachable"
    DROPPED = "dropped"


class Choice(StrEnum):
    """What its keeper may do with a promise."""

    KEPT = "kept"
    MOVE = "move"
    UNREACHABLE = "unreachable"
    HAND_OVER = "hand_over"
    DROP = "drop"


class News(StrEnum):
    """What a person is told about a promise they had made or handed over."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    QUEUED = "queued"


SETTLES = {
    Choice.KEPT: Outcome.KEPT,
    Choice.UNREACHABLE: Outcome.UNREACHABLE,
    Choice.DROP: Outcome.DROPPED,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to a customer. `turn` counts what happened to it, so that an old button is known as old."""

    id: str
    maker: Member
    keeper: str | None
    asked: str | None
    team: str | None
    what: str
    ticket: str
    situation: str
    due_at: dt.datetime
    zone: str
    state: State
    outcome: Outcome | None
    turn: int

    @property
    def workspace(self) -> str:
        """Where it was made."""
        return self.maker.workspace

    @property
    def value(self) -> str:
        """How a button names it."""
        return f"{self.id}:{self.turn}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody fills in."""

    what: str
    ticket: str
    due_on: dt.date
    at: dt.time
    keeper: str
    situation: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of keeping or moving a promise; `off_on` is set where its keeper is off that day."""

    promise: Promise
    off_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """What Home shows: what I keep, what I am asked to keep, and what waits in my teams' queues."""

    kept: tuple[Promise, ...]
    asked: tuple[Promise, ...]
    queued: tuple[Promise, ...]
    zone: str


def read_value(value: str) -> tuple[str, int]:
    """Read how a button names a promise."""
    promise_id, _, turn = value.partition(":")
    if not promise_id or not turn.isdecimal():
        raise GoneError("That promise is no longer there.")
    return promise_id, int(turn)


def check_what(text: str) -> str:
    """A promise has words, and not many."""
    if not text:
        raise InvalidError("Write in a few words what you promised.", field=Action.PROMISE_WHAT)
    if len(text) > WHAT_MOST:
        raise InvalidError(f"At most {WHAT_MOST} characters.", field=Action.PROMISE_WHAT)
    return text


def check_ticket(text: str) -> str:
    """A ticket's id, never a customer's number (R21)."""
    if text and (len(text) > TICKET_MOST or not _TICKET.fullmatch(text) or _LONG_NUMBER.search(text)):
        raise InvalidError(
            "Only the ticket's id, such as REF-4711; no customer's number or address.",
            field=Action.PROMISE_TICKET,
        )
    return text


def check_heir(colleague: str, *, to_queue: bool) -> None:
    """It goes to one or the other; raises InvalidError for both, or neither."""
    if bool(colleague) == to_queue:
        raise InvalidError("Choose a colleague or the queue, one of the two.", field=Action.PROMISE_COLLEAGUE)


def due_moment(draft: Draft, zone: str, now: dt.datetime) -> dt.datetime:
    """When it is due; raises InvalidError for the past and for more than a year ahead."""
    moment = local_moment(draft.due_on, draft.at, zone)
    if moment <= now:
        raise InvalidError("That moment has passed; choose a later one.", field=Action.PROMISE_DAY)
    if moment - now > AHEAD_MOST:
        raise InvalidError("That is more than a year ahead.", field=Action.PROMISE_DAY)
    return moment


def default_moment(
    now: dt.datetime, zone: str, working_days: Collection[int], days_off: Collection[dt.date]
) -> dt.datetime:
    """The next day on which the person works, at ten."""
    moment = next_working_day(now, zone, USUAL_TIME, working_days)
    for _ in range(DAYS_OFF_MOST):
        if local_day(moment, zone) not in days_off:
            break
        moment = next_working_day(moment, zone, USUAL_TIME, working_days)
    return moment


def reminded_at(promise: Promise, now: dt.datetime, working_days: Collection[int]) -> dt.datetime:
    """When its keeper hears of it: at its moment, or on the next working day where that has passed."""
    if promise.due_at > now:
        return promise.due_at
    return next_working_day(now, promise.zone, USUAL_TIME, working_days)


def grace_of(moment: dt.datetime, zone: str) -> dt.datetime:
    """Until when a message of that moment is still worth sending: the same day."""
    return later_same_day(moment, zone, DAY_ENDS)


def in_zone_of(due_at: dt.datetime, zone: str, new_zone: str) -> dt.datetime:
    """The same day and time of day, as somebody elsewhere lives them."""
    local = local_time(due_at, zone)
    return local_moment(local.date(), local.time(), new_zone)


def local_time(moment: dt.datetime, zone: str) -> dt.datetime:
    """A moment as the clocks of a zone show it, without the zone."""
    return Instant(moment).to_tz(zone).to_plain().to_stdlib()


def local_day(moment: dt.datetime, zone: str) -> dt.date:
    """The date of a moment in a zone."""
    return local_time(moment, zone).date()


def shown_moment(moment: dt.datetime, zone: str) -> str:
    """A moment as people of that zone say it: "Tue 24 Nov, 10:00"."""
    local = local_time(moment, zone)
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def days_between(first: dt.date, last: dt.date, today: dt.date) -> list[dt.date]:
    """Every day from first to last; raises InvalidError for none, too many, or the past."""
    if last < first:
        raise InvalidError("The last day comes before the first.", field=Action.DAY_OFF_UNTIL)
    if last < today:
        raise InvalidError("Those days have passed.", field=Action.DAY_OFF_UNTIL)
    count = (last - first).days + 1
    if count > DAYS_OFF_MOST:
        raise InvalidError(f"At most {DAYS_OFF_MOST} days at a time.", field=Action.DAY_OFF_UNTIL)
    return [first + dt.timedelta(days=number) for number in range(count)]
