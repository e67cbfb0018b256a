"""What check-ins keep; answers only ever sealed, each for its own member and week."""

import datetime as dt
from collections.abc import Sequence

from bot.checkins.model import Answer, Kept, Plan
from bot.checkins.nudging import Shown
from bot.people import Member
from bot.safeguards.sealing import BrokenSealError, Seals
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

PLACE = "checkins.answer"

_SAVE_PLAN = """
INSERT INTO checkin_plans (workspace_id, member_id, weekday, at_time, zone, follows_slack, every_weeks,
                           ignored, open_week, is_news, is_paused, resumes_on, asks_at)
VALUES (:workspace, :member, :weekday, :at, :zone, :follows_slack, :every_weeks, :ignored,
        :open_week, :is_news, :is_paused, :resumes_on, :asks_at)
ON CONFLICT (workspace_id, member_id) DO UPDATE SET
    weekday = excluded.weekday, at_time = excluded.at_time, zone = excluded.zone,
    follows_slack = excluded.follows_slack, every_weeks = excluded.every_weeks, ignored = excluded.ignored,
    open_week = excluded.open_week, is_news = excluded.is_news, is_paused = excluded.is_paused,
    resumes_on = excluded.resumes_on, asks_at = excluded.asks_at
"""
_PLAN = "SELECT * FROM checkin_plans WHERE workspace_id = :workspace AND member_id = :member"
_PLANS = "SELECT * FROM checkin_plans WHERE workspace_id = :workspace ORDER BY member_id"
_REMOVE_PLAN = "DELETE FROM checkin_plans WHERE workspace_id = :workspace AND member_id = :member"
_SAVE = """
INSERT INTO checkin_answers (workspace_id, member_id, week, sealed)
VALUES (:workspace, :member, :week, :sealed)
ON CONFLICT (workspace_id, member_id, week) DO UPDATE SET sealed = excluded.sealed
"""
_ANSWER = """
SELECT week, sealed FROM checkin_answers
WHERE workspace_id = :workspace AND member_id = :member AND week = :week
"""
_ANSWERS = """
SELECT week, sealed FROM checkin_answers
WHERE workspace_id = :workspace AND member_id = :member ORDER BY week DESC
"""
_COUNT = "SELECT count(*) AS n FROM checkin_answers WHERE workspace_id = :workspace AND member_id = :member"
_REMOVE = """
DELETE FROM checkin_answers WHERE workspace_id = :workspace AND member_id = :member AND week = :week
"""
_REMOVE_ALL = "DELETE FROM checkin_answers WHERE workspace_id = :workspace AND member_id = :member"
_SHOW = """
INSERT INTO checkin_nudges (workspace_id, member_id, nudge_id, week, is_unwanted)
VALUES (:workspace, :member, :nudge, :week, 0)
ON CONFLICT (workspace_id, member_id, nudge_id) DO UPDATE SET week = excluded.week
"""
_UNWANTED = """
INSERT INTO checkin_nudges (workspace_id, member_id, nudge_id, week, is_unwanted)
VALUES (:workspace, :member, :nudge, :week, 1)
ON CONFLICT (workspace_id, member_id, nudge_id) DO UPDATE SET is_unwanted = 1
"""
_SHOWN = """
SELECT nudge_id, week, is_unwanted FROM checkin_nudges
WHERE workspace_id = :workspace AND member_id = :member ORDER BY week, nudge_id
"""
_BATCH = """
SELECT member_id, week, sealed FROM checkin_answers
WHERE workspace_id = :workspace AND (member_id > :member OR (member_id = :member AND week > :week))
ORDER BY member_id, week LIMIT :most
"""
_RESEAL = """
UPDATE checkin_answers SET sealed = :sealed
WHERE workspace_id = :workspace AND member_id = :member AND week = :week AND sealed = :before
"""


def save_plan(tx: Transaction, plan: Plan) -> Plan:
    """Keep when somebody is asked."""
    tx.run(
        _SAVE_PLAN,
        **_own(plan.member),
        weekday=plan.weekday,
        at=plan.at.isoformat("minutes"),
        zone=plan.zone,
        follows_slack=plan.follows_slack,
        every_weeks=plan.every_weeks,
        ignored=plan.ignored,
        open_week=plan.open_week,
        is_news=plan.is_news,
        is_paused=plan.is_paused,
        resumes_on=plan.resumes_on.isoformat() if plan.resumes_on else None,
        asks_at=to_stamp(plan.asks_at) if plan.asks_at else None,
    )
    return plan


