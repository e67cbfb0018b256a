"""Blocks: which fields, how much, on which surface."""

from collections.abc import Callable
from typing import Any, Literal

from bot.sandbox.blocks import elements_of, inner_blocks, interactive
from bot.sandbox.validation import elements, objects, tables
from bot.sandbox.validation.problems import Problems
from bot.sandbox.validation.rich_text import check_rich_text

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]
Check = Callable[[Problems, Json, str], None]

_EVERYWHERE = frozenset({"message", "modal", "home"})
_MESSAGE = frozenset({"message"})
_NOT_MODAL = frozenset({"message", "home"})


def check_blocks(problems: Problems, blocks: list[Any], pointer: str, surface: Surface) -> None:
    """Check a surface's blocks, one by one and together."""
    for index, block in enumerate(blocks):
        check_block(problems, block, f"{pointer}/{index}", surface)
    if not problems.found:
        _check_unique(problems, blocks, pointer)
        _check_sums(problems, blocks, pointer)


def check_block(
    problems: Problems, block: Any, pointer: str, surface: Surface, *, inside: str | None = None
) -> None:
    """Check one block on one surface; a container may not be inside a container."""
    if not isinstance(block, dict):
        problems.add("must provide an object", pointer)
        return
    kind = block.get("type")
    surfaces, check = BLOCK_TYPES.get(kind if isinstance(kind, str) else "", _UNKNOWN)
    if surface not in surfaces or kind == inside:
        problems.add(
            f"unsupported type: {kind}" if kind else "missing required field: type", f"{pointer}/type"
        )
        return
    problems.optional_text(block, "block_id", pointer, 255)
    check(problems, block, pointer)


def _section(problems: Problems, block: Json, pointer: str) -> None:
    problems.shape(block, pointer, (), ("block_id", "text", "fields", "accessory", "expand"))
    if block.get("text") is None and block.get("fields") is None:
        problems.add("missing required field: text", pointer)
    if block.get("text") is not None:
        objects.check_text(problems, block["text"], f"{pointer}/text", 3000, plain=False)
    if block.get("fields") is not None:
        for index, field in enumerate(problems.items(block["fields"], f"{pointer}/fields", 10)):
            objects.check_text(problems, field, f"{pointer}/fields/{index}", 2000, plain=False)
    if block.get("accessory") is not None:
        elements.check_element(problems, block["accessory"], f"{pointer}/accessory", elements.IN_SECTION)


def _header(problems: Problems, block: Json, pointer: str) -> None:
    if problems.shape(block, pointer, ("text",), ("block_id", "level")):
        objects.check_text(problems, block["text"], f"{pointer}/text", 150, plain=True)


def _divider(problems: Problems, block: Json, pointer: str) -> None:
    problems.shape(block, pointer, (), ("block_id",))


def _context(problems: Problems, block: Json, pointer: str) -> None:
    if not problems.shape(block, pointer, ("elements",), ("block_id",)):
        return
    for index, element in enumerate(problems.items(block["elements"], f"{pointer}/elements", 10)):
        at = f"{pointer}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            elements.check_image_element(problems, element, at)
        else:
            objects.check_text(problems, element, at, 2000, plain=False)


def _row_of(allowed: frozenset[str], most: int) -> Check:
    """Make the check of an actions or context_actions block."""

    def check(problems: Problems, block: Json, pointer: str) -> None:
        if problems.shape(block, pointer, ("elements",), ("block_id",)):
            for index, element in enumerate(problems.items(block["elements"], f"{pointer}/elements", most)):
                elements.check_element(problems, element, f"{pointer}/elements/{index}", allowed)

    return check


def _input(problems: Problems, block: Json, pointer: str) -> None:
    if not problems.shape(
        block, pointer, ("label", "element"), ("block_id", "hint", "optional", "dispatch_action")
    ):
        return
    objects.check_text(problems, block["label"], f"{pointer}/label", 2000, plain=True)
    objects.check_optional_plain(problems, block, "hint", pointer, 2000)
    elements.check_element(problems, block["element"], f"{pointer}/element", elements.IN_INPUT)


def _image(problems: Problems, block: Json, pointer: str) -> None:
    if problems.shape(block, pointer, ("alt_text",), ("block_id", "image_url", "slack_file", "title")):
        problems.text(block["alt_text"], f"{pointer}/alt_text", 2000)
    objects.check_optional_plain(problems, block, "title", pointer, 2000)
    objects.check_picture(problems, block, pointer)


def _markdown(problems: Problems, block: Json, pointer: str) -> None:
    if problems.shape(block, pointer, ("text",), ("block_id",)):
        problems.text(block["text"], f"{pointer}/text", 12_000)


def _alert(problems: Problems, block: Json, pointer: str) -> None:
    if problems.shape(block, pointer, ("text",), ("block_id", "level")):
        objects.check_text(problems, block["text"], f"{pointer}/text", 200, plain=False)
        if "level" in block:
            levels = ("default", "info", "warning", "error", "success")
            problems.one_of(block["level"], f"{pointer}/level", levels)


def _card(problems: Problems, block: Json, pointer: str) -> None:
    parts = {"title": 150, "subtitle": 150, "body": 200, "subtext": 200}
    optional = ("block_id", "actions", "icon", "hero_image", "slack_icon", *parts)
    problems.shape(block, pointer, (), optional)
    for key, most in parts.items():
        if block.get(key) is not None:
            objects.check_text(problems, block[key], f"{pointer}/{key}", most, plain=False)
    if block.get("actions") is not None:
        for index, element in enumerate(problems.items(block["actions"], f"{pointer}/actions", 3)):
            elements.check_element(problems, element, f"{pointer}/actions/{index}", frozenset({"button"}))


