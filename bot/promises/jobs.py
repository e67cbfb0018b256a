"""What promises put on the schedule; keys carry the turn, so each message goes out once a turn."""

import datetime as dt
from enum import StrEnum

from bot.promises.model import News, Promise, grace_of, reminded_at
from bot.scheduler import outbox
from bot.scheduler.model import Job
from bot.storage.database import Transaction
from bot.teams import Teams


class Kind(StrEnum):
    """Kinds of message."""

    REMINDER = "promises.reminder"
    OFF = "promises.off"
    OFFER = "promises.offer"
    QUEUE = "promises.queue"
    NEWS = "promises.news"


ON_DAYS_OFF_TOO = frozenset({Kind.REMINDER, Kind.OFF, Kind.NEWS})
"""What a promise has to say to somebody just because they are off, or finds another keeper for by itself."""


def remind(tx: Transaction, teams: Teams, promise: Promise, now: dt.datetime) -> None:
    """Remind its keeper when it is due."""
    if promise.keeper is None:
        return
    due_at = reminded_at(promise, now, teams.working_days(tx, promise.workspace))
    _add(tx, Kind.REMINDER, promise, promise.keeper, due_at, grace_of(due_at, promise.zone))


def ask_colleague(tx: Transaction, promise: Promise, now: dt.datetime) -> None:
    """Ask the colleague; they have until the promise is due, and a day at least."""
    if promise.asked is None:
        return
    grace = max(promise.due_at, now + dt.timedelta(days=1))
    _add(tx, Kind.OFFER, promise, promise.asked, now, grace)


def tell_leads(tx: Transaction, teams: Teams, promise: Promise, now: dt.datetime) -> None:
    """Show leads what lies in their team's queue."""
    team = teams.team(tx, promise.workspace, promise.team) if promise.team else None
    for lead in teams.leads_of(tx, team) if team else ():
        _add(tx, Kind.QUEUE, promise, lead.id, now, max(promise.due_at, now + dt.timedelta(days=2)))


def tell(
    tx: Transaction, promise: Promise, who: str, news: News, now: dt.datetime, about: str | None = None
) -> None:
    """Tell somebody what became of a promise; `about` is the colleague it speaks of, else its keeper."""
    colleague = about or promise.keeper or ""
    _add(tx, Kind.NEWS, promise, who, now, now + dt.timedelta(days=3), news, colleague)


def ask_about_day_off(tx: Transaction, promise: Promise, now: dt.datetime) -> None:
    """Ask its keeper who keeps it on their day off."""
    if promise.keeper is not None:
        grace = max(promise.due_at, now + dt.timedelta(hours=12))
        _add(tx, Kind.OFF, promise, promise.keeper, now, grace)


def remind_again(tx: Transaction, promise: Promise) -> None:
    """Remind a keeper who got it back; nothing is sent where its day has passed."""
    if promise.keeper is not None:
        late = promise.due_at + dt.timedelta(hours=10)
        _add(tx, Kind.REMINDER, promise, promise.keeper, promise.due_at, late)


def forget_messages(tx: Transaction, promise: Promise, now: dt.datetime) -> None:
    """Take back the messages of the turn that is over."""
    for who in {promise.keeper, promise.asked} - {None}:
        for kind in (Kind.REMINDER, Kind.OFF, Kind.OFFER):
            outbox.cancel(tx, promise.workspace, kind, _key(promise, str(who)), now)


def _add(
    tx: Transaction,
    kind: Kind,
    promise: Promise,
    who: str,
    due_at: dt.datetime,
    grace_until: dt.datetime,
    news: str = "",
    colleague: str = "",
) -> None:
    job = Job(
        workspace=promise.workspace,
        kind=kind,
        key=f"{_key(promise, who)}{':' if news else ''}{news}",
        recipient=who,
        due_at=due_at,
        grace_until=max(grace_until, due_at),
        # What is told its keeper is the keeper's: it must outlive its maker's erasing.
        about=None if who == promise.keeper else promise.maker.id,
        payload={"promise": promise.id, "turn": promise.turn, "news": news, "colleague": colleague},
    )
    outbox.add(tx, job)


def _key(promise: Promise, who: str) -> str:
    return f"{promise.id}:{promise.turn}:{who}"
