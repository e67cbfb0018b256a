"""What is due: a message or an errand, known by a key that makes it happen once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a job stands. From `sending` only the answer or settling leads on, never a lease that ran out."""

    DUE = "due"
    LEASED = "leased"
    SENDING = "sending"
    SENT = "sent"
    WITHHELD = "withheld"
    DEAD = "dead"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """One message to one place, or one errand; carries ids, never words.

    `key` is unique per workspace and kind, such as a promise's id or "U123:2026-W48". `recipient` is a
    member's or a channel's id. `about` is the member whom the job concerns, for erasing. Quiet hours,
    do-not-disturb and days off of the recipient apply when `is_personal`. Not sent by `grace_until`, it is
    withheld for good.
    """

    workspace: str
    kind: str
    key: str
    recipient: str
    due_at: datetime
    grace_until: datetime
    about: str | None = None
    payload: Mapping[str, str | int] = field(default_factory=dict)
    is_personal: bool = True
    thread_ts: str | None = None

    def __post_init__(self) -> None:
        if self.due_at.utcoffset() is None or self.grace_until.utcoffset() is None:
            raise ValueError("A job's times need a time zone; write datetime(..., tzinfo=UTC).")
        if self.grace_until < self.due_at:
            raise ValueError(
                f"{self.kind} would be withheld before it is due: grace_until comes after due_at."
            )


@dataclass(frozen=True, slots=True)
class Health:
    """How sending stands in one workspace, for its admins."""

    waiting: int
    late: int
    withheld: Mapping[str, int]
    dead: Mapping[str, int]
    stopped: str | None
