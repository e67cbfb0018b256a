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
        self._kept_here = 0

    async def has(self, workspace: str, about: str) -> bool:
        """Whether it is worth looking for a lesson about this."""
        known = self._known.get(workspace)
        if known is None or self._clock.now() - known.at >= KNOWN_FOR:
            known = await self._read(workspace)
        return about in known.topics

    def kept(self, workspace: str) -> None:
        """A lesson was just kept here: look again, without waiting for the minute to pass."""
        self._kept_here += 1
        self._known.pop(workspace, None)

    async def _read(self, workspace: str) -> _Known:
        at, kept_before = self._clock.now(), self._kept_here
        known = _Known(await self._database.read(lambda tx: lessons.topics(tx, workspace)), at)
        # A lesson kept meanwhile may not be in what was read: the next card looks for itself.
        if self._kept_here == kept_before:
            self._remember(workspace, known)
        return known

    def _remember(self, workspace: str, known: _Known) -> None:
        self._known[workspace] = known
        self._known.move_to_end(workspace)
        if len(self._known) > WORKSPACES_KNOWN_MOST:
            self._known.popitem(last=False)
