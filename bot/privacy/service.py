"""Seeing, exporting and erasing what is kept about a member, over every feature's holding."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp

from bot.people import Member
from bot.personal import Holding
from bot.privacy import store
from bot.privacy.exporting import as_csv, as_json, as_words, merged
from bot.privacy.files import Files
from bot.privacy.model import MyData
from bot.privacy.store import Entry
from bot.scheduler import posted
from bot.scheduler.posted import Posted
from bot.scheduler.retention import LEFT_FOR_NEXT
from bot.slack.tasks import Tasks
from bot.storage.database import Database, Transaction
from bot.storage.errors import StorageError

log = logging.getLogger(__name__)

SHOWN_MOST = 2_800
"""Characters of an export that are shown in the modal itself."""
ENTRIES_MOST = 60

TakeBack = Callable[[Posted], Awaitable[str]]
"""Takes one message out of Slack; returns what became of it."""
BETWEEN_S = 1.25
"""Seconds between two messages; chat.delete takes about fifty a minute (Slack's tier 3)."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class PrivacyService:
    """Answers what a member may ask of their own data."""

    def __init__(
        self,
        database: Database,
        holdings: Sequence[Holding],
        files: Files,
        tasks: Tasks,
        take_back: TakeBack,
    ) -> None:
        self._database = database
        self._holdings = holdings
        self._files = files
        self._tasks = tasks
        self._take_back = take_back

    async def see(self, member: Member) -> MyData:
        """Count what is kept, by kind."""
        whole = await self._whole(member)
        text = as_words(whole)
        counts = {kind: len(entries) for kind, entries in whole.items()}
        return MyData(counts, text if len(text) <= SHOWN_MOST else "")

    def send(self, member: Member) -> None:
        """Send all of it as files, soon; as text where files are forbidden."""
        self._tasks.start(self._send(member))

    async def erase(self, member: Member) -> None:
        """Forget the member now; Steady's messages are taken out of Slack behind the answer.

        The night's retention rewrites the database's files, so that its words are not to be found there.
        """
        messages = await self._database.write(lambda tx: self._erase(tx, member))
        self._tasks.start(self._erase_messages(messages))

    async def log_of(self, workspace: str) -> Sequence[Entry]:
        """The newest lines of the access log."""
        return await self._database.read(lambda tx: store.recent(tx, workspace, ENTRIES_MOST))

    async def _whole(self, member: Member) -> dict[str, list[dict[str, Any]]]:
        return await self._database.read(
            lambda tx: merged(holding.export(tx, member) for holding in self._holdings)
        )

    async def _send(self, member: Member) -> None:
        whole = await self._whole(member)
        text = as_json(whole)
        files = {
            "steady-my-data.json": text.encode(),
            # Spreadsheets take a CSV for UTF-8 only with a mark in front.
            "steady-my-data.csv": as_csv(whole).encode("utf-8-sig"),
        }
        words = "Everything Steady keeps about you. Slack keeps these files until you delete them here."
        if not await self._files.send(member, words, files):
            await self._files.send_text(member, text)

    def _erase(self, tx: Transaction, member: Member) -> list[Posted]:
        messages = posted.concerning(tx, member)
        for holding in self._holdings:
            holding.erase(tx, member)
        for message in messages:
            # By its place alone, until it is gone; past every age, so that what is left now goes at night.
            nobodys = replace(message, recipient=message.channel, about=None, sent_at=LONG_AGO)
            posted.remember(tx, nobodys)
        return messages

    async def _erase_messages(self, messages: Sequence[Posted]) -> None:
        became: Counter[str] = Counter()
        for message in messages:
            became[await self._erase_message(message)] += 1
            await asyncio.sleep(BETWEEN_S)
        log.info("a member's data was erased; of Steady's messages in Slack: %s", dict(became))

    async def _erase_message(self, message: Posted) -> str:
        try:
            became = await self._take_back(message)
            if became != LEFT_FOR_NEXT:
                # What Slack will never delete is forgotten all the same: its row leads to the member.
                await self._database.write(lambda tx: posted.forget(tx, message))
        except (aiohttp.ClientError, OSError, TimeoutError, StorageError):
            return LEFT_FOR_NEXT
        return became
