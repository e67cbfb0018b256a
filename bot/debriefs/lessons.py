"""What is kept for others: lessons, and what owners of causes were asked to do."""

import datetime as dt

from bot.debriefs.model import CauseAction, Lesson
from bot.debriefs.store import scope_of
from bot.people import Member
from bot.safeguards.visibility import Viewer, condition
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

_ADD = """
INSERT INTO lessons (workspace_id, lesson_id, author_id, audience, channel_id, team_id, about, body, kept_at)
VALUES (:workspace, :id, :author, :audience, :channel, :team, :about, :body, :kept_at)
ON CONFLICT (workspace_id, lesson_id) DO NOTHING
"""
_GET = "SELECT * FROM lessons WHERE workspace_id = :workspace AND lesson_id = :id"
_NEWEST = """
SELECT * FROM lessons
WHERE lessons.workspace_id = :workspace AND lessons.about = :about AND {allowed}
ORDER BY lessons.kept_at DESC, lessons.lesson_id LIMIT 1
"""
_TOPICS = "SELECT DISTINCT about FROM lessons WHERE workspace_id = :workspace"
_BY = """
SELECT * FROM lessons WHERE workspace_id = :workspace AND author_id = :author ORDER BY kept_at, lesson_id
"""
_REMOVE = "DELETE FROM lessons WHERE workspace_id = :workspace AND lesson_id = :id"
_ASK = """
INSERT INTO cause_actions (workspace_id, action_id, author_id, owner_id, about, what, due_on, asked_at)
VALUES (:workspace, :id, :author, :owner, :about, :what, :due_on, :now)
ON CONFLICT (workspace_id, action_id) DO NOTHING
"""
_ASKED = "SELECT * FROM cause_actions WHERE workspace_id = :workspace AND action_id = :id"
_DONE = """
UPDATE cause_actions SET done_at = :now
WHERE workspace_id = :workspace AND action_id = :id AND owner_id = :owner AND done_at IS NULL
"""


def add(tx: Transaction, lesson: Lesson) -> bool:
    """Keep a lesson; False if its debrief has one."""
    return (
        tx.run(
            _ADD,
            workspace=lesson.scope.author.workspace,
            id=lesson.id,
            author=lesson.scope.author.id,
            audience=lesson.scope.audience,
            channel=lesson.scope.channel,
            team=lesson.scope.team,
            about=lesson.about,
            body=lesson.body,
            kept_at=to_stamp(lesson.kept_at),
        )
        == 1
    )


def get(tx: Transaction, workspace: str, lesson_id: str) -> Lesson | None:
    """One lesson, whoever may see it: ask the rule before showing it."""
    row = tx.one(_GET, workspace=workspace, id=lesson_id)
    return lesson_of(row) if row else None


def newest_for(tx: Transaction, viewer: Viewer, about: str) -> Lesson | None:
    """The newest lesson for a situation that somebody may see."""
    allowed, params = condition(viewer, "lessons")
    row = tx.one(_NEWEST.format(allowed=allowed), workspace=viewer.member.workspace, about=about, **params)
    return lesson_of(row) if row else None


def topics(tx: Transaction, workspace: str) -> frozenset[str]:
    """The situations that anybody kept a lesson for."""
    return frozenset(row["about"] for row in tx.all(_TOPICS, workspace=workspace))


def by_author(tx: Transaction, author: Member) -> list[Lesson]:
    """All that somebody wrote, for an export."""
    return [lesson_of(row) for row in tx.all(_BY, workspace=author.workspace, author=author.id)]


def remove(tx: Transaction, workspace: str, lesson_id: str) -> None:
    """Delete a lesson."""
    tx.run(_REMOVE, workspace=workspace, id=lesson_id)


def ask(tx: Transaction, action: CauseAction, now: dt.datetime) -> bool:
    """Keep what an owner is asked to do; False if this debrief asked for something before."""
    return (
        tx.run(
            _ASK,
            workspace=action.author.workspace,
            id=action.id,
            author=action.author.id,
            owner=action.owner.id,
            about=action.about,
            what=action.what,
            due_on=action.due_on.isoformat(),
            now=to_stamp(now),
        )
        == 1
    )


def asked(tx: Transaction, workspace: str, action_id: str) -> CauseAction | None:
    """What was asked for."""
    row = tx.one(_ASKED, workspace=workspace, id=action_id)
    return action_of(row) if row else None


def done(tx: Transaction, owner: Member, action_id: str, now: dt.datetime) -> bool:
    """Note that the owner did it; nobody else can, and once is enough."""
    return tx.run(_DONE, workspace=owner.workspace, id=action_id, owner=owner.id, now=to_stamp(now)) == 1


def lesson_of(row: Row) -> Lesson:
    """Read a row of `lessons`."""
    return Lesson(row["lesson_id"], scope_of(row), row["about"], row["body"], from_stamp(row["kept_at"]))


def action_of(row: Row) -> CauseAction:
    """Read a row of `cause_actions`."""
    workspace = row["workspace_id"]
    return CauseAction(
        id=row["action_id"],
        author=Member(workspace, row["author_id"]),
        owner=Member(workspace, row["owner_id"]),
        about=row["about"],
        what=row["what"],
        due_on=dt.date.fromisoformat(row["due_on"]),
        is_done=row["done_at"] is not None,
    )
