"""What the bot posted, so that it can be taken out of Slack again: places and times, no words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.people import Member
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

_REMEMBER = """
INSERT INTO posted_messages (workspace_id, channel_id, ts, kind, recipient_id, about_id, sent_at)
VALUES (:workspace, :channel, :ts, :kind, :recipient, :about, :sent_at)
ON CONFLICT (workspace_id, channel_id, ts) DO NOTHING
"""
_KINDS = "SELECT DISTINCT kind FROM posted_messages WHERE workspace_id = :workspace ORDER BY kind"
_OLD = """
SELECT * FROM posted_messages
WHERE workspace_id = :workspace AND kind = :kind AND sent_at < :before AND stuck_reason IS NULL
ORDER BY sent_at LIMIT :most
"""
_CONCERNING = """
SELECT * FROM posted_messages WHERE workspace_id = :workspace AND recipient_id = :member
UNION
SELECT * FROM posted_messages WHERE workspace_id = :workspace AND about_id = :member
ORDER BY sent_at
"""
_STUCK = """
SELECT stuck_reason, count(*) AS n FROM posted_messages
WHERE workspace_id = :workspace AND stuck_reason IS NOT NULL GROUP BY stuck_reason ORDER BY stuck_reason
"""
_FORGET = "DELETE FROM posted_messages WHERE workspace_id = :workspace AND channel_id = :channel AND ts = :ts"
_FORGET_STUCK = """
DELETE FROM posted_messages
WHERE workspace_id = :workspace AND kind = :kind AND sent_at < :before AND stuck_reason IS NOT NULL
"""
_GIVE_UP = """
UPDATE posted_messages SET stuck_reason = :reason
WHERE workspace_id = :workspace AND channel_id = :channel AND ts = :ts
"""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of the bot's in Slack; `stuck_reason` is Slack's error name where it could not be deleted."""

    workspace: str
    channel: str
    ts: str
    kind: str
    recipient: str
    sent_at: datetime
    about: str | None = None
    stuck_reason: str | None = None


def remember(tx: Transaction, message: Posted) -> None:
    """Keep where a message is; also for messages that a feature posts outside the schedule."""
    tx.run(
        _REMEMBER,
        workspace=message.workspace,
        channel=message.channel,
        ts=message.ts,
        kind=message.kind,
        recipient=message.recipient,
        about=message.about,
        sent_at=to_stamp(message.sent_at),
    )


def kinds(tx: Transaction, workspace: str) -> list[str]:
    """Which kinds of message there are."""
    return [row["kind"] for row in tx.all(_KINDS, workspace=workspace)]


def old(tx: Transaction, workspace: str, kind: str, before: datetime, most: int) -> list[Posted]:
    """The oldest messages of a kind from before then that can still be deleted."""
    rows = tx.all(_OLD, workspace=workspace, kind=kind, before=to_stamp(before), most=most)
    return [_posted(row) for row in rows]


def concerning(tx: Transaction, member: Member) -> list[Posted]:
    """What was posted to or about somebody, for export and erasing."""
    return [_posted(row) for row in tx.all(_CONCERNING, workspace=member.workspace, member=member.id)]


def stuck(tx: Transaction, workspace: str) -> Mapping[str, int]:
    """How many messages Slack refused to delete, by why; where they are is their recipients' to know."""
    return {row["stuck_reason"]: row["n"] for row in tx.all(_STUCK, workspace=workspace)}


def forget(tx: Transaction, message: Posted) -> None:
    """It is no longer in Slack."""
    tx.run(_FORGET, workspace=message.workspace, channel=message.channel, ts=message.ts)


def forget_stuck(tx: Transaction, workspace: str, kind: str, before: datetime) -> int:
    """Forget those of a kind from before then that Slack would not delete; returns how many."""
    return tx.run(_FORGET_STUCK, workspace=workspace, kind=kind, before=to_stamp(before))


def give_up(tx: Transaction, message: Posted, reason: str) -> None:
    """Keep that it can't be deleted, and why."""
    tx.run(_GIVE_UP, workspace=message.workspace, channel=message.channel, ts=message.ts, reason=reason)


def _posted(row: Row) -> Posted:
    return Posted(
        workspace=row["workspace_id"],
        channel=row["channel_id"],
        ts=row["ts"],
        kind=row["kind"],
        recipient=row["recipient_id"],
        sent_at=from_stamp(row["sent_at"]),
        about=row["about_id"],
        stuck_reason=row["stuck_reason"],
    )
