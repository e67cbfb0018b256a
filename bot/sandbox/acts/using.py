"""Shortcuts, clicks, choices and typing: what a person does with the app's own elements."""

from typing import Any

from bot.sandbox import forms, payloads
from bot.sandbox.acts.act import Act, Handler, RefusedError
from bot.sandbox.acts.answers import carry
from bot.sandbox.blocks import interactive
from bot.sandbox.stacks import TROUBLE
from bot.sandbox.workspace import Message, View
from bot.sandbox.world import World

Json = dict[str, Any]


async def shortcut(act: Act) -> Json:
    """Start a global shortcut."""
    callback_id = act.text("callback_id")
    name = _shortcut_name(act, "global", callback_id)
    outcome = await carry(
        act, "interactive", "shortcut", payloads.shortcut(act.world, act.workspace, act.me, callback_id)
    )
    _shortcut_trouble(act, name, outcome.verdict)
    return {"delivery": outcome.shown()}


async def message_shortcut(act: Act) -> Json:
    """Start a message shortcut; the app gets the message with it."""
    callback_id, message = act.text("callback_id"), act.message()
    name = _shortcut_name(act, "message", callback_id)
    payload = payloads.message_shortcut(act.world, act.workspace, act.me, message, callback_id)
    outcome = await carry(act, "interactive", "message_action", payload)
    _shortcut_trouble(act, name, outcome.verdict)
    return {"delivery": outcome.shown()}


def _shortcut_name(act: Act, kind: str, callback_id: str) -> str:
    found = act.world.manifest.shortcuts.get(callback_id)
    if found is None or found.type != kind or not act.world.is_installed(act.workspace):
        raise RefusedError(404, "unknown_shortcut", f"The app has no {kind} shortcut {callback_id!r}.")
    return found.name


def _shortcut_trouble(act: Act, name: str, verdict: str) -> None:
    if verdict != "ok":
        act.world.notice(act.workspace, act.me.id, "shortcut", f"“{name}” did not work. Try again?", verdict)


Place = Message | View


def find_element(act: Act) -> tuple[Place, Json, Json]:
    """Find what the act is on: the message or view, the block, the element."""
    place: Place = act.view() if act.optional("view_id") else act.message()
    action_id, block_id = act.optional("action_id"), act.optional("block_id")
    if action_id is None and block_id is None:
        raise RefusedError(400, "bad_request", "Name the element by action_id, block_id or both.")
    fits = [
        (block, element)
        for block, element in interactive(place.blocks)
        if action_id in (None, element["action_id"]) and block_id in (None, block["block_id"])
    ]
    if not fits:
        raise RefusedError(404, "unknown_element", f"There is no element {action_id or block_id!r} there.")
    if len(fits) > 1:
        raise RefusedError(
            409, "ambiguous_element", "Several elements fit; name both block_id and action_id."
        )
    return place, *fits[0]


def _check_confirmed(act: Act, element: Json) -> None:
    if element.get("confirm") and not act.fields.get("confirmed"):
        message = "The element asks for confirmation; send confirmed: true."
        raise RefusedError(409, "confirm_needed", message, confirm=element["confirm"])


def _action(block: Json, element: Json, value: Json, world: World) -> Json:
    """Write one entry of `actions`."""
    action = {"action_id": element["action_id"], "block_id": block["block_id"], **value}
    return action | {"type": element["type"], "action_ts": world.stamps.next()}


