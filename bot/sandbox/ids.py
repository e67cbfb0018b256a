"""Ids and timestamps that look like Slack's."""

import random
import string
import time
from collections.abc import Callable

_CAPITALS = string.ascii_uppercase + string.digits
_MIXED = string.ascii_letters + string.digits


class Ids:
    """Ids from a seed, so that the same workspace has the same ids in every start."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a pretend workspace wants repeatable ids, not secrets

    def new(self, prefix: str, length: int = 10) -> str:
        """Give an id such as `U07ABC…`: a prefix letter and `length` capitals and digits."""
        return prefix + "".join(self._random.choices(_CAPITALS, k=length))

    def mixed(self, length: int) -> str:
        """Give a word of letters and digits, as in block ids, hashes and tokens."""
        return "".join(self._random.choices(_MIXED, k=length))

    def digits(self, length: int) -> str:
        """Give a run of digits, as in client ids and trigger ids."""
        return "".join(self._random.choices(string.digits, k=length))


class Timestamps:
    """Message timestamps in real time, unique in a workspace and always growing."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._last = 0

    def next(self) -> str:
        """Give the next `ts`, a string because a float would lose its last digits."""
        self._last = max(int(self._now() * 1_000_000), self._last + 1)
        return as_ts(self._last)


def as_ts(micros: int) -> str:
    """Write microseconds since 1970 as a Slack timestamp."""
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def ts_key(ts: str) -> tuple[int, int]:
    """Order timestamps exactly; unreadable ones come first."""
    seconds, _, rest = ts.partition(".")
    if not seconds.isdigit() or not (rest or "0").isdigit():
        return (0, 0)
    return (int(seconds), int(rest.ljust(6, "0")[:6] or 0))
