"""Messages put into conversations, changed and taken out, with the events that follow."""

import time
from typing import Any

from bot.sandbox import events
from bot.sandbox.blocks import complete, escape, linked_bare_urls, texts_in, typed_message
from bot.sandbox.shown import message_json
from bot.sandbox.workspace import Conversation, Message, Person, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]


def workspaces_of(world: World, conversation: Conversation) -> list[Workspace]:
    """Give the workspaces a conversation is in; a Slack Connect channel is in two."""
    return [w for w in world.workspaces.values() if conversation.id in w.conversations]


def post(world: World, conversation: Conversation, message: Message) -> Message:
    """Put a message into a conversation and tell everyone who may know."""
    conversation.messages[message.ts] = message
    world.touch_conversation(conversation)
    for workspace in workspaces_of(world, conversation):
        events.message_posted(world, workspace, conversation, message)
    return message


def say(
    world: World,
    workspace: Workspace,
    conversation: Conversation,
    person: Person,
    text: str,
    *,
    thread_ts: str | None = None,
    broadcast: bool = False,
    files: list[str] | None = None,
) -> Message:
    """Post what a person typed."""
    written, blocks = typed_message(text, typed_names(world, workspace))
    message = Message(conversation.id, world.stamps.next(), person.id, written, team=person.team_id)
    message.blocks = complete(blocks, world.ids) if text else []
    message.thread_ts = thread_ts
    message.broadcast = broadcast
    message.client_msg_id = str(world.ids.mixed(32)).lower()
    message.files = files or []
    if broadcast:
        message.subtype = "thread_broadcast"
    if files:
        message.subtype = "file_share"
    return post(world, conversation, message)


def edit(world: World, conversation: Conversation, message: Message, changes: Json, editor: str) -> None:
    """Change a message's fields; the app hears of it."""
    homes = workspaces_of(world, conversation)
    before = {w.key: message_json(world, w, message) for w in homes}
    for name, value in changes.items():
        setattr(message, name, value)
    message.edited = {"user": editor, "ts": f"{int(time.time())}.000000"}
    world.touch_conversation(conversation)
    for workspace in homes:
        events.message_changed(world, workspace, conversation, message, before[workspace.key])


def remove(world: World, conversation: Conversation, message: Message) -> None:
    """Take a message out; the app hears of it."""
    for workspace in workspaces_of(world, conversation):
        events.message_deleted(world, workspace, conversation, message)
    conversation.messages.pop(message.ts, None)
    world.touch_conversation(conversation)


def note(world: World, conversation: Conversation, person: Person, subtype: str, text: str) -> None:
    """Post a line such as "has joined the channel"."""
    message = Message(
        conversation.id, world.stamps.next(), person.id, text, team=person.team_id, subtype=subtype
    )
    post(world, conversation, message)


def bot_message(world: World, workspace: Workspace, channel: str, body: Json) -> Message:
    """Build, without posting it, a message of the bot from a method's or a reply's fields."""
    bot = workspace.people[workspace.bot_user_id]
    message = Message(
        channel, world.stamps.next(), bot.id, body_text(body), team=workspace.id, bot_id=bot.bot_id
    )
    message.blocks = complete(body.get("blocks") or [], world.ids)
    message.attachments = list(body.get("attachments") or [])
    message.thread_ts = body.get("thread_ts") or None
    message.metadata = body.get("metadata") or None
    message.username = body.get("username") or None
    message.icon_emoji = body.get("icon_emoji") or None
    return message


def body_text(body: Json) -> str:
    """Give the text Slack keeps: bare URLs wrapped; from the blocks where there is none."""
    text = str(body.get("text") or body.get("markdown_text") or "")
    if text:
        return linked_bare_urls(text[:40_000])
    return " ".join(texts_in(body.get("blocks") or []))[:3_000]


def ephemeral(world: World, workspace: Workspace, user_id: str, message: Message) -> Message:
    """Show a message to one person, in no history."""
    message.ephemeral_to = user_id
    workspace.ephemerals.setdefault(user_id, []).append(message)
    world.changes.touch([user_id])
    return message


def typed_names(world: World, workspace: Workspace) -> dict[str, Json]:
    """Map what may be typed after @ and # to the rich_text element it becomes."""
    names: dict[str, Json] = {}
    for person in workspace.people.values():
        names["@" + person.handle] = {"type": "user", "user_id": person.id}
    names["@" + world.manifest.bot_name.lower()] = {"type": "user", "user_id": workspace.bot_user_id}
    names["@" + world.manifest.bot_name] = names["@" + world.manifest.bot_name.lower()]
    for group in workspace.usergroups.values():
        names["@" + group.handle] = {"type": "usergroup", "usergroup_id": group.id}
    for spread in ("here", "channel", "everyone"):
        names["@" + spread] = {"type": "broadcast", "range": spread}
    for conversation in workspace.conversations.values():
        if conversation.kind in ("channel", "private"):
            names["#" + conversation.name] = {"type": "channel", "channel_id": conversation.id}
    return names


def escaped_command_text(world: World, workspace: Workspace, text: str) -> str:
    """Write a command's text as `should_escape: true` asks: mentions with ids, the rest escaped."""
    names = typed_names(world, workspace)
    words = []
    for word in text.split(" "):
        element = names.get(word)
        if element and element["type"] == "user":
            words.append(f"<@{element['user_id']}|{word[1:]}>")
        elif element and element["type"] == "channel":
            words.append(f"<#{element['channel_id']}|{word[1:]}>")
        else:
            words.append(escape(word))
    return " ".join(words)
