"""Block elements: buttons, menus, pickers, inputs."""

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.validation import objects
from bot.sandbox.validation.problems import Problems

Json = dict[str, Any]
Check = Callable[[Problems, Json, str], None]

_SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_MULTI = tuple(f"multi_{kind}" for kind in _SELECTS)
_TEXTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input")
_PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons")
IN_ACTIONS = frozenset({"button", "workflow_button", "overflow", "datetimepicker", *_SELECTS, *_PICKERS})
IN_SECTION = frozenset({"button", "workflow_button", "overflow", "image", *_SELECTS, *_MULTI, *_PICKERS})
IN_INPUT = frozenset({"datetimepicker", "file_input", *_SELECTS, *_MULTI, *_PICKERS, *_TEXTS})
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})

_COMMON = ("action_id", "confirm", "focus_on_load")
_WITH_PLACEHOLDER = (*_COMMON, "placeholder")


def check_element(problems: Problems, element: Any, pointer: str, allowed: frozenset[str]) -> None:
    """Check one element where only some kinds are allowed."""
    if not isinstance(element, dict):
        problems.add("must provide an object", pointer)
        return
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        problems.add(
            f"unsupported type: {kind}" if kind else "missing required field: type", f"{pointer}/type"
        )
        return
    problems.optional_text(element, "action_id", pointer, 255)
    if element.get("confirm") is not None:
        objects.check_confirm(problems, element["confirm"], f"{pointer}/confirm")
    objects.check_optional_plain(problems, element, "placeholder", pointer, 150)
    ELEMENT_TYPES[kind](problems, element, pointer)


def _button(problems: Problems, element: Json, pointer: str) -> None:
    optional = (
        *_COMMON,
        "url",
        "value",
        "style",
        "accessibility_label",
        "agent_prompt",
        "visible_to_user_ids",
    )
    if not problems.shape(element, pointer, ("text",), optional):
        return
    objects.check_text(problems, element["text"], f"{pointer}/text", 75, plain=True)
    problems.optional_text(element, "value", pointer, 2000)
    problems.optional_text(element, "accessibility_label", pointer, 75)
    if element.get("url") is not None:
        problems.url(element["url"], f"{pointer}/url")
    if "style" in element:
        problems.one_of(element["style"], f"{pointer}/style", ("primary", "danger"))


def _workflow_button(problems: Problems, element: Json, pointer: str) -> None:
    optional = ("action_id", "style", "accessibility_label")
    if problems.shape(element, pointer, ("text", "workflow"), optional):
        objects.check_text(problems, element["text"], f"{pointer}/text", 75, plain=True)


def _static_select(problems: Problems, element: Json, pointer: str) -> None:
    multi = element["type"].startswith("multi_")
    initial = ("initial_options", "max_selected_items") if multi else ("initial_option",)
    problems.shape(element, pointer, (), (*_WITH_PLACEHOLDER, "options", "option_groups", *initial))
    offered = _offered(problems, element, pointer)
    _check_initial(problems, element, pointer, offered)
    _check_max_selected(problems, element, pointer)


def _offered(problems: Problems, element: Json, pointer: str) -> list[Any]:
    has = [key for key in ("options", "option_groups") if element.get(key) is not None]
    if len(has) != 1:
        problems.add("must provide exactly one of options or option_groups", pointer)
        return []
    if has == ["options"]:
        return _options(problems, element["options"], f"{pointer}/options", 100)
    offered: list[Any] = []
    for index, group in enumerate(problems.items(element["option_groups"], f"{pointer}/option_groups", 100)):
        at = f"{pointer}/option_groups/{index}"
        if isinstance(group, dict) and problems.shape(group, at, ("label", "options"), ()):
            objects.check_text(problems, group["label"], f"{at}/label", 75, plain=True)
            offered += _options(problems, group["options"], f"{at}/options", 100)
    return offered


