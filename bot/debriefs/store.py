"""What logging keeps: entries, and counts that belong to nobody."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from bot.debriefs.model import CardHelped, Details, Entry, Journey, Outcome
from bot.people import Member
from bot.safeguards.visibility import Audience, Scope, Viewer, condition
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

_ADD = """
INSERT INTO entries (workspace_id, entry_id, author_id, audience, channel_id, team_id, about, conduct,
                     hardness, is_counted, outcome, card_helped, journey, ticket, happened, helped, logged_at)
VALUES (:workspace, :id, :author, :audience, :channel, :team, :about, :conduct, :hardness,
        :is_counted, :outcome, :card_helped, :journey, :ticket, :happened, :helped, :logged_at)
ON CONFLICT (workspace_id, entry_id) DO NOTHING
"""
_COUNT = """
INSERT INTO cause_counts (workspace_id, team_id, day, what, id, contacts)
VALUES (:workspace, :team, :day, :what, :id, 1)
ON CONFLICT (workspace_id, team_id, day, what, id) DO UPDATE SET contacts = cause_counts.contacts + 1
"""
_GET = "SELECT * FROM entries WHERE workspace_id = :workspace AND entry_id = :id"
_OWN = """
SELECT * FROM entries
WHERE workspace_id = :workspace AND author_id = :author AND logged_at < :before
ORDER BY logged_at DESC, entry_id LIMIT :most
"""
_ALL_OWN = """
SELECT * FROM entries WHERE workspace_id = :workspace AND author_id = :author ORDER BY logged_at, entry_id
"""
# Each circle by its own index, the newest of each: one condition over all of them would sort everything.
_SHARED = """
SELECT * FROM entries
WHERE {circle} AND entries.workspace_id = :viewer_workspace AND entries.author_id <> :viewer_id
  AND entries.logged_at < :before AND {allowed}
ORDER BY entries.logged_at DESC, entries.entry_id LIMIT :most
"""
_WIDEN = """
UPDATE entries SET audience = :audience, channel_id = :channel, team_id = :team
WHERE workspace_id = :workspace AND entry_id = :id AND author_id = :author
"""
_REMOVE = "DELETE FROM entries WHERE workspace_id = :workspace AND entry_id = :id AND author_id = :author"

Choice = TypeVar("Choice", bound=StrEnum)


def add(tx: Transaction, entry: Entry) -> bool:
    """Keep an entry; False if its id is taken, be it by itself."""
    return tx.run(_ADD, **_parameters(entry)) == 1


def count(tx: Transaction, entry: Entry, day: dt.date) -> None:
    """Count what it was about, what they did and how it ended, without a name."""
    counted = [("about", entry.about), *(("conduct", it) for it in entry.conduct)]
    counted += [("outcome", str(entry.details.outcome))] if entry.details.outcome else []
    counted += [("journey", str(entry.details.journey))] if entry.details.journey else []
    for what, id_ in counted:
        tx.run(
            _COUNT,
            workspace=entry.author.workspace,
            team=entry.scope.team or "",
            day=day.isoformat(),
            what=what,
            id=id_,
        )


def get(tx: Transaction, workspace: str, entry_id: str) -> Entry | None:
    """One entry, whoever may see it: ask the rule before showing it."""
    row = tx.one(_GET, workspace=workspace, id=entry_id)
    return _entry(row) if row else None


def own(tx: Transaction, author: Member, before: dt.datetime, most: int) -> list[Entry]:
    """Somebody's own, the newest first."""
    rows = tx.all(_OWN, workspace=author.workspace, author=author.id, before=to_stamp(before), most=most)
    return [_entry(row) for row in rows]


def all_own(tx: Transaction, author: Member) -> list[Entry]:
    """All of somebody's own, the oldest first, for an export."""
    return [_entry(row) for row in tx.all(_ALL_OWN, workspace=author.workspace, author=author.id)]


def shared_with(tx: Transaction, viewer: Viewer, before: dt.datetime, most: int) -> list[Entry]:
    """What others share with somebody, the newest first."""
    allowed, params = condition(viewer, "entries")
    circles = [
        ("entries.channel_id = :circle AND entries.audience <> 'only_me'", it) for it in viewer.channels
    ]
    circles += [
        ("entries.team_id = :circle AND entries.audience = 'team'", it) for it in viewer.teams | viewer.leads
    ]
    found: dict[str, Entry] = {}
    for circle, id_ in circles:
        rows = tx.all(
            _SHARED.format(circle=circle, allowed=allowed),
            circle=id_,
            before=to_stamp(before),
            most=most,
            **params,
        )
        found |= {row["entry_id"]: _entry(row) for row in rows}
    return sorted(found.values(), key=lambda it: (it.logged_at, it.id), reverse=True)[:most]


def show_to(tx: Transaction, entry: Entry, scope: Scope) -> bool:
    """Widen or narrow an entry; only its author's own row changes."""
    return (
        tx.run(
            _WIDEN,
            workspace=entry.author.workspace,
            id=entry.id,
            author=scope.author.id,
            audience=scope.audience,
            channel=scope.channel,
            team=scope.team,
        )
        == 1
    )


def remove(tx: Transaction, entry: Entry) -> bool:
    """Delete an entry; what was counted of it stays, since that names nobody."""
    return tx.run(_REMOVE, workspace=entry.author.workspace, id=entry.id, author=entry.author.id) == 1


def scope_of(row: Row) -> Scope:
    """Read the columns that the rule is made from."""
    return Scope(
        Member(row["workspace_id"], row["author_id"]),
        Audience(row["audience"]),
        row["channel_id"],
        row["team_id"],
    )


def list_of(text: str) -> tuple[str, ...]:
    """Read a list of ids kept in one column."""
    return tuple(it for it in text.split(",") if it)


def as_list(ids: Sequence[str]) -> str:
    """Write a list of ids into one column; an id has no comma."""
    return ",".join(ids)


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["entry_id"],
        scope=scope_of(row),
        about=row["about"],
        conduct=list_of(row["conduct"]),
        hardness=row["hardness"],
        is_counted=bool(row["is_counted"]),
        details=Details(
            outcome=_choice(Outcome, row["outcome"]),
            card_helped=_choice(CardHelped, row["card_helped"]),
            journey=_choice(Journey, row["journey"]),
            ticket=row["ticket"],
            happened=row["happened"],
            helped=row["helped"],
        ),
        logged_at=from_stamp(row["logged_at"]),
    )


def _choice(kind: type[Choice], value: str) -> Choice | None:
    return kind(value) if value else None


def _parameters(entry: Entry) -> dict[str, object]:
    details = entry.details
    return {
        "workspace": entry.author.workspace,
        "id": entry.id,
        "author": entry.author.id,
        "audience": entry.scope.audience,
        "channel": entry.scope.channel,
        "team": entry.scope.team,
        "about": entry.about,
        "conduct": as_list(entry.conduct),
        "hardness": entry.hardness,
        "is_counted": entry.is_counted,
        "outcome": details.outcome or "",
        "card_helped": details.card_helped or "",
        "journey": details.journey or "",
        "ticket": details.ticket,
        "happened": details.happened,
        "helped": details.helped,
        "logged_at": to_stamp(entry.logged_at),
    }
