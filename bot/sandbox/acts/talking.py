"""Saying, editing, reacting, uploading; and slash commands, which look like talking."""

import base64
import binascii
from typing import Any

from bot.sandbox import payloads, posting
from bot.sandbox.acts.act import Act, Handler, RefusedError
from bot.sandbox.acts.answers import carry, take_reply
from bot.sandbox.api.files import new_file, shared
from bot.sandbox.api.reactions import ReactionError, change
from bot.sandbox.blocks import complete, typed_message
from bot.sandbox.workspace import Conversation, Message

Json = dict[str, Any]


def _may_talk(act: Act, conversation: Conversation) -> None:
    act.must_be_member(conversation)
    if conversation.is_archived:
        raise RefusedError(409, "is_archived", f"#{conversation.name} is archived.")
    with_bot = conversation.kind == "dm" and act.workspace.bot_user_id in conversation.members
    manifest = act.world.manifest
    if with_bot and (not manifest.messages_tab or manifest.messages_tab_read_only):
        raise RefusedError(409, "messages_tab_disabled", "Sending messages to this app has been turned off.")


async def say(act: Act) -> Json:
    """Post what the person typed."""
    conversation = act.place()
    _may_talk(act, conversation)
    text, thread_ts = act.text("text"), act.optional("thread_ts")
    if len(text) > 40_000:
        raise RefusedError(409, "msg_too_long", "Slack takes no more than 40,000 characters.")
    if thread_ts is not None and thread_ts not in conversation.messages:
        raise RefusedError(404, "unknown_message", f"There is no thread {thread_ts} here.")
    broadcast = bool(act.fields.get("broadcast")) and thread_ts is not None
    message = posting.say(
        act.world, act.workspace, conversation, act.me, text, thread_ts=thread_ts, broadcast=broadcast
    )
    return {"channel": conversation.id, "ts": message.ts}


async def slash(act: Act) -> Json:
    """Type a slash command; only those of the manifest exist."""
    conversation = act.place()
    name, *rest = act.text("text").split(maxsplit=1)
    if act.optional("thread_ts"):
        raise RefusedError(409, "command_not_in_thread", f"{name} is not supported in threads. Sorry!")
    if name not in act.world.manifest.commands or not act.world.is_installed(act.workspace):
        raise RefusedError(404, "unknown_command", f"{name} is not a valid command.")
    act.must_be_member(conversation)
    payload = payloads.command(act.world, act.workspace, act.me, conversation, name, "".join(rest).strip())
    outcome = await carry(act, "slash_commands", name, payload)
    if outcome.verdict != "ok":
        _command_failed(act, name, outcome.verdict)
    else:
        problem = take_reply(act, conversation.id, None, outcome.response)
        if problem:
            _command_failed(act, name, problem)
    return {"delivery": outcome.shown(), "channel": conversation.id}


def _command_failed(act: Act, name: str, error: str) -> None:
    text = f"{name} failed with the error “{error}”"
    act.world.notice(act.workspace, act.me.id, "command", text, error)


def _own(act: Act) -> tuple[Conversation, Message]:
    message = act.message()
    if message.user != act.me.id or message.bot_id:
        raise RefusedError(409, "not_yours", f"That message is not {act.me.handle}'s.")
    return act.workspace.conversations[message.channel], message


async def edit(act: Act) -> Json:
    """Change one's own message."""
    conversation, message = _own(act)
    text, blocks = typed_message(act.text("text"), posting.typed_names(act.world, act.workspace))
    changes = {"text": text, "blocks": complete(blocks, act.world.ids)}
    posting.edit(act.world, conversation, message, changes, act.me.id)
    return {"channel": conversation.id, "ts": message.ts}


async def delete(act: Act) -> Json:
    """Take one's own message back."""
    conversation, message = _own(act)
    posting.remove(act.world, conversation, message)
    return {"channel": conversation.id, "ts": message.ts}


async def react(act: Act) -> Json:
    """Add a reaction."""
    return _react(act, add=True)


async def unreact(act: Act) -> Json:
    """Take a reaction back."""
    return _react(act, add=False)


def _react(act: Act, *, add: bool) -> Json:
    message = act.message()
    conversation = act.workspace.conversations[message.channel]
    if message.ephemeral_to:
        raise RefusedError(409, "not_possible", "Ephemeral messages take no reactions.")
    try:
        change(act.world, act.workspace, (conversation, message), act.me.id, act.text("name"), add=add)
    except ReactionError as refused:
        raise RefusedError(409, str(refused), "Slack does not take that reaction.") from None
    return {"channel": conversation.id, "ts": message.ts}


async def upload(act: Act) -> Json:
    """Share a file; without `in` it stays private, as one put into a modal's file input does."""
    conversation = act.place() if "in" in act.fields else None
    if conversation:
        _may_talk(act, conversation)
    content = _content(act)
    file = new_file(act.world, act.workspace, act.text("filename"), act.me.id, len(content))
    file.content, file.ready = content, True
    if conversation is None:
        return {"file": file.id}
    message = posting.say(
        act.world,
        act.workspace,
        conversation,
        act.me,
        act.optional("comment") or "",
        thread_ts=act.optional("thread_ts"),
        files=[file.id],
    )
    shared(act.world, act.workspace, conversation, file)
    return {"file": file.id, "channel": conversation.id, "ts": message.ts}


def _content(act: Act) -> bytes:
    encoded = act.optional("base64")
    if encoded is None:
        return act.text("text").encode()
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise RefusedError(400, "bad_request", "The field base64 is not base64.") from None


async def dismiss(act: Act) -> Json:
    """Hide one ephemeral message."""
    message = act.message()
    if message.ephemeral_to is None:
        raise RefusedError(409, "not_possible", "Only ephemeral messages can be dismissed.")
    act.workspace.ephemerals[act.me.id].remove(message)
    act.world.changes.touch([act.me.id])
    return {}


async def reload(act: Act) -> Json:
    """Restart the person's client: ephemerals and modals do not outlive it."""
    act.workspace.ephemerals.pop(act.me.id, None)
    act.workspace.stacks.pop(act.me.id, None)
    act.workspace.notices.pop(act.me.id, None)
    act.world.changes.touch([act.me.id])
    return {}


ACTS: dict[str, Handler] = {
    "say": say,
    "slash": slash,
    "edit": edit,
    "delete": delete,
    "react": react,
    "unreact": unreact,
    "upload": upload,
    "dismiss": dismiss,
    "reload": reload,
}
