"""reactions.*."""

import re
from typing import Any

from bot.sandbox import events
from bot.sandbox.api.call import ApiError, Call
from bot.sandbox.shown import message_json
from bot.sandbox.workspace import Conversation, Message, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]


class ReactionError(Exception):
    """Slack's error name for a reaction it does not take."""


def change(
    world: World,
    workspace: Workspace,
    where: tuple[Conversation, Message],
    user_id: str,
    name: str,
    *,
    add: bool,
) -> None:
    """Add or take back somebody's reaction."""
    conversation, message = where
    name = name.strip(":")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise ReactionError("invalid_name")
    users = message.reactions.get(name, [])
    if add == (user_id in users):
        raise ReactionError("already_reacted" if add else "no_reaction")
    users = [*users, user_id] if add else [u for u in users if u != user_id]
    message.reactions.pop(name, None) if not users else message.reactions.update({name: users})
    world.touch_conversation(conversation)
    event = {
        "type": "reaction_added" if add else "reaction_removed",
        "user": user_id,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": conversation.id, "ts": message.ts},
        "event_ts": world.stamps.next(),
    }
    events.emit(world, workspace, event, conversation)


def _react(call: Call, *, add: bool) -> Json:
    conversation = call.conversation(member=True)
    message = call.message(conversation, "timestamp")
    try:
        change(
            call.world,
            call.workspace,
            (conversation, message),
            call.bot.id,
            call.text("name", error="invalid_name"),
            add=add,
        )
    except ReactionError as refused:
        raise ApiError(str(refused)) from None
    return {}


async def add(call: Call) -> Json:
    """reactions.add: twice is already_reacted."""
    return _react(call, add=True)


async def remove(call: Call) -> Json:
    """reactions.remove."""
    return _react(call, add=False)


async def get(call: Call) -> Json:
    """reactions.get."""
    conversation = call.conversation(member=True)
    message = call.message(conversation, "timestamp")
    shown = message_json(call.world, call.workspace, message)
    return {"type": "message", "channel": conversation.id, "message": shown}


METHODS = {"reactions.add": add, "reactions.remove": remove, "reactions.get": get}
