"""Writing down what became of a job, together with what its feature makes of that."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from bot.directory import store as directory
from bot.people import Member
from bot.scheduler import claims, outbox, posted
from bot.scheduler.composing import Composer
from bot.scheduler.means import MOST_TRIES, Means
from bot.scheduler.model import Job, State
from bot.scheduler.posting import Limited, NotReached, Outcome, Perhaps, Refused, Sent, Whose, is_person
from bot.storage.database import Transaction
from bot.storage.errors import DatabaseBusyError, StorageError

log = logging.getLogger(__name__)

After = Callable[[Transaction], None]
T = TypeVar("T")

WRITE_TRIES = 4


class Recorder:
    """Ends jobs. Each ending asks again for the state it starts from, so that doing it twice does it once."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def attempted(self, job: Job, marker: str, outcome: Outcome) -> None:
        """Keep what became of one attempt to send."""
        match outcome:
            case Sent():
                await self._sent(job, marker, outcome)
            case Refused(error, Whose.WORKSPACE):
                now = self._means.real.now()
                await self.stop(job.workspace, error, lambda tx: claims.unsent(tx, job, marker, now, tries=0))
            case Refused(error, whose):
                await self._refused(job, marker, error, whose)
            case Limited(seconds):
                await self._leave_alone(job, marker, timedelta(seconds=seconds), "limited")
            case NotReached():
                await self._leave_alone(job, marker, self._means.patience.unreached_for, "not_reached")
            case Perhaps():
                # It stays `sending` until the conversation has been read back.
                self._means.counts["perhaps"] += 1

    async def never_arrived(self, job: Job, marker: str, attempts: int) -> None:
        """Slack hasn't got it: due again, or given up after many tries."""
        self._means.counts["settled_absent"] += 1
        if attempts + 1 >= MOST_TRIES:
            await self._refused(job, marker, "never_arrived", Whose.JOB)
            return
        now = self._means.real.now()
        await self.write(lambda tx: claims.unsent(tx, job, marker, now, tries=1))

    async def withheld(self, job: Job, reason: str, state: State = State.WITHHELD) -> None:
        """Keep that a job in hand was not tried, and why."""
        now, holder = self._means.intent.now(), self._means.holder

        def end(tx: Transaction, after: After) -> bool:
            if not claims.end_leased(tx, job, holder, state, reason, now):
                return False
            after(tx)
            return True

        if await self._with_feature(end, lambda tx: self._tell_withheld(tx, job, reason)):
            self._means.counts[str(state)] += 1

    async def done(self, job: Job, on_done: After) -> None:
        """Keep that an errand was done."""
        now, holder = self._means.intent.now(), self._means.holder

        def end(tx: Transaction, after: After) -> bool:
            if not claims.end_leased(tx, job, holder, State.SENT, None, now):
                return False
            after(tx)
            return True

        if await self._with_feature(end, on_done):
            self._means.counts["done"] += 1

    async def not_installed(self, workspace: str, jobs: Collection[Job]) -> None:
        """There is no token for this workspace: stop it, and give back what was in hand."""
        await self.stop(workspace, "not_installed", lambda tx: claims.give_back(tx, jobs, self._means.holder))

    async def stop(self, workspace: str, reason: str, first: After | None = None) -> None:
        """Send nothing more in a workspace that won't have us, having done `first`; its jobs wait."""
        now = self._means.intent.now()
        log.warning("a workspace is stopped: %s", reason)

        def stop(tx: Transaction) -> None:
            if first:
                first(tx)
            outbox.stop_workspace(tx, workspace, reason, now)

        await self.write(stop)
        self._means.counts["stopped"] += 1

    async def failed(self, job: Job, attempts: int, doing: str) -> None:
        """An error of our own: try again later, longer each time, then give up."""
        if attempts + 1 >= MOST_TRIES:
            await self.withheld(job, f"{doing}_failed", State.DEAD)
            return
        wait = self._means.jittered(self._means.patience.retry_after * 2**attempts)
        until = self._means.real.now() + wait
        await self.write(lambda tx: claims.try_later(tx, job, self._means.holder, until))

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """Write, again if the database is busy or lost the answer: every change here can be done twice."""
        for tried in range(WRITE_TRIES - 1):
            try:
                return await self._means.database.write(fn)
            except StorageError:
                await asyncio.sleep(self._means.jittered(timedelta(seconds=0.05 * 4**tried)).total_seconds())
        return await self._means.database.write(fn)

    async def _sent(self, job: Job, marker: str, sent: Sent) -> None:
        now = self._means.intent.now()
        message = posted.Posted(
            job.workspace, sent.channel, sent.ts, job.kind, job.recipient, now, about=job.about
        )
        nobodys = replace(message, recipient=sent.channel, about=None)

        def end(tx: Transaction, after: After) -> bool:
            if not claims.end_sending(tx, job, marker, State.SENT, None, now):
                posted.remember(tx, message if _is_kept(tx, job) else nobodys)
                return False
            posted.remember(tx, message)
            if is_person(job.recipient):
                claims.remember_dm(tx, job.workspace, job.recipient, sent.channel)
            after(tx)
            return True

        if await self._with_feature(end, lambda tx: self._tell_sent(tx, job, sent)):
            self._means.counts["sent"] += 1

    async def _refused(self, job: Job, marker: str, error: str, whose: Whose) -> None:
        now = self._means.intent.now()

        def end(tx: Transaction, after: After) -> bool:
            if not claims.end_sending(tx, job, marker, State.DEAD, error, now):
                return False
            if whose is Whose.PERSON:
                directory.mark_unreachable(tx, Member(job.workspace, job.recipient), error)
            after(tx)
            return True

        if await self._with_feature(end, lambda tx: self._tell_withheld(tx, job, error)):
            self._means.counts["dead"] += 1

    async def _leave_alone(self, job: Job, marker: str, wait: timedelta, why: str) -> None:
        """Give the job back, and have every replica leave its workspace alone for a while; no other's."""
        until = self._means.real.now() + self._means.jittered(wait)

        def give_back(tx: Transaction) -> None:
            claims.unsent(tx, job, marker, until, tries=0)
            claims.pause(tx, job.workspace, until)

        await self.write(give_back)
        self._means.counts[why] += 1

    async def _with_feature(self, end: Callable[[Transaction, After], bool], after: After) -> bool:
        """End a job and tell its feature in one unit of work; its failing doesn't undo the ending."""
        try:
            return await self.write(lambda tx: end(tx, after))
        except DatabaseBusyError:
            raise
        except Exception as error:  # noqa: BLE001  # a feature's own code and SQL: whatever it raises, the job is over
            log.error("a feature could not follow up on its job: %s", type(error).__name__)
            return await self.write(lambda tx: end(tx, _nothing))

    def _tell_sent(self, tx: Transaction, job: Job, sent: Sent) -> None:
        handler = self._means.handlers.get(job.kind)
        if isinstance(handler, Composer):
            handler.on_sent(tx, job, sent.channel, sent.ts)

    def _tell_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        if handler := self._means.handlers.get(job.kind):
            handler.on_withheld(tx, job, reason)


def _is_kept(tx: Transaction, job: Job) -> bool:
    """Whether the job is there yet; if not it was erased, and whom it was for is not to be kept."""
    return outbox.find(tx, job.workspace, job.kind, job.key) is not None


def _nothing(_: Transaction) -> None:
    """There is no feature to tell."""
