"""How Slack writes people, conversations, messages, files and views as JSON, in answers and payloads."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.forms import first_values
from bot.sandbox.workspace import Conversation, Message, Person, StoredFile, Usergroup, View, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]

_TZ_LABELS = {
    "America/New_York": "Eastern Time",
    "America/Chicago": "Central Time",
    "Europe/London": "London Time",
    "Asia/Kolkata": "India Standard Time",
    "Asia/Manila": "Philippine Standard Time",
    "Australia/Sydney": "Sydney Time",
}


def tz_offset(tz: str) -> int:
    """Seconds east of UTC now, as users.info gives them."""
    offset = datetime.now(UTC).astimezone(ZoneInfo(tz)).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def tz_label(tz: str) -> str:
    """A zone's name for people."""
    return _TZ_LABELS.get(tz, tz.rsplit("/", 1)[-1].replace("_", " ") + " Time")


def user_json(person: Person, workspace: Workspace, *, email: bool = False, locale: bool = False) -> Json:
    """Write a user object; deactivated people and strangers have fewer fields."""
    user: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.display_name.lower() if person.kind == "bot" else person.handle,
        "deleted": person.deleted,
        "profile": profile_json(person, email=email),
        "is_bot": person.kind == "bot",
        "is_app_user": False,
        "updated": person.updated,
    }
    if person.deleted:
        return user
    user |= {
        "color": "9f69e7",
        "real_name": person.name,
        "is_admin": person.kind == "admin",
        "is_owner": person.kind == "admin",
        "is_primary_owner": person.kind == "admin",
        "is_restricted": person.kind == "guest",
        "is_ultra_restricted": False,
        "is_email_confirmed": person.kind != "bot",
    }
    if person.team_id != workspace.id:
        user["is_stranger"] = True
    if person.tz:
        user |= {"tz": person.tz, "tz_label": tz_label(person.tz), "tz_offset": tz_offset(person.tz)}
    if locale:
        user["locale"] = person.locale
    return user


def profile_json(person: Person, *, email: bool = False) -> Json:
    """Write a profile; the address only with users:read.email."""
    first, _, last = person.name.partition(" ")
    profile: Json = {
        "title": person.title,
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.display_name,
        "display_name_normalized": person.display_name,
        "first_name": first,
        "last_name": last,
        "pronouns": person.pronouns,
        "status_text": person.status_text,
        "status_emoji": person.status_emoji,
        "status_expiration": 0,
        "avatar_hash": "g" + person.id.lower(),
        "team": person.team_id,
    }
    if email and person.kind != "bot":
        profile["email"] = person.email
    if person.bot_id:
        profile |= {"bot_id": person.bot_id, "always_active": True}
    return profile


def in_dnd(world: World, person: Person) -> bool:
    """True while notifications are snoozed; in intent time, so that a jump ends a snooze."""
    return person.dnd_until > world.clock.time().timestamp()


def conversation_json(conversation: Conversation, workspace: Workspace) -> Json:
    """Write a conversation object as the bot sees it."""
    bot = workspace.bot_user_id
    shown: Json = {
        "id": conversation.id,
        "created": conversation.created,
        "is_channel": conversation.kind == "channel",
        "is_group": conversation.kind == "private",
        "is_im": conversation.kind == "dm",
        "is_mpim": conversation.kind == "group_dm",
        "is_private": conversation.kind != "channel",
        "is_archived": conversation.is_archived,
        "is_org_shared": False,
        "context_team_id": workspace.id,
        "updated": conversation.created * 1000,
    }
    if conversation.kind == "dm":
        others = [m for m in conversation.members if m != bot]
        return shown | {"user": others[0] if others else bot, "is_user_deleted": False, "is_open": True}
    return shown | {
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_general": conversation.is_general,
        "is_member": bot in conversation.members,
        "is_shared": conversation.is_connect,
        "is_ext_shared": conversation.is_connect,
        "is_pending_ext_shared": False,
        "creator": conversation.creator,
        "num_members": len(conversation.members),
        "topic": {
            "value": conversation.topic,
            "creator": conversation.creator,
            "last_set": conversation.created,
        },
        "purpose": {"value": conversation.purpose, "creator": conversation.creator, "last_set": 0},
        "previous_names": [],
    }


