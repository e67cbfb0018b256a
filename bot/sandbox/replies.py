"""What the app answers to a person's gesture: in the acknowledgement, or later through response_url."""

from typing import Any

from bot.sandbox import posting
from bot.sandbox.triggers import ResponseUrl
from bot.sandbox.validation import MessageRules, Refusal, check_message
from bot.sandbox.workspace import Message, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]


def reply(world: World, workspace: Workspace, url: ResponseUrl, body: Json) -> Refusal | None:
    """Apply an answer where the gesture was made; ephemeral unless it says `in_channel`."""
    source = _source(workspace, url)
    if body.get("delete_original"):
        return _delete(world, workspace, url, source)
    refusal = check_message(body, MessageRules(sums_blocks=False))
    if refusal:
        return refusal
    if body.get("replace_original") and source is not None:
        _replace(world, workspace, source, body)
        return None
    message = posting.bot_message(world, workspace, url.channel, body)
    if body.get("response_type") == "in_channel":
        posting.post(world, workspace.conversations[url.channel], message)
    else:
        posting.ephemeral(world, workspace, url.user_id, message)
    return None


def _source(workspace: Workspace, url: ResponseUrl) -> Message | None:
    if url.message_ts is None:
        return None
    conversation = workspace.conversations.get(url.channel)
    in_channel = conversation.messages.get(url.message_ts) if conversation else None
    found = in_channel or workspace.ephemeral(url.user_id, url.message_ts)
    return found if found and found.bot_id else None


def _delete(world: World, workspace: Workspace, url: ResponseUrl, source: Message | None) -> Refusal | None:
    if source is None:
        return Refusal("message_not_found")
    if source.ephemeral_to is None:
        posting.remove(world, workspace.conversations[url.channel], source)
    else:
        workspace.ephemerals[url.user_id].remove(source)
        world.changes.touch([url.user_id])
    return None


def _replace(world: World, workspace: Workspace, source: Message, body: Json) -> None:
    drawn = posting.bot_message(world, workspace, source.channel, body)
    changes: Json = {"text": drawn.text, "blocks": drawn.blocks, "attachments": drawn.attachments}
    if source.ephemeral_to is None:
        posting.edit(world, workspace.conversations[source.channel], source, changes, source.user)
        return
    for name, value in changes.items():
        setattr(source, name, value)
    source.trouble.clear()
    world.changes.touch([source.ephemeral_to])


def answer_of(response: Any) -> Json | None:
    """Read the answer inside an acknowledgement; None when it is empty."""
    if not isinstance(response, dict):
        return None
    said = any(response.get(key) for key in ("text", "blocks", "attachments", "delete_original"))
    return response if said else None
