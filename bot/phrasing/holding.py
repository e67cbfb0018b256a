"""What phrasing keeps about people: the channel they usually work in, and nothing else."""

import datetime as dt
from collections.abc import Mapping

from bot.people import Member
from bot.personal import Exported, Table
from bot.storage.database import Transaction
from bot.storage.stamps import to_stamp

VOTES_KEPT_FOR = dt.timedelta(days=365)


class PhrasingHolding:
    """Preferences by member; votes belong to nobody, so they are no one's to export or erase."""

    tables = (
        Table(
            "preferences",
            "the channel you usually work in",
            "yours",
            "until you erase it",
            goes_with_leavers=True,
        ),
        Table("votes", "did a phrase help, counted by day", "nobody's", f"{VOTES_KEPT_FOR.days} days"),
    )

    def export(self, tx: Transaction, member: Member) -> Exported:
        """The usual channel."""
        rows = tx.all(
            """
            SELECT channel, changed_at FROM preferences
            WHERE workspace_id = :workspace AND member_id = :member
            """,
            workspace=member.workspace,
            member=member.id,
        )
        return {"usual channel for phrase cards": rows}

    def erase(self, tx: Transaction, member: Member) -> None:
        """Forget the usual channel."""
        tx.run(
            "DELETE FROM preferences WHERE workspace_id = :workspace AND member_id = :member",
            workspace=member.workspace,
            member=member.id,
        )

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget preferences and votes."""
        tx.run("DELETE FROM preferences WHERE workspace_id = :workspace", workspace=workspace)
        tx.run("DELETE FROM votes WHERE workspace_id = :workspace", workspace=workspace)

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:
        """Let votes go after a year."""
        before = to_stamp(now - VOTES_KEPT_FOR)[:10]
        gone = tx.run(
            "DELETE FROM votes WHERE workspace_id = :workspace AND day < :before",
            workspace=workspace,
            before=before,
        )
        return {"phrase votes": gone}