def channel_type(conversation: Conversation) -> str:
    """Name a conversation's kind the way events do: private channels are "group"."""
    return {"channel": "channel", "private": "group", "dm": "im", "group_dm": "mpim"}[conversation.kind]


def channel_label(conversation: Conversation) -> str:
    """Name a conversation the way command and action payloads do."""
    return {"dm": "directmessage", "private": "privategroup"}.get(conversation.kind, conversation.name)


def message_json(world: World, workspace: Workspace, message: Message) -> Json:
    """Write a message as history, events and payloads carry it."""
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    optional = {
        "client_msg_id": message.client_msg_id,
        "team": message.team or None,
        "subtype": message.subtype,
        "blocks": message.blocks or None,
        "attachments": message.attachments or None,
        "thread_ts": message.thread_ts,
        "edited": message.edited,
        "metadata": message.metadata,
        "username": message.username,
        "files": [file_json(world, workspace.files[f]) for f in message.files if f in workspace.files]
        or None,
    }
    shown |= {key: value for key, value in optional.items() if value is not None}
    if message.icon_emoji:
        shown["icons"] = {"emoji": message.icon_emoji}
    if message.bot_id:
        shown |= _bot_fields(world, workspace, message.bot_id)
    if message.reactions:
        shown["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in message.reactions.items()]
    return shown | _thread_fields(workspace, message)


def _bot_fields(world: World, workspace: Workspace, bot_id: str) -> Json:
    profile = {
        "id": bot_id,
        "app_id": world.credentials.app_id,
        "name": world.manifest.bot_name,
        "deleted": False,
        "team_id": workspace.id,
    }
    return {"bot_id": bot_id, "app_id": world.credentials.app_id, "bot_profile": profile}


def _thread_fields(workspace: Workspace, message: Message) -> Json:
    conversation = workspace.conversations.get(message.channel)
    if conversation is None:
        return {}
    if message.is_reply and message.thread_ts:
        root = conversation.messages.get(message.thread_ts)
        return {"parent_user_id": root.user} if root else {}
    replies = conversation.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users[:5],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def file_json(world: World, file: StoredFile) -> Json:
    """Write a file object."""
    name = f"{world.base_url}/files/{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rsplit(".", 1)[-1] if "." in file.name else "text",
        "user": file.user,
        "size": file.length,
        "mode": "hosted",
        "alt_txt": file.alt_txt,
        "is_external": False,
        "is_public": bool(file.channels),
        "url_private": name,
        "url_private_download": name,
        "permalink": name,
        "channels": [c for c in file.channels if c.startswith("C")],
        "ims": [c for c in file.channels if c.startswith("D")],
        "groups": [],
    }


def usergroup_json(group: Usergroup, workspace: Workspace, *, users: bool) -> Json:
    """Write a user group object."""
    shown: Json = {
        "id": group.id,
        "team_id": workspace.id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_update": group.updated,
        "date_delete": 0,
        "auto_type": None,
        "user_count": len(group.users),
    }
    return shown | ({"users": group.users} if users else {})


def view_json(world: World, workspace: Workspace, view: View) -> Json:
    """Write a view object with its state."""
    source = view.source
    bot = workspace.bot()
    return {
        "id": view.id,
        "team_id": workspace.id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": source.get("private_metadata", ""),
        "callback_id": source.get("callback_id", ""),
        "state": {"values": view.values},
        "hash": view.hash,
        "title": source.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(source.get("clear_on_close", False)),
        "notify_on_close": bool(source.get("notify_on_close", False)),
        "close": source.get("close"),
        "submit": source.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": world.credentials.app_id,
        "external_id": source.get("external_id", ""),
        "app_installed_team_id": workspace.id,
        "bot_id": bot.bot_id if bot else None,
    }


def message_state(message: Message, user_id: str) -> dict[str, dict[str, Json]]:
    """Build the state of a message's elements for one person: each client keeps its own choices."""
    values = first_values(message.blocks, message.channel)
    for block_id, actions in message.state.get(user_id, {}).items():
        for action_id, value in actions.items():
            if action_id in values.get(block_id, {}):
                values[block_id][action_id] = value
    return values
