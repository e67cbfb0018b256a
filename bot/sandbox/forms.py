"""The state of elements: what is chosen before anybody touched it, and what a person may put in."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.blocks import interactive

Json = dict[str, Any]
Values = dict[str, dict[str, Json]]

_SLOTS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
_LISTS = frozenset(
    {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
)
TEXT_INPUTS = frozenset(
    {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input"}
)


def slot_of(element_type: str) -> str | None:
    """Name the key under which an element's value stands in the state; None when it keeps none."""
    slot = _SLOTS.get(element_type)
    return slot[0] if slot else None


def first_value(element: Json, current_conversation: str | None = None) -> Json | None:
    """Give an untouched element's value: its initial one, or its own kind of empty."""
    if element["type"] not in _SLOTS:
        return None
    slot, initial = _SLOTS[element["type"]]
    value = element.get(initial)
    if value is None and element.get("default_to_current_conversation") and current_conversation:
        value = [current_conversation] if slot in _LISTS else current_conversation
    if value is None:
        value = [] if slot in _LISTS else None
    if slot == "rich_text_value" and value is None:
        return {"type": element["type"]}
    return {"type": element["type"], slot: value}


def first_values(blocks: list[Json], current_conversation: str | None = None) -> Values:
    """Build the state of blocks nobody has touched."""
    values: Values = {}
    for block, element in interactive(blocks):
        value = first_value(element, current_conversation)
        if value is not None:
            values.setdefault(block["block_id"], {})[element["action_id"]] = value
    return values


def carried_over(old: Values, new: Values) -> Values:
    """Keep what was put in where block_id, action_id and the kind of element are the same."""
    merged: Values = {}
    for block_id, actions in new.items():
        before = old.get(block_id, {})
        merged[block_id] = {
            action_id: before[action_id] if before.get(action_id, {}).get("type") == value["type"] else value
            for action_id, value in actions.items()
        }
    return merged


def is_empty(value: Json | None) -> bool:
    """True when nothing was put in."""
    if value is None:
        return True
    slot = slot_of(value["type"])
    return slot is None or value.get(slot) in (None, "", [])


def incomplete(blocks: list[Json], values: Values) -> dict[str, str]:
    """Give what the client itself refuses before anything is sent, by block_id."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        value = values.get(block["block_id"], {}).get(element.get("action_id", ""))
        if is_empty(value):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
            continue
        problem = _malformed(element, value or {})
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _malformed(element: Json, value: Json) -> str | None:
    written = value.get("value")
    if not isinstance(written, str):
        return None
    match element["type"]:
        case "plain_text_input":
            return _wrong_length(element, written)
        case "number_input":
            return _wrong_number(element, written)
        case "email_text_input":
            good = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", written)
            return None if good else "Please enter a valid email."
        case "url_text_input":
            return None if re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", written) else "Please enter a valid URL."
    return None


def _wrong_length(element: Json, written: str) -> str | None:
    if len(written) < element.get("min_length", 0):
        return f"Must be at least {element['min_length']} characters."
    if len(written) > element.get("max_length", 3000):
        return f"Must be at most {element.get('max_length', 3000)} characters."
    return None


def _wrong_number(element: Json, written: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, written):
        return "Please enter a valid number."
    number = float(written)
    if "min_value" in element and number < float(element["min_value"]):
        return f"Must be at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Must be at most {element['max_value']}."
    return None


class ChoiceError(ValueError):
    """A value that the element does not offer; the text says what it offers."""


def chosen(
    element: Json, wanted: list[Any], suggested: Mapping[str, Json], resolve: Mapping[str, str]
) -> Json:
    """Make an element's new value from what a person picked; an empty list clears it.

    `resolve` maps handles and channel names to ids; `suggested` holds an external select's last options.
    """
    kind = element["type"]
    slot = slot_of(kind)
    if kind == "overflow":
        return (
            {"type": kind, "selected_option": _option(element, wanted[0], suggested)}
            if wanted
            else {"type": kind}
        )
    if slot is None:
        raise ChoiceError(f"A {kind} is clicked, not chosen from.")
    picked = [_picked(element, slot, value, suggested, resolve) for value in wanted]
    if slot in _LISTS:
        most = element.get("max_selected_items")
        if most and len(picked) > most:
            raise ChoiceError(f"At most {most} may be chosen.")
        return {"type": kind, slot: picked}
    return {"type": kind, slot: picked[0] if picked else None}


def _picked(
    element: Json, slot: str, value: Any, suggested: Mapping[str, Json], resolve: Mapping[str, str]
) -> Any:
    if slot in ("selected_option", "selected_options"):
        return _option(element, value, suggested)
    if slot == "selected_date":
        return _dated(value, "%Y-%m-%d", "2026-11-23")
    if slot == "selected_time":
        return _dated(value, "%H:%M", "09:30")
    if slot == "selected_date_time":
        return int(value)
    if slot == "files":
        return value
    if str(value) not in resolve:
        raise ChoiceError(f"Nobody and nothing here is called {value!r}.")
    return resolve[str(value)]


def _dated(value: Any, pattern: str, example: str) -> str:
    try:
        datetime.strptime(str(value), pattern)  # noqa: DTZ007 - a calendar date or wall time has no zone
    except ValueError:
        raise ChoiceError(f"Write it like {example}.") from None
    return str(value)


def _option(element: Json, value: Any, suggested: Mapping[str, Json]) -> Json:
    offered = list(element.get("options") or ())
    offered += [option for group in element.get("option_groups") or () for option in group["options"]]
    offered += suggested.values()
    for option in offered:
        if option.get("value") == value:
            return dict(option)
    raise ChoiceError(f"{value!r} is not among {[option.get('value') for option in offered]}.")


def with_rich_text(element: Json, text: str) -> Json:
    """Make a text input's value from typed characters; clearing it makes it null."""
    if element["type"] == "rich_text_input":
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        return {"type": "rich_text_input", "rich_text_value": {"type": "rich_text", "elements": [section]}}
    return {"type": element["type"], "value": text or None}