def _options(problems: Problems, options: Any, pointer: str, most: int, *, plain: bool = True) -> list[Any]:
    listed = problems.items(options, pointer, most)
    for index, option in enumerate(listed):
        objects.check_option(problems, option, f"{pointer}/{index}", plain=plain)
    return listed


def _check_initial(problems: Problems, element: Json, pointer: str, offered: list[Any]) -> None:
    values = [o.get("value") for o in offered if isinstance(o, dict)]
    first = element.get("initial_option")
    if first is not None and (not isinstance(first, dict) or first.get("value") not in values):
        problems.add("initial option must match one of the options", f"{pointer}/initial_option")
    if element.get("initial_options") is not None:
        chosen = problems.items(element["initial_options"], f"{pointer}/initial_options", 100)
        for index, option in enumerate(chosen):
            if not isinstance(option, dict) or option.get("value") not in values:
                at = f"{pointer}/initial_options/{index}"
                problems.add("initial option must match one of the options", at)


def _check_max_selected(problems: Problems, element: Json, pointer: str) -> None:
    if "max_selected_items" in element:
        problems.whole(element["max_selected_items"], f"{pointer}/max_selected_items", 1, 100)


def _external_select(problems: Problems, element: Json, pointer: str) -> None:
    multi = element["type"].startswith("multi_")
    initial = ("initial_options", "max_selected_items") if multi else ("initial_option",)
    problems.shape(element, pointer, (), (*_WITH_PLACEHOLDER, "min_query_length", *initial))
    _check_max_selected(problems, element, pointer)


def _pick_of(slot: str) -> Check:
    """Make the check of a users, channels or conversations select."""

    def check(problems: Problems, element: Json, pointer: str) -> None:
        multi = element["type"].startswith("multi_")
        own = (f"initial_{slot}s", "max_selected_items") if multi else (f"initial_{slot}",)
        enabled = () if multi or slot == "user" else ("response_url_enabled",)
        extra = ("default_to_current_conversation", "filter") if slot == "conversation" else ()
        problems.shape(element, pointer, (), (*_WITH_PLACEHOLDER, *own, *extra, *enabled))
        if element.get("filter") is not None:
            objects.check_filter(problems, element["filter"], f"{pointer}/filter")
        _check_max_selected(problems, element, pointer)

    return check


def _overflow(problems: Problems, element: Json, pointer: str) -> None:
    if problems.shape(element, pointer, ("options",), ("action_id", "confirm")):
        for index, option in enumerate(problems.items(element["options"], f"{pointer}/options", 5)):
            objects.check_option(problems, option, f"{pointer}/options/{index}", plain=True, overflow=True)


def _marks(problems: Problems, element: Json, pointer: str) -> None:
    initial = "initial_options" if element["type"] == "checkboxes" else "initial_option"
    if problems.shape(element, pointer, ("options",), (*_COMMON, initial)):
        offered = _options(problems, element["options"], f"{pointer}/options", 10, plain=False)
        _check_initial(problems, element, pointer, offered)


def _matching(field: str, pattern: str, optional: tuple[str, ...]) -> Check:
    """Make the check of a picker whose initial value has a format."""

    def check(problems: Problems, element: Json, pointer: str) -> None:
        problems.shape(element, pointer, (), (*_COMMON, field, *optional))
        value = element.get(field)
        if value is not None and not re.fullmatch(pattern, str(value)):
            problems.add("must be a valid value", f"{pointer}/{field}")

    return check


_INPUT = (*_WITH_PLACEHOLDER, "initial_value", "dispatch_action_config")


def _plain_text_input(problems: Problems, element: Json, pointer: str) -> None:
    problems.shape(element, pointer, (), (*_INPUT, "multiline", "min_length", "max_length"))
    _dispatch(problems, element, pointer)
    if "max_length" in element:
        problems.whole(element["max_length"], f"{pointer}/max_length", 1, 3000)
    if "min_length" in element:
        problems.whole(element["min_length"], f"{pointer}/min_length", 0, 3000)
    most = element.get("max_length", 3000)
    problems.optional_text(
        element, "initial_value", pointer, most if isinstance(most, int) else 3000, least=0
    )


