"""What the rooms below the features keep about people: the schedule, and who is in the workspace."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from bot.directory import store as directory
from bot.people import Member
from bot.personal import GONE_KEPT_FOR, Exported, Holding, Table
from bot.scheduler import outbox
from bot.scheduler.retention import JOBS_KEPT_FOR, RUNS_KEPT_FOR, STUCK_KEPT_FOR
from bot.storage.database import Transaction
from bot.storage.deliveries import forget_before

DELIVERIES_KEPT_FOR = dt.timedelta(days=30)
"""Slack delivers again within minutes; a card that lies in somebody's messages may be voted on for longer."""

_JOBS = """
SELECT kind, state, reason, due_at FROM jobs WHERE workspace_id = :workspace AND recipient_id = :member
UNION ALL
SELECT kind, state, reason, due_at FROM jobs
WHERE workspace_id = :workspace AND about_id = :member AND recipient_id <> :member
ORDER BY due_at, kind
"""
# What somebody had posted in a channel is theirs, too; what went to a colleague is that colleague's.
_POSTED = """
SELECT kind, channel_id AS channel, ts, sent_at, stuck_reason AS not_deleted_because FROM posted_messages
WHERE workspace_id = :workspace
AND (recipient_id = :member OR (about_id = :member AND recipient_id = channel_id)) ORDER BY sent_at
"""
_DM = "SELECT channel_id AS channel FROM dm_channels WHERE workspace_id = :workspace AND member_id = :member"
_PERSON = """
SELECT name, zone, is_admin, is_guest, is_away, away_until FROM people
WHERE workspace_id = :workspace AND member_id = :member
"""

_OF_LEAVERS = """
DELETE FROM {table} WHERE workspace_id = :workspace AND member_id IN (
    SELECT member_id FROM people WHERE workspace_id = :workspace AND is_active = 0 AND changed_s < :before)
"""


def purge_leavers(
    holdings: Iterable[Holding],
) -> Callable[[Transaction, str, dt.datetime], Mapping[str, int]]:
    """What removes, in one place for all features, what those who left had kept without an end of its own."""
    tables = [table.name for holding in holdings for table in holding.tables if table.goes_with_leavers]

    def purge(tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:
        before = int((now - GONE_KEPT_FOR).timestamp())
        gone = (
            tx.run(_OF_LEAVERS.format(table=table), workspace=workspace, before=before) for table in tables
        )
        return {"rows of people who left": sum(gone)}

    return purge


class ScheduleHolding:
    """Messages that were or are to be sent, by place and time; their words are in Slack alone."""

    tables = (
        Table("jobs", "what is due to whom, without words", "yours", f"{JOBS_KEPT_FOR.days} days"),
        Table("scheduled_workspaces", "whether sending is stopped", "the workspace's", "while installed"),
        Table("paces", "when the next message may go out", "the workspace's", "while installed"),
        Table(
            "dm_channels",
            "where your messages with Steady are",
            "yours",
            "while installed",
            goes_with_leavers=True,
        ),
        Table(
            "posted_messages",
            "where Steady's messages are in Slack",
            "yours",
            f"as long as they may stay; {STUCK_KEPT_FOR.days} days more where Slack would not delete one",
        ),
        Table("retention_runs", "what was deleted when, as counts", "nobody's", f"{RUNS_KEPT_FOR.days} days"),
    )

    def export(self, tx: Transaction, member: Member) -> Exported:
        """What was scheduled and sent, and where."""
        own = {"workspace": member.workspace, "member": member.id}
        return {
            "scheduled messages": tx.all(_JOBS, **own),
            "messages from Steady in Slack": tx.all(_POSTED, **own),
            "your conversation with Steady": tx.all(_DM, **own),
        }

    def erase(self, tx: Transaction, member: Member) -> None:
        """Forget what was scheduled to or about the member."""
        outbox.erase_member(tx, member)

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget the schedule."""
        outbox.erase_workspace(tx, workspace)

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:  # noqa: ARG002  # deliveries know no workspace
        """The scheduler's own retention does it; here go the keys of what Slack delivered long ago."""
        return {"keys of deliveries": forget_before(tx, now - DELIVERIES_KEPT_FOR)}


class DirectoryHolding:
    """Who is in the workspace, as Slack tells it; told again while they are in it."""

    tables = (
        Table(
            "people",
            "name, zone, role, whether you are away, do-not-disturb",
            "yours",
            "name, zone: 90 days after leaving; the rest while installed",
        ),
    )

    def export(self, tx: Transaction, member: Member) -> Exported:
        """What is known of the member."""
        rows = tx.all(_PERSON, workspace=member.workspace, member=member.id)
        return {"as Slack tells it": rows}

    def erase(self, tx: Transaction, member: Member) -> None:
        """Forget the member until Slack tells of them again."""
        directory.erase_member(tx, member)

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget everybody."""
        directory.erase_workspace(tx, workspace)

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:
        """Forget the names of those who left 90 days ago."""
        return {"names of people who left": directory.forget_gone(tx, workspace, now - GONE_KEPT_FOR)}
