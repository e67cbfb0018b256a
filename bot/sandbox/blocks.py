"""Blocks as Slack keeps them: walked, completed with ids, and written from what a person types."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.ids import Ids

Json = dict[str, Any]

_CHOSEN_FROM = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_TYPED_INTO = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input")
_CLICKED = ("button", "workflow_button", "feedback_buttons", "icon_button", "overflow")
_PICKED = ("checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker", "file_input")
INTERACTIVE = frozenset(
    (*_CHOSEN_FROM, *(f"multi_{kind}" for kind in _CHOSEN_FROM), *_TYPED_INTO, *_CLICKED, *_PICKED)
)


def elements_of(block: Json) -> Iterator[Json]:
    """Give a block's elements, whichever place they are in."""
    for key in ("element", "accessory"):
        if isinstance(block.get(key), dict):
            yield block[key]
    if block.get("type") in ("actions", "context", "context_actions", "card"):
        for key in ("elements", "actions"):
            yield from (e for e in block.get(key) or () if isinstance(e, dict))


def inner_blocks(blocks: list[Json]) -> Iterator[Json]:
    """Give all blocks, those inside containers and carousels too."""
    for block in blocks:
        yield block
        for key in ("children", "child_blocks", "blocks"):
            yield from inner_blocks(block.get(key) or [])
        if block.get("type") == "carousel":
            yield from inner_blocks(block.get("elements") or [])


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Give every (block, element) a person can use."""
    for block in inner_blocks(blocks):
        for element in elements_of(block):
            if element.get("type") in INTERACTIVE:
                yield block, element


def complete(blocks: list[Json], ids: Ids) -> list[Json]:
    """Copy blocks and give every one a block_id and every element an action_id, as Slack does."""
    done = copy.deepcopy(blocks)
    for block in inner_blocks(done):
        if not block.get("block_id"):
            block["block_id"] = ids.mixed(5)
    for _, element in interactive(done):
        if not element.get("action_id"):
            element["action_id"] = ids.mixed(5)
    _complete_texts(done)
    return done


def _complete_texts(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _complete_texts(item)
    elif isinstance(value, dict):
        if value.get("type") == "plain_text" and "text" in value:
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn" and "text" in value:
            value.setdefault("verbatim", False)
        for item in value.values():
            _complete_texts(item)


def escape(text: str) -> str:
    """Escape exactly what Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_TYPED = re.compile(
    r"(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"])|(?<![\w@])@(?P<who>[\w.-]*\w)|(?<![\w#])#(?P<channel>[\w-]+)"
)


def typed_message(text: str, names: Mapping[str, Json]) -> tuple[str, list[Json]]:
    """Turn what a person types into Slack's `text` and its rich_text elements.

    `names` maps "@ben", "#general", "@here" to the rich_text element that stands for it.
    """
    elements: list[Json] = []
    written: list[str] = []
    at = 0
    for match in _TYPED.finditer(text):
        element = _typed_element(match, names)
        if element is None:
            continue
        _plain(text[at : match.start()], elements, written)
        elements.append(element)
        written.append(as_markup(element))
        at = match.end()
    _plain(text[at:], elements, written)
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
    return "".join(written), [block]


def _typed_element(match: re.Match[str], names: Mapping[str, Json]) -> Json | None:
    if match["url"]:
        return {"type": "link", "url": match["url"]}
    return names.get("@" + match["who"] if match["who"] else "#" + match["channel"])


def _plain(text: str, elements: list[Json], written: list[str]) -> None:
    if text:
        elements.append({"type": "text", "text": text})
        written.append(escape(text))


def as_markup(element: Json) -> str:
    """Write a rich_text element the way it stands in `text`."""
    match element["type"]:
        case "link":
            return f"<{escape(element['url'])}>"
        case "user":
            return f"<@{element['user_id']}>"
        case "channel":
            return f"<#{element['channel_id']}>"
        case "usergroup":
            return f"<!subteam^{element['usergroup_id']}>"
        case "broadcast":
            return f"<!{element['range']}>"
    return escape(str(element.get("text", "")))


def mentioned(text: str) -> set[str]:
    """Give the user ids that a message's text mentions."""
    return set(re.findall(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", text))


def linked_bare_urls(text: str) -> str:
    """Wrap bare URLs in a bot's text in angle brackets, as Slack stores them."""
    return re.sub(r"(?<![<|\w\"'])(https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"])", r"<\1>", text)


def texts_in(value: Any) -> list[str]:
    """Give the texts people read in blocks, in order."""
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    if not isinstance(value, dict):
        return []
    if value.get("type") in ("mrkdwn", "plain_text", "text") and isinstance(value.get("text"), str):
        return [value["text"]]
    keys = ("text", "fields", "elements", "alt_text", "title", "description")
    return [text for key in keys for text in texts_in(value.get(key)) if key in value]


def body_characters(blocks: list[Json]) -> int:
    """Count the characters people read in blocks."""
    return sum(len(text) for text in texts_in(blocks)) + sum(
        len(b["text"]) for b in blocks if isinstance(b.get("text"), str)
    )
