"""What privacy itself keeps: the access log, and a date by which a workspace must be gone."""

import datetime as dt
from collections.abc import Callable, Mapping

from bot.people import Member
from bot.personal import Exported, Table
from bot.storage.database import Transaction
from bot.storage.stamps import to_stamp

_EXPORT = """
SELECT what, noted_at FROM access_log WHERE workspace_id = :workspace AND member_id = :member
ORDER BY noted_at
"""
_UNNAME = """
UPDATE access_log SET member_id = NULL WHERE workspace_id = :workspace AND member_id = :member
"""
_PURGE = "DELETE FROM access_log WHERE workspace_id = :workspace AND noted_at < :before"

KeptFor = Callable[[Transaction, str], dt.timedelta]
"""How long a workspace keeps something."""


class PrivacyHolding:
    """The access log stays readable when somebody erases their data: their lines lose the name."""

    tables = (
        Table("access_log", "who changed a setting or saw others' figures", "everybody's", "365 days"),
        Table("deletions", "by when an uninstalled workspace is deleted", "the workspace's", "14 days"),
    )

    def __init__(self, kept_for: KeptFor) -> None:
        self._kept_for = kept_for

    def export(self, tx: Transaction, member: Member) -> Exported:
        """What the member did that the log shows."""
        rows = tx.all(_EXPORT, workspace=member.workspace, member=member.id)
        return {"access log": rows}

    def erase(self, tx: Transaction, member: Member) -> None:
        """Take the name off the member's lines."""
        tx.run(_UNNAME, workspace=member.workspace, member=member.id)

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget the log and the deletion itself."""
        tx.run("DELETE FROM access_log WHERE workspace_id = :workspace", workspace=workspace)
        tx.run("DELETE FROM deletions WHERE workspace_id = :workspace", workspace=workspace)

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:
        """Let old lines go."""
        before = to_stamp(now - self._kept_for(tx, workspace))
        return {"access log": tx.run(_PURGE, workspace=workspace, before=before)}
