"""Channels and DMs: opening, joining, inviting, making, archiving."""

from typing import Any

from bot.sandbox import membership
from bot.sandbox.acts.act import Act, Handler, RefusedError
from bot.sandbox.workspace import Conversation

Json = dict[str, Any]


async def open_dm(act: Act) -> Json:
    """Open a DM or a group DM."""
    wanted = act.fields.get("with")
    handles = wanted if isinstance(wanted, list) else [wanted]
    members = [act.me.id]
    for handle in handles:
        person = act.workspace.bot() if handle == "app" else act.workspace.find_person(str(handle))
        if person is None:
            raise RefusedError(404, "unknown_person", f"There is nobody called {handle!r}.")
        members.append(person.id)
    return {"channel": act.world.open_conversation(act.workspace, members).id}


def _channel(act: Act) -> Conversation:
    conversation = act.place()
    if conversation.kind in ("dm", "group_dm"):
        raise RefusedError(409, "not_possible", "That only works for channels.")
    return conversation


async def join(act: Act) -> Json:
    """Join a public channel."""
    conversation = _channel(act)
    membership.join(act.world, act.workspace, conversation, act.me)
    return {"channel": conversation.id}


async def leave(act: Act) -> Json:
    """Leave a channel."""
    conversation = _channel(act)
    act.must_be_member(conversation)
    membership.leave(act.world, act.workspace, conversation, act.me)
    return {"channel": conversation.id}


async def invite(act: Act) -> Json:
    """Bring somebody, or the app, into a channel."""
    conversation, person = _channel(act), act.person()
    act.must_be_member(conversation)
    membership.join(act.world, act.workspace, conversation, person, act.me.id)
    return {"channel": conversation.id}


async def kick(act: Act) -> Json:
    """Take somebody, or the app, out of a channel."""
    conversation, person = _channel(act), act.person()
    act.must_be_member(conversation)
    membership.leave(act.world, act.workspace, conversation, person)
    return {"channel": conversation.id}


async def create_channel(act: Act) -> Json:
    """Make a channel."""
    name = act.text("name").removeprefix("#")
    if not membership.is_channel_name(name) or act.workspace.find_channel(f"#{name}"):
        raise RefusedError(409, "name_taken", f"#{name} is taken or not a channel name.")
    private = bool(act.fields.get("private"))
    return {"channel": membership.create(act.world, act.workspace, act.me, name, private=private).id}


async def archive(act: Act) -> Json:
    """Archive a channel."""
    return _archive(act, archived=True)


async def unarchive(act: Act) -> Json:
    """Bring an archived channel back."""
    return _archive(act, archived=False)


def _archive(act: Act, *, archived: bool) -> Json:
    conversation = _channel(act)
    membership.archive(act.world, act.workspace, conversation, act.me.id, archived=archived)
    return {"channel": conversation.id}


async def rename(act: Act) -> Json:
    """Give a channel another name."""
    conversation = _channel(act)
    membership.rename(act.world, act.workspace, conversation, act.text("name").removeprefix("#"))
    return {"channel": conversation.id}


ACTS: dict[str, Handler] = {
    "open_dm": open_dm,
    "join": join,
    "leave": leave,
    "invite": invite,
    "kick": kick,
    "create_channel": create_channel,
    "archive": archive,
    "unarchive": unarchive,
    "rename": rename,
}
