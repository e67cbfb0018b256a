"""What one person sees, and nothing they do not."""

from typing import Any

from bot.sandbox.acts.act import can_see
from bot.sandbox.ids import ts_key
from bot.sandbox.shown import file_json, in_dnd, message_json, message_state, tz_label, tz_offset
from bot.sandbox.workspace import Conversation, Message, Person, View, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]


def see(world: World, workspace: Workspace, me: Person, only: Conversation | None = None) -> Json:
    """Write down everything in front of a person."""
    seen = [only] if only else [c for c in workspace.conversations.values() if can_see(me, c)]
    home = workspace.homes.get(me.id)
    return {
        "ok": True,
        "sequence": world.changes.sequence,
        "intent_time": world.clock.time().isoformat().replace("+00:00", "Z"),
        "workspace": workspace_json(workspace),
        "me": person_json(world, me, workspace),
        "people": [person_json(world, p, workspace) for p in _known(world, workspace)],
        "usergroups": usergroups_json(workspace),
        "app": _app(world, workspace, me),
        "commands": _commands(world, workspace),
        "shortcuts": _shortcuts(world, workspace),
        "conversations": [_conversation(world, workspace, me, c) for c in seen],
        "modals": [_view(world, view) for w in world.workspaces.values() for view in w.stacks.get(me.id, [])],
        "home": _view(world, home) if home else None,
        "notices": [vars(notice) for notice in workspace.notices.get(me.id, [])],
    }


def _known(world: World, workspace: Workspace) -> list[Person]:
    own = list(workspace.people.values())
    shared = [m for c in workspace.conversations.values() if c.is_connect for m in c.members]
    strangers = [world.person_anywhere(m) for m in dict.fromkeys(shared) if m not in workspace.people]
    return own + [person for person in strangers if person]


def workspace_json(workspace: Workspace) -> Json:
    """Name a workspace."""
    return {"id": workspace.id, "key": workspace.key, "name": workspace.name, "domain": workspace.domain}


def person_json(world: World, person: Person, workspace: Workspace) -> Json:
    """Write a person as the control API shows them."""
    return {
        "id": person.id,
        "handle": person.handle,
        "name": person.name,
        "display_name": person.display_name,
        "title": person.title,
        "tz": person.tz,
        "tz_label": tz_label(person.tz) if person.tz else None,
        "tz_offset": tz_offset(person.tz) if person.tz else None,
        "kind": person.kind if person.team_id == workspace.id else "connect",
        "deleted": person.deleted,
        "status_text": person.status_text,
        "status_emoji": person.status_emoji,
        "dnd": in_dnd(world, person),
        "face": _face(person),
        "pronouns": person.pronouns,
    }


def _face(person: Person) -> Json:
    seed = sum(ord(letter) * (place + 1) for place, letter in enumerate(person.handle))
    return {"hue": seed * 47 % 360, "seed": seed}


def usergroups_json(workspace: Workspace) -> list[Json]:
    """Write the user groups as the control API shows them."""
    groups = workspace.usergroups.values()
    return [{"id": g.id, "handle": g.handle, "name": g.name, "users": g.users} for g in groups]


def _app(world: World, workspace: Workspace, me: Person) -> Json:
    bot = workspace.bot()
    dm = workspace.find_dm([me.id, workspace.bot_user_id])
    http = world.delivery.request_url is not None
    return {
        "id": world.credentials.app_id,
        "name": world.manifest.name,
        "bot_id": bot.bot_id if bot else None,
        "user_id": bot.id if bot else None,
        "dm": dm.id if dm else None,
        "description": world.manifest.description,
        "background_color": world.manifest.background_color,
        "installed": world.is_installed(workspace),
        "connected": http or world.sockets.count() > 0,
        "transport": "http" if http else "socket",
        "home_tab": world.manifest.home_tab,
        "messages_tab": world.manifest.messages_tab,
        "messages_tab_read_only": world.manifest.messages_tab_read_only,
    }


def _commands(world: World, workspace: Workspace) -> list[Json]:
    if not world.is_installed(workspace):
        return []
    commands = world.manifest.commands.values()
    return [
        {"command": c.command, "description": c.description, "usage_hint": c.usage_hint} for c in commands
    ]


def _shortcuts(world: World, workspace: Workspace) -> list[Json]:
    if not world.is_installed(workspace):
        return []
    return [vars(shortcut) for shortcut in world.manifest.shortcuts.values()]


def _conversation(world: World, workspace: Workspace, me: Person, conversation: Conversation) -> Json:
    others = [m for m in conversation.members if m != me.id]
    everywhere = (m for w in world.workspaces.values() for m in w.ephemerals.get(me.id, ()))
    mine = [m for m in everywhere if m.channel == conversation.id]
    messages = sorted([*conversation.messages.values(), *mine], key=lambda m: ts_key(m.ts))
    return {
        "id": conversation.id,
        "name": conversation.name,
        "kind": conversation.kind,
        "topic": conversation.topic,
        "purpose": conversation.purpose,
        "is_member": me.id in conversation.members,
        "is_archived": conversation.is_archived,
        "is_connect": conversation.is_connect,
        "members": conversation.members,
        "with": (others[0] if others else me.id) if conversation.kind == "dm" else None,
        "messages": [_message(world, workspace, me, message) for message in messages],
    }


def _message(world: World, workspace: Workspace, me: Person, message: Message) -> Json:
    shown = message_json(world, workspace, message)
    return {
        "channel": message.channel,
        "ts": message.ts,
        "at": _shown_at(world, message.ts),
        "thread_ts": shown.get("thread_ts"),
        "user": message.user,
        "bot_id": message.bot_id,
        "username": message.username,
        "icon_emoji": message.icon_emoji,
        "subtype": message.subtype,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "files": [file_json(world, workspace.files[f]) for f in message.files if f in workspace.files],
        "edited": message.edited,
        "reactions": shown.get("reactions", []),
        "reply_count": shown.get("reply_count", 0),
        "reply_users": shown.get("reply_users", []),
        "latest_reply": shown.get("latest_reply"),
        "latest_reply_at": _shown_at(world, shown["latest_reply"]) if shown.get("latest_reply") else None,
        "broadcast": message.broadcast,
        "ephemeral": message.ephemeral_to is not None,
        "permalink": permalink(workspace, message),
        "state": message_state(message, me.id),
        "trouble": sorted(message.trouble.get(me.id, ())),
    }


def _shown_at(world: World, ts: str) -> str:
    return world.clock.shown_at(float(ts)).isoformat().replace("+00:00", "Z")


def permalink(workspace: Workspace, message: Message) -> str:
    """Write a message's address, with its thread."""
    place = f"{message.channel}/p{message.ts.replace('.', '')}"
    address = f"https://{workspace.domain}.slack.com/archives/{place}"
    return f"{address}?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else address


def _view(world: World, view: View) -> Json:
    source = view.source
    return {
        "id": view.id,
        "type": view.type,
        "callback_id": source.get("callback_id", ""),
        "hash": view.hash,
        "title": source.get("title"),
        "submit": source.get("submit"),
        "close": source.get("close"),
        "blocks": view.blocks,
        "external_id": source.get("external_id", ""),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "state": {"values": view.values},
        "errors": view.errors,
        "trouble": view.trouble,
        "app_id": world.credentials.app_id,
    }
