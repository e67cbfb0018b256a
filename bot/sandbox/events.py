"""Events to the app: only what the manifest subscribes to, has the scope for, and the bot may see."""

import time
from typing import Any

from bot.sandbox.blocks import mentioned
from bot.sandbox.shown import channel_type, message_json
from bot.sandbox.workspace import Conversation, Message, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]

_SCOPES: dict[str, tuple[str, ...]] = {
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "app_mention": ("app_mentions:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_created": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
    "user_profile_changed": ("users:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "dnd_updated_user": ("dnd:read",),
    "file_shared": ("files:read",),
    "link_shared": ("links:read",),
    "message_metadata_posted": ("metadata.message:read",),
}
_MESSAGE_NAMES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


def emit(world: World, workspace: Workspace, event: Json, conversation: Conversation | None = None) -> None:
    """Deliver an inner event if the app would get it; with a conversation, the bot has to be in it."""
    name = _subscription(event)
    if name not in world.manifest.bot_events or not _has_scope(world, workspace, name):
        return
    if conversation is not None and workspace.bot_user_id not in conversation.members:
        return
    send(world, workspace, event, conversation)


def send(world: World, workspace: Workspace, event: Json, conversation: Conversation | None = None) -> None:
    """Deliver an inner event without asking whether the app subscribes to it."""
    payload = {
        "token": world.credentials.verification_token,
        "team_id": workspace.id,
        "context_team_id": workspace.id,
        "context_enterprise_id": None,
        "api_app_id": world.credentials.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": world.ids.new("Ev"),
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.id,
                "user_id": workspace.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(conversation and conversation.is_connect),
        "event_context": world.ids.mixed(40),
    }
    world.delivery.event(workspace.key, str(event["type"]), payload)


def _subscription(event: Json) -> str:
    if event["type"] != "message":
        return str(event["type"])
    return f"message.{_MESSAGE_NAMES.get(str(event.get('channel_type')), 'channels')}"


def _has_scope(world: World, workspace: Workspace, name: str) -> bool:
    grant = world.credentials.bot_grant(workspace.key)
    needed = _SCOPES.get(name)
    return grant is not None and (needed is None or bool(grant.scopes.intersection(needed)))


def message_posted(world: World, workspace: Workspace, conversation: Conversation, message: Message) -> None:
    """Tell the app of a new message, and of a mention outside a DM."""
    event = {
        **message_json(world, workspace, message),
        "channel": conversation.id,
        "event_ts": message.ts,
        "channel_type": channel_type(conversation),
    }
    if conversation.is_connect:
        event |= {"user_team": message.team, "source_team": message.team}
    emit(world, workspace, event, conversation)
    if (
        conversation.kind != "dm"
        and workspace.bot_user_id in mentioned(message.text)
        and message.bot_id is None
    ):
        mention = {k: v for k, v in event.items() if k != "channel_type"}
        emit(world, workspace, {**mention, "type": "app_mention"}, conversation)
    if message.metadata:
        _metadata_posted(world, workspace, conversation, message)


def _metadata_posted(
    world: World, workspace: Workspace, conversation: Conversation, message: Message
) -> None:
    event = {
        "type": "message_metadata_posted",
        "app_id": world.credentials.app_id,
        "bot_id": message.bot_id,
        "user_id": message.user,
        "team_id": workspace.id,
        "channel_id": conversation.id,
        "metadata": message.metadata,
        "message_ts": message.ts,
        "event_ts": message.ts,
    }
    emit(world, workspace, event, conversation)


def message_changed(
    world: World, workspace: Workspace, conversation: Conversation, message: Message, previous: Json
) -> None:
    """Tell the app that a message was edited; hidden, because it is no new message."""
    event = {
        "type": "message",
        "subtype": "message_changed",
        "message": message_json(world, workspace, message),
        "previous_message": previous,
        "channel": conversation.id,
        "hidden": True,
        "ts": world.stamps.next(),
        "channel_type": channel_type(conversation),
    }
    emit(world, workspace, {**event, "event_ts": event["ts"]}, conversation)


def message_deleted(world: World, workspace: Workspace, conversation: Conversation, message: Message) -> None:
    """Tell the app that a message is gone."""
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "deleted_ts": message.ts,
        "previous_message": message_json(world, workspace, message),
        "channel": conversation.id,
        "hidden": True,
        "ts": world.stamps.next(),
        "channel_type": channel_type(conversation),
    }
    emit(world, workspace, {**event, "event_ts": event["ts"]}, conversation)
