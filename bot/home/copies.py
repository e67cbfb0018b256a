"""Copies of fresh cards for App Home: late, one a member, and never faster than Slack takes them."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

from bot.people import Member
from bot.slack.errors import sentence_for
from bot.slack.tasks import Tasks

EVERY = 0.75
"""Seconds between two pages; views.publish takes about 100 a minute (docs.slack.dev, rate limits, tier 4)."""
WAITING_MOST = 500
"""Members whose copy may wait; beyond that the oldest is forgotten, since only the copy is lost."""

Show = Callable[[Member, Mapping[str, str]], Awaitable[None]]


class Copies:
    """Publishes the newest card of each member behind their answers."""

    def __init__(self, show: Show, tasks: Tasks) -> None:
        self._show = show
        self._tasks = tasks
        self._waiting: OrderedDict[Member, Mapping[str, str]] = OrderedDict()
        self._publishing = False

    def keep(self, member: Member, notes: Mapping[str, str]) -> None:
        """Publish soon; a newer card of the same member takes the place of one that still waits."""
        self._waiting[member] = notes
        self._waiting.move_to_end(member)
        if len(self._waiting) > WAITING_MOST:
            self._waiting.popitem(last=False)
        if not self._publishing:
            self._publishing = True
            self._tasks.start(self._publish())

    async def _publish(self) -> None:
        try:
            while self._waiting:
                member, notes = self._waiting.popitem(last=False)
                await self._try(member, notes)
                await asyncio.sleep(EVERY)
        finally:
            self._publishing = False

    async def _try(self, member: Member, notes: Mapping[str, str]) -> None:
        try:
            await self._show(member, notes)
        except Exception as error:  # noqa: BLE001  # a page Slack refuses must not keep back the others
            sentence_for(error)
