"""What Slack sends when a person does something: commands, shortcuts, actions, submissions, suggestions."""

import time
from typing import Any

from bot.sandbox.posting import escaped_command_text
from bot.sandbox.shown import channel_label, message_json, message_state, view_json
from bot.sandbox.workspace import Conversation, Message, Person, View, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]


def _frame(world: World, workspace: Workspace, person: Person, kind: str) -> Json:
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": person.team_id,
        },
        "team": {"id": workspace.id, "domain": workspace.domain},
        "api_app_id": world.credentials.app_id,
        "token": world.credentials.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _trigger(world: World, workspace: Workspace, person: Person, view: View | None = None) -> str:
    expired = world.faults.take(("expired_trigger",)) is not None
    in_modal = view.id if view and view.type == "modal" else None
    return world.triggers.trigger(workspace.key, person.id, in_modal, expired=expired)


def _response_url(
    world: World, workspace: Workspace, channel: str, person: Person, message: Message | None = None
) -> str:
    path = world.triggers.response_url(workspace.key, channel, person.id, message.ts if message else None)
    return world.base_url + path


def _now() -> str:
    return f"{time.time():.6f}"


def command(
    world: World, workspace: Workspace, person: Person, conversation: Conversation, name: str, text: str
) -> Json:
    """Write a slash command's form."""
    escapes = world.manifest.commands[name].should_escape
    return {
        "token": world.credentials.verification_token,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": conversation.id,
        "channel_name": channel_label(conversation),
        "user_id": person.id,
        "user_name": person.handle,
        "command": name,
        "text": escaped_command_text(world, workspace, text) if escapes else text,
        "api_app_id": world.credentials.app_id,
        "is_enterprise_install": "false",
        "response_url": _response_url(world, workspace, conversation.id, person),
        "trigger_id": _trigger(world, workspace, person),
    }


def shortcut(world: World, workspace: Workspace, person: Person, callback_id: str) -> Json:
    """Write a global shortcut; it has no channel and no response_url."""
    return {
        **_frame(world, workspace, person, "shortcut"),
        "action_ts": _now(),
        "callback_id": callback_id,
        "trigger_id": _trigger(world, workspace, person),
    }


def message_shortcut(
    world: World, workspace: Workspace, person: Person, message: Message, callback_id: str
) -> Json:
    """Write a message shortcut; it carries the message, whether or not the bot is there."""
    conversation = workspace.conversations[message.channel]
    return {
        **_frame(world, workspace, person, "message_action"),
        "action_ts": _now(),
        "callback_id": callback_id,
        "trigger_id": _trigger(world, workspace, person),
        "channel": {"id": conversation.id, "name": channel_label(conversation)},
        "message_ts": message.ts,
        "message": message_json(world, workspace, message),
        "response_url": _response_url(world, workspace, conversation.id, person, message),
    }


def action_on_message(
    world: World, workspace: Workspace, person: Person, message: Message, actions: list[Json]
) -> Json:
    """Write block_actions on a message; an ephemeral one is not in the payload."""
    conversation = workspace.conversations[message.channel]
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
    container["is_ephemeral"] = message.ephemeral_to is not None
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = {
        **_frame(world, workspace, person, "block_actions"),
        "container": container,
        "trigger_id": _trigger(world, workspace, person),
        "channel": {"id": conversation.id, "name": channel_label(conversation)},
        "state": {"values": message_state(message, person.id)},
        "response_url": _response_url(world, workspace, conversation.id, person, message),
        "actions": actions,
    }
    if message.ephemeral_to is None:
        payload["message"] = message_json(world, workspace, message)
    return payload


def action_on_view(
    world: World, workspace: Workspace, person: Person, view: View, actions: list[Json]
) -> Json:
    """Write block_actions in a modal or Home; there is no channel and no response_url."""
    return {
        **_frame(world, workspace, person, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": _trigger(world, workspace, person, view),
        "view": view_json(world, workspace, view),
        "actions": actions,
    }


def submission(world: World, workspace: Workspace, person: Person, view: View) -> Json:
    """Write a view_submission, with response URLs for the blocks that asked for one."""
    urls = []
    for block in view.blocks:
        element = block.get("element") or {}
        if element.get("response_url_enabled"):
            value = view.values.get(block["block_id"], {}).get(element["action_id"], {})
            channel = value.get("selected_conversation") or value.get("selected_channel")
            if channel:
                url = _response_url(world, workspace, channel, person)
                ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
                urls.append({**ids, "channel_id": channel, "response_url": url})
    return {
        **_frame(world, workspace, person, "view_submission"),
        "trigger_id": _trigger(world, workspace, person, view),
        "view": view_json(world, workspace, view),
        "response_urls": urls,
    }


def closed(world: World, workspace: Workspace, person: Person, view: View, *, cleared: bool) -> Json:
    """Write a view_closed."""
    return {
        **_frame(world, workspace, person, "view_closed"),
        "view": view_json(world, workspace, view),
        "is_cleared": cleared,
    }


def suggestion(
    world: World,
    workspace: Workspace,
    person: Person,
    where: Message | View,
    ids: tuple[str, str],
    query: str,
) -> Json:
    """Write a block_suggestion for an external select."""
    payload = {
        **_frame(world, workspace, person, "block_suggestion"),
        "block_id": ids[0],
        "action_id": ids[1],
        "value": query,
    }
    if isinstance(where, View):
        container: Json = {"type": "view", "view_id": where.id}
        return {**payload, "container": container, "view": view_json(world, workspace, where)}
    container = {"type": "message", "message_ts": where.ts, "channel_id": where.channel}
    container["is_ephemeral"] = where.ephemeral_to is not None
    channel = workspace.conversations[where.channel]
    return {**payload, "container": container, "channel": {"id": channel.id, "name": channel_label(channel)}}
