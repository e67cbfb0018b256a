"""conversations.* for what the bot reads: list, info, members, history, replies."""

from typing import Any

from bot.sandbox.api.call import ApiError, Call
from bot.sandbox.ids import ts_key
from bot.sandbox.shown import conversation_json, message_json
from bot.sandbox.workspace import Conversation, Message

Json = dict[str, Any]

_TYPES = {"channel": "public_channel", "private": "private_channel", "dm": "im", "group_dm": "mpim"}
READ_SCOPES = {"channel": "channels:read", "private": "groups:read", "dm": "im:read", "group_dm": "mpim:read"}
_HISTORY_SCOPES = {kind: scope.replace(":read", ":history") for kind, scope in READ_SCOPES.items()}


def need_scope(call: Call, scope: str) -> None:
    """Refuse when the token lacks the scope that this kind of conversation needs."""
    if call.grant is None or scope not in call.grant.scopes:
        provided = ",".join(sorted(call.grant.scopes)) if call.grant else ""
        raise ApiError("missing_scope", needed=scope, provided=provided)


def _wanted(call: Call) -> set[str]:
    types = set(call.names("types")) or {"public_channel"}
    if not types <= set(_TYPES.values()):
        raise ApiError("invalid_types")
    for kind, name in _TYPES.items():
        if name in types:
            need_scope(call, READ_SCOPES[kind])
    return types


def _listed(call: Call, conversations: list[Conversation]) -> Json:
    types = _wanted(call)
    shown = [
        conversation_json(c, call.workspace)
        for c in conversations
        if _TYPES[c.kind] in types and not (call.flag("exclude_archived") and c.is_archived)
    ]
    page, metadata = call.page(shown, default=100, most=1000)
    return {"channels": page, "response_metadata": metadata}


async def list_conversations(call: Call) -> Json:
    """conversations.list: public ones, and those the bot is in."""
    bot = call.workspace.bot_user_id
    everything = call.workspace.conversations.values()
    return _listed(call, [c for c in everything if c.kind == "channel" or bot in c.members])


async def of_user(call: Call) -> Json:
    """users.conversations: those a person (or the bot) is in, as far as the bot may know."""
    bot = call.workspace.bot_user_id
    user = call.optional("user") or bot
    if user not in call.workspace.people:
        raise ApiError("user_not_found")
    seen = (c for c in call.workspace.conversations.values() if c.kind == "channel" or bot in c.members)
    return _listed(call, [c for c in seen if user in c.members])


async def info(call: Call) -> Json:
    """conversations.info."""
    conversation = call.conversation()
    need_scope(call, READ_SCOPES[conversation.kind])
    shown = conversation_json(conversation, call.workspace)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


async def members(call: Call) -> Json:
    """conversations.members."""
    conversation = call.conversation()
    need_scope(call, READ_SCOPES[conversation.kind])
    page, metadata = call.page([{"id": m} for m in conversation.members], default=100, most=1000)
    return {"members": [row["id"] for row in page], "response_metadata": metadata}


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest = ts_key(call.optional("oldest") or "0")
    latest = call.optional("latest")
    inclusive = call.flag("inclusive")

    def fits(message: Message) -> bool:
        at = ts_key(message.ts)
        if at < oldest or (at == oldest and not inclusive):
            return False
        return latest is None or at < ts_key(latest) or (at == ts_key(latest) and inclusive)

    return [m for m in messages if fits(m)]


def _shown(call: Call, messages: list[Message]) -> list[Json]:
    shown = [message_json(call.world, call.workspace, m) for m in messages]
    if not call.flag("include_all_metadata"):
        for message in shown:
            message.pop("metadata", None)
    return shown


def _readable(call: Call) -> Conversation:
    conversation = call.conversation(member=True)
    need_scope(call, _HISTORY_SCOPES[conversation.kind])
    return conversation


async def history(call: Call) -> Json:
    """conversations.history: newest first, without thread replies and ephemerals."""
    conversation = _readable(call)
    roots = [m for m in conversation.timeline() if not m.is_reply or m.broadcast]
    shown = _shown(call, list(reversed(_between(call, roots))))
    page, metadata = call.page(shown, default=100, most=999)
    return {
        "messages": page,
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": 0,
        "response_metadata": metadata,
    }


async def replies(call: Call) -> Json:
    """conversations.replies: the root first, then the replies, oldest first."""
    conversation = _readable(call)
    root = conversation.messages.get(call.text("ts", error="thread_not_found"))
    if root is None:
        raise ApiError("thread_not_found")
    root = conversation.messages.get(root.thread_ts or root.ts, root)
    inner = _between(call, conversation.replies(root.ts))
    page, metadata = call.page(_shown(call, [root, *inner]), default=1000, most=1000)
    return {"messages": page, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


METHODS = {
    "conversations.list": list_conversations,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.history": history,
    "conversations.replies": replies,
    "users.conversations": of_user,
}
