"""What a simulation found, counted from what people see in the pretend Slack, not from our own books."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.scheduler.model import State
from bot.storage.database import Transaction
from bot.storage.stamps import from_stamp


@dataclass(frozen=True, slots=True)
class Figures:
    """The outcome; `late_*` run from when a message was due, or put off to, until it stood in Slack."""

    due: int
    sent: int
    withheld: int
    withheld_why: Mapping[str, int]
    lost: int
    sent_twice: int
    late_p50_s: float
    late_p99_s: float
    people: int
    weeks: int
    kills: int
    faults: int
    took_s: float
    per_second: float

    @property
    def is_flawless(self) -> bool:
        """Nothing lost, nothing twice, everything accounted for."""
        return not self.lost and not self.sent_twice and self.due == self.sent + self.withheld

    def text(self, *, as_json: bool) -> str:
        """One object, or one line for each figure."""
        told = asdict(self)
        if as_json:
            return json.dumps(told)
        return "\n".join(f"{name:12} {value}" for name, value in told.items())


@dataclass(frozen=True, slots=True)
class Slot:
    """What our own books say of a job."""

    state: State
    due_at: datetime
    reason: str | None = None


class Moves:
    """Where intent time stood at each real moment: the clock's moves, in order."""

    def __init__(self) -> None:
        self._at: list[float] = []
        self._offset_s: list[float] = []

    def add(self, at_s: float, offset_s: float) -> None:
        """From then on, intent time is real time and so much."""
        self._at.append(at_s)
        self._offset_s.append(offset_s)

    def intent_s(self, real_s: float) -> float:
        """Intent time of a real moment, both in unix seconds."""
        index = bisect_right(self._at, real_s) - 1
        return real_s + (self._offset_s[index] if index >= 0 else 0.0)


def books(tx: Transaction, workspace: str) -> dict[str, Slot]:
    """What the outbox says, by slot."""
    rows = tx.all(
        "SELECT job_key, state, due_at, reason FROM jobs WHERE workspace_id = :workspace", workspace=workspace
    )
    return {
        row["job_key"]: Slot(State(row["state"]), from_stamp(row["due_at"]), row["reason"]) for row in rows
    }


def tally(
    due: Sequence[str], shown: Mapping[str, Sequence[float]], kept: Mapping[str, Slot], moves: Moves
) -> tuple[Counter[str], list[float]]:
    """Count the slots that were due by what people saw, and how late; `shown` has each message's time."""
    counts: Counter[str] = Counter(due=len(due))
    late: list[float] = []
    for slot in due:
        times, book = shown.get(slot, ()), kept.get(slot)
        if times:
            counts["sent"] += 1
            counts["sent_twice"] += len(times) - 1
            late += [moves.intent_s(at) - book.due_at.timestamp() for at in times[:1] if book]
        elif book and book.state is State.WITHHELD:
            counts["withheld"] += 1
        else:
            counts["lost"] += 1
    # A message for a slot that nobody was due is one too many as well.
    expected = set(due)
    counts["sent_twice"] += sum(len(times) for slot, times in shown.items() if slot not in expected)
    return counts, sorted(late)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share lies, 0 where there is none."""
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) if ordered else 0.0
