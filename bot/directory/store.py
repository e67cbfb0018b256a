"""What the directory keeps; reads come in the caller's own unit of work."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.directory.model import Person
from bot.people import Member
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

_SAVE = """
INSERT INTO people (workspace_id, member_id, name, zone, is_active, is_admin, is_guest, is_bot, is_stranger,
                    is_away, away_until, changed_s)
VALUES (:workspace, :member, :name, :zone, :is_active, :is_admin, :is_guest, :is_bot, :is_stranger,
        :is_away, :away_until, :changed_s)
ON CONFLICT (workspace_id, member_id) DO UPDATE SET
    name = CASE WHEN excluded.is_active = 1 THEN excluded.name ELSE people.name END,
    zone = excluded.zone, is_active = excluded.is_active, is_admin = excluded.is_admin,
    is_guest = excluded.is_guest, is_bot = excluded.is_bot, is_stranger = excluded.is_stranger,
    is_away = excluded.is_away, away_until = excluded.away_until, changed_s = excluded.changed_s,
    unreachable = CASE WHEN excluded.changed_s > people.changed_s THEN NULL ELSE people.unreachable END
WHERE excluded.changed_s >= people.changed_s
"""
# The row stays: somebody the directory doesn't know would count as a colleague again, in teams and rings.
_FORGET_GONE = """
UPDATE people SET name = '', zone = NULL
WHERE workspace_id = :workspace AND is_active = 0 AND changed_s < :before AND (name <> '' OR zone IS NOT NULL)
"""
_DND = """
UPDATE people SET dnd_from = :dnd_from, dnd_until = :dnd_until
WHERE workspace_id = :workspace AND member_id = :member
"""
_UNREACHABLE = """
UPDATE people SET unreachable = :why WHERE workspace_id = :workspace AND member_id = :member
"""
_ONE = "SELECT * FROM people WHERE workspace_id = :workspace AND member_id = :member"
_BELONGING = """
SELECT member_id FROM people
WHERE workspace_id = :workspace AND member_id > :after AND is_active = 1 AND is_bot = 0 AND is_stranger = 0
ORDER BY member_id LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Dnd:
    """The current or the next stretch in which somebody is not to be disturbed; None: there is none."""

    start_at: datetime | None
    end_at: datetime | None


def save(tx: Transaction, people: Iterable[Person]) -> None:
    """Keep what Slack told unless something newer is known; do-not-disturb stays, `unreachable` until news.

    Slack goes on telling of those who left: their names are not kept anew, nor those of people it never met.
    """
    tx.many(_SAVE, [_parameters(person) for person in people])


def save_dnd(tx: Transaction, workspace: str, windows: Mapping[str, Dnd]) -> None:
    """Keep do-not-disturb by member id; of somebody unknown nothing is kept."""
    tx.many(
        _DND,
        [
            {
                "workspace": workspace,
                "member": member,
                "dnd_from": _stamp(dnd.start_at),
                "dnd_until": _stamp(dnd.end_at),
            }
            for member, dnd in windows.items()
        ],
    )


def mark_unreachable(tx: Transaction, member: Member, why: str | None) -> None:
    """Remember Slack's error name for refusing messages to them; None: it may take them again."""
    tx.run(_UNREACHABLE, workspace=member.workspace, member=member.id, why=why)


def get(tx: Transaction, member: Member) -> Person | None:
    """What is known of somebody."""
    row = tx.one(_ONE, workspace=member.workspace, member=member.id)
    return _person(row) if row else None


def is_colleague(tx: Transaction, member: Member) -> bool:
    """Whether somebody is a colleague; whom Slack hasn't told of yet counts as one."""
    person = get(tx, member)
    return person is None or person.is_colleague


def belonging(tx: Transaction, workspace: str, after: str, most: int) -> list[str]:
    """The next people who can belong to a team, by member id; "" for the first."""
    rows = tx.all(_BELONGING, workspace=workspace, after=after, most=most)
    return [row["member_id"] for row in rows]


def forget_gone(tx: Transaction, workspace: str, before: datetime) -> int:
    """Forget the names of those who left before then, though not that they left; returns how many."""
    return tx.run(_FORGET_GONE, workspace=workspace, before=int(before.timestamp()))


def erase_member(tx: Transaction, member: Member) -> None:
    """Remove somebody's row; Slack tells it again at the next refresh while they are in the workspace."""
    tx.run(
        "DELETE FROM people WHERE workspace_id = :workspace AND member_id = :member",
        workspace=member.workspace,
        member=member.id,
    )


def erase_workspace(tx: Transaction, workspace: str) -> None:
    """Remove everybody of a workspace."""
    tx.run("DELETE FROM people WHERE workspace_id = :workspace", workspace=workspace)


def _person(row: Row) -> Person:
    return Person(
        member=Member(row["workspace_id"], row["member_id"]),
        name=row["name"],
        zone=row["zone"],
        is_active=bool(row["is_active"]),
        is_admin=bool(row["is_admin"]),
        is_guest=bool(row["is_guest"]),
        is_bot=bool(row["is_bot"]),
        is_stranger=bool(row["is_stranger"]),
        is_away=bool(row["is_away"]),
        away_until=_moment(row["away_until"]),
        dnd_from=_moment(row["dnd_from"]),
        dnd_until=_moment(row["dnd_until"]),
        unreachable=row["unreachable"],
        changed_s=row["changed_s"],
    )


def _parameters(person: Person) -> dict[str, object]:
    return {
        "workspace": person.member.workspace,
        "member": person.member.id,
        "name": person.name if person.is_active else "",
        "zone": person.zone if person.is_active else None,
        "is_active": person.is_active,
        "is_admin": person.is_admin,
        "is_guest": person.is_guest,
        "is_bot": person.is_bot,
        "is_stranger": person.is_stranger,
        "is_away": person.is_away,
        "away_until": _stamp(person.away_until),
        "changed_s": person.changed_s,
    }


def _stamp(at: datetime | None) -> str | None:
    return to_stamp(at) if at else None


def _moment(stamp: str | None) -> datetime | None:
    return from_stamp(stamp) if stamp else None
