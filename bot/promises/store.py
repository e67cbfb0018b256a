"""Promises and days off, as rows."""

import datetime as dt
from collections.abc import Iterable

from bot.people import Member
from bot.promises.model import Outcome, Promise, State
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

_SAVE = """
INSERT INTO promises (workspace_id, promise_id, member_id, keeper_id, asked_id, team_id, what, ticket,
                      situation, due_at, zone, state, outcome, turn, made_at, changed_at)
VALUES (:workspace, :id, :maker, :keeper, :asked, :team, :what, :ticket, :situation,
        :due_at, :zone, :state, :outcome, :turn, :now, :now)
ON CONFLICT (workspace_id, promise_id) DO UPDATE SET
    keeper_id = excluded.keeper_id, asked_id = excluded.asked_id, team_id = excluded.team_id,
    due_at = excluded.due_at, zone = excluded.zone, state = excluded.state, outcome = excluded.outcome,
    turn = excluded.turn, changed_at = excluded.changed_at
"""
_GET = "SELECT * FROM promises WHERE workspace_id = :workspace AND promise_id = :id"
_KEPT_BY = """
SELECT * FROM promises WHERE workspace_id = :workspace AND keeper_id = :member AND state = 'open'
ORDER BY due_at, promise_id LIMIT :most
"""
_ASKED_OF = """
SELECT * FROM promises WHERE workspace_id = :workspace AND asked_id = :member AND state = 'open'
ORDER BY due_at, promise_id LIMIT :most
"""
_QUEUE = """
SELECT * FROM promises WHERE workspace_id = :workspace AND team_id = :team AND state = 'queued'
ORDER BY due_at, promise_id LIMIT :most
"""
_ADD_DAY = """
INSERT INTO promise_days_off (workspace_id, member_id, off_on) VALUES (:workspace, :member, :day)
ON CONFLICT (workspace_id, member_id, off_on) DO NOTHING
"""
_DAYS = """
SELECT off_on FROM promise_days_off
WHERE workspace_id = :workspace AND member_id = :member AND off_on >= :today ORDER BY off_on
"""


def save(tx: Transaction, promise: Promise, now: dt.datetime) -> None:
    """Keep a promise as it now is; its words never change."""
    tx.run(
        _SAVE,
        workspace=promise.workspace,
        id=promise.id,
        maker=promise.maker.id,
        keeper=promise.keeper,
        asked=promise.asked,
        team=promise.team,
        what=promise.what,
        ticket=promise.ticket,
        situation=promise.situation,
        due_at=to_stamp(promise.due_at),
        zone=promise.zone,
        state=promise.state,
        outcome=promise.outcome,
        turn=promise.turn,
        now=to_stamp(now),
    )


def get(tx: Transaction, workspace: str, promise_id: str) -> Promise | None:
    """One promise."""
    row = tx.one(_GET, workspace=workspace, id=promise_id)
    return _promise(row) if row else None


def kept_by(tx: Transaction, member: Member, most: int = 500) -> list[Promise]:
    """Open promises that somebody keeps, soonest first."""
    rows = tx.all(_KEPT_BY, workspace=member.workspace, member=member.id, most=most)
    return [_promise(row) for row in rows]


def asked_of(tx: Transaction, member: Member, most: int = 20) -> list[Promise]:
    """Promises that somebody was asked to take over and has not answered, soonest first."""
    rows = tx.all(_ASKED_OF, workspace=member.workspace, member=member.id, most=most)
    return [_promise(row) for row in rows]


def queue(tx: Transaction, workspace: str, team: str, most: int = 20) -> list[Promise]:
    """What waits for anybody of a team, soonest first."""
    return [_promise(row) for row in tx.all(_QUEUE, workspace=workspace, team=team, most=most)]


def add_days_off(tx: Transaction, member: Member, days: Iterable[dt.date]) -> None:
    """Remember days off."""
    tx.many(
        _ADD_DAY,
        [{"workspace": member.workspace, "member": member.id, "day": day.isoformat()} for day in days],
    )


def days_off(tx: Transaction, member: Member, today: dt.date) -> frozenset[dt.date]:
    """Days off from today on."""
    rows = tx.all(_DAYS, workspace=member.workspace, member=member.id, today=today.isoformat())
    return frozenset(dt.date.fromisoformat(row["off_on"]) for row in rows)


def clear_days_off(tx: Transaction, member: Member) -> None:
    """Forget somebody's days off."""
    tx.run(
        "DELETE FROM promise_days_off WHERE workspace_id = :workspace AND member_id = :member",
        workspace=member.workspace,
        member=member.id,
    )


def _promise(row: Row) -> Promise:
    return Promise(
        id=row["promise_id"],
        maker=Member(row["workspace_id"], row["member_id"]),
        keeper=row["keeper_id"],
        asked=row["asked_id"],
        team=row["team_id"],
        what=row["what"],
        ticket=row["ticket"],
        situation=row["situation"],
        due_at=from_stamp(row["due_at"]),
        zone=row["zone"],
        state=State(row["state"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        turn=row["turn"],
    )
