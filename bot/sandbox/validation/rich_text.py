"""The rich_text block and what may be inside it."""

from typing import Any

from bot.sandbox.validation.problems import Problems

Json = dict[str, Any]

_LEAVES: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "link": ("url",),
    "user": ("user_id",),
    "usergroup": ("usergroup_id",),
    "channel": ("channel_id",),
    "emoji": ("name",),
    "broadcast": ("range",),
    "date": ("timestamp", "format"),
    "color": ("value",),
}
_SECTIONS = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")


def check_rich_text(problems: Problems, block: Json, pointer: str) -> None:
    """Check a rich_text block."""
    if not problems.shape(block, pointer, ("elements",), ("block_id",)):
        return
    for index, section in enumerate(problems.items(block["elements"], f"{pointer}/elements", 1_000, least=0)):
        _section(problems, section, f"{pointer}/elements/{index}", _SECTIONS)


def _section(problems: Problems, section: Any, pointer: str, allowed: tuple[str, ...]) -> None:
    kind = section.get("type") if isinstance(section, dict) else None
    if kind not in allowed:
        problems.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    inner = section.get("elements")
    for index, element in enumerate(problems.items(inner, f"{pointer}/elements", 1_000, least=0)):
        at = f"{pointer}/elements/{index}"
        if kind == "rich_text_list":
            _section(problems, element, at, ("rich_text_section",))
        else:
            _leaf(problems, element, at)
    if kind == "rich_text_list":
        problems.one_of(section.get("style"), f"{pointer}/style", ("bullet", "ordered"))


def _leaf(problems: Problems, leaf: Any, pointer: str) -> None:
    kind = leaf.get("type") if isinstance(leaf, dict) else None
    if not isinstance(kind, str) or kind not in _LEAVES:
        problems.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    for key in _LEAVES[kind]:
        if leaf.get(key) is None:
            problems.add(f"missing required field: {key}", pointer)
    if kind == "text" and leaf.get("text") is not None:
        problems.text(leaf["text"], f"{pointer}/text", 40_000)
