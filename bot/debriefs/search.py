"""Full text over entries, summaries and lessons: the one place with two texts of SQL.

Words are folded before they come here, the same on both engines. Beside them stand the circles of people that
may find a thing, so that a common word of ten thousand strangers costs nothing; the rule is asked again of
whatever is found.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.people import Member
from bot.safeguards.visibility import Audience, Scope, Viewer
from bot.storage.database import Transaction

WORD_MOST = 60
WORDS_ASKED_MOST = 8


class Kind(StrEnum):
    """What can be found."""

    ENTRY = "entry"
    DEBRIEF = "debrief"
    LESSON = "lesson"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something with these words in it."""

    kind: Kind
    id: str


_SQLITE_ROW = """
INSERT INTO debrief_search_rows (workspace_id, kind, thing_id) VALUES (:workspace, :kind, :id)
RETURNING row_no
"""
_SQLITE_ADD = "INSERT INTO debrief_search (rowid, circles, words) VALUES (:row_no, :circles, :words)"
_SQLITE_FORGET_ROW = """
DELETE FROM debrief_search_rows WHERE workspace_id = :workspace AND kind = :kind AND thing_id = :id
RETURNING row_no
"""
_SQLITE_FORGET = "DELETE FROM debrief_search WHERE rowid = :row_no"
_SQLITE_FIND = """
SELECT r.kind, r.thing_id FROM debrief_search s JOIN debrief_search_rows r ON r.row_no = s.rowid
WHERE debrief_search MATCH :asked ORDER BY s.rowid DESC LIMIT :most
"""
_PG_ADD = """
INSERT INTO debrief_search (workspace_id, kind, thing_id, words)
VALUES (:workspace, :kind, :id, array_to_tsvector(string_to_array(:words, ' ')))
"""
_PG_FORGET = """
DELETE FROM debrief_search WHERE workspace_id = :workspace AND kind = :kind AND thing_id = :id
"""
_PG_FIND = """
SELECT kind, thing_id FROM debrief_search
WHERE words @@ CAST(:asked AS tsquery) ORDER BY row_no DESC LIMIT :most
"""


def put(tx: Transaction, kind: Kind, id_: str, scope: Scope, texts: Iterable[str]) -> None:
    """Make a thing findable by these texts, for those who may see it; replaces what it had before."""
    forget(tx, scope.author.workspace, kind, id_)
    key = {"workspace": scope.author.workspace, "kind": kind, "id": id_}
    words, circles = " ".join(folded(" ".join(texts))), " ".join(_circles_of(scope))
    if tx.engine == "postgresql":
        tx.run(_PG_ADD, **key, words=f"{circles} {words}".strip())
    elif row := tx.one(_SQLITE_ROW, **key):
        tx.run(_SQLITE_ADD, row_no=row["row_no"], circles=circles, words=words)


def forget(tx: Transaction, workspace: str, kind: Kind, id_: str) -> None:
    """Take a thing out."""
    key = {"workspace": workspace, "kind": kind, "id": id_}
    if tx.engine == "postgresql":
        tx.run(_PG_FORGET, **key)
    elif row := tx.one(_SQLITE_FORGET_ROW, **key):
        tx.run(_SQLITE_FORGET, row_no=row["row_no"])


def forget_workspace(tx: Transaction, workspace: str) -> None:
    """Take a workspace out."""
    if tx.engine == "postgresql":
        tx.run("DELETE FROM debrief_search WHERE workspace_id = :workspace", workspace=workspace)
        return
    rows = tx.all(
        "DELETE FROM debrief_search_rows WHERE workspace_id = :workspace RETURNING row_no",
        workspace=workspace,
    )
    tx.many(_SQLITE_FORGET, rows)


def rewrite(tx: Transaction) -> None:
    """Write the index anew: SQLite's keeps the words of what was deleted until then."""
    if tx.engine == "sqlite":
        tx.run("INSERT INTO debrief_search (debrief_search) VALUES ('optimize')")


def find(tx: Transaction, viewer: Viewer, text: str, most: int) -> Sequence[Hit]:
    """What has all these words, or words that begin so, the newest first; ask the rule before showing any."""
    words = folded(text)[:WORDS_ASKED_MOST]
    if not words:
        return ()
    circles = _circles_in_reach(viewer)
    if tx.engine == "postgresql":
        any_circle, starts = " | ".join(f"'{it}'" for it in circles), " & ".join(f"'{it}':*" for it in words)
        asked = f"({any_circle}) & {starts}"
        rows = tx.all(_PG_FIND, asked=asked, most=most)
    else:
        starts = " AND ".join(f'"{it}"*' for it in words)
        any_circle = " OR ".join(f'"{it}"' for it in circles)
        asked = f"circles : ({any_circle}) AND words : ({starts})"
        rows = tx.all(_SQLITE_FIND, asked=asked, most=most)
    return [Hit(Kind(row["kind"]), row["thing_id"]) for row in rows]


def folded(text: str) -> list[str]:
    """The words of a text without case and accents, as both engines keep and look for them."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(it for it in plain if not unicodedata.combining(it))
    return [word[:WORD_MOST] for word in re.findall(r"[^\W_]+", bare)]


def _circles_of(scope: Scope) -> list[str]:
    workspace = scope.author.workspace
    circles = [_author(scope.author)]
    if scope.channel and scope.audience is not Audience.ONLY_ME:
        with_leads = scope.audience is not Audience.CHANNEL_WITHOUT_LEADS
        circles.append(_circle("channel" if with_leads else "colleagues", workspace, scope.channel))
    if scope.team and scope.audience is Audience.TEAM:
        circles.append(_circle("team", workspace, scope.team))
    return circles


def _circles_in_reach(viewer: Viewer) -> list[str]:
    circles = [_author(viewer.member)]
    if viewer.is_outsider:
        return circles
    workspace = viewer.member.workspace
    for channel in sorted(viewer.channels):
        circles.append(_circle("channel", workspace, channel))
        circles += [] if viewer.leads else [_circle("colleagues", workspace, channel)]
    return circles + [_circle("team", workspace, it) for it in sorted(viewer.teams | viewer.leads)]


def _author(member: Member) -> str:
    return _circle("author", member.workspace, member.id)


def _circle(kind: str, workspace: str, id_: str) -> str:
    """One word that no text folds to, since those have no underscore."""
    return "_".join((kind, *("".join(re.findall("[a-z0-9]+", it.lower())) for it in (workspace, id_))))
