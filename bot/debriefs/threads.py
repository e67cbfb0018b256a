"""What a debrief keeps: the talk itself, who said what, and where the bot's messages are."""

import datetime as dt
from collections.abc import Sequence

from bot.debriefs.model import Debrief, Said, Share, Step, newer
from bot.debriefs.store import as_list, list_of, scope_of
from bot.people import Member
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

_OPEN = """
INSERT INTO debriefs (workspace_id, debrief_id, author_id, audience, channel_id, team_id, about, shared, step,
                      is_open, summary, opened_at, touched_at)
VALUES (:workspace, :id, :author, :audience, :channel, :team, :about, :shared, :step, 1, '', :now, :now)
ON CONFLICT (workspace_id, debrief_id) DO NOTHING
"""
_GET = "SELECT * FROM debriefs WHERE workspace_id = :workspace AND debrief_id = :id"
_BY_THREAD = """
SELECT * FROM debriefs
WHERE workspace_id = :workspace AND posted_in = :channel AND root_ts = :ts AND is_open = 1
"""
_POSTED = """
UPDATE debriefs SET posted_in = :channel, root_ts = :ts WHERE workspace_id = :workspace AND debrief_id = :id
"""
# Compare and set: of two clicks, or two deliveries of one, the second finds the step gone.
_STEP = """
UPDATE debriefs SET step = :following, touched_at = :now
WHERE workspace_id = :workspace AND debrief_id = :id AND step = :step AND is_open = 1
"""
_TOUCH = """
UPDATE debriefs SET touched_at = :now WHERE workspace_id = :workspace AND debrief_id = :id AND is_open = 1
"""
_CLOSE = """
UPDATE debriefs SET is_open = 0, step = 'close', summary = :summary, closed_at = :now, touched_at = :now
WHERE workspace_id = :workspace AND debrief_id = :id AND is_open = 1
"""
_SAY = """
INSERT INTO debrief_replies (workspace_id, debrief_id, reply_key, author_id, step, is_private, is_gone,
                             version, body, said_at)
VALUES (:workspace, :id, :key, :author, :step, :is_private, :is_gone, :version, :body, :said_at)
ON CONFLICT (workspace_id, debrief_id, reply_key) DO NOTHING
"""
_REPLY = """
SELECT * FROM debrief_replies WHERE workspace_id = :workspace AND debrief_id = :id AND reply_key = :key
"""
_CHANGE = """
UPDATE debrief_replies SET body = :body, version = :version, is_gone = :is_gone
WHERE workspace_id = :workspace AND debrief_id = :id AND reply_key = :key
"""
_SAID = """
SELECT * FROM debrief_replies WHERE workspace_id = :workspace AND debrief_id = :id ORDER BY said_at, reply_key
"""
_SAID_BY = """
SELECT * FROM debrief_replies WHERE workspace_id = :workspace AND author_id = :author AND is_gone = 0
ORDER BY said_at, reply_key
"""
_ME_TOO = """
INSERT INTO debrief_me_toos (workspace_id, debrief_id, member_id) VALUES (:workspace, :id, :member)
ON CONFLICT (workspace_id, debrief_id, member_id) DO NOTHING
"""
_ME_TOOS = "SELECT count(*) AS n FROM debrief_me_toos WHERE workspace_id = :workspace AND debrief_id = :id"
_PLACED = """
INSERT INTO debrief_messages (workspace_id, channel_id, ts, debrief_id, kind)
VALUES (:workspace, :channel, :ts, :id, :kind)
ON CONFLICT (workspace_id, channel_id, ts) DO NOTHING
"""
_MESSAGES = """
SELECT * FROM debrief_messages WHERE workspace_id = :workspace AND debrief_id = :id ORDER BY ts
"""
_LIFT = "DELETE FROM debrief_messages WHERE workspace_id = :workspace AND channel_id = :channel AND ts = :ts"
_FORGET = (
    "DELETE FROM debrief_replies WHERE workspace_id = :workspace AND debrief_id = :id",
    "DELETE FROM debrief_me_toos WHERE workspace_id = :workspace AND debrief_id = :id",
    "DELETE FROM debriefs WHERE workspace_id = :workspace AND debrief_id = :id",
)


def open_one(tx: Transaction, debrief: Debrief) -> bool:
    """Begin a talk; False if its entry has one."""
    return (
        tx.run(
            _OPEN,
            workspace=debrief.scope.author.workspace,
            id=debrief.id,
            author=debrief.scope.author.id,
            audience=debrief.scope.audience,
            channel=debrief.scope.channel,
            team=debrief.scope.team,
            about=debrief.about,
            shared=as_list(sorted(debrief.shared)),
            step=debrief.step,
            now=to_stamp(debrief.opened_at),
        )
        == 1
    )


def get(tx: Transaction, workspace: str, debrief_id: str) -> Debrief | None:
    """One talk, whoever may see it: ask the rule before showing it."""
    row = tx.one(_GET, workspace=workspace, id=debrief_id)
    return debrief_of(row) if row else None


def by_thread(tx: Transaction, workspace: str, channel: str, ts: str) -> Debrief | None:
    """The open talk whose thread this is, if any."""
    row = tx.one(_BY_THREAD, workspace=workspace, channel=channel, ts=ts)
    return debrief_of(row) if row else None