async def click(act: Act) -> Json:
    """Press a button."""
    place, block, element = find_element(act)
    if element["type"] not in ("button", "feedback_buttons", "icon_button", "workflow_button"):
        raise RefusedError(
            409, "not_possible", f"A {element['type']} is not clicked; choose or type instead."
        )
    _check_confirmed(act, element)
    value: Json = {}
    if element["type"] == "feedback_buttons":
        value = _feedback(act, element)
    else:
        value = {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    answer = await _dispatch(act, place, element, [_action(block, element, value, act.world)])
    return answer | ({"url": element["url"]} if element.get("url") else {})


def _feedback(act: Act, element: Json) -> Json:
    buttons = [element["positive_button"], element["negative_button"]]
    for button in buttons:
        if button["value"] == act.fields.get("value"):
            return {"value": button["value"], "text": button["text"]}
    raise RefusedError(409, "not_possible", f"Choose one of {[button['value'] for button in buttons]}.")


async def choose(act: Act) -> Json:
    """Pick from a menu, tick boxes, set a date or time."""
    place, block, element = find_element(act)
    _check_confirmed(act, element)
    wanted = act.fields["values"] if "values" in act.fields else [act.fields.get("value")]
    wanted = [value for value in wanted if value is not None]
    suggested = act.world.suggested.get((act.me.id, block["block_id"], element["action_id"]), {})
    try:
        value = forms.chosen(element, wanted, suggested, _names(act))
    except (forms.ChoiceError, ValueError) as refused:
        raise RefusedError(409, "not_offered", str(refused)) from None
    keep(act, place, block, element, value)
    if not _dispatches(block, element):
        return {}
    initial = {k: v for k, v in element.items() if k.startswith("initial_") or k == "placeholder"}
    return await _dispatch(act, place, element, [_action(block, element, {**initial, **value}, act.world)])


def _names(act: Act) -> dict[str, str]:
    names: dict[str, str] = {}
    for person in act.workspace.people.values():
        names |= {person.id: person.id, person.handle: person.id, f"@{person.handle}": person.id}
    for conversation in act.workspace.conversations.values():
        names |= {conversation.id: conversation.id}
        if conversation.name:
            names |= {conversation.name: conversation.id, f"#{conversation.name}": conversation.id}
    return names


def _dispatches(block: Json, element: Json) -> bool:
    return block["type"] != "input" or bool(block.get("dispatch_action")) or element["type"] == "overflow"


def keep(act: Act, place: Place, block: Json, element: Json, value: Json) -> None:
    """Remember an element's new value where it stands."""
    if forms.slot_of(element["type"]) is None:
        return
    if isinstance(place, View):
        place.values.setdefault(block["block_id"], {})[element["action_id"]] = value
        place.errors.pop(block["block_id"], None)
    else:
        place.state.setdefault(act.me.id, {}).setdefault(block["block_id"], {})[element["action_id"]] = value
    act.world.changes.touch([act.me.id])


async def type_text(act: Act) -> Json:
    """Type into an input."""
    place, block, element = find_element(act)
    if element["type"] not in forms.TEXT_INPUTS:
        raise RefusedError(409, "not_possible", f"A {element['type']} is not typed into.")
    text = str(act.fields.get("text", ""))
    value = forms.with_rich_text(element, text)
    keep(act, place, block, element, value)
    config = element.get("dispatch_action_config") or {}
    moments = config.get("trigger_actions_on") or ["on_enter_pressed"]
    due = "on_character_entered" in moments or ("on_enter_pressed" in moments and act.fields.get("enter"))
    if not block.get("dispatch_action") or not due:
        return {}
    return await _dispatch(act, place, element, [_action(block, element, value, act.world)])


async def _dispatch(act: Act, place: Place, element: Json, actions: list[Json]) -> Json:
    """Carry block_actions to the app; a failure leaves Slack's warning mark on the element."""
    if isinstance(place, View):
        payload = payloads.action_on_view(act.world, act.workspace, act.me, place, actions)
    else:
        payload = payloads.action_on_message(act.world, act.workspace, act.me, place, actions)
    outcome = await carry(act, "interactive", "block_actions", payload)
    _mark(act, place, element["action_id"], failed=outcome.verdict != "ok")
    if outcome.verdict != "ok":
        act.world.notice(
            act.workspace, act.me.id, "action", "This app did not respond. Try again?", outcome.verdict
        )
    return {"delivery": outcome.shown()}


def _mark(act: Act, place: Place, action_id: str, *, failed: bool) -> None:
    if isinstance(place, View):
        place.trouble = TROUBLE if failed else None
    elif failed:
        place.trouble.setdefault(act.me.id, set()).add(action_id)
    else:
        place.trouble.get(act.me.id, set()).discard(action_id)
    act.world.changes.touch([act.me.id])


async def suggest(act: Act) -> Json:
    """Type into an external select; the app offers options."""
    place, block, element = find_element(act)
    if "external" not in element["type"]:
        raise RefusedError(409, "not_possible", f"A {element['type']} asks the app for nothing.")
    query = str(act.fields.get("query", ""))
    if len(query) < element.get("min_query_length", 3):
        return {"options": []}
    ids = (block["block_id"], element["action_id"])
    payload = payloads.suggestion(act.world, act.workspace, act.me, place, ids, query)
    outcome = await carry(act, "interactive", "block_suggestion", payload)
    offered = outcome.response if isinstance(outcome.response, dict) else {}
    options = list(offered.get("options") or [])
    everything = options + [o for group in offered.get("option_groups") or [] for o in group["options"]]
    act.world.suggested[(act.me.id, *ids)] = {option["value"]: option for option in everything}
    answer: Json = {"delivery": outcome.shown(), "options": options}
    return answer | ({"option_groups": offered["option_groups"]} if offered.get("option_groups") else {})


ACTS: dict[str, Handler] = {
    "shortcut": shortcut,
    "message_shortcut": message_shortcut,
    "click": click,
    "choose": choose,
    "type": type_text,
    "suggest": suggest,
}
