"""chat.*: posting, changing, deleting, scheduling."""

import time
from dataclasses import replace
from typing import Any

from bot.sandbox import posting
from bot.sandbox.api.call import ApiError, Call
from bot.sandbox.api.forced import forced_refusal
from bot.sandbox.api.pictures import check_pictures
from bot.sandbox.shown import message_json
from bot.sandbox.sight import permalink
from bot.sandbox.validation import MessageRules, check_message
from bot.sandbox.workspace import Conversation, Message, Scheduled

Json = dict[str, Any]

_SPLIT_AT = 4_000
_WINDOW_S = 300
_MOST_IN_WINDOW = 30
_MOST_AHEAD_S = 120 * 86_400


def body_of(call: Call) -> Json:
    """Read the parts of a message and hold them against the rules."""
    body = dict(call.args)
    body["blocks"] = call.structure("blocks", error="invalid_blocks_format")
    body["attachments"] = call.structure("attachments", error="invalid_attachments")
    body["metadata"] = call.structure("metadata", error="invalid_metadata_format")
    update = call.method == "chat.update"
    call.refuse(forced_refusal(call.world, body["blocks"], "invalid_blocks", "/blocks"))
    call.refuse(check_message(body, MessageRules(text_most=4_000 if update else None)))
    call.refuse(check_pictures(call.workspace, body["blocks"] or [], "invalid_blocks", "/blocks"))
    if len(str(body.get("text") or "")) > 40_000:
        call.warnings.append("message_truncated")
    if not body.get("text") and not update and body["blocks"]:
        call.warnings.append("missing_text_in_message")
    return body


def _target(call: Call) -> Conversation:
    """Find where to post; a user id means the DM with that person."""
    channel = call.text("channel", error="channel_not_found")
    person = call.workspace.people.get(channel)
    if person is None:
        found = call.workspace.conversations.get(channel) or _by_name(call, channel)
        if found is None:
            raise ApiError("channel_not_found")
        return _may_post(call, found)
    if person.deleted:
        raise ApiError("user_disabled")
    if person.kind == "bot":
        raise ApiError("cannot_dm_bot")
    return _may_post(call, call.world.dm_with_bot(call.workspace, person.id))


def _by_name(call: Call, name: str) -> Conversation | None:
    return call.workspace.find_channel(name) if name.startswith("#") else None


def _may_post(call: Call, conversation: Conversation) -> Conversation:
    bot = call.workspace.bot_user_id
    if bot not in conversation.members:
        if conversation.kind != "channel":
            raise ApiError("channel_not_found")
        if call.grant is None or "chat:write.public" not in call.grant.scopes:
            raise ApiError("not_in_channel")
    if conversation.is_archived:
        raise ApiError("is_archived")
    if conversation.kind == "dm":
        _may_write_to(call, conversation)
    return conversation


def _may_write_to(call: Call, conversation: Conversation) -> None:
    if not call.world.manifest.messages_tab:
        raise ApiError("messages_tab_disabled")
    others = (call.workspace.people.get(m) for m in conversation.members)
    if any(person and person.deleted for person in others if person and person.kind != "bot"):
        raise ApiError("user_disabled")


def _check_thread(call: Call, conversation: Conversation) -> str | None:
    """Give the thread's root; a reply to a reply lands in the same thread."""
    ts = call.optional("thread_ts")
    if ts is None:
        return None
    root = conversation.messages.get(ts)
    if root is None:
        raise ApiError("thread_not_found")
    return root.thread_ts or root.ts


async def post_message(call: Call) -> Json:
    """chat.postMessage."""
    conversation = _target(call)
    body = body_of(call)
    _check_customize(call)
    message = posting.bot_message(call.world, call.workspace, conversation.id, body)
    message.thread_ts = _check_thread(call, conversation)
    if message.thread_ts and call.flag("reply_broadcast"):
        message.broadcast = True
        message.subtype = "thread_broadcast"
    rest = _split(message)
    posting.post(call.world, conversation, message)
    for text in rest:
        posting.post(call.world, conversation, _copy(call, message, text))
    shown = message_json(call.world, call.workspace, message)
    return {"channel": conversation.id, "ts": message.ts, "message": shown}


def _copy(call: Call, message: Message, text: str) -> Message:
    return replace(message, ts=call.world.stamps.next(), text=text, reactions={}, state={}, trouble={})


def _split(message: Message) -> list[str]:
    """Cut an overlong text as Slack does: into several messages, of which the caller learns one ts."""
    text = message.text
    if message.blocks or len(text) <= _SPLIT_AT:
        return []
    message.text = text[:_SPLIT_AT]
    return [text[at : at + _SPLIT_AT] for at in range(_SPLIT_AT, len(text), _SPLIT_AT)]


def _check_customize(call: Call) -> None:
    wants = any(call.optional(name) for name in ("username", "icon_emoji", "icon_url"))
    if wants and call.grant and "chat:write.customize" not in call.grant.scopes:
        provided = ",".join(sorted(call.grant.scopes))
        raise ApiError("missing_scope", needed="chat:write.customize", provided=provided)


