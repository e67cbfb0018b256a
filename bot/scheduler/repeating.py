"""Errands that come round: the directory's refresh, the night's retention."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.scheduler import outbox
from bot.scheduler.clocks import Clock
from bot.scheduler.model import Job
from bot.storage.database import Transaction
from bot.storage.stamps import to_stamp

_WAITING = """
SELECT 1 AS waiting FROM jobs
WHERE workspace_id = :workspace AND kind = :kind AND state IN ('due', 'leased', 'sending') LIMIT 1
"""

NEVER_TOO_LATE = timedelta(days=3650)
"""An errand is worth doing however long the bot was down."""


NextAfter = Callable[[Transaction, str, datetime], datetime]
"""When an errand of a workspace comes round after a moment, for one that has its own time of day."""


Work = Callable[[str], Awaitable[timedelta | None]]
"""Does it for a workspace; returns after how long to go on where it was not enough."""


class Repeating:
    """An errand per workspace, every so often or at its own time; done or not, the next one follows."""

    def __init__(self, kind: str, every: timedelta | NextAfter, work: Work, intent: Clock) -> None:
        self.kind = kind
        self._every = every
        self._work = work
        self._intent = intent
        self._sooner: dict[str, timedelta] = {}

    def ensure(self, tx: Transaction, workspace: str, now: datetime) -> bool:
        """Begin the round where none is under way, now unless it has its own time; False if one is."""
        if tx.one(_WAITING, workspace=workspace, kind=self.kind):
            return False
        has_a_time = not isinstance(self._every, timedelta)
        return self._add(tx, workspace, self._next(tx, workspace, now) if has_a_time else now)

    async def run(self, job: Job) -> None:
        """Do the work for the job's workspace."""
        self._sooner.pop(job.workspace, None)
        sooner = await self._work(job.workspace)
        if sooner is not None:
            self._sooner[job.workspace] = sooner

    def on_done(self, tx: Transaction, job: Job) -> None:
        """Come round again: from now on, so that a clock moved by a month brings one errand, not thirty."""
        now, sooner = max(job.due_at, self._intent.now()), self._sooner.get(job.workspace)
        self._add(tx, job.workspace, now + sooner if sooner else self._next(tx, job.workspace, now))

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:  # noqa: ARG002 - any reason is the same
        """Come round again all the same."""
        self.on_done(tx, job)

    def _next(self, tx: Transaction, workspace: str, now: datetime) -> datetime:
        return now + self._every if isinstance(self._every, timedelta) else self._every(tx, workspace, now)

    def _add(self, tx: Transaction, workspace: str, due_at: datetime) -> bool:
        job = Job(
            workspace=workspace,
            kind=self.kind,
            key=to_stamp(due_at),
            recipient=workspace,
            due_at=due_at,
            grace_until=due_at + NEVER_TOO_LATE,
            is_personal=False,
        )
        return outbox.add(tx, job)
