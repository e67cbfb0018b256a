"""What debriefs keep about people: shown, forgotten, aged out."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from bot.debriefs import lessons, rooms, search, store, threads
from bot.debriefs.model import HARDNESS, Entry
from bot.debriefs.search import Kind
from bot.debriefs.service import forget_talk, index
from bot.people import Member
from bot.personal import Exported, Table
from bot.safeguards.visibility import Place, Scope, who
from bot.storage.database import Row, Transaction
from bot.storage.stamps import to_stamp
from bot.teams import Kept, Team

KeptFor = Callable[[Transaction, str, Kept], dt.timedelta]
TeamOf = Callable[[Transaction, str, str], Team | None]
AT_ONCE = 2_000
"""Rows one night's purge takes on, so that nobody waits for it; the next night goes on."""
ROOMS_KEPT_FOR = dt.timedelta(days=90)

_OWN_TALKS = "SELECT debrief_id FROM debriefs WHERE workspace_id = :workspace AND author_id = :member"
_OWN_MESSAGES = """
DELETE FROM debrief_messages WHERE workspace_id = :workspace AND debrief_id IN (
    SELECT debrief_id FROM debriefs WHERE workspace_id = :workspace AND author_id = :member)
"""
_FORGET_MEMBER = (
    "DELETE FROM entries WHERE workspace_id = :workspace AND author_id = :member",
    "DELETE FROM lessons WHERE workspace_id = :workspace AND author_id = :member",
    "DELETE FROM debrief_replies WHERE workspace_id = :workspace AND author_id = :member",
    "DELETE FROM debrief_me_toos WHERE workspace_id = :workspace AND member_id = :member",
    "DELETE FROM cause_actions WHERE workspace_id = :workspace AND author_id = :member",
    "DELETE FROM cause_actions WHERE workspace_id = :workspace AND owner_id = :member",
    "DELETE FROM room_people WHERE workspace_id = :workspace AND member_id = :member",
)
_TABLES = (
    "entries",
    "cause_counts",
    "debriefs",
    "debrief_replies",
    "debrief_me_toos",
    "debrief_messages",
    "lessons",
    "cause_actions",
    "rooms",
    "room_people",
)
_OLD_WORDS = """
SELECT entry_id FROM entries
WHERE workspace_id = :workspace AND logged_at < :before AND (happened <> '' OR helped <> '' OR ticket <> '')
ORDER BY logged_at LIMIT :most
"""
_BLANK = """
UPDATE entries SET happened = '', helped = '', ticket = '' WHERE workspace_id = :workspace AND entry_id = :id
"""
_OLD_TALKS = """
SELECT debrief_id FROM debriefs WHERE workspace_id = :workspace AND opened_at < :before
ORDER BY opened_at LIMIT :most
"""
_OLD_ENTRIES = """
SELECT entry_id FROM entries WHERE workspace_id = :workspace AND logged_at < :before
ORDER BY logged_at LIMIT :most
"""
_OLD_LESSONS = (
    "SELECT lesson_id FROM lessons WHERE workspace_id = :workspace AND kept_at < :before LIMIT :most"
)
_DROP_ENTRY = "DELETE FROM entries WHERE workspace_id = :workspace AND entry_id = :id"
_ME_TOOS = """
SELECT debrief_id AS debrief FROM debrief_me_toos
WHERE workspace_id = :workspace AND member_id = :member ORDER BY debrief_id
"""
_ROOMS = (
    "SELECT channel_id AS channel FROM room_people WHERE workspace_id = :workspace AND member_id = :member"
)
_ACTIONS = """
SELECT about, what, due_on, asked_at, done_at FROM cause_actions
WHERE workspace_id = :workspace AND (author_id = :member OR owner_id = :member) ORDER BY asked_at
"""
_TALKS = """
SELECT about, step, summary, opened_at, closed_at, posted_in AS channel FROM debriefs
WHERE workspace_id = :workspace AND author_id = :member ORDER BY opened_at
"""


