"""What a worker does with the jobs it claimed: decide, wait for a slot, send, write down."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from bot.scheduler import claims, posting
from bot.scheduler.availability import No, Yes
from bot.scheduler.claims import Held
from bot.scheduler.composing import Composer, Errand, Withhold
from bot.scheduler.means import Means
from bot.scheduler.model import Job, State
from bot.scheduler.posting import NoPlaceError, Refused, Whose, marked
from bot.scheduler.recipients import check
from bot.scheduler.recording import Recorder
from bot.slack.blocks import Message

log = logging.getLogger(__name__)

T = TypeVar("T")

TOO_LATE = "too_late"
"""The reason of a job whose grace ended before anybody could send it."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may go out."""

    job: Job
    message: Message
    marker: str


class Sender:
    """Sees to claimed jobs; several batches of one workspace may be under way at once."""

    def __init__(self, means: Means, recorder: Recorder, ending: asyncio.Event) -> None:
        self._means = means
        self._recorder = recorder
        self._ending = ending
        self._channel_free_at: dict[tuple[str, str], datetime] = {}
        self._paused_until: dict[str, datetime] = {}

    def apart(self, batch: Sequence[Held]) -> list[Sequence[Held]]:
        """Messages together, each errand by itself: it may take minutes, and nothing should wait for it."""
        errands = [held for held in batch if isinstance(self._means.handlers.get(held.job.kind), Errand)]
        messages = [held for held in batch if held not in errands]
        return [*([messages] if messages else []), *([errand] for errand in errands)]

    async def see_to(self, workspace: str, batch: Sequence[Held]) -> None:
        """Bring every job of a batch to an end, or give it back."""
        answers = await self._means.database.read(
            lambda tx: [
                check(tx, held.job, self._means.rules_for, self._means.intent.now()) for held in batch
            ]
        )
        decided = await _each(self._decide(held, answer) for held, answer in zip(batch, answers, strict=True))
        ready = [message for message in decided if message]
        if ready and await self._is_installed(workspace, ready):
            slots = await self._slots(workspace, len(ready))
            await _each(self._send(one, slot) for one, slot in zip(ready, slots, strict=True))

    async def _is_installed(self, workspace: str, ready: Sequence[Ready]) -> bool:
        """Whether we may speak there at all; if not, nothing more is claimed until we may."""
        try:
            self._means.clients.of(workspace)
        except KeyError:
            await self._recorder.not_installed(workspace, [one.job for one in ready])
            return False
        return True

    async def _decide(self, held: Held, answer: Yes | No) -> Ready | None:
        """What to send; or see to whatever else becomes of the job and return None."""
        job, handler = held.job, self._means.handlers.get(held.job.kind)
        if self._means.intent.now() > job.grace_until:
            await self._recorder.withheld(job, TOO_LATE)
        elif isinstance(handler, Errand):
            await self._run(held, handler)
        elif isinstance(answer, No):
            await self._not_now(job, answer)
        elif isinstance(handler, Composer):
            return await self._compose(held, handler)
        else:
            # A newer replica may know this kind while this one is on its way out.
            await self._recorder.failed(job, held.attempts, "finding_who_sees_to_it")
        return None

    async def _not_now(self, job: Job, answer: No) -> None:
        if answer.until is None or answer.until > job.grace_until:
            await self._recorder.withheld(job, answer.reason)
            return
        until = answer.until
        await self._recorder.write(lambda tx: claims.postpone(tx, job, self._means.holder, until))
        self._means.counts["postponed"] += 1

    async def _compose(self, held: Held, composer: Composer) -> Ready | None:
        marker = self._means.new_marker()
        try:
            said = await composer.compose(held.job)
            if isinstance(said, Message):
                return Ready(held.job, marked(said, marker), marker)
        except NoPlaceError as error:
            log.error("%s: %s", held.job.kind, error)
            await self._recorder.withheld(held.job, "no_place_for_marker", State.DEAD)
        except Exception as error:  # noqa: BLE001  # a feature's own code: one job's trouble must not stop the rest
            log.error("%s could not be composed: %s", held.job.kind, type(error).__name__)
            await self._recorder.failed(held.job, held.attempts, "composing")
        else:
            await self._withhold(held.job, said)
        return None

    async def _withhold(self, job: Job, said: Withhold) -> None:
        await self._recorder.withheld(job, said.reason)

    async def _run(self, held: Held, errand: Errand) -> None:
        job, allowed = held.job, self._means.patience.errand_for
        # A little longer than it may run, so that it has ended before another worker may begin it.
        until = self._means.real.now() + allowed + self._means.patience.lease_for
        if not await self._recorder.write(lambda tx: claims.hold(tx, job, self._means.holder, until)):
            return
        try:
            async with asyncio.timeout(allowed.total_seconds()):
                await errand.run(job)
        except Exception as error:  # noqa: BLE001  # a feature's own code
            await self._failed(held, error)
        else:
            await self._recorder.done(job, lambda tx: errand.on_done(tx, job))

    async def _failed(self, held: Held, error: Exception) -> None:
        """Try an errand again later; where Slack no longer knows us, when we are back."""
        job = held.job
        match posting.outcome_of(error, job):
            case Refused(name, Whose.WORKSPACE):
                give_back = partial(claims.give_back, jobs=[job], holder=self._means.holder)
                await self._recorder.stop(job.workspace, name, give_back)
            case _:
                log.error("%s failed: %s", job.kind, type(error).__name__)
                await self._recorder.failed(job, held.attempts, "errand")

    async def _slots(self, workspace: str, count: int) -> list[datetime]:
        """When each of so many messages may go out, agreed with the other replicas through the database."""
        every = timedelta(seconds=1 / self._means.pace.per_second)
        now = self._means.real.now()
        first = await self._recorder.write(
            lambda tx: claims.reserve(tx, workspace, count, real_now=now, every=every)
        )
        return [first + number * every for number in range(count)]

    async def _send(self, ready: Ready, slot: datetime) -> None:
        job, means = ready.job, self._means
        if not await self._turn_comes(job, slot):
            await self._recorder.write(lambda tx: claims.give_back(tx, [job], means.holder))
            return
        began_at = means.real.now()
        settle_at = began_at + means.patience.settle_after
        if not await self._recorder.write(
            lambda tx: claims.begin(
                tx, job, means.holder, ready.marker, real_now=began_at, settle_at=settle_at
            )
        ):
            return
        if means.real.now() - began_at > means.patience.fresh_for:
            await self._recorder.write(
                lambda tx: claims.unsent(tx, job, ready.marker, means.real.now(), tries=0)
            )
            return
        outcome = await posting.post(means.notifier, job, ready.message)
        if isinstance(outcome, posting.Limited):
            self._paused_until[job.workspace] = means.real.now() + timedelta(seconds=outcome.retry_after_s)
        await self._recorder.attempted(job, ready.marker, outcome)

    async def _turn_comes(self, job: Job, slot: datetime) -> bool:
        """Wait for the slot and for the channel; False if Slack wants a pause by then, or we are to stop."""
        place = (job.workspace, job.recipient)
        at = max(slot, self._channel_free_at.get(place, slot))
        self._channel_free_at[place] = at + timedelta(seconds=self._means.pace.per_channel_s)
        wait = (at - self._means.real.now()).total_seconds()
        if wait > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), wait)
        self._tidy()
        paused_until = self._paused_until.get(job.workspace)
        return not self._ending.is_set() and (paused_until is None or paused_until <= self._means.real.now())

    def _tidy(self) -> None:
        """Forget channels that are free anyway, or the memory of them grows with every person written to."""
        if len(self._channel_free_at) > 1_000:
            now = self._means.real.now()
            self._channel_free_at = {place: at for place, at in self._channel_free_at.items() if at > now}


async def _each(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Do all of it, whatever becomes of any one: a dropped job is found again when its lease runs out."""
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            log.error("a job in hand was dropped: %s", type(outcome).__name__)
    return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
