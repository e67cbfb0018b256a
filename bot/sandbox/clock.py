"""Intent time: when things are due. It can be moved forward; real time never is."""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_JUMP = re.compile(r"^(?:(?P<day>[a-z]+)\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})$")


class ClockError(ValueError):
    """A move the clock will not make; the text says what to write instead."""


class IntentClock:
    """Real time plus an offset that only grows; `sequence` counts the moves."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self.offset_s = 0.0
        self.sequence = 0
        self._moves: list[tuple[float, float]] = []
        """Real seconds and the offset from then on."""
        self._moved = asyncio.Event()

    def time(self) -> datetime:
        """Tell intent time, aware, in UTC."""
        return datetime.fromtimestamp(self._now() + self.offset_s, UTC)

    def shown_at(self, real_s: float) -> datetime:
        """What the clock showed at a moment of real time, in unix seconds: when people saw it happen."""
        offset_s = next((offset for moved_at, offset in reversed(self._moves) if moved_at <= real_s), 0.0)
        return datetime.fromtimestamp(real_s + offset_s, UTC)

    def move_by(self, seconds: float) -> None:
        """Move forward by so many seconds."""
        if not 0 <= seconds < 400 * 86_400:
            raise ClockError("The clock only goes forward, by less than 400 days at a time.")
        self.offset_s += seconds
        self._moves.append((self._now(), self.offset_s))
        self.sequence += 1
        self._moved.set()
        self._moved = asyncio.Event()

    def move_to(self, moment: datetime) -> None:
        """Move forward to a moment."""
        if moment.tzinfo is None:
            raise ClockError("Write the time with its offset, like 2026-11-23T09:00:00-05:00.")
        self.move_by((moment - self.time()).total_seconds())

    async def wait(self, after: int, timeout_s: float) -> None:
        """Return once the clock has been moved past `after`, or when time is up."""
        if self.sequence <= after:
            try:
                await asyncio.wait_for(self._moved.wait(), timeout_s)
            except TimeoutError:
                return


def next_moment(words: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Find the next "Monday 09:00", "tomorrow 08:30" or "17:00" after now in a zone."""
    match = _JUMP.match(words.strip().lower())
    if not match or int(match["hour"]) > 23 or int(match["minute"]) > 59:
        raise ClockError('Write a jump like "Monday 09:00", "tomorrow 08:30" or "17:00".')
    local = now.astimezone(zone)
    at = time_of_day(int(match["hour"]), int(match["minute"]))
    for ahead in _days_ahead(match["day"], local):
        moment = datetime.combine(local.date() + timedelta(days=ahead), at, zone)
        if moment > local:
            return moment.astimezone(UTC)
    raise ClockError("That moment does not come.")


def _days_ahead(day: str | None, local: datetime) -> tuple[int, ...]:
    if day is None:
        return (0, 1)
    if day in ("today", "tomorrow"):
        return (0,) if day == "today" else (1,)
    matches = [i for i, name in enumerate(_DAYS) if name.startswith(day) and len(day) >= 3]
    if len(matches) != 1:
        raise ClockError("The day is a weekday, today or tomorrow.")
    ahead = (matches[0] - local.weekday()) % 7
    return (ahead, ahead + 7)
