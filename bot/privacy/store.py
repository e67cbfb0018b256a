"""The access log, which workspaces are to be deleted by when, and what of them may still be on the disk."""

from dataclasses import dataclass
from datetime import datetime

from bot.people import Member
from bot.storage.database import Transaction
from bot.storage.stamps import from_stamp, to_stamp

_NOTE = """
INSERT INTO access_log (workspace_id, entry_id, member_id, what, noted_at)
VALUES (:workspace, :entry, :member, :what, :at)
"""
_RECENT = """
SELECT access_log.what, access_log.noted_at, people.name FROM access_log
LEFT JOIN people ON people.workspace_id = access_log.workspace_id AND people.member_id = access_log.member_id
WHERE access_log.workspace_id = :workspace
ORDER BY access_log.noted_at DESC, access_log.entry_id DESC LIMIT :most
"""
_MARK = """
INSERT INTO deletions (workspace_id, reason, asked_at, due_at) VALUES (:workspace, :reason, :now, :due)
ON CONFLICT (workspace_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the access log; no name where the person erased their data or isn't known."""

    name: str
    what: str
    at: datetime


def note(tx: Transaction, member: Member, entry: str, what: str, at: datetime) -> None:
    """Keep a line."""
    tx.run(_NOTE, workspace=member.workspace, entry=entry, member=member.id, what=what, at=to_stamp(at))


def recent(tx: Transaction, workspace: str, most: int) -> list[Entry]:
    """The newest lines, newest first."""
    rows = tx.all(_RECENT, workspace=workspace, most=most)
    return [Entry(row["name"] or "", row["what"], from_stamp(row["noted_at"])) for row in rows]


def mark_for_deletion(tx: Transaction, workspace: str, reason: str, now: datetime, due_at: datetime) -> bool:
    """Remember that a workspace is to be deleted; False if it was already, whose date then stands."""
    return tx.run(_MARK, workspace=workspace, reason=reason, now=to_stamp(now), due=to_stamp(due_at)) == 1


def spare(tx: Transaction, workspace: str) -> bool:
    """Forget that a workspace was to be deleted; False if it wasn't."""
    return tx.run("DELETE FROM deletions WHERE workspace_id = :workspace", workspace=workspace) == 1


def deletions(tx: Transaction) -> dict[str, datetime]:
    """Which workspaces are to be deleted, and when."""
    rows = tx.all("SELECT workspace_id, due_at FROM deletions ORDER BY workspace_id")
    return {row["workspace_id"]: from_stamp(row["due_at"]) for row in rows}


def note_on_disk(tx: Transaction, now: datetime) -> None:
    """Remember that words deleted just now are still in the database's files, whatever becomes of us."""
    tx.run("INSERT INTO rewritings (since) VALUES (:now) ON CONFLICT (since) DO NOTHING", now=to_stamp(now))


def on_disk_since(tx: Transaction) -> datetime | None:
    """The last moment at which words were deleted that may still be in the files; None if there are none."""
    row = tx.one("SELECT since FROM rewritings ORDER BY since DESC LIMIT 1")
    return from_stamp(row["since"]) if row else None


def note_off_disk(tx: Transaction, until: datetime) -> None:
    """The files hold nothing more of what was deleted by then."""
    tx.run("DELETE FROM rewritings WHERE since <= :until", until=to_stamp(until))
