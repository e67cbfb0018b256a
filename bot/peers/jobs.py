"""What peer support puts on the schedule.

What goes to a supporter before they accept carries no one else's id, not even as whom it is about: a member's
export lists the jobs about them, and so would tell whether anybody was asked.
"""

import datetime as dt
from enum import StrEnum

from bot.peers.model import Ask, Request, followed_up_at, thanked_at
from bot.scheduler import outbox
from bot.scheduler.model import Job
from bot.storage.database import Transaction

ROUNDS_GRACE = dt.timedelta(hours=6)
"""A bot that was away for longer ends the request instead of asking for yesterday."""
NEWS_GRACE = dt.timedelta(hours=12)
THANKS_GRACE = dt.timedelta(days=3)
FOLLOW_UP_GRACE = dt.timedelta(days=4)


class Kind(StrEnum):
    """Kinds of message and errand."""

    ROUND = "peers.round"
    REDRAW = "peers.redraw"
    INTRODUCE = "peers.introduce"
    STATUS = "peers.status"
    OFFER = "peers.offer"
    OPENING = "peers.opening"
    GUIDE = "peers.guide"
    NOBODY = "peers.nobody"
    THANKS = "peers.thanks"
    FOLLOW_UP = "peers.follow_up"


def look(tx: Transaction, request: Request, number: int, due_at: dt.datetime) -> None:
    """Look for somebody, for the so-manieth time."""
    key = f"{request.id}:{number}"
    _errand(tx, Kind.ROUND, request, key, due_at, ROUNDS_GRACE, about=request.asker.id, round=number)


def redraw(tx: Transaction, request: Request, now: dt.datetime, why: str) -> None:
    """Bring messages that are out up to date; `why` tells one occasion from another."""
    _errand(tx, Kind.REDRAW, request, f"{request.id}:{why}", now, NEWS_GRACE)


def introduce(tx: Transaction, request: Request, now: dt.datetime) -> None:
    """Open a conversation for the two."""
    _errand(tx, Kind.INTRODUCE, request, request.id, now, NEWS_GRACE, about=request.asker.id)


def offer(tx: Transaction, request: Request, ask: Ask, now: dt.datetime, ends_at: dt.datetime) -> None:
    """Ask one supporter, without a name; of no use once the look is over."""
    outbox.add(
        tx,
        Job(
            workspace=request.workspace,
            kind=Kind.OFFER,
            key=ask.id,
            recipient=ask.supporter.id,
            due_at=now,
            grace_until=ends_at,
            payload={"ask": ask.id},
            is_personal=False,
        ),
    )


def tell_status(tx: Transaction, request: Request, now: dt.datetime) -> None:
    """Tell the asker that it is out; the same message later shows how it stands."""
    _message(tx, Kind.STATUS, request, request.asker.id, now, NEWS_GRACE, is_personal=False)


def tell_nobody(tx: Transaction, request: Request, now: dt.datetime) -> None:
    """Tell the asker that nobody could."""
    _message(tx, Kind.NOBODY, request, request.asker.id, now, NEWS_GRACE, is_personal=False)


def open_talk(tx: Transaction, request: Request, channel: str, now: dt.datetime) -> None:
    """Greet both in the conversation that they share."""
    _message(tx, Kind.OPENING, request, channel, now, NEWS_GRACE, is_personal=False)


def guide_apart(tx: Transaction, request: Request, now: dt.datetime) -> None:
    """Where they can't share one: tell each who the other is."""
    for who in (request.asker.id, request.supporter):
        if who:
            _message(tx, Kind.GUIDE, request, who, now, NEWS_GRACE, is_personal=False)


def look_after(tx: Transaction, request: Request, zone: str, asker_zone: str, now: dt.datetime) -> None:
    """A line for the one who listened, and the question that the asker wanted."""
    if request.supporter:
        due_at = thanked_at(request.asking.wish, zone, now)
        _message(tx, Kind.THANKS, request, request.supporter, due_at, THANKS_GRACE)
    if request.asking.wants_follow_up:
        due_at = followed_up_at(asker_zone, now)
        _message(tx, Kind.FOLLOW_UP, request, request.asker.id, due_at, FOLLOW_UP_GRACE)


def take_back(tx: Transaction, request: Request, asks: list[Ask], now: dt.datetime) -> None:
    """Look no further, and ask nobody who was not yet written to."""
    outbox.cancel(tx, request.workspace, Kind.ROUND, f"{request.id}:{request.round + 1}", now)
    for ask in asks:
        outbox.cancel(tx, request.workspace, Kind.OFFER, ask.id, now)


def _errand(
    tx: Transaction,
    kind: Kind,
    request: Request,
    key: str,
    due_at: dt.datetime,
    grace: dt.timedelta,
    *,
    about: str | None = None,
    round: int = 0,  # noqa: A002  # the payload's own word
) -> None:
    outbox.add(
        tx,
        Job(
            workspace=request.workspace,
            kind=kind,
            key=key,
            recipient=request.workspace,
            due_at=due_at,
            grace_until=due_at + grace,
            about=about,
            payload={"request": request.id, "round": round},
            is_personal=False,
        ),
    )


def _message(
    tx: Transaction,
    kind: Kind,
    request: Request,
    recipient: str,
    due_at: dt.datetime,
    grace: dt.timedelta,
    *,
    is_personal: bool = True,
) -> None:
    outbox.add(
        tx,
        Job(
            workspace=request.workspace,
            kind=kind,
            key=f"{request.id}:{recipient}",
            recipient=recipient,
            due_at=due_at,
            grace_until=due_at + grace,
            about=None if recipient == request.asker.id else request.asker.id,
            payload={"request": request.id},
            is_personal=is_personal,
        ),
    )
