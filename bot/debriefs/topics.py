"""Which situations have a lesson at all, so that a card for one without asks the database nothing."""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass

from bot.debriefs import lessons
from bot.scheduler.clocks import Clock
from bot.storage.database import Database

KNOWN_FOR = dt.timedelta(minutes=1)
"""How late a first lesson that another replica kept may show on a card."""
WORKSPACES_KNOWN_MOST = 1_000


@dataclass(frozen=True, slots=True)
class _Known:
    topics: frozenset[str]
    at: dt.datetime


class Topics:
    """Ids of situations and nothing else: no words, and not who may see them.

    A lesson that is there is read every time and the rule asked, so that what was deleted, or is no longer
    for somebody, is gone from the next card on, whichever replica draws it.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def has(self, workspace: str, about: str) -> bool:
        """Whether it is worth looking for a lesson about this."""
        known = self._known.get(workspace)
        if known is None or self._clock.now() - known.at >= KNOWN_FOR:
            known = await self._read(workspace)
        return about in known.topics

    def add(self, workspace: str, about: str) -> None:
        """Know of a lesson that was just kept here, without waiting for the minute to pass."""
        if known := self._known.get(workspace):
            self._known[workspace] = _Known(known.topics | {about}, known.at)

    async def _read(self, workspace: str) -> _Known:
        at = self._clock.now()
        known = _Known(await self._database.read(lambda tx: lessons.topics(tx, workspace)), at)
        self._known[workspace] = known
        self._known.move_to_end(workspace)
        if len(self._known) > WORKSPACES_KNOWN_MOST:
            self._known.popitem(last=False)
        return known
