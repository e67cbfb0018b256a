"""What promises keep about people: who made one, who keeps it, and days off."""

import datetime as dt
from collections.abc import Callable, Mapping

from bot.people import Member
from bot.personal import Exported, Table
from bot.promises import jobs, store
from bot.storage.database import Transaction
from bot.storage.stamps import to_stamp

KeptFor = Callable[[Transaction, str], dt.timedelta]
"""How long a workspace keeps promises after the day they were due."""

_EXPORT = """
SELECT what, ticket, situation, due_at, state, outcome, made_at FROM promises
WHERE workspace_id = :workspace AND (member_id = :member OR keeper_id = :member)
ORDER BY made_at
"""
_DAYS = """
SELECT off_on FROM promise_days_off WHERE workspace_id = :workspace AND member_id = :member ORDER BY off_on
"""
# A promise that a colleague keeps is theirs by now: the customer still counts on it.
_ERASE = (
    """
    DELETE FROM promises
    WHERE workspace_id = :workspace AND member_id = :member
        AND (keeper_id IS NULL OR keeper_id = :member OR state = 'closed')
    """,
    "UPDATE promises SET member_id = keeper_id WHERE workspace_id = :workspace AND member_id = :member",
    """
    UPDATE promises SET keeper_id = NULL, asked_id = NULL, state = 'queued'
    WHERE workspace_id = :workspace AND keeper_id = :member AND state = 'open' AND team_id IS NOT NULL
    """,
    "UPDATE promises SET keeper_id = member_id WHERE workspace_id = :workspace AND keeper_id = :member",
    "UPDATE promises SET asked_id = NULL WHERE workspace_id = :workspace AND asked_id = :member",
    "DELETE FROM promise_days_off WHERE workspace_id = :workspace AND member_id = :member",
)


class PromisesHolding:
    """Promises, by who made and who keeps them."""

    tables = (
        Table("promises", "what you promised, ticket id, day, outcome", "yours", "180 days after its day"),
        Table("promise_days_off", "days off you noted", "yours", "until they have passed"),
    )

    def __init__(self, kept_for: KeptFor) -> None:
        self._kept_for = kept_for

    def export(self, tx: Transaction, member: Member) -> Exported:
        """Promises made or kept, and days off."""
        own = {"workspace": member.workspace, "member": member.id}
        return {"promises": tx.all(_EXPORT, **own), "days off": tx.all(_DAYS, **own)}

    def erase(self, tx: Transaction, member: Member) -> None:
        """Delete what is theirs alone; what a colleague keeps stays with the colleague."""
        given_back = [promise for promise in store.kept_by(tx, member) if promise.maker != member]
        for statement in _ERASE:
            tx.run(statement, workspace=member.workspace, member=member.id)
        for promise in given_back:
            if (now_kept := store.get(tx, member.workspace, promise.id)) and now_kept.keeper:
                jobs.remind_again(tx, now_kept)

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget everything."""
        tx.run("DELETE FROM promises WHERE workspace_id = :workspace", workspace=workspace)
        tx.run("DELETE FROM promise_days_off WHERE workspace_id = :workspace", workspace=workspace)

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:
        """Let promises go that were due long ago, and days off that have passed."""
        before = to_stamp(now - self._kept_for(tx, workspace))
        promises = tx.run(
            "DELETE FROM promises WHERE workspace_id = :workspace AND due_at < :before",
            workspace=workspace,
            before=before,
        )
        days = tx.run(
            "DELETE FROM promise_days_off WHERE workspace_id = :workspace AND off_on < :today",
            workspace=workspace,
            today=(now - dt.timedelta(days=1)).date().isoformat(),
        )
        return {"promises": promises, "days off": days}
