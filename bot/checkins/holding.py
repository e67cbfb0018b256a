"""What check-ins keep about people: when they are asked, sealed answers, nudges they saw."""

import datetime as dt
from collections.abc import Callable, Mapping

from bot.checkins import store, views
from bot.checkins.model import week_of
from bot.checkins.nudging import REPEATED_AFTER
from bot.people import Member
from bot.personal import Exported, Table
from bot.safeguards.sealing import Seals
from bot.storage.database import Transaction

KeptFor = Callable[[Transaction, str], dt.timedelta]
"""How long a workspace keeps answers."""

_TABLES = ("checkin_plans", "checkin_answers", "checkin_nudges")
_PLANS = """
SELECT weekday, at_time, zone, every_weeks, is_paused, resumes_on, asks_at FROM checkin_plans
WHERE workspace_id = :workspace AND member_id = :member
"""
_NUDGES = """
SELECT nudge_id AS nudge, week, is_unwanted AS not_helpful FROM checkin_nudges
WHERE workspace_id = :workspace AND member_id = :member ORDER BY week, nudge_id
"""
_PURGE_ANSWERS = "DELETE FROM checkin_answers WHERE workspace_id = :workspace AND week <= :week"
_PURGE_NUDGES = """
DELETE FROM checkin_nudges WHERE workspace_id = :workspace AND week < :week AND is_unwanted = 0
"""


class CheckinsHolding:
    """Answers are opened for nobody but the member who gave them."""

    tables = (
        Table("checkin_plans", "when you are asked", "yours", "until you stop", goes_with_leavers=True),
        Table("checkin_answers", "your answers, what would help, notes; sealed", "yours", "90 days"),
        Table(
            "checkin_nudges",
            "nudges you saw, and took out",
            "yours",
            "12 weeks; taken out: until erased",
            goes_with_leavers=True,
        ),
    )

    def __init__(self, seals: Seals, kept_for: KeptFor) -> None:
        self._seals = seals
        self._kept_for = kept_for

    def export(self, tx: Transaction, member: Member) -> Exported:
        """Everything, answers opened."""
        own = {"workspace": member.workspace, "member": member.id}
        return {
            "weekly question": tx.all(_PLANS, **own),
            "check-in answers": [views.exported(kept) for kept in store.answers(tx, self._seals, member)],
            "nudges": tx.all(_NUDGES, **own),
        }

    def erase(self, tx: Transaction, member: Member) -> None:
        """Forget the member."""
        for table in _TABLES:
            tx.run(
                f"DELETE FROM {table} WHERE workspace_id = :workspace AND member_id = :member",  # noqa: S608 - ours
                workspace=member.workspace,
                member=member.id,
            )

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget everybody."""
        for table in _TABLES:
            tx.run(f"DELETE FROM {table} WHERE workspace_id = :workspace", workspace=workspace)  # noqa: S608 - ours

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:
        """Let answers go by whole weeks, so that none is kept longer than said; and nudges seen long ago."""
        answers_until = week_of(now - self._kept_for(tx, workspace), "UTC")
        nudges_before = week_of(now - REPEATED_AFTER - dt.timedelta(weeks=1), "UTC")
        return {
            "check-in answers": tx.run(_PURGE_ANSWERS, workspace=workspace, week=answers_until),
            "nudges seen": tx.run(_PURGE_NUDGES, workspace=workspace, week=nudges_before),
        }