async def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: only to a member of the conversation, and in no history."""
    conversation = call.conversation()
    if call.workspace.bot_user_id not in conversation.members:
        raise ApiError("not_in_channel" if conversation.kind == "channel" else "channel_not_found")
    if conversation.is_archived:
        raise ApiError("is_archived")
    user = call.text("user", error="user_not_in_channel")
    if user not in conversation.members:
        raise ApiError("user_not_in_channel")
    body = body_of(call)
    message = posting.bot_message(call.world, call.workspace, conversation.id, body)
    message.thread_ts = call.optional("thread_ts")
    if message.thread_ts is None or conversation.replies(message.thread_ts):
        # In a thread without replies Slack says ok and shows the ephemeral to nobody.
        posting.ephemeral(call.world, call.workspace, user, message)
    return {"message_ts": message.ts}


def _own(call: Call, conversation: Conversation, error: str) -> Message:
    message = call.message(conversation)
    if message.bot_id != call.bot.bot_id:
        raise ApiError(error)
    return message


async def update(call: Call) -> Json:
    """chat.update: own messages only; text without blocks takes the blocks away."""
    conversation = call.conversation()
    message = _own(call, conversation, "cant_update_message")
    if conversation.is_archived:
        raise ApiError("is_archived")
    body = body_of(call)
    drawn = posting.bot_message(call.world, call.workspace, conversation.id, body)
    changes: Json = {"text": drawn.text, "blocks": drawn.blocks, "attachments": drawn.attachments}
    if body["metadata"] is not None:
        changes["metadata"] = body["metadata"] or None
    posting.edit(call.world, conversation, message, changes, call.bot.id)
    shown = message_json(call.world, call.workspace, message)
    return {"channel": conversation.id, "ts": message.ts, "text": message.text, "message": shown}


async def delete(call: Call) -> Json:
    """chat.delete: own messages only."""
    conversation = call.conversation()
    message = _own(call, conversation, "cant_delete_message")
    posting.remove(call.world, conversation, message)
    return {"channel": conversation.id, "ts": message.ts}


async def get_permalink(call: Call) -> Json:
    """chat.getPermalink."""
    conversation = call.conversation()
    message = call.message(conversation, "message_ts")
    return {"channel": conversation.id, "permalink": permalink(call.workspace, message)}


async def schedule_message(call: Call) -> Json:
    """chat.scheduleMessage: intent time says when; 120 days ahead, 30 in five minutes."""
    conversation = _target(call)
    post_at = call.number("post_at", 0)
    now = call.world.clock.time().timestamp()
    if post_at <= now:
        raise ApiError("time_in_past")
    if post_at > now + _MOST_AHEAD_S:
        raise ApiError("time_too_far")
    window = post_at // _WINDOW_S
    kept = [s for s in call.workspace.scheduled.values() if s.channel == conversation.id]
    if sum(1 for s in kept if s.post_at // _WINDOW_S == window) >= _MOST_IN_WINDOW:
        raise ApiError("restricted_too_many")
    scheduled = Scheduled(call.world.ids.new("Q"), conversation.id, post_at, body_of(call))
    call.workspace.scheduled[scheduled.id] = scheduled
    call.world.tasks.start(_post_later(call, conversation, scheduled))
    return {"channel": conversation.id, "scheduled_message_id": scheduled.id, "post_at": post_at}


async def _post_later(call: Call, conversation: Conversation, scheduled: Scheduled) -> None:
    clock = call.world.clock
    while (left := scheduled.post_at - clock.time().timestamp()) > 0:
        await clock.wait(clock.sequence, left)
    if call.workspace.scheduled.pop(scheduled.id, None) and not scheduled.arguments.get("metadata"):
        message = posting.bot_message(call.world, call.workspace, conversation.id, scheduled.arguments)
        posting.post(call.world, conversation, message)


async def delete_scheduled(call: Call) -> Json:
    """chat.deleteScheduledMessage."""
    if call.workspace.scheduled.pop(call.text("scheduled_message_id"), None) is None:
        raise ApiError("invalid_scheduled_message_id")
    return {}


async def list_scheduled(call: Call) -> Json:
    """chat.scheduledMessages.list."""
    channel = call.optional("channel")
    kept = sorted(call.workspace.scheduled.values(), key=lambda s: s.post_at)
    rows = [
        {"id": s.id, "channel_id": s.channel, "post_at": s.post_at, "date_created": int(time.time())}
        for s in kept
        if channel in (None, s.channel)
    ]
    page, metadata = call.page(rows, default=100, most=1000)
    return {"scheduled_messages": page, "response_metadata": metadata}


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "chat.scheduleMessage": schedule_message,
    "chat.deleteScheduledMessage": delete_scheduled,
    "chat.scheduledMessages.list": list_scheduled,
}
