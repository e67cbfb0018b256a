"""Times as text that sorts like time: fixed-width UTC ISO-8601, 2026-11-21T09:30:00.000000Z."""

import re
from datetime import UTC, datetime

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def to_stamp(at: datetime) -> str:
    """Write an aware time in UTC with microseconds, even zero ones, which isoformat() would drop."""
    if at.utcoffset() is None:
        raise ValueError("A stored time needs a time zone; write datetime(..., tzinfo=UTC).")
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_stamp(stamp: str) -> datetime:
    """Read back what `to_stamp` wrote, as an aware time in UTC; anything else is a ValueError."""
    if not _STAMP.fullmatch(stamp):
        raise ValueError("A stored time looks like 2026-11-21T09:30:00.000000Z; write it with to_stamp().")
    return datetime.fromisoformat(stamp)
