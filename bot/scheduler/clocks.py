"""The two clocks: intent time decides when things are due, real time everything else."""

import asyncio
import contextlib
import datetime as dt
import logging
from typing import Protocol

import aiohttp

log = logging.getLogger(__name__)

LONG_POLL_S = 30
RETRY_AFTER_S = 0.5


class Clock(Protocol):
    """Tells the time as an aware datetime in UTC."""

    def now(self) -> dt.datetime:
        """Return the present moment."""
        ...


class IntentClock(Clock, Protocol):
    """A clock that may be moved, and then wakes who sleeps on it."""

    async def sleep_until(self, moment: dt.datetime, *, at_most: float) -> None:
        """Return when that moment has come, when the clock was moved, or after `at_most` real seconds."""
        ...


class RealClock:
    """The machine's own time: for leases, timeouts, signatures; outside the sandbox for intent too."""

    def now(self) -> dt.datetime:
        """Return the machine's time."""
        return dt.datetime.now(dt.UTC)

    async def sleep_until(self, moment: dt.datetime, *, at_most: float) -> None:
        """Sleep; nobody moves this clock."""
        await asyncio.sleep(_seconds(moment - self.now(), at_most))


class FollowedClock:
    """Intent time as the sandbox tells it: real time plus an offset that somebody may make greater."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url = url
        self._session = session
        self._offset = dt.timedelta()
        self._sequence = -1
        self._moved = asyncio.Event()

    def now(self) -> dt.datetime:
        """Return intent time."""
        return dt.datetime.now(dt.UTC) + self._offset

    async def sleep_until(self, moment: dt.datetime, *, at_most: float) -> None:
        """Sleep until then, or until the clock is moved."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._moved.wait(), _seconds(moment - self.now(), at_most))

    async def start(self) -> None:
        """Learn the time once; raises what aiohttp raises where there is no such clock."""
        await self._ask({})

    async def follow(self) -> None:
        """Keep up with the clock's moves until cancelled."""
        while True:
            try:
                await self._ask({"after": str(self._sequence), "wait": str(LONG_POLL_S)})
            except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
                log.warning("the clock can't be read: %s", type(error).__name__)
                await asyncio.sleep(RETRY_AFTER_S)

    async def _ask(self, params: dict[str, str]) -> None:
        timeout = aiohttp.ClientTimeout(total=LONG_POLL_S + 10)
        async with self._session.get(self._url, params=params, timeout=timeout) as answer:
            told = await answer.json()
        self._set(int(told["sequence"]), dt.timedelta(seconds=float(told["offset_s"])))

    def _set(self, sequence: int, offset: dt.timedelta) -> None:
        if sequence == self._sequence:
            return
        self._sequence, self._offset = sequence, offset
        self._moved.set()
        self._moved = asyncio.Event()


def _seconds(left: dt.timedelta, at_most: float) -> float:
    return max(0.0, min(left.total_seconds(), at_most))