def plan_of(tx: Transaction, member: Member) -> Plan | None:
    """When somebody is asked; None for those who don't take part."""
    row = tx.one(_PLAN, **_own(member))
    return _plan(row) if row else None


def plans(tx: Transaction, workspace: str) -> list[Plan]:
    """Everybody's; for errands alone."""
    return [_plan(row) for row in tx.all(_PLANS, workspace=workspace)]


def remove_plan(tx: Transaction, member: Member) -> None:
    """Forget that somebody takes part."""
    tx.run(_REMOVE_PLAN, **_own(member))


def save_answer(tx: Transaction, seals: Seals, member: Member, week: str, answer: Answer) -> None:
    """Keep a week's answer, in place of an earlier one."""
    sealed = seals.seal(answer.to_text(), *_place(member, week))
    tx.run(_SAVE, **_own(member), week=week, sealed=sealed)


def answer_of(tx: Transaction, seals: Seals, member: Member, week: str) -> Kept | None:
    """A week's answer."""
    row = tx.one(_ANSWER, **_own(member), week=week)
    return _kept(seals, member, row) if row else None


def has_answered(tx: Transaction, member: Member, week: str) -> bool:
    """Whether there is one; its seal stays closed."""
    return tx.one(_ANSWER, **_own(member), week=week) is not None


def answers(tx: Transaction, seals: Seals, member: Member) -> list[Kept]:
    """All of somebody's answers, the newest first."""
    return [_kept(seals, member, row) for row in tx.all(_ANSWERS, **_own(member))]


def count_answers(tx: Transaction, member: Member) -> int:
    """How many answers of somebody are kept."""
    row = tx.one(_COUNT, **_own(member))
    return int(row["n"]) if row else 0


def remove_answer(tx: Transaction, member: Member, week: str) -> None:
    """Delete one."""
    tx.run(_REMOVE, **_own(member), week=week)


def remove_answers(tx: Transaction, member: Member) -> int:
    """Delete all of somebody's; returns how many."""
    return tx.run(_REMOVE_ALL, **_own(member))


def show(tx: Transaction, member: Member, nudge: str, week: str) -> None:
    """Remember that a nudge was shown."""
    tx.run(_SHOW, **_own(member), nudge=nudge, week=week)


def take_out(tx: Transaction, member: Member, nudge: str, week: str) -> None:
    """Never show a nudge to somebody again."""
    tx.run(_UNWANTED, **_own(member), nudge=nudge, week=week)


def shown(tx: Transaction, member: Member) -> list[Shown]:
    """What somebody was shown, and what they took out."""
    rows = tx.all(_SHOWN, **_own(member))
    return [Shown(row["nudge_id"], row["week"], bool(row["is_unwanted"])) for row in rows]


def reseal(
    tx: Transaction, seals: Seals, workspace: str, after: tuple[str, str], most: int
) -> tuple[str, str] | None:
    """Put the newest key to up to so many answers; returns the last one seen, None at the end."""
    rows = tx.all(_BATCH, workspace=workspace, member=after[0], week=after[1], most=most)
    for row in rows:
        member = Member(workspace, row["member_id"])
        try:
            anew = seals.rotate(row["sealed"], *_place(member, row["week"]))
        except BrokenSealError:
            continue
        if anew != row["sealed"]:
            tx.run(_RESEAL, **_own(member), week=row["week"], sealed=anew, before=row["sealed"])
    return (rows[-1]["member_id"], rows[-1]["week"]) if len(rows) == most else None


def _own(member: Member) -> dict[str, object]:
    return {"workspace": member.workspace, "member": member.id}


def _place(member: Member, week: str) -> Sequence[str]:
    return (PLACE, member.workspace, member.id, week)


def _kept(seals: Seals, member: Member, row: Row) -> Kept:
    try:
        text = seals.open(row["sealed"], *_place(member, row["week"]))
    except BrokenSealError:
        return Kept(row["week"], None)
    return Kept(row["week"], Answer.from_text(text))


def _plan(row: Row) -> Plan:
    return Plan(
        member=Member(row["workspace_id"], row["member_id"]),
        weekday=row["weekday"],
        at=dt.time.fromisoformat(row["at_time"]),
        zone=row["zone"],
        follows_slack=bool(row["follows_slack"]),
        every_weeks=row["every_weeks"],
        ignored=row["ignored"],
        open_week=row["open_week"],
        is_news=bool(row["is_news"]),
        is_paused=bool(row["is_paused"]),
        resumes_on=dt.date.fromisoformat(row["resumes_on"]) if row["resumes_on"] else None,
        asks_at=from_stamp(row["asks_at"]) if row["asks_at"] else None,
    )
