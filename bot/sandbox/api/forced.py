"""The invalid_blocks fault: one block type that this Slack does not take just now."""

from typing import Any

from bot.sandbox.validation import Refusal
from bot.sandbox.world import World


def forced_refusal(world: World, blocks: Any, error: str, pointer: str) -> Refusal | None:
    """Use up an armed fault if one of these blocks has its type."""
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        kind = str(block.get("type")) if isinstance(block, dict) else ""
        if world.faults.take(("invalid_blocks",), block_type=kind):
            return Refusal(error, [f"[ERROR] unsupported type: {kind} [json-pointer:{pointer}/{index}/type]"])
    return None


def forced_view_refusal(world: World, view: Any) -> Refusal | None:
    """Use up an armed fault if one of a view's blocks has its type."""
    blocks = view.get("blocks") if isinstance(view, dict) else None
    return forced_refusal(world, blocks, "invalid_arguments", "/view/blocks")
