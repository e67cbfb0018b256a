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


class Repeating:
    """An errand per workspace, every so often; done or not, the next one follows.

    Where the work returns a wait, it was not enough: it goes on after that.
    """

    def __init__(
        self, kind: str, every: timedelta, work: Callable[[str], Awaitable[timedelta | None]], intent: Clock
    ) -> None:
        self.kind = kind
        self._every = every
        self._work = work
        self._intent = intent
        self._sooner: dict[str, timedelta] = {}

    def ensure(self, tx: Transaction, workspace: str, first_at: datetime) -> bool:
        """Begin the round where none is under way; False if one is."""
        if tx.one(_WAITING, workspace=workspace, kind=self.kind):
            return False
        return self._add(tx, workspace, first_at)

    async def run(self, job: Job) -> None:
        """Do the work for the job's workspace."""
        sooner = await self._work(job.workspace)
        self._sooner.pop(job.workspace, None)
        if sooner is not None:
            self._sooner[job.workspace] = sooner

    def on_done(self, tx: Transaction, job: Job) -> None:
        """Come round again: from now on, so that a clock moved by a month brings one errand, not thirty."""
        wait = self._sooner.get(job.workspace, self._every)
        self._add(tx, job.workspace, max(job.due_at, self._intent.now()) + wait)

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:  # noqa: ARG002 - any reason is the same
        """Come round again all the same."""
        self.on_done(tx, job)

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
