"""Supporters, requests and who was asked, as rows."""

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.peers.model import (
    DAY,
    WEEK,
    Ask,
    Asking,
    AskState,
    Load,
    Offer,
    Place,
    Request,
    State,
    Supporter,
    Topic,
    Wish,
)
from bot.people import Member
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

_SAVE_SUPPORTER = """
INSERT INTO peer_supporters (workspace_id, member_id, per_week, asked_from, asked_until, topics,
                             floor_ends_at)
VALUES (:workspace, :member, :per_week, :asked_from, :asked_until, :topics, :floor_ends_at)
ON CONFLICT (workspace_id, member_id) DO UPDATE SET
    per_week = excluded.per_week, asked_from = excluded.asked_from, asked_until = excluded.asked_until,
    topics = excluded.topics, floor_ends_at = excluded.floor_ends_at
"""
_SUPPORTER = "SELECT * FROM peer_supporters WHERE workspace_id = :workspace AND member_id = :member"
_ON_FLOOR = """
SELECT * FROM peer_supporters WHERE workspace_id = :workspace AND floor_ends_at > :now ORDER BY member_id
"""
_DROP_SUPPORTER = "DELETE FROM peer_supporters WHERE workspace_id = :workspace AND member_id = :member"
_ADD_REQUEST = """
INSERT INTO peer_requests (workspace_id, request_id, member_id, topic, wish, wants_follow_up, state, round,
                           round_ends_at, made_at)
VALUES (:workspace, :id, :member, :topic, :wish, :wants_follow_up, 'open', 0, :round_ends_at, :made_at)
ON CONFLICT DO NOTHING
"""
_REQUEST = "SELECT * FROM peer_requests WHERE workspace_id = :workspace AND request_id = :id"
_OPEN_OF = (
    "SELECT * FROM peer_requests WHERE workspace_id = :workspace AND member_id = :member AND state = 'open'"
)
_NEXT_ROUND = """
UPDATE peer_requests SET round = :round, round_ends_at = :round_ends_at
WHERE workspace_id = :workspace AND request_id = :id AND state = 'open' AND round = :round - 1
"""
_END = """
UPDATE peer_requests SET state = :state, supporter_id = :supporter
WHERE workspace_id = :workspace AND request_id = :id AND state = 'open'
"""
_TELL_ASKER = """
UPDATE peer_requests SET channel_id = :channel, message_ts = :ts
WHERE workspace_id = :workspace AND request_id = :id
"""
_ADD_ASK = """
INSERT INTO peer_asks (workspace_id, ask_id, request_id, member_id, state, asked_at)
VALUES (:workspace, :id, :request, :member, 'pending', :asked_at)
"""
_ASK = "SELECT * FROM peer_asks WHERE workspace_id = :workspace AND ask_id = :id"
_ASKS_FOR = (
    "SELECT * FROM peer_asks WHERE workspace_id = :workspace AND request_id = :request ORDER BY ask_id"
)
_LOADS = """
SELECT member_id, max(asked_at) AS asked_at,
       sum(CASE WHEN state = 'talk' AND asked_at > :week_ago THEN 1 ELSE 0 END) AS talks,
       sum(CASE WHEN asked_at > :day_ago THEN 1 ELSE 0 END) AS asks_today,
       max(CASE WHEN state = 'pending' THEN 1 ELSE 0 END) AS has_open_ask
FROM peer_asks WHERE workspace_id = :workspace GROUP BY member_id
"""
_TALKS = """
SELECT count(*) AS n FROM peer_asks
WHERE workspace_id = :workspace AND member_id = :member AND state = 'talk' AND asked_at > :since
"""
_SET_ASK = "UPDATE peer_asks SET state = :state WHERE workspace_id = :workspace AND ask_id = :id"
_PUT_ASIDE = """
UPDATE peer_asks SET state = 'over'
WHERE workspace_id = :workspace AND request_id = :request AND state = 'pending'
"""
_TELL_SUPPORTER = """
UPDATE peer_asks SET channel_id = :channel, message_ts = :ts WHERE workspace_id = :workspace AND ask_id = :id
"""


def save_supporter(tx: Transaction, supporter: Supporter) -> None:
    """Keep what somebody offers."""
    offer, ends_at = supporter.offer, supporter.floor_ends_at
    tx.run(
        _SAVE_SUPPORTER,
        workspace=supporter.member.workspace,
        member=supporter.member.id,
        per_week=offer.per_week,
        asked_from=offer.asked_from.strftime("%H:%M"),
        asked_until=offer.asked_until.strftime("%H:%M"),
        topics=" ".join(sorted(offer.topics)),
        floor_ends_at=to_stamp(ends_at) if ends_at else None,
    )


def supporter(tx: Transaction, member: Member) -> Supporter | None:
    """What somebody offers; None where they are not on the roster."""
    row = tx.one(_SUPPORTER, workspace=member.workspace, member=member.id)
    return _supporter(row) if row else None


def on_floor(tx: Transaction, workspace: str, now: dt.datetime) -> list[Supporter]:
    """Everybody who said that they are on the floor now."""
    return [_supporter(row) for row in tx.all(_ON_FLOOR, workspace=workspace, now=to_stamp(now))]


def drop_supporter(tx: Transaction, member: Member) -> None:
    """Take somebody off the roster."""
    tx.run(_DROP_SUPPORTER, workspace=member.workspace, member=member.id)


