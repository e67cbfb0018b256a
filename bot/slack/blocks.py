"""Block Kit in the words this bot uses; lengths are Slack's (docs.slack.dev, Block Kit reference).

Blocks are dicts throughout: a view built from the SDK's models turns block types they don't know into null.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.ids import Action, View
from bot.slack.text import Mrkdwn, clip

Block = dict[str, Any]
Element = dict[str, Any]

SECTION_MOST = 3000
BUTTON_MOST = 75
OPTION_MOST = 75
TITLE_MOST = 24
MESSAGE_BLOCKS_MOST = 50
VIEW_BLOCKS_MOST = 100


@dataclass(frozen=True, slots=True)
class Message:
    """What a message shows, and its whole content as text for notifications and screen readers."""

    text: Mrkdwn
    blocks: Sequence[Block]


def plain(text: str, most: int = 150) -> Element:
    """A text object in which markup is inert."""
    return {"type": "plain_text", "text": clip(text, most), "emoji": True}


def header(text: str) -> Block:
    """A heading, which screen readers can jump to."""
    return {"type": "header", "text": plain(text)}


def section(text: Mrkdwn, accessory: Element | None = None, *, block_id: str | None = None) -> Block:
    """A paragraph, with at most one element beside it."""
    block: Block = {"type": "section", "text": _mrkdwn(text)}
    if accessory:
        block["accessory"] = accessory
    return _named(block, block_id)


def context(text: Mrkdwn) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [_mrkdwn(text)]}


def divider() -> Block:
    """A thin rule."""
    return {"type": "divider"}


def copyable(text: str) -> Block:
    """Words to copy as they stand: preformatted text, which Slack offers a copy button for."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }


def actions(*elements: Element, block_id: str | None = None) -> Block:
    """A row of buttons and selects."""
    return _named({"type": "actions", "elements": list(elements)}, block_id)


def button(
    text: str, action: Action, value: str = "", *, suffix: str = "", style: str = "", label: str = ""
) -> Element:
    """A button; `suffix` tells apart several buttons of one action in one message."""
    element: Element = {
        "type": "button",
        "text": plain(text, BUTTON_MOST),
        "action_id": action_id(action, suffix),
    }
    if value:
        element["value"] = value
    if style:
        element["style"] = style
    if label:
        element["accessibility_label"] = clip(label, 75)
    return element


def asking_first(button: Element, *, title: str, text: str, do: str, keep: str) -> Element:
    """The same button, which Slack asks about before it is pressed: for what can't be undone."""
    words = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(do, 30),
        "deny": plain(keep, 30),
    }
    return button | {"confirm": words | ({"style": "danger"} if button.get("style") == "danger" else {})}


def action_id(action: Action, suffix: str = "") -> str:
    """An action's id, with what tells it from its twins behind a colon."""
    return f"{action}:{suffix}" if suffix else str(action)


def option(text: str, value: str, description: str = "") -> Element:
    """One choice of a select, radio or checkbox group."""
    choice: Element = {"text": plain(text, OPTION_MOST), "value": value}
    if description:
        choice["description"] = plain(description, OPTION_MOST)
    return choice


def select(
    action: Action, placeholder: str, options: Sequence[Element], *, initial: Element | None = None
) -> Element:
    """A drop-down of up to 100 options."""
    element: Element = {
        "type": "static_select",
        "action_id": str(action),
        "placeholder": plain(placeholder),
        "options": list(options),
    }
    if initial:
        element["initial_option"] = initial
    return element


def grouped_select(
    action: Action,
    placeholder: str,
    groups: Mapping[str, Sequence[Element]],
    *,
    initial: Element | None = None,
) -> Element:
    """A drop-down whose options stand under headings."""
    element: Element = {
        "type": "static_select",
        "action_id": str(action),
        "placeholder": plain(placeholder),
        "option_groups": [
            {"label": plain(label, OPTION_MOST), "options": list(options)}
            for label, options in groups.items()
        ],
    }
    if initial:
        element["initial_option"] = initial
    return element


def overflow(action: Action, options: Sequence[Element]) -> Element:
    """The "…" menu: one to five options."""
    return {"type": "overflow", "action_id": str(action), "options": list(options)}


