"""Sending files into a person's messages with Steady, or the words themselves where files are forbidden."""

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.people import Member
from bot.slack import blocks as b
from bot.slack.clients import Clients
from bot.slack.errors import error_name
from bot.slack.notifier import Notifier
from bot.slack.text import escape

log = logging.getLogger(__name__)

PIECE = 2800
"""Characters of text a message; Slack takes 3,000 a block and splits messages near 4,000."""
PIECES_MOST = 12
CUT = (
    "That is the beginning; all of it is longer than messages hold. Files are not allowed here: ask an admin "
    "to allow them, then ask again for your data."
)


class Files:
    """Uploads in Slack's three steps: a place, the bytes, the sharing."""

    def __init__(self, clients: Clients, session: aiohttp.ClientSession, notifier: Notifier) -> None:
        self._clients = clients
        self._session = session
        self._notifier = notifier

    async def send(self, member: Member, words: str, files: Mapping[str, bytes]) -> bool:
        """Send `words` and then the files; False where Slack or the company refuses files."""
        opening = b.Message(escape(words), [b.section(escape(words))])
        channel, _ = await self._notifier.deliver(member.workspace, member.id, opening)
        try:
            uploaded = [await self._upload(member, name, content) for name, content in files.items()]
            await self._clients.of(member.workspace).files_completeUploadExternal(
                files=uploaded, channel_id=channel
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            name = error_name(error) if isinstance(error, SlackApiError) else type(error).__name__
            log.warning("a file could not be sent: %s", name)
            return False
        return True

    async def send_text(self, member: Member, text: str) -> None:
        """Send `text` in messages of its own; where it is too long for that, as much as fits, and say so."""
        pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
        for piece in pieces[:PIECES_MOST]:
            await self._notifier.tell(member, b.Message(escape("Your data, as text."), [b.copyable(piece)]))
        if len(pieces) > PIECES_MOST:
            await self._notifier.tell(member, b.Message(escape(CUT), [b.section(escape(CUT))]))

    async def _upload(self, member: Member, name: str, content: bytes) -> dict[str, Any]:
        client = self._clients.of(member.workspace)
        place = await client.files_getUploadURLExternal(filename=name, length=len(content))
        async with self._session.post(str(place["upload_url"]), data=content) as answer:
            answer.raise_for_status()
        return {"id": str(place["file_id"]), "title": name}
