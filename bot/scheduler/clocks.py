"""The two clocks: intent time decides when things are due, real time everything else."""

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """Tells the time as an aware datetime in UTC."""

    def now(self) -> dt.datetime:
        """Return the present moment."""
        ...


class RealClock:
    """The machine's own time: for leases, timeouts, signatures."""

    def now(self) -> dt.datetime:
        """Return the machine's time."""
        return dt.datetime.now(dt.UTC)
