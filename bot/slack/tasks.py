"""Slow work that outlives its ack: held by strong references, drained before the process ends."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Tasks:
    """A registry of running work; asyncio itself may forget a task nobody holds."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Let `work` run on; what it raises is the work's own business to report."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._finished)

    async def drain(self, within: float) -> int:
        """Wait up to `within` seconds for what is running, then cancel the rest; return how many were cut."""
        if not self._running:
            return 0
        _, late = await asyncio.wait(set(self._running), timeout=within)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("background work failed: %s", type(error).__name__)
