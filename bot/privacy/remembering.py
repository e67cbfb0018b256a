"""Remembers where a feature's direct messages are in Slack, so that erasing and retention take them out."""

import logging

from bot.scheduler import posted
from bot.scheduler.clocks import Clock
from bot.scheduler.posted import Posted
from bot.scheduler.posting import is_person
from bot.slack.blocks import Message
from bot.slack.clients import Clients
from bot.slack.notifier import Notifier
from bot.storage.database import Database
from bot.storage.errors import StorageError

log = logging.getLogger(__name__)

KIND = "told"


class RememberingNotifier(Notifier):
    """For features that write to a person at once; the worker, with a record of its own, has a plain one."""

    def __init__(self, clients: Clients, database: Database, clock: Clock) -> None:
        super().__init__(clients)
        self._database = database
        self._clock = clock

    async def deliver(
        self, workspace: str, recipient: str, message: Message, thread_ts: str | None = None
    ) -> tuple[str, str]:
        """Post, and remember where, if it went to a person."""
        channel, ts = await super().deliver(workspace, recipient, message, thread_ts)
        if is_person(recipient):
            place = Posted(workspace, channel, ts, KIND, recipient, self._clock.now(), about=recipient)
            try:
                await self._database.write(lambda tx: posted.remember(tx, place))
            except StorageError as error:
                # It is in Slack all the same: whoever asked for it must not be told that it failed.
                log.warning("where a message went is not remembered: %s", error)
        return channel, ts
