"""The worker: looks for due jobs, claims them, has them sent, and settles what was left open.

Any number may run on one PostgreSQL, in one or many processes; each is as good as the others.
"""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.errors import BusyError
from bot.scheduler import claims
from bot.scheduler.claims import Held, Standing, Unsettled
from bot.scheduler.means import Means
from bot.scheduler.recording import Recorder
from bot.scheduler.sending import Sender
from bot.scheduler.settling import Settler
from bot.storage.database import Transaction
from bot.storage.errors import StorageError

log = logging.getLogger(__name__)

SETTLING_AT_ONCE = 4
BUSY_FOR = timedelta(seconds=1)
LOST_RACE_FOR = timedelta(milliseconds=50)


class Worker:
    """One worker; `run` it as a task, `wake` it after adding a job, `stop` it before closing what it uses."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._ending = asyncio.Event()
        self._woken = asyncio.Event()
        self._recorder = Recorder(means)
        self._sender = Sender(means, self._recorder, self._ending)
        self._settler = Settler(means, self._recorder)
        self._settling = asyncio.Semaphore(SETTLING_AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()
        self._in_hand: dict[str, int] = {}
        self.looked_at: datetime | None = None
        """When it last looked for work, in real time: long ago means that it hangs."""

    @property
    def counts(self) -> dict[str, int]:
        """What happened so far in this worker, by name."""
        return dict(self._means.counts)

    async def run(self) -> None:
        """Work until stopped; whatever goes wrong meanwhile, such as a busy database, is tried again."""
        while not self._ending.is_set():
            try:
                wait = await self._turn()
            except (StorageError, BusyError) as error:
                log.warning("the schedule can't be read: %s", error)
                wait = (None, BUSY_FOR)
            except Exception as error:  # noqa: BLE001  # if the loop ended here, nobody would notice that nothing is sent
                log.error("the schedule stumbled: %s", type(error).__name__)
                wait = (None, BUSY_FOR)
            if wait:
                await self._rest(*wait)

    def wake(self) -> None:
        """Look for due jobs now."""
        self._woken.set()

    async def stop(self, within: float = 8.0) -> int:
        """Claim nothing more and finish what is being sent; returns how many were cut off, for settling."""
        self._ending.set()
        self._woken.set()
        if not self._running:
            return 0
        _, late = await asyncio.wait(set(self._running), timeout=within)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    async def _turn(self) -> tuple[datetime | None, timedelta] | None:
        """Claim what can be claimed; None to look again at once, else until when and how long to rest."""
        real_now = self._means.real.now()
        self.looked_at = real_now
        standings, expired = await self._means.database.read(
            lambda tx: (claims.standings(tx), claims.has_expired(tx, real_now))
        )
        recovered = expired and await self._recover(real_now)
        # One moment for all of the turn: what fell due in between would neither be ready nor lie ahead.
        now = self._means.intent.now()
        ready = [standing for standing in standings if self._is_ready(standing, now, real_now)]
        claimed = [await self._claim(standing.workspace) for standing in ready]
        if any(claimed) or recovered:
            return None
        return self._until(standings, now, real_now, lost_race=bool(ready))

    async def _recover(self, real_now: datetime) -> bool:
        """Take over from workers that died: what they held is due again, what they sent is looked up."""
        held_until = real_now + self._means.patience.lease_for
        holder = self._means.holder

        def take_over(tx: Transaction) -> tuple[int, list[Unsettled]]:
            released = claims.release_expired(tx, real_now)
            return released, claims.claim_unsettled(tx, holder, real_now=real_now, held_until=held_until)

        released, unsettled = await self._means.database.write(take_over)
        for lost in unsettled:
            self._start(self._settle(lost))
        return released > 0

    async def _settle(self, lost: Unsettled) -> None:
        async with self._settling:
            await self._settler.settle(lost)

    def _is_ready(self, standing: Standing, now: datetime, real_now: datetime) -> bool:
        return (
            standing.due_at is not None
            and standing.due_at <= now
            and standing.free_at(real_now, self._means.pace.ahead_for) <= real_now
            and self._room(standing.workspace) > 0
        )

    def _room(self, workspace: str) -> int:
        return min(self._means.pace.batch, self._means.pace.in_hand - self._in_hand.get(workspace, 0))

    async def _claim(self, workspace: str) -> int:
        means, most = self._means, self._room(workspace)
        now, held_until = means.intent.now(), means.real.now() + means.patience.lease_for
        batch = await means.database.write(
            lambda tx: claims.claim(tx, workspace, means.holder, now=now, held_until=held_until, most=most)
        )
        for part in self._sender.apart(batch):
            self._in_hand[workspace] = self._in_hand.get(workspace, 0) + len(part)
            self._start(self._see_to(workspace, part))
        return len(batch)

    async def _see_to(self, workspace: str, batch: Sequence[Held]) -> None:
        try:
            await self._sender.see_to(workspace, batch)
        finally:
            self._in_hand[workspace] -= len(batch)

    def _until(
        self, standings: list[Standing], now: datetime, real_now: datetime, *, lost_race: bool
    ) -> tuple[datetime | None, timedelta]:
        """Until when to rest: the next due moment, or when a pause or a pace lets somebody go on."""
        at_most = [self._means.jittered(self._means.patience.poll_every)]
        if lost_race:
            at_most.append(self._means.jittered(LOST_RACE_FOR))
        for standing in standings:
            if standing.due_at is not None and standing.due_at <= now:
                free_at = standing.free_at(real_now, self._means.pace.ahead_for)
                at_most += [free_at - real_now] if free_at > real_now else []
        ahead = [s.due_at for s in standings if s.due_at is not None and s.due_at > now]
        return min(ahead, default=None), min(at_most)

    async def _rest(self, moment: datetime | None, at_most: timedelta) -> None:
        """Sleep until intent time reaches the moment or is moved, somebody wakes us, or time is up."""
        seconds = at_most.total_seconds()
        until = moment or self._means.intent.now() + at_most
        sleeping = asyncio.create_task(self._means.intent.sleep_until(until, at_most=seconds))
        waking = asyncio.create_task(self._woken.wait())
        try:
            await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED, timeout=seconds)
        finally:
            for task in (sleeping, waking):
                task.cancel()
            await asyncio.gather(sleeping, waking, return_exceptions=True)
        self._woken.clear()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()):
            # What it held is recovered when the lease runs out.
            log.error("jobs in hand were dropped: %s", type(error).__name__)