def add_request(tx: Transaction, request: Request) -> bool:
    """Keep a new request; False where its asker has an open one."""
    added = tx.run(
        _ADD_REQUEST,
        workspace=request.workspace,
        id=request.id,
        member=request.asker.id,
        topic=request.asking.topic,
        wish=request.asking.wish,
        wants_follow_up=request.asking.wants_follow_up,
        round_ends_at=to_stamp(request.round_ends_at),
        made_at=to_stamp(request.made_at),
    )
    return added == 1


def request(tx: Transaction, workspace: str, request_id: str) -> Request | None:
    """One request."""
    row = tx.one(_REQUEST, workspace=workspace, id=request_id)
    return _request(row) if row else None


def open_request(tx: Transaction, member: Member) -> Request | None:
    """The request that somebody waits for; there is one at most."""
    row = tx.one(_OPEN_OF, workspace=member.workspace, member=member.id)
    return _request(row) if row else None


def begin_round(tx: Transaction, request: Request, number: int, ends_at: dt.datetime) -> bool:
    """Count another look; False where another process did, or nobody is looked for any more."""
    changed = tx.run(
        _NEXT_ROUND,
        workspace=request.workspace,
        id=request.id,
        round=number,
        round_ends_at=to_stamp(ends_at),
    )
    return changed == 1


def end(tx: Transaction, request: Request, state: State, supporter_id: str | None = None) -> bool:
    """Look no further; False where it had ended already, so that exactly one of two wins."""
    changed = tx.run(_END, workspace=request.workspace, id=request.id, state=state, supporter=supporter_id)
    return changed == 1


def told_asker(tx: Transaction, workspace: str, request_id: str, place: Place) -> None:
    """Remember where the asker reads how it stands."""
    tx.run(_TELL_ASKER, workspace=workspace, id=request_id, channel=place.channel, ts=place.ts)


def add_ask(tx: Transaction, ask: Ask) -> None:
    """Keep that a supporter is asked."""
    tx.run(
        _ADD_ASK,
        workspace=ask.supporter.workspace,
        id=ask.id,
        request=ask.request,
        member=ask.supporter.id,
        asked_at=to_stamp(ask.asked_at),
    )


def ask(tx: Transaction, workspace: str, ask_id: str) -> Ask | None:
    """One asking of a supporter."""
    row = tx.one(_ASK, workspace=workspace, id=ask_id)
    return _ask(row) if row else None


def asks_for(tx: Transaction, request: Request) -> Sequence[Ask]:
    """Who was asked for a request."""
    return [_ask(row) for row in tx.all(_ASKS_FOR, workspace=request.workspace, request=request.id)]


def loads(tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, Load]:
    """What supporters have carried lately, by member id; nothing for those who were never asked."""
    rows = tx.all(_LOADS, workspace=workspace, week_ago=to_stamp(now - WEEK), day_ago=to_stamp(now - DAY))
    return {
        row["member_id"]: Load(
            talks=int(row["talks"]),
            asks_today=int(row["asks_today"]),
            has_open_ask=bool(row["has_open_ask"]),
            asked_at=from_stamp(row["asked_at"]),
        )
        for row in rows
    }


def talks(tx: Transaction, member: Member, since: dt.datetime) -> int:
    """How many talks somebody took since then."""
    row = tx.one(_TALKS, workspace=member.workspace, member=member.id, since=to_stamp(since))
    return int(row["n"]) if row else 0


def set_ask(tx: Transaction, ask: Ask, state: AskState) -> None:
    """Keep how an asking ended."""
    tx.run(_SET_ASK, workspace=ask.supporter.workspace, id=ask.id, state=state)


def put_aside(tx: Transaction, request: Request) -> None:
    """Nobody who was asked so far is waited for any more."""
    tx.run(_PUT_ASIDE, workspace=request.workspace, request=request.id)


def told_supporter(tx: Transaction, workspace: str, ask_id: str, place: Place) -> None:
    """Remember where a supporter was asked."""
    tx.run(_TELL_SUPPORTER, workspace=workspace, id=ask_id, channel=place.channel, ts=place.ts)


def _supporter(row: Row) -> Supporter:
    ends_at = row["floor_ends_at"]
    return Supporter(
        Member(row["workspace_id"], row["member_id"]),
        Offer(
            row["per_week"],
            dt.time.fromisoformat(row["asked_from"]),
            dt.time.fromisoformat(row["asked_until"]),
            frozenset(Topic(it) for it in row["topics"].split()),
        ),
        from_stamp(ends_at) if ends_at else None,
    )


def _request(row: Row) -> Request:
    return Request(
        id=row["request_id"],
        asker=Member(row["workspace_id"], row["member_id"]),
        asking=Asking(Topic(row["topic"]), Wish(row["wish"]), bool(row["wants_follow_up"])),
        made_at=from_stamp(row["made_at"]),
        round_ends_at=from_stamp(row["round_ends_at"]),
        state=State(row["state"]),
        round=row["round"],
        supporter=row["supporter_id"],
        told=_place(row),
    )


def _ask(row: Row) -> Ask:
    return Ask(
        id=row["ask_id"],
        supporter=Member(row["workspace_id"], row["member_id"]),
        request=row["request_id"],
        state=AskState(row["state"]),
        asked_at=from_stamp(row["asked_at"]),
        told=_place(row),
    )


def _place(row: Row) -> Place | None:
    return Place(row["channel_id"], row["message_ts"]) if row["channel_id"] else None
