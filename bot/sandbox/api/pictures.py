"""Pictures in blocks that name an uploaded file: it must be there, be a picture, and have been scanned."""

import time
from typing import Any

from bot.sandbox.blocks import elements_of, inner_blocks
from bot.sandbox.validation import Refusal
from bot.sandbox.workspace import StoredFile, Workspace

Json = dict[str, Any]

_TYPES = frozenset({"image/png", "image/jpeg", "image/gif"})


def check_pictures(workspace: Workspace, blocks: list[Json], error: str, pointer: str) -> Refusal | None:
    """Give the refusal of the first slack_file that cannot be shown."""
    for index, block in enumerate(blocks):
        for part in inner_blocks([block]):
            for holder in (part, *elements_of(part)):
                if holder.get("slack_file") and not _can_be_shown(workspace, holder["slack_file"]):
                    where = f"[json-pointer:{pointer}/{index}/slack_file]"
                    return Refusal(error, [f"[ERROR] invalid slack file {where}"])
    return None


def _can_be_shown(workspace: Workspace, named: Json) -> bool:
    file = _named(workspace, named)
    return bool(file and file.ready and file.mimetype in _TYPES and time.monotonic() >= file.usable_at)


def _named(workspace: Workspace, named: Json) -> StoredFile | None:
    if named.get("id"):
        return workspace.files.get(str(named["id"]))
    parts = str(named.get("url")).split("/")
    return next((file for file in workspace.files.values() if file.id in parts), None)