def posted(tx: Transaction, debrief: Debrief, channel: str, ts: str) -> None:
    """Remember the thread, once Slack has it."""
    tx.run(_POSTED, workspace=debrief.scope.author.workspace, id=debrief.id, channel=channel, ts=ts)


def advance(tx: Transaction, debrief: Debrief, step: Step, now: dt.datetime) -> bool:
    """Go on from a step; False if the talk is past it."""
    where = {"workspace": debrief.scope.author.workspace, "id": debrief.id}
    return tx.run(_STEP, **where, step=step, following=step.following, now=to_stamp(now)) == 1


def touch(tx: Transaction, debrief: Debrief, now: dt.datetime) -> None:
    """Note that somebody said something."""
    tx.run(_TOUCH, workspace=debrief.scope.author.workspace, id=debrief.id, now=to_stamp(now))


def close(tx: Transaction, debrief: Debrief, summary: str, now: dt.datetime) -> bool:
    """End a talk; False if it was over."""
    where = {"workspace": debrief.scope.author.workspace, "id": debrief.id}
    return tx.run(_CLOSE, **where, summary=summary, now=to_stamp(now)) == 1


def say(tx: Transaction, debrief: Debrief, said: Said) -> bool:
    """Keep what was said; an edit or deletion counts if it is the newest known, in whatever order they come.

    False when nothing changed: seen before, or something newer is known.
    """
    where = {"workspace": debrief.scope.author.workspace, "id": debrief.id, "key": said.key}
    body = "" if said.is_gone else said.body
    is_new = tx.run(
        _SAY,
        **where,
        author=said.author.id,
        step=said.step or "",
        is_private=said.is_private,
        is_gone=said.is_gone,
        version=said.version,
        body=body,
        said_at=to_stamp(said.said_at),
    )
    if is_new:
        return True
    before = tx.one(_REPLY, **where)
    if before is None or before["is_gone"] or not (said.is_gone or newer(said.version, before["version"])):
        return False
    return tx.run(_CHANGE, **where, body=body, version=said.version, is_gone=said.is_gone) == 1


def reply(tx: Transaction, workspace: str, debrief_id: str, key: str) -> Said | None:
    """One thing that was said."""
    row = tx.one(_REPLY, workspace=workspace, id=debrief_id, key=key)
    return _said(row) if row else None


def said_in(tx: Transaction, debrief: Debrief) -> list[Said]:
    """Everything said in a talk, in order; deleted things come without words."""
    return [_said(row) for row in tx.all(_SAID, workspace=debrief.scope.author.workspace, id=debrief.id)]


def said_by(tx: Transaction, author: Member) -> list[Row]:
    """Everything somebody said in any talk, for an export."""
    return tx.all(_SAID_BY, workspace=author.workspace, author=author.id)


def add_me_too(tx: Transaction, debrief: Debrief, member: Member) -> bool:
    """Note that somebody has had this too; False if they said so before."""
    where = {"workspace": debrief.scope.author.workspace, "id": debrief.id}
    return tx.run(_ME_TOO, **where, member=member.id) == 1


def me_toos(tx: Transaction, debrief: Debrief) -> int:
    """How many have had this too."""
    row = tx.one(_ME_TOOS, workspace=debrief.scope.author.workspace, id=debrief.id)
    return int(row["n"]) if row else 0


def placed(tx: Transaction, workspace: str, debrief_id: str, kind: str, channel: str, ts: str) -> None:
    """Remember where a message of the bot's is."""
    tx.run(_PLACED, workspace=workspace, id=debrief_id, kind=kind, channel=channel, ts=ts)


def messages(tx: Transaction, workspace: str, debrief_id: str) -> Sequence[Row]:
    """Where the bot's messages of a talk are: channel_id, ts, kind."""
    return tx.all(_MESSAGES, workspace=workspace, id=debrief_id)


def lift(tx: Transaction, workspace: str, channel: str, ts: str) -> None:
    """A message is no longer in Slack."""
    tx.run(_LIFT, workspace=workspace, channel=channel, ts=ts)


def forget(tx: Transaction, workspace: str, debrief_id: str) -> None:
    """Delete a talk with everything said in it; where its messages are stays until they are gone."""
    for statement in _FORGET:
        tx.run(statement, workspace=workspace, id=debrief_id)


def debrief_of(row: Row) -> Debrief:
    """Read a row of `debriefs`."""
    return Debrief(
        id=row["debrief_id"],
        scope=scope_of(row),
        about=row["about"],
        shared=frozenset(Share(it) for it in list_of(row["shared"])),
        step=Step(row["step"]),
        is_open=bool(row["is_open"]),
        opened_at=from_stamp(row["opened_at"]),
        touched_at=from_stamp(row["touched_at"]),
        posted_in=row["posted_in"],
        root_ts=row["root_ts"],
        summary=row["summary"],
    )


def _said(row: Row) -> Said:
    return Said(
        key=row["reply_key"],
        author=Member(row["workspace_id"], row["author_id"]),
        body=row["body"],
        said_at=from_stamp(row["said_at"]),
        step=Step(row["step"]) if row["step"] else None,
        is_private=bool(row["is_private"]),
        is_gone=bool(row["is_gone"]),
        version=row["version"],
    )