def _carousel(problems: Problems, block: Json, pointer: str) -> None:
    if problems.shape(block, pointer, ("elements",), ("block_id",)):
        for index, card in enumerate(problems.items(block["elements"], f"{pointer}/elements", 10)):
            at = f"{pointer}/elements/{index}"
            if not isinstance(card, dict) or card.get("type") != "card":
                problems.add("unsupported type: only cards", f"{at}/type")
            else:
                _card(problems, card, at)


def _container(problems: Problems, block: Json, pointer: str) -> None:
    optional = (
        "block_id",
        "subtitle",
        "width",
        "is_collapsible",
        "default_collapsed",
        "has_header_divider",
        "icon",
    )
    if not problems.shape(block, pointer, ("child_blocks",), ("title", *optional)):
        return
    children = problems.items(block["child_blocks"], f"{pointer}/child_blocks", 10)
    for index, child in enumerate(children):
        check_block(problems, child, f"{pointer}/child_blocks/{index}", "message", inside="container")
    objects.check_optional_plain(problems, block, "title", pointer, 150)
    objects.check_optional_plain(problems, block, "subtitle", pointer, 150)
    if "width" in block:
        problems.one_of(block["width"], f"{pointer}/width", ("narrow", "standard", "wide", "full"))
    if block.get("is_collapsible") and block.get("has_header_divider"):
        problems.add("has_header_divider does not go with is_collapsible", pointer)


def _plan(problems: Problems, block: Json, pointer: str) -> None:
    if problems.shape(block, pointer, ("title",), ("block_id", "tasks")):
        problems.items(block.get("tasks") or [], f"{pointer}/tasks", 50, least=0)


def _task_card(problems: Problems, block: Json, pointer: str) -> None:
    optional = ("block_id", "details", "output", "sources", "status")
    if problems.shape(block, pointer, ("task_id", "title"), optional) and "status" in block:
        problems.one_of(block["status"], f"{pointer}/status", ("in_progress", "complete", "error"))


def _video(problems: Problems, block: Json, pointer: str) -> None:
    needed = ("title", "video_url", "thumbnail_url", "alt_text")
    optional = ("block_id", "title_url", "description", "author_name", "provider_name", "provider_icon_url")
    if problems.shape(block, pointer, needed, optional):
        objects.check_text(problems, block["title"], f"{pointer}/title", 199, plain=True)
        problems.optional_text(block, "author_name", pointer, 49)


def _check_unique(problems: Problems, blocks: list[Json], pointer: str) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            problems.add(f'block_id "{block_id}" already exists', f"{pointer}/{index}/block_id")
        seen.add(block_id or "")
    for index, block in enumerate(blocks):
        _check_unique_actions(problems, block, f"{pointer}/{index}")
    focused = [e for _, e in interactive(blocks) if e.get("focus_on_load")]
    if len(focused) > 1:
        problems.add("only one element may have focus_on_load", pointer)


def _check_unique_actions(problems: Problems, block: Json, pointer: str) -> None:
    seen: set[str] = set()
    for element in elements_of(block):
        action_id = element.get("action_id")
        if action_id and action_id in seen:
            problems.add(f'action_id "{action_id}" already exists in this block', pointer)
        seen.add(action_id or "")


def _check_sums(problems: Problems, blocks: list[Json], pointer: str) -> None:
    kinds = [block["type"] for block in inner_blocks(blocks)]
    if kinds.count("table") > 1:
        problems.add("only_one_table_allowed", pointer)
    if kinds.count("data_visualization") > 2:
        problems.add("no more than 2 data_visualization blocks allowed", pointer)
    if sum(len(b.get("text", "")) for b in blocks if b["type"] == "markdown") > 12_000:
        problems.add("must be less than 12001 characters in all markdown blocks", pointer)


_UNKNOWN: tuple[frozenset[str], Check] = (frozenset(), _divider)
BLOCK_TYPES: dict[str, tuple[frozenset[str], Check]] = {
    "section": (_EVERYWHERE, _section),
    "header": (_EVERYWHERE, _header),
    "divider": (_EVERYWHERE, _divider),
    "context": (_EVERYWHERE, _context),
    "actions": (_EVERYWHERE, _row_of(elements.IN_ACTIONS, 25)),
    "context_actions": (_MESSAGE, _row_of(elements.IN_CONTEXT_ACTIONS, 5)),
    "input": (_EVERYWHERE, _input),
    "image": (_EVERYWHERE, _image),
    "rich_text": (_EVERYWHERE, check_rich_text),
    "video": (_EVERYWHERE, _video),
    "card": (_EVERYWHERE, _card),
    "carousel": (_NOT_MODAL, _carousel),
    "container": (_NOT_MODAL, _container),
    "table": (_NOT_MODAL, tables.check_table),
    "data_table": (_NOT_MODAL, tables.check_data_table),
    "data_visualization": (_NOT_MODAL, tables.check_chart),
    "markdown": (_MESSAGE, _markdown),
    "plan": (_MESSAGE, _plan),
    "task_card": (_MESSAGE, _task_card),
    "alert": (frozenset({"modal"}), _alert),
}
