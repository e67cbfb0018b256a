"""What a kit keeps."""

from bot.kit.model import Item, Kind
from bot.people import Member
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

_ADD = """
INSERT INTO kit_items (workspace_id, item_id, member_id, kind, situation, origin, body, offered_to,
                       is_credited, saved_at)
VALUES (:workspace, :id, :member, :kind, :situation, :origin, :body, :offered_to, :is_credited, :saved_at)
ON CONFLICT DO NOTHING
"""
_CHANGE = """
UPDATE kit_items SET kind = :kind, situation = :situation, body = :body, offered_to = :offered_to,
                     is_credited = :is_credited
WHERE workspace_id = :workspace AND item_id = :id AND member_id = :member
"""
_GET = "SELECT * FROM kit_items WHERE workspace_id = :workspace AND item_id = :id"
_OWN = """
SELECT * FROM kit_items WHERE workspace_id = :workspace AND member_id = :member
ORDER BY saved_at DESC, item_id LIMIT :most
"""
_COUNT = "SELECT count(*) AS n FROM kit_items WHERE workspace_id = :workspace AND member_id = :member"
_REMOVE = """
DELETE FROM kit_items WHERE workspace_id = :workspace AND item_id = :id AND member_id = :member
"""
_OWN_FOR = """
SELECT * FROM kit_items
WHERE workspace_id = :workspace AND member_id = :member AND kind = 'phrase' AND situation = :situation
ORDER BY saved_at DESC, item_id LIMIT :most
"""
_OFFERED_FOR = """
SELECT * FROM kit_items
WHERE workspace_id = :workspace AND offered_to = :team AND kind = 'phrase' AND situation = :situation
  AND member_id <> :member
ORDER BY saved_at DESC, item_id LIMIT :most
"""
_OFFERED = """
SELECT * FROM kit_items WHERE workspace_id = :workspace AND offered_to = :team AND member_id <> :member
ORDER BY saved_at DESC, item_id LIMIT :most
"""


def add(tx: Transaction, item: Item) -> bool:
    """Keep an item; False if it is there, or the same phrase was saved before."""
    return tx.run(_ADD, **_parameters(item), origin=item.origin, saved_at=to_stamp(item.saved_at)) == 1


def change(tx: Transaction, item: Item) -> bool:
    """Change one's own item; False if there is none such."""
    return tx.run(_CHANGE, **_parameters(item)) == 1


def get(tx: Transaction, workspace: str, item_id: str) -> Item | None:
    """One item, whosever."""
    row = tx.one(_GET, workspace=workspace, id=item_id)
    return _item(row) if row else None


def own(tx: Transaction, owner: Member, most: int) -> list[Item]:
    """Somebody's kit, the newest first."""
    return [_item(row) for row in tx.all(_OWN, workspace=owner.workspace, member=owner.id, most=most)]


def count(tx: Transaction, owner: Member) -> int:
    """How many there are."""
    row = tx.one(_COUNT, workspace=owner.workspace, member=owner.id)
    return int(row["n"]) if row else 0


def remove(tx: Transaction, owner: Member, item_id: str) -> bool:
    """Delete one's own item."""
    return tx.run(_REMOVE, workspace=owner.workspace, id=item_id, member=owner.id) == 1


def own_for(tx: Transaction, owner: Member, situation: str, most: int) -> list[Item]:
    """Somebody's own phrases for a situation."""
    rows = tx.all(_OWN_FOR, workspace=owner.workspace, member=owner.id, situation=situation, most=most)
    return [_item(row) for row in rows]


def offered_for(tx: Transaction, member: Member, team: str, situation: str, most: int) -> list[Item]:
    """What colleagues offered a team for a situation."""
    rows = tx.all(
        _OFFERED_FOR, workspace=member.workspace, member=member.id, team=team, situation=situation, most=most
    )
    return [_item(row) for row in rows]


def offered(tx: Transaction, member: Member, team: str, most: int) -> list[Item]:
    """What colleagues offered a team."""
    rows = tx.all(_OFFERED, workspace=member.workspace, member=member.id, team=team, most=most)
    return [_item(row) for row in rows]


def _item(row: Row) -> Item:
    return Item(
        id=row["item_id"],
        owner=Member(row["workspace_id"], row["member_id"]),
        kind=Kind(row["kind"]),
        situation=row["situation"],
        origin=row["origin"],
        text=row["body"],
        saved_at=from_stamp(row["saved_at"]),
        offered_to=row["offered_to"],
        is_credited=bool(row["is_credited"]),
    )


def _parameters(item: Item) -> dict[str, object]:
    return {
        "workspace": item.owner.workspace,
        "id": item.id,
        "member": item.owner.id,
        "kind": item.kind,
        "situation": item.situation,
        "body": item.text,
        "offered_to": item.offered_to,
        "is_credited": item.is_credited,
    }
