"""What a kit keeps about people."""

import datetime as dt
from collections.abc import Mapping

from bot.people import Member
from bot.personal import Exported, Table
from bot.storage.database import Transaction


class KitHolding:
    """A kit is its owner's, for as long as they like."""

    tables = (
        Table(
            "kit_items",
            "phrases, techniques and triggers you saved",
            "yours",
            "until you delete it",
            goes_with_leavers=True,
        ),
    )

    def export(self, tx: Transaction, member: Member) -> Exported:
        """Everything in the kit."""
        rows = tx.all(
            """
            SELECT kind, situation, body AS words, offered_to AS offered_to_team, is_credited AS credited,
                   saved_at
            FROM kit_items WHERE workspace_id = :workspace AND member_id = :member ORDER BY saved_at, item_id
            """,
            workspace=member.workspace,
            member=member.id,
        )
        return {"my kit": rows}

    def erase(self, tx: Transaction, member: Member) -> None:
        """Empty the kit, what was offered included."""
        tx.run(
            "DELETE FROM kit_items WHERE workspace_id = :workspace AND member_id = :member",
            workspace=member.workspace,
            member=member.id,
        )

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Empty every kit."""
        tx.run("DELETE FROM kit_items WHERE workspace_id = :workspace", workspace=workspace)

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:  # noqa: ARG002
        """Nothing ages out: it is the owner's own."""
        return {}
