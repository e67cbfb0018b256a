"""What features hand in for each kind of job: what to say, asked right before sending, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.scheduler.model import Job
from bot.slack.blocks import Message
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Withhold:
    """Don't send this one; the reason is a snake_case name that admins see counted: "already_kept"."""

    reason: str


@runtime_checkable
class Composer(Protocol):
    """Writes the messages of one kind of job.

    The message needs a block without a `block_id` of its own (and not of type markdown): it carries the
    marker by which the message is found again after a timeout.
    """

    async def compose(self, job: Job) -> Message | Withhold:
        """Say what to send, from what is true right now; may be asked more than once for one job."""

    def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        """Keep what follows, such as the next week's job, in the unit of work that records the sending."""

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        """The same for a job that ended unsent, withheld or dead; not called for one that was cancelled."""


@runtime_checkable
class Errand(Protocol):
    """Does timed work that is no single message, such as widening a request or the night's retention.

    A worker that dies half-way leaves the errand to be run again, so it must bear that. It has 20 minutes.
    """

    async def run(self, job: Job) -> None:
        """Do the work; what it raises is logged, and the errand is tried again later, within its grace."""

    def on_done(self, tx: Transaction, job: Job) -> None:
        """Keep what follows, in the unit of work that records the end."""

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        """The same for an errand that could not be done within its grace."""


Handlers = Mapping[str, Composer | Errand]
"""Who sees to which kind of job."""