def _number_input(problems: Problems, element: Json, pointer: str) -> None:
    problems.shape(element, pointer, ("is_decimal_allowed",), (*_INPUT, "min_value", "max_value"))
    _dispatch(problems, element, pointer)


def _address_input(problems: Problems, element: Json, pointer: str) -> None:
    problems.shape(element, pointer, (), _INPUT)
    _dispatch(problems, element, pointer)


def _rich_text_input(problems: Problems, element: Json, pointer: str) -> None:
    problems.shape(element, pointer, (), (*_INPUT, "min_length", "max_length", "min_lines", "max_lines"))
    _dispatch(problems, element, pointer)


def _dispatch(problems: Problems, element: Json, pointer: str) -> None:
    if element.get("dispatch_action_config") is not None:
        at = f"{pointer}/dispatch_action_config"
        objects.check_dispatch_config(problems, element["dispatch_action_config"], at)


def _file_input(problems: Problems, element: Json, pointer: str) -> None:
    problems.shape(element, pointer, (), ("action_id", "filetypes", "max_files"))
    if "max_files" in element:
        problems.whole(element["max_files"], f"{pointer}/max_files", 1, 10)


def _feedback(problems: Problems, element: Json, pointer: str) -> None:
    if not problems.shape(element, pointer, ("positive_button", "negative_button"), ("action_id",)):
        return
    for key in ("positive_button", "negative_button"):
        button, at = element[key], f"{pointer}/{key}"
        if isinstance(button, dict) and problems.shape(
            button, at, ("text", "value"), ("accessibility_label",)
        ):
            objects.check_text(problems, button["text"], f"{at}/text", 75, plain=True)
            problems.text(button["value"], f"{at}/value", 2000)


def _icon_button(problems: Problems, element: Json, pointer: str) -> None:
    optional = ("action_id", "value", "confirm", "accessibility_label", "visible_to_user_ids")
    if problems.shape(element, pointer, ("icon", "text"), optional):
        problems.one_of(element["icon"], f"{pointer}/icon", ("trash",))
        objects.check_text(problems, element["text"], f"{pointer}/text", 75, plain=True)
        problems.optional_text(element, "value", pointer, 2000)
        problems.items(
            element.get("visible_to_user_ids") or [], f"{pointer}/visible_to_user_ids", 10, least=0
        )


def check_image_element(problems: Problems, element: Json, pointer: str) -> None:
    """Check an image in a section or context."""
    if problems.shape(element, pointer, ("alt_text",), ("image_url", "slack_file")):
        problems.text(element["alt_text"], f"{pointer}/alt_text", 2000)
    objects.check_picture(problems, element, pointer)


ELEMENT_TYPES: dict[str, Check] = {
    "button": _button,
    "workflow_button": _workflow_button,
    "image": check_image_element,
    "static_select": _static_select,
    "multi_static_select": _static_select,
    "external_select": _external_select,
    "multi_external_select": _external_select,
    "users_select": _pick_of("user"),
    "multi_users_select": _pick_of("user"),
    "channels_select": _pick_of("channel"),
    "multi_channels_select": _pick_of("channel"),
    "conversations_select": _pick_of("conversation"),
    "multi_conversations_select": _pick_of("conversation"),
    "overflow": _overflow,
    "checkboxes": _marks,
    "radio_buttons": _marks,
    "datepicker": _matching("initial_date", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", ("placeholder",)),
    "timepicker": _matching("initial_time", r"([01]\d|2[0-3]):[0-5]\d", ("placeholder", "timezone")),
    "datetimepicker": _matching("initial_date_time", r"\d{10}", ()),
    "plain_text_input": _plain_text_input,
    "number_input": _number_input,
    "email_text_input": _address_input,
    "url_text_input": _address_input,
    "rich_text_input": _rich_text_input,
    "file_input": _file_input,
    "feedback_buttons": _feedback,
    "icon_button": _icon_button,
}
