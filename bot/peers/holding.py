"""What peer support keeps about people: what they offer, that they asked, whom they keep away from."""

import datetime as dt
from collections.abc import Callable, Mapping

from bot.errors import SteadyError
from bot.peers.jobs import Kind
from bot.peers.not_with import NotWith
from bot.people import Member
from bot.personal import Exported, Table
from bot.scheduler import outbox
from bot.storage.database import Transaction
from bot.storage.stamps import to_stamp

KeptFor = Callable[[Transaction, str], dt.timedelta]
"""How long a workspace keeps requests."""

_OFFER = """
SELECT per_week, asked_from, asked_until, topics, floor_ends_at FROM peer_supporters
WHERE workspace_id = :workspace AND member_id = :member
"""
# Not whether anybody was asked, or how often: that would tell a list or a full week from a no.
_REQUESTS = """
SELECT topic, wish, state, made_at FROM peer_requests
WHERE workspace_id = :workspace AND member_id = :member ORDER BY made_at
"""
_ASKED = """
SELECT asked_at, CASE WHEN state = 'talk' THEN 'yes' ELSE 'no' END AS talked FROM peer_asks
WHERE workspace_id = :workspace AND member_id = :member ORDER BY asked_at
"""
_OPEN_ASKS = """
SELECT ask_id FROM peer_asks WHERE workspace_id = :workspace AND state = 'pending' AND request_id IN (
    SELECT request_id FROM peer_requests WHERE workspace_id = :workspace AND member_id = :member)
"""
# What a supporter did stays as their own load; whom it was for is forgotten.
_ERASE = (
    """
    UPDATE peer_asks SET request_id = NULL, state = CASE WHEN state = 'pending' THEN 'over' ELSE state END
    WHERE workspace_id = :workspace AND request_id IN (
        SELECT request_id FROM peer_requests WHERE workspace_id = :workspace AND member_id = :member)
    """,
    "DELETE FROM peer_requests WHERE workspace_id = :workspace AND member_id = :member",
    "UPDATE peer_requests SET supporter_id = NULL WHERE workspace_id = :workspace AND supporter_id = :member",
    "DELETE FROM peer_asks WHERE workspace_id = :workspace AND member_id = :member",
    "DELETE FROM peer_supporters WHERE workspace_id = :workspace AND member_id = :member",
)
_TABLES = ("peer_supporters", "peer_requests", "peer_asks")


class PeersHolding:
    """Peer support, by member; no table has anybody's words."""

    tables = (
        Table(
            "peer_supporters",
            "what you offer as a peer: hours, topics, how often",
            "yours",
            "until you stop",
            goes_with_leavers=True,
        ),
        Table(
            "peer_not_with",
            "whom you keep away from, sealed",
            "yours",
            "until you change it",
            goes_with_leavers=True,
        ),
        Table("peer_requests", "that you asked for a peer, topic, when, who came", "yours", "30 days"),
        Table("peer_asks", "when you were asked as a peer, and whether you talked", "yours", "30 days"),
    )

    def __init__(self, not_with: NotWith, kept_for: KeptFor) -> None:
        self._not_with = not_with
        self._kept_for = kept_for

    def export(self, tx: Transaction, member: Member) -> Exported:
        """Offer, requests, how often asked, and one's own list, opened."""
        own = {"workspace": member.workspace, "member": member.id}
        return {
            "what you offer as a peer": tx.all(_OFFER, **own),
            "peers you asked for": tx.all(_REQUESTS, **own),
            "when you were asked as a peer": tx.all(_ASKED, **own),
            "whom you are not to be brought together with": self._listed(tx, member),
        }

    def erase(self, tx: Transaction, member: Member) -> None:
        """Forget the member on every side, others' lists included; nobody is told."""
        own = {"workspace": member.workspace, "member": member.id}
        for row in tx.all(_OPEN_ASKS, **own):
            outbox.forget(tx, member.workspace, Kind.OFFER, row["ask_id"])
        for statement in _ERASE:
            tx.run(statement, **own)
        self._not_with.forget(tx, member)

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget everything."""
        for table in _TABLES:
            tx.run(f"DELETE FROM {table} WHERE workspace_id = :workspace", workspace=workspace)  # noqa: S608  # our own names
        self._not_with.forget_workspace(tx, workspace)

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:
        """Let old requests go, and bring lists under the newest key."""
        before = to_stamp(now - self._kept_for(tx, workspace))
        requests = tx.run(
            "DELETE FROM peer_requests WHERE workspace_id = :workspace AND made_at < :before",
            workspace=workspace,
            before=before,
        )
        asks = tx.run(
            "DELETE FROM peer_asks WHERE workspace_id = :workspace AND asked_at < :before",
            workspace=workspace,
            before=before,
        )
        self._not_with.reseal(tx, workspace)
        return {"peer requests": requests, "times asked as a peer": asks}

    def _listed(self, tx: Transaction, member: Member) -> list[dict[str, str]]:
        try:
            return [{"member": it} for it in sorted(self._not_with.of(tx, member))]
        except SteadyError as error:
            return [{"sealed": error.sentence}]
