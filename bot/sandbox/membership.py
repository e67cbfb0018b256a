"""Who is in which conversation, and what follows from coming and going."""

from bot.sandbox import events, posting
from bot.sandbox.shown import channel_type, conversation_json
from bot.sandbox.workspace import Conversation, Person, Workspace
from bot.sandbox.world import World


def join(
    world: World, workspace: Workspace, conversation: Conversation, person: Person, inviter: str = ""
) -> None:
    """Let somebody in; the channel says so, and the app hears of it where the bot is."""
    if person.id in conversation.members:
        return
    conversation.members.append(person.id)
    subtype = "group_join" if conversation.kind == "private" else "channel_join"
    posting.note(world, conversation, person, subtype, f"<@{person.id}> has joined the channel")
    event = {
        "type": "member_joined_channel",
        "user": person.id,
        "channel": conversation.id,
        "channel_type": "G" if conversation.kind == "private" else "C",
        "team": workspace.id,
        "event_ts": world.stamps.next(),
    }
    events.emit(world, workspace, event | ({"inviter": inviter} if inviter else {}), conversation)
    world.changes.touch([person.id])


def leave(world: World, workspace: Workspace, conversation: Conversation, person: Person) -> None:
    """Let somebody out; the bot is told even when it is the one who leaves."""
    if person.id not in conversation.members:
        return
    event = {
        "type": "member_left_channel",
        "user": person.id,
        "channel": conversation.id,
        "channel_type": "G" if conversation.kind == "private" else "C",
        "team": workspace.id,
        "event_ts": world.stamps.next(),
    }
    events.emit(world, workspace, event, conversation)
    conversation.members.remove(person.id)
    subtype = "group_leave" if conversation.kind == "private" else "channel_leave"
    posting.note(world, conversation, person, subtype, f"<@{person.id}> has left the channel")
    world.changes.touch([person.id])


def create(world: World, workspace: Workspace, creator: Person, name: str, *, private: bool) -> Conversation:
    """Make a channel with its creator in it."""
    conversation = Conversation(world.ids.new("C"), "private" if private else "channel", workspace.id, name)
    conversation.creator = creator.id
    conversation.created = int(world.clock.time().timestamp())
    conversation.members = [creator.id]
    workspace.conversations[conversation.id] = conversation
    world.changes.touch_all()
    if not private:
        channel = {
            "id": conversation.id,
            "name": name,
            "created": conversation.created,
            "creator": creator.id,
        }
        stamp = world.stamps.next()
        events.emit(world, workspace, {"type": "channel_created", "channel": channel, "event_ts": stamp})
    return conversation


def archive(
    world: World, workspace: Workspace, conversation: Conversation, user_id: str, *, archived: bool
) -> None:
    """Close a channel for good, or open it again."""
    conversation.is_archived = archived
    world.changes.touch_all()
    kind = "channel_archive" if archived else "channel_unarchive"
    if channel_type(conversation) == "group":
        kind = kind.replace("channel", "group")
    event = {"type": kind, "channel": conversation.id, "user": user_id, "event_ts": world.stamps.next()}
    events.emit(world, workspace, event, conversation)


def rename(world: World, workspace: Workspace, conversation: Conversation, name: str) -> None:
    """Give a channel another name."""
    conversation.name = name
    world.changes.touch_all()
    channel = {k: conversation_json(conversation, workspace)[k] for k in ("id", "name", "created")}
    event = {"type": "channel_rename", "channel": channel, "event_ts": world.stamps.next()}
    events.emit(world, workspace, event, conversation)


def is_channel_name(name: str) -> bool:
    """Tell whether Slack takes a channel name: lower case, digits, dashes, 80 at most."""
    return 0 < len(name) <= 80 and all(
        c.islower() or c.isdigit() or c in "-_" or not c.isascii() for c in name
    )
