"""Modals and the App Home: submitting, closing, opening."""

from typing import Any

from bot.sandbox import events, forms, payloads, stacks
from bot.sandbox.acts.act import Act, Handler, RefusedError
from bot.sandbox.acts.answers import carry
from bot.sandbox.api.forced import forced_view_refusal
from bot.sandbox.shown import view_json
from bot.sandbox.validation import check_view
from bot.sandbox.workspace import View

Json = dict[str, Any]


def _top(act: Act) -> View:
    top = next((v for w in act.world.workspaces.values() if (v := stacks.top(w, act.me.id))), None)
    if top is None:
        raise RefusedError(404, "unknown_view", f"{act.me.handle} has no modal open.")
    view = act.view(default=top)
    if view.type != "modal":
        raise RefusedError(409, "not_possible", "The Home is not submitted or closed.")
    if view is not top:
        raise RefusedError(409, "not_possible", "Another modal lies on top of that one.")
    act.workspace = act.world.find_workspace(view.team_id) or act.workspace
    return view


async def submit(act: Act) -> Json:
    """Press the modal's submit button."""
    view = _top(act)
    errors = forms.incomplete(view.blocks, view.values)
    view.errors, view.trouble = errors, None
    if errors:
        act.world.changes.touch([act.me.id])
        return {"result": "incomplete", "errors": errors}
    payload = payloads.submission(act.world, act.workspace, act.me, view)
    outcome = await carry(act, "interactive", "view_submission", payload)
    answer: Json = {"delivery": outcome.shown()}
    if outcome.verdict != "ok":
        return answer | _trouble(act, view, outcome.verdict)
    return answer | _apply(act, view, outcome.response)


def _trouble(act: Act, view: View, error: str) -> Json:
    view.trouble = stacks.TROUBLE
    act.world.notice(act.workspace, act.me.id, "view", stacks.TROUBLE, error)
    return {"result": "trouble", "error": error}


def _apply(act: Act, view: View, response: Any) -> Json:
    """Carry out a response_action; an empty answer closes this view and shows the one below."""
    answer = response if isinstance(response, dict) else {}
    match answer.get("response_action"):
        case "errors":
            return _errors(act, view, answer.get("errors"))
        case "clear":
            stacks.close_view(act.world, act.workspace, view, everything=True)
            return {"result": "cleared"}
        case "update" | "push" as action:
            return _redraw(act, view, action, answer.get("view"))
    if answer.get("response_action"):
        return _trouble(act, view, "invalid_response_action")
    stacks.close_view(act.world, act.workspace, view, everything=False)
    return {"result": "closed"}


def _errors(act: Act, view: View, errors: Any) -> Json:
    inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
    good = isinstance(errors, dict) and bool(errors) and set(errors) <= inputs
    if not good or not all(isinstance(text, str) and text for text in errors.values()):
        detail = ["[ERROR] errors must name input blocks of the view [json-pointer:/errors]"]
        act.world.record.add("call", method="(answer)", verdict="invalid_errors", detail=detail, arguments={})
        return _trouble(act, view, "invalid_errors")
    view.errors = dict(errors)
    act.world.changes.touch([act.me.id])
    return {"result": "errors", "errors": view.errors}


def _redraw(act: Act, view: View, action: str, source: Any) -> Json:
    refusal = forced_view_refusal(act.world, source) or check_view(source, kinds=("modal",))
    if refusal:
        act.world.record.add(
            "call",
            method="(answer)",
            verdict=refusal.error,
            detail=refusal.messages,
            arguments={"view": source},
        )
        return _trouble(act, view, refusal.error)
    try:
        if action == "update":
            stacks.update_view(act.world, act.workspace, view, source)
            return {"result": "updated"}
        stacks.push_modal(act.world, act.workspace, act.me.id, source)
    except stacks.StackError as refused:
        return _trouble(act, view, str(refused))
    return {"result": "pushed"}


async def close(act: Act) -> Json:
    """Close the modal on top, or the whole stack."""
    view = _top(act)
    everything = bool(act.fields.get("all")) or bool(view.source.get("clear_on_close"))
    gone = stacks.close_view(act.world, act.workspace, view, everything=everything)
    for one in gone:
        if one.source.get("notify_on_close"):
            payload = payloads.closed(act.world, act.workspace, act.me, one, cleared=everything)
            act.world.tasks.start(carry(act, "interactive", "view_closed", payload))
    return {"closed": [one.id for one in gone]}


async def open_home(act: Act) -> Json:
    """Open the app's Home tab."""
    if not act.world.manifest.home_tab:
        raise RefusedError(409, "not_possible", "The app has no Home tab.")
    return _opened(act, "home")


async def open_messages(act: Act) -> Json:
    """Open the app's Messages tab."""
    if not act.world.manifest.messages_tab:
        raise RefusedError(409, "messages_tab_disabled", "The app has no Messages tab.")
    return _opened(act, "messages")


def _opened(act: Act, tab: str) -> Json:
    channel = act.world.dm_with_bot(act.workspace, act.me.id)
    event: Json = {
        "type": "app_home_opened",
        "user": act.me.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": act.world.stamps.next(),
    }
    home = act.workspace.homes.get(act.me.id)
    if tab == "home" and home is not None:
        event["view"] = view_json(act.world, act.workspace, home)
    events.emit(act.world, act.workspace, event)
    return {"channel": channel.id}


ACTS: dict[str, Handler] = {
    "submit": submit,
    "close": close,
    "open_home": open_home,
    "open_messages": open_messages,
}
