"""conversations.* for what the bot changes: opening, joining, inviting, creating, archiving, renaming."""

import re
from typing import Any

from bot.sandbox import membership
from bot.sandbox.api.call import ApiError, Call
from bot.sandbox.api.conversations import need_scope
from bot.sandbox.shown import conversation_json
from bot.sandbox.workspace import Conversation

Json = dict[str, Any]

_MANAGE = {
    "channel": "channels:manage",
    "private": "groups:write",
    "dm": "im:write",
    "group_dm": "mpim:write",
}


def _shown(call: Call, conversation: Conversation) -> Json:
    return {"channel": conversation_json(conversation, call.workspace)}


async def open_conversation(call: Call) -> Json:
    """conversations.open: one person makes a DM, up to eight a group DM."""
    if call.optional("channel"):
        return _opened(call, call.conversation(), already=True)
    users = call.names("users")
    if not users:
        raise ApiError("users_list_not_supplied")
    if len(users) > 8:
        raise ApiError("too_many_users")
    for user in users:
        _may_open_with(call, user)
    need_scope(call, "im:write" if len(users) == 1 else "mpim:write")
    members = [*users, call.workspace.bot_user_id]
    already = call.workspace.find_dm(members) is not None
    return _opened(call, call.world.open_conversation(call.workspace, members), already=already)


def _may_open_with(call: Call, user: str) -> None:
    person = call.workspace.people.get(user)
    if person is None:
        raise ApiError("user_not_found")
    if person.deleted:
        raise ApiError("user_disabled")
    if person.kind == "bot":
        raise ApiError("cannot_dm_bot")


def _opened(call: Call, conversation: Conversation, *, already: bool) -> Json:
    full = conversation_json(conversation, call.workspace)
    answer: Json = {"channel": full if call.flag("return_im") else {"id": conversation.id}}
    return answer | ({"no_op": True, "already_open": True} if already else {})


async def close(call: Call) -> Json:
    """conversations.close."""
    conversation = call.conversation()
    if conversation.kind not in ("dm", "group_dm"):
        raise ApiError("method_not_supported_for_channel_type")
    return {}


async def join(call: Call) -> Json:
    """conversations.join: public channels only."""
    conversation = call.conversation()
    if conversation.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if conversation.is_archived:
        raise ApiError("is_archived")
    if call.bot.id in conversation.members:
        call.warnings.append("already_in_channel")
    membership.join(call.world, call.workspace, conversation, call.bot)
    return _shown(call, conversation)


async def leave(call: Call) -> Json:
    """conversations.leave."""
    conversation = call.conversation()
    need_scope(call, _MANAGE[conversation.kind])
    if call.bot.id not in conversation.members:
        return {"not_in_channel": True}
    if conversation.is_general:
        raise ApiError("cant_leave_general")
    membership.leave(call.world, call.workspace, conversation, call.bot)
    return {}


async def invite(call: Call) -> Json:
    """conversations.invite."""
    conversation = call.conversation(member=True)
    need_scope(call, _MANAGE[conversation.kind])
    users = call.names("users")
    if not users:
        raise ApiError("no_user")
    for user in users:
        _may_invite(call, conversation, user)
    for user in users:
        person = call.workspace.people[user]
        membership.join(call.world, call.workspace, conversation, person, call.bot.id)
    return _shown(call, conversation)


def _may_invite(call: Call, conversation: Conversation, user: str) -> None:
    if user == call.bot.id:
        raise ApiError("cant_invite_self")
    if user not in call.workspace.people or call.workspace.people[user].deleted:
        raise ApiError("user_not_found")
    if user in conversation.members:
        raise ApiError("already_in_channel")


async def kick(call: Call) -> Json:
    """conversations.kick."""
    conversation = call.conversation(member=True)
    need_scope(call, _MANAGE[conversation.kind])
    person = call.person()
    if person.id == call.bot.id:
        raise ApiError("cant_kick_self")
    if person.id not in conversation.members:
        raise ApiError("not_in_channel")
    if conversation.is_general:
        raise ApiError("cant_kick_from_general")
    membership.leave(call.world, call.workspace, conversation, person)
    return {"errors": {}}


async def create(call: Call) -> Json:
    """conversations.create; in a form is_private="False" means public."""
    private = call.flag("is_private")
    need_scope(call, _MANAGE["private" if private else "channel"])
    name = call.text("name", error="invalid_name_required")
    _check_name(call, name)
    return _shown(call, membership.create(call.world, call.workspace, call.bot, name, private=private))


def _check_name(call: Call, name: str) -> None:
    if len(name) > 80:
        raise ApiError("invalid_name_maxlength")
    if not membership.is_channel_name(name):
        raise ApiError("invalid_name_punctuation" if re.fullmatch(r"\W+", name) else "invalid_name_specials")
    if call.workspace.find_channel(f"#{name}"):
        raise ApiError("name_taken")


async def archive(call: Call) -> Json:
    """conversations.archive."""
    conversation = call.conversation(member=True)
    need_scope(call, _MANAGE[conversation.kind])
    if conversation.is_archived:
        raise ApiError("already_archived")
    if conversation.is_general:
        raise ApiError("cant_archive_general")
    membership.archive(call.world, call.workspace, conversation, call.bot.id, archived=True)
    return {}


async def unarchive(call: Call) -> Json:
    """conversations.unarchive."""
    conversation = call.conversation()
    need_scope(call, _MANAGE[conversation.kind])
    if not conversation.is_archived:
        raise ApiError("not_archived")
    membership.archive(call.world, call.workspace, conversation, call.bot.id, archived=False)
    return {}


async def rename(call: Call) -> Json:
    """conversations.rename."""
    conversation = call.conversation(member=True)
    need_scope(call, _MANAGE[conversation.kind])
    name = call.text("name", error="invalid_name_required")
    _check_name(call, name)
    membership.rename(call.world, call.workspace, conversation, name)
    return _shown(call, conversation)


async def set_topic(call: Call) -> Json:
    """conversations.setTopic: 250 characters at most."""
    return _set_line(call, "topic")


async def set_purpose(call: Call) -> Json:
    """conversations.setPurpose: 250 characters at most."""
    return _set_line(call, "purpose")


def _set_line(call: Call, name: str) -> Json:
    conversation = call.conversation(member=True)
    need_scope(call, _MANAGE[conversation.kind])
    value = str(call.args.get(name) or "")
    if len(value) > 250:
        raise ApiError("too_long")
    setattr(conversation, name, value)
    call.world.touch_conversation(conversation)
    return _shown(call, conversation) | {name: value}


METHODS = {
    "conversations.open": open_conversation,
    "conversations.close": close,
    "conversations.join": join,
    "conversations.leave": leave,
    "conversations.invite": invite,
    "conversations.kick": kick,
    "conversations.create": create,
    "conversations.archive": archive,
    "conversations.unarchive": unarchive,
    "conversations.rename": rename,
    "conversations.setTopic": set_topic,
    "conversations.setPurpose": set_purpose,
}
