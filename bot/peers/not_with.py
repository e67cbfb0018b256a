"""The confidential lists: whom somebody does not want to be brought together with. Opened in memory alone."""

import json
from collections.abc import Collection, Iterable, Mapping

from bot.people import Member
from bot.safeguards.sealing import BrokenSealError, Seals
from bot.storage.database import Row, Transaction

_PLACE = "peers.not_with"
_SAVE = """
INSERT INTO peer_not_with (workspace_id, member_id, sealed) VALUES (:workspace, :member, :sealed)
ON CONFLICT (workspace_id, member_id) DO UPDATE SET sealed = excluded.sealed
"""
_GET = "SELECT * FROM peer_not_with WHERE workspace_id = :workspace AND member_id = :member"
_ALL = "SELECT * FROM peer_not_with WHERE workspace_id = :workspace ORDER BY member_id"
_DROP = "DELETE FROM peer_not_with WHERE workspace_id = :workspace AND member_id = :member"
_DROP_ALL = "DELETE FROM peer_not_with WHERE workspace_id = :workspace"


class NotWith:
    """Keeps the lists, one sealed text a person: no row names two people, and the file tells no list."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals

    def save(self, tx: Transaction, member: Member, others: Iterable[str]) -> None:
        """Keep a list; an empty one is kept like any other."""
        text = json.dumps(sorted(set(others)))
        sealed = self._seals.seal(text, _PLACE, member.workspace, member.id)
        tx.run(_SAVE, workspace=member.workspace, member=member.id, sealed=sealed)

    def of(self, tx: Transaction, member: Member) -> frozenset[str]:
        """Somebody's own list; raises BrokenSealError where the key is gone."""
        row = tx.one(_GET, workspace=member.workspace, member=member.id)
        return self._opened(row) if row else frozenset()

    def of_each(
        self, tx: Transaction, workspace: str, members: Collection[str]
    ) -> Mapping[str, frozenset[str] | None]:
        """The lists of these, for matching; None for one that can't be opened: its owner must meet nobody."""
        rows = (row for row in tx.all(_ALL, workspace=workspace) if row["member_id"] in members)
        return dict.fromkeys(members, frozenset()) | {row["member_id"]: self._try(row) for row in rows}

    def forget(self, tx: Transaction, member: Member) -> None:
        """Drop somebody's list, and take them off the others'."""
        tx.run(_DROP, workspace=member.workspace, member=member.id)
        for row in tx.all(_ALL, workspace=member.workspace):
            others = self._try(row)
            if others and member.id in others:
                self.save(tx, Member(member.workspace, row["member_id"]), others - {member.id})

    def forget_workspace(self, tx: Transaction, workspace: str) -> None:
        """Drop every list."""
        tx.run(_DROP_ALL, workspace=workspace)

    def reseal(self, tx: Transaction, workspace: str) -> int:
        """Bring every list under the newest key; returns how many were not before."""
        count = 0
        for row in tx.all(_ALL, workspace=workspace):
            place = (_PLACE, workspace, row["member_id"])
            try:
                anew = self._seals.rotate(row["sealed"], *place)
            except BrokenSealError:
                continue
            if anew != row["sealed"]:
                tx.run(_SAVE, workspace=workspace, member=row["member_id"], sealed=anew)
                count += 1
        return count

    def _opened(self, row: Row) -> frozenset[str]:
        text = self._seals.open(row["sealed"], _PLACE, row["workspace_id"], row["member_id"])
        return frozenset(json.loads(text))

    def _try(self, row: Row) -> frozenset[str] | None:
        try:
            return self._opened(row)
        except BrokenSealError:
            return None