class DebriefHolding:
    """Entries, talks, lessons and what was asked of owners; the counts of causes are nobody's."""

    tables = (
        Table(
            "entries",
            "contacts you logged, with their search index",
            "yours",
            "12 months; words and ticket ids 180 days",
        ),
        Table("cause_counts", "what contacts were about, counted", "nobody's", "12 months"),
        Table("debriefs", "talks you opened, with their summaries", "yours", "180 days"),
        Table("debrief_replies", "what you said in debriefs", "yours", "180 days"),
        Table("debrief_me_toos", "that you have had this too", "yours", "180 days"),
        Table("debrief_messages", "where Steady's messages of a debrief are", "the author's", "180 days"),
        Table("lessons", "lessons you wrote for others", "yours", "12 months"),
        Table("cause_actions", "what was asked of owners of causes", "yours and the owner's", "12 months"),
        Table(
            "rooms", "channels that debriefs are held in", "the workspace's", f"{ROOMS_KEPT_FOR.days} days"
        ),
        Table("room_people", "who is in those channels", "yours", f"{ROOMS_KEPT_FOR.days} days"),
    )

    def __init__(self, kept_for: KeptFor, team_of: TeamOf) -> None:
        self._kept_for = kept_for
        self._team_of = team_of

    def export(self, tx: Transaction, member: Member) -> Exported:
        """Everything the member wrote, each with who can see it."""
        own = {"workspace": member.workspace, "member": member.id}
        entries = [self._entry(tx, it) for it in store.all_own(tx, member)]
        written = [
            {"for": it.about, "lesson": it.body, "kept_at": it.kept_at, "seen by": self._who(tx, it.scope)}
            for it in lessons.by_author(tx, member)
        ]
        said = [_said(row) for row in threads.said_by(tx, member)]
        return {
            "hard contacts": entries,
            "debriefs you opened": tx.all(_TALKS, **own),
            "what you said in debriefs": said,
            "had this too": tx.all(_ME_TOOS, **own),
            "lessons": written,
            "asked of owners of causes": tx.all(_ACTIONS, **own),
            "debrief channels you are in": tx.all(_ROOMS, **own),
        }

    def erase(self, tx: Transaction, member: Member) -> None:
        """Forget the member, in the search index too; what others said in the member's talks goes along."""
        own = {"workspace": member.workspace, "member": member.id}
        for entry in store.all_own(tx, member):
            search.forget(tx, member.workspace, Kind.ENTRY, entry.id)
        for lesson in lessons.by_author(tx, member):
            search.forget(tx, member.workspace, Kind.LESSON, lesson.id)
        talks = tx.all(_OWN_TALKS, **own)
        tx.run(_OWN_MESSAGES, **own)
        for row in talks:
            forget_talk(tx, member.workspace, row["debrief_id"])
        for statement in _FORGET_MEMBER:
            tx.run(statement, **own)
        search.rewrite(tx)

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget the workspace, counts included."""
        search.forget_workspace(tx, workspace)
        for table in _TABLES:
            tx.run(f"DELETE FROM {table} WHERE workspace_id = :workspace", workspace=workspace)  # noqa: S608  # ours
        search.rewrite(tx)

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:
        """Words go first, then talks, then what is left of the entries and what was learned."""
        words_before = now - self._kept_for(tx, workspace, Kept.DEBRIEF_TEXT)
        events_before = now - self._kept_for(tx, workspace, Kept.EVENTS)
        gone = {
            "debrief texts": _blank(tx, workspace, words_before),
            "debriefs": _drop_talks(tx, workspace, words_before),
            "hard contacts": _drop_entries(tx, workspace, events_before),
            "lessons": _drop_lessons(tx, workspace, events_before),
        }
        old = {"workspace": workspace, "before": to_stamp(events_before)}
        tx.run("DELETE FROM cause_actions WHERE workspace_id = :workspace AND asked_at < :before", **old)
        day = {"workspace": workspace, "before": events_before.date().isoformat()}
        gone["counted causes"] = tx.run(
            "DELETE FROM cause_counts WHERE workspace_id = :workspace AND day < :before", **day
        )
        rooms.forget_before(tx, workspace, now - ROOMS_KEPT_FOR)
        if not any(gone.values()):
            # The night's last round: by now everything is gone, with what authors deleted by day.
            search.rewrite(tx)
        return gone

    def _entry(self, tx: Transaction, entry: Entry) -> Mapping[str, Any]:
        details = entry.details
        return {
            "logged_at": entry.logged_at,
            "about": entry.about,
            "what they did": ", ".join(entry.conduct),
            "how hard": HARDNESS[entry.hardness],
            "counted without your name": entry.is_counted,
            "how it ended": details.outcome or "",
            "card helped": details.card_helped or "",
            "step of their journey": details.journey or "",
            "ticket": details.ticket,
            "what happened": details.happened,
            "what helped": details.helped,
            "seen by": self._who(tx, entry.scope),
        }

    def _who(self, tx: Transaction, scope: Scope) -> str:
        """The people let in, from the same table that lets them in."""
        workspace = scope.author.workspace
        room = rooms.known(tx, workspace, scope.channel) if scope.channel else None
        team = self._team_of(tx, workspace, scope.team) if scope.team else None
        channel = f"#{room.name}" if room and room.name else scope.channel or ""
        return who(scope.audience, Place(channel=channel, team=team.name if team else scope.team or ""))


def _said(row: Row) -> Mapping[str, Any]:
    named = {"said_at": "said_at", "question": "step", "words": "body", "debrief": "debrief_id"}
    return {name: row[column] for name, column in named.items()}


def _blank(tx: Transaction, workspace: str, before: dt.datetime) -> int:
    rows = tx.all(_OLD_WORDS, workspace=workspace, before=to_stamp(before), most=AT_ONCE)
    for row in rows:
        tx.run(_BLANK, workspace=workspace, id=row["entry_id"])
        if entry := store.get(tx, workspace, row["entry_id"]):
            index(tx, entry)
    return len(rows)


def _drop_talks(tx: Transaction, workspace: str, before: dt.datetime) -> int:
    rows = tx.all(_OLD_TALKS, workspace=workspace, before=to_stamp(before), most=AT_ONCE)
    for row in rows:
        forget_talk(tx, workspace, row["debrief_id"])
        tx.run(
            "DELETE FROM debrief_messages WHERE workspace_id = :workspace AND debrief_id = :id",
            workspace=workspace,
            id=row["debrief_id"],
        )
    return len(rows)


def _drop_entries(tx: Transaction, workspace: str, before: dt.datetime) -> int:
    rows = tx.all(_OLD_ENTRIES, workspace=workspace, before=to_stamp(before), most=AT_ONCE)
    for row in rows:
        search.forget(tx, workspace, Kind.ENTRY, row["entry_id"])
        tx.run(_DROP_ENTRY, workspace=workspace, id=row["entry_id"])
    return len(rows)


def _drop_lessons(tx: Transaction, workspace: str, before: dt.datetime) -> int:
    rows = tx.all(_OLD_LESSONS, workspace=workspace, before=to_stamp(before), most=AT_ONCE)
    for row in rows:
        search.forget(tx, workspace, Kind.LESSON, row["lesson_id"])
        lessons.remove(tx, workspace, row["lesson_id"])
    return len(rows)
