"""files.*: the upload in three steps, and what is known of a file."""

import mimetypes
import time
from typing import Any

from bot.sandbox import events, posting
from bot.sandbox.api.call import ApiError, Call
from bot.sandbox.shown import file_json
from bot.sandbox.validation import MessageRules, check_message
from bot.sandbox.workspace import Conversation, StoredFile, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]

_MOST_BYTES = 50_000_000
_SCANNED_AFTER_S = 0.5
"""Slack goes on scanning after an upload; until then no block may name the file."""


async def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: step one, a place to put the bytes."""
    name = call.text("filename")
    length = call.number("length", 0)
    if length <= 0 or length > _MOST_BYTES:
        raise ApiError("invalid_arguments", ["[ERROR] must be more than 0: length"])
    alt_txt = call.optional("alt_txt")
    if alt_txt and len(alt_txt) > 1000:
        raise ApiError("alt_txt_too_large")
    file = new_file(call.world, call.workspace, name, call.bot.id, length)
    file.alt_txt = alt_txt
    return {"upload_url": f"{call.world.base_url}/upload/{call.workspace.key}/{file.id}", "file_id": file.id}


def new_file(world: World, workspace: Workspace, name: str, user_id: str, length: int) -> StoredFile:
    """Make the record of a file whose bytes are still to come."""
    file = StoredFile(world.ids.new("F"), name.replace("/", "_"), user_id, length, int(time.time()))
    file.mimetype = mimetypes.guess_type(name)[0] or "text/plain"
    workspace.files[file.id] = file
    return file


async def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: step three, shared into a conversation or kept private."""
    listed = call.structure("files", error="invalid_arguments")
    if not isinstance(listed, list) or not listed:
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: files"])
    files = [_uploaded(call, item) for item in listed]
    targets = [_target(call, channel) for channel in call.names("channels") or call.names("channel_id")]
    for file in files:
        file.ready = True
        file.usable_at = time.monotonic() + _SCANNED_AFTER_S
    for conversation in targets:
        _share(call, conversation, files)
    return {"files": [file_json(call.world, file) for file in files]}


def _uploaded(call: Call, item: Any) -> StoredFile:
    if not isinstance(item, dict):
        raise ApiError("invalid_arguments", ["[ERROR] must provide an object: files"])
    file = call.workspace.files.get(str(item.get("id")))
    if file is None or file.content is None or file.ready:
        raise ApiError("file_not_found" if file is None else "invalid_arguments")
    file.title = str(item.get("title") or file.name)
    return file


def _target(call: Call, channel: str) -> Conversation:
    conversation = call.workspace.conversations.get(channel)
    if conversation is None or (conversation.kind != "channel" and call.bot.id not in conversation.members):
        raise ApiError("channel_not_found")
    if call.bot.id not in conversation.members:
        raise ApiError("not_in_channel")
    if conversation.is_archived:
        raise ApiError("is_archived")
    return conversation


def _share(call: Call, conversation: Conversation, files: list[StoredFile]) -> None:
    comment = call.optional("initial_comment")
    blocks = None if comment else call.structure("blocks", error="invalid_blocks_format")
    body = {"text": comment or "", "blocks": blocks, "thread_ts": call.optional("thread_ts")}
    if comment or blocks:
        call.refuse(check_message(body, MessageRules()))
    message = posting.bot_message(call.world, call.workspace, conversation.id, body)
    message.subtype = "file_share"
    message.files = [file.id for file in files]
    posting.post(call.world, conversation, message)
    for file in files:
        shared(call.world, call.workspace, conversation, file)


def shared(world: World, workspace: Workspace, conversation: Conversation, file: StoredFile) -> None:
    """Note where a file was shared and tell the app."""
    file.channels.append(conversation.id)
    event = {
        "type": "file_shared",
        "file_id": file.id,
        "user_id": file.user,
        "file": {"id": file.id},
        "channel_id": conversation.id,
        "event_ts": world.stamps.next(),
    }
    events.emit(world, workspace, event, conversation)


def _known(call: Call) -> StoredFile:
    file = call.workspace.files.get(call.text("file", error="file_not_found"))
    if file is None or not file.ready:
        raise ApiError("file_not_found")
    return file


async def info(call: Call) -> Json:
    """files.info."""
    return {
        "file": file_json(call.world, _known(call)),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


async def delete(call: Call) -> Json:
    """files.delete: own files only."""
    file = _known(call)
    if file.user != call.bot.id:
        raise ApiError("cant_delete_file")
    del call.workspace.files[file.id]
    call.world.changes.touch_all()
    return {}


METHODS = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
    "files.delete": delete,
}
