"""Whole messages and views: what is refused, and by which of Slack's names."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.blocks import body_characters
from bot.sandbox.validation import objects
from bot.sandbox.validation.blocks import check_blocks
from bot.sandbox.validation.problems import Problems
from bot.sandbox.validation.tables import json_size

Json = dict[str, Any]

_MOST_BLOCK_CHARACTERS = 12_000
_PER_BLOCK = 15
_MOST_VIEW_BYTES = 250_000
_MOST_METADATA_BYTES = 8_000


@dataclass(frozen=True)
class Refusal:
    """Slack's error name and the messages that go with it."""

    error: str
    messages: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MessageRules:
    """What differs between the ways to send a message."""

    text_most: int | None = None
    """chat.update refuses more than 4,000; chat.postMessage cuts at 40,000."""
    sums_blocks: bool = True
    """`msg_blocks_too_long` holds for methods, not for response_url."""


def check_message(body: Json, rules: MessageRules) -> Refusal | None:
    """Give the refusal of a message, or None."""
    if body.get("markdown_text") and (body.get("text") or body.get("blocks")):
        return Refusal("markdown_text_conflict")
    if len(str(body.get("markdown_text") or "")) > 12_000:
        return Refusal("msg_too_long")
    if not any(body.get(key) for key in ("text", "blocks", "attachments", "markdown_text", "files")):
        return Refusal("no_text")
    if rules.text_most is not None and len(str(body.get("text") or "").encode()) > rules.text_most:
        return Refusal("msg_too_long")
    return _check_blocks_and_parts(body, rules)


def _check_blocks_and_parts(body: Json, rules: MessageRules) -> Refusal | None:
    attachments = body.get("attachments") or []
    if not isinstance(attachments, list):
        return Refusal("invalid_attachments")
    if len(attachments) > 100:
        return Refusal("too_many_attachments")
    blocks = body.get("blocks") or []
    if not isinstance(blocks, list):
        return Refusal("invalid_blocks_format")
    problems = Problems()
    problems.items(blocks, "/blocks", 50, least=0)
    check_blocks(problems, blocks, "/blocks", "message")
    for index, attachment in enumerate(attachments):
        inner = attachment.get("blocks") if isinstance(attachment, dict) else None
        if isinstance(inner, list):
            check_blocks(problems, inner, f"/attachments/{index}/blocks", "message")
    if problems.found:
        return Refusal("invalid_blocks", problems.found)
    if rules.sums_blocks and body_characters(blocks) + _PER_BLOCK * len(blocks) > _MOST_BLOCK_CHARACTERS:
        return Refusal("msg_blocks_too_long")
    return _check_metadata(body.get("metadata"))


def _check_metadata(metadata: Any) -> Refusal | None:
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        return Refusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        return Refusal("invalid_metadata_format")
    return Refusal("metadata_too_large") if json_size(metadata) > _MOST_METADATA_BYTES else None


_VIEW_TEXTS = ("title", "submit", "close", "private_metadata", "callback_id", "external_id")
_VIEW_FIELDS = (*_VIEW_TEXTS, "blocks", "clear_on_close", "notify_on_close", "submit_disabled")


def check_view(view: Any, *, kinds: tuple[str, ...]) -> Refusal | None:
    """Give the refusal of a view, or None; `kinds` is what the method takes, modal or home."""
    if not isinstance(view, dict):
        return Refusal("invalid_arguments", ["[ERROR] must provide an object [json-pointer:/view]"])
    if json_size(view) > _MOST_VIEW_BYTES:
        return Refusal("view_too_large")
    problems = Problems()
    if view.get("type") not in kinds:
        problems.add("must be a valid enum value", "/view/type")
    elif problems.shape(view, "/view", ("type", "blocks"), _VIEW_FIELDS):
        _check_view_parts(problems, view)
    return Refusal("invalid_arguments", problems.found) if problems.found else None


def _check_view_parts(problems: Problems, view: Json) -> None:
    blocks = problems.items(view["blocks"], "/view/blocks", 100, least=0)
    if view["type"] == "modal":
        _check_frame(problems, view, blocks)
    problems.optional_text(view, "private_metadata", "/view", 3000, least=0)
    problems.optional_text(view, "callback_id", "/view", 255, least=0)
    problems.optional_text(view, "external_id", "/view", 255, least=0)
    check_blocks(problems, blocks, "/view/blocks", view["type"])


def _check_frame(problems: Problems, view: Json, blocks: list[Any]) -> None:
    if view.get("title") is None:
        problems.add("missing required field: title", "/view")
    for key in ("title", "submit", "close"):
        objects.check_optional_plain(problems, view, key, "/view", 24)
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if has_input and view.get("submit") is None:
        problems.add("missing required field: submit", "/view")
