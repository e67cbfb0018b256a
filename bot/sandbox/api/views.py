"""views.*: modals by trigger, updates by id and hash, the Home."""

from typing import Any

from bot.sandbox import stacks
from bot.sandbox.api.call import ApiError, Call
from bot.sandbox.api.forced import forced_view_refusal
from bot.sandbox.api.pictures import check_pictures
from bot.sandbox.shown import view_json
from bot.sandbox.triggers import Trigger, TriggerError
from bot.sandbox.validation import check_view
from bot.sandbox.workspace import View

Json = dict[str, Any]


def _view(call: Call, *kinds: str) -> Json:
    view: Json = call.structure("view", error="invalid_arguments")
    if view is None:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view"])
    call.refuse(forced_view_refusal(call.world, view))
    call.refuse(check_view(view, kinds=kinds))
    call.refuse(check_pictures(call.workspace, view["blocks"], "invalid_arguments", "/view/blocks"))
    return view


def _trigger(call: Call) -> Trigger:
    trigger_id = call.optional("trigger_id") or call.optional("interactivity_pointer")
    if trigger_id is None:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    try:
        return call.world.triggers.exchange(trigger_id, call.workspace.key)
    except TriggerError as refused:
        raise ApiError(str(refused)) from None


def _answer(call: Call, view: View) -> Json:
    return {"view": view_json(call.world, call.workspace, view)}


async def open_view(call: Call) -> Json:
    """views.open: the view is checked before the trigger is spent."""
    view = _view(call, "modal")
    trigger = _trigger(call)
    return _answer(call, stacks.open_modal(call.world, call.workspace, trigger.user_id, view))


async def push(call: Call) -> Json:
    """views.push: on top of what this person has open."""
    view = _view(call, "modal")
    trigger = _trigger(call)
    if not call.workspace.stacks.get(trigger.user_id):
        raise ApiError("not_found")
    return _answer(call, stacks.push_modal(call.world, call.workspace, trigger.user_id, view))


async def update(call: Call) -> Json:
    """views.update: same id, typed values kept where the ids stay, hash checked."""
    source = _view(call, "modal", "home")
    view_id, external_id = call.optional("view_id"), call.optional("external_id")
    if view_id is None and external_id is None:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    view = call.workspace.view(view_id) if view_id else None
    if view is None and external_id:
        view = call.workspace.view_by_external_id(external_id)
    if view is None:
        raise ApiError("not_found")
    _check_hash(call, view)
    return _answer(call, stacks.update_view(call.world, call.workspace, view, source))


def _check_hash(call: Call, view: View | None) -> None:
    given = call.optional("hash")
    if given is not None and view is not None and given != view.hash:
        raise ApiError("hash_conflict")


async def publish(call: Call) -> Json:
    """views.publish: a person's Home."""
    source = _view(call, "home")
    if not call.world.manifest.home_tab:
        raise ApiError("not_enabled")
    user_id = call.text("user_id")
    person = call.workspace.people.get(user_id)
    if person is None or person.kind == "bot":
        raise ApiError("user_not_found")
    if person.deleted:
        raise ApiError("user_disabled")
    _check_hash(call, call.workspace.homes.get(user_id))
    return _answer(call, stacks.publish_home(call.world, call.workspace, user_id, source))


METHODS = {"views.open": open_view, "views.push": push, "views.update": update, "views.publish": publish}