def checkboxes(
    action: Action, options: Sequence[Element], initial: Iterable[Element] = (), *, suffix: str = ""
) -> Element:
    """Tick any of up to ten."""
    element: Element = {
        "type": "checkboxes",
        "action_id": action_id(action, suffix),
        "options": list(options),
    }
    if chosen := list(initial):
        element["initial_options"] = chosen
    return element


def radios(action: Action, options: Sequence[Element], initial: Element | None = None) -> Element:
    """Choose one of up to ten."""
    element: Element = {"type": "radio_buttons", "action_id": str(action), "options": list(options)}
    if initial:
        element["initial_option"] = initial
    return element


def text_input(
    action: Action,
    *,
    placeholder: str = "",
    initial: str = "",
    multiline: bool = False,
    most: int = SECTION_MOST,
    on_enter: bool = False,
) -> Element:
    """A box to type in; `on_enter` sends what was typed as an action when Enter is pressed.

    Words to begin with are clipped: Slack refuses a view whose box holds more than it takes, and masking can
    make a text longer than it was typed.
    """
    element: Element = {
        "type": "plain_text_input",
        "action_id": str(action),
        "multiline": multiline,
        "max_length": most,
    }
    if placeholder:
        element["placeholder"] = plain(placeholder)
    if initial:
        element["initial_value"] = clip(initial, most)
    if on_enter:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    return element


def people_select(
    action: Action, placeholder: str, initial: Sequence[str] = (), *, suffix: str = ""
) -> Element:
    """Choose several people."""
    element: Element = {
        "type": "multi_users_select",
        "action_id": action_id(action, suffix),
        "placeholder": plain(placeholder),
    }
    if initial:
        element["initial_users"] = list(initial)
    return element


def person_select(action: Action, placeholder: str, initial: str = "") -> Element:
    """Choose one person."""
    element: Element = {
        "type": "users_select",
        "action_id": str(action),
        "placeholder": plain(placeholder),
    }
    if initial:
        element["initial_user"] = initial
    return element


def channel_select(action: Action, placeholder: str, initial: str = "") -> Element:
    """Choose one channel of this company alone, public or private."""
    element: Element = {
        "type": "conversations_select",
        "action_id": str(action),
        "placeholder": plain(placeholder),
        "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
    }
    if initial:
        element["initial_conversation"] = initial
    return element


def date_picker(action: Action, placeholder: str, initial: str = "") -> Element:
    """Choose a date; `initial` is YYYY-MM-DD."""
    element: Element = {
        "type": "datepicker",
        "action_id": str(action),
        "placeholder": plain(placeholder),
    }
    if initial:
        element["initial_date"] = initial
    return element


def time_picker(action: Action, placeholder: str, initial: str = "") -> Element:
    """Choose a time of day; `initial` is HH:MM."""
    element: Element = {
        "type": "timepicker",
        "action_id": str(action),
        "placeholder": plain(placeholder),
    }
    if initial:
        element["initial_time"] = initial
    return element


def field(
    label: str,
    element: Element,
    *,
    hint: str = "",
    optional: bool = False,
    block_id: str | None = None,
    dispatch: bool = False,
) -> Block:
    """A labelled input of a form; `dispatch` makes a change in it an action of its own."""
    block: Block = {"type": "input", "label": plain(label, 2000), "element": element, "optional": optional}
    if hint:
        block["hint"] = plain(hint, 2000)
    if dispatch:
        block["dispatch_action"] = True
    return _named(block, block_id)


def modal(
    view: View,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "Close",
    metadata: str = "",
    notify_on_close: bool = False,
    closes_all: bool = False,
) -> Block:
    """A modal; one with an input in it needs `submit`. `closes_all` if those below show what is gone."""
    drawn: Block = {
        "type": "modal",
        "callback_id": str(view),
        "title": plain(title, TITLE_MOST),
        "close": plain(close, TITLE_MOST),
        "blocks": list(blocks)[:VIEW_BLOCKS_MOST],
        "private_metadata": metadata,
        "notify_on_close": notify_on_close,
    }
    if closes_all:
        drawn["clear_on_close"] = True
    if submit:
        drawn["submit"] = plain(submit, TITLE_MOST)
    return drawn


def _mrkdwn(text: Mrkdwn) -> Element:
    return {"type": "mrkdwn", "text": clip(text, SECTION_MOST), "verbatim": True}


def _named(block: Block, block_id: str | None) -> Block:
    if block_id:
        block["block_id"] = block_id
    return block
