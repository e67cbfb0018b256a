"""What changed, and for whom: the sequence that pages and stories wait on."""

import asyncio
from collections.abc import Iterable


class Changes:
    """One growing sequence; each person knows the last number that concerned them."""

    def __init__(self) -> None:
        self.sequence = 0
        self._everyone = 0
        self._people: dict[str, int] = {}
        self._pulse = asyncio.Event()

    def touch(self, user_ids: Iterable[str]) -> None:
        """Say that something these people can see has changed."""
        self.sequence += 1
        for user_id in user_ids:
            self._people[user_id] = self.sequence
        self._wake()

    def touch_all(self) -> None:
        """Say that something everybody can see has changed."""
        self.sequence += 1
        self._everyone = self.sequence
        self._wake()

    def latest_for(self, user_id: str) -> int:
        """Give the sequence of the last change that concerned this person."""
        return max(self._everyone, self._people.get(user_id, 0))

    async def pulse(self, timeout_s: float) -> bool:
        """Wait for the next change of any kind; False when time is up."""
        try:
            await asyncio.wait_for(self._pulse.wait(), max(timeout_s, 0.0))
        except TimeoutError:
            return False
        return True

    async def wait(self, user_id: str, after: int, timeout_s: float) -> None:
        """Return once something after `after` concerned this person, or when time is up."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while self.latest_for(user_id) <= after:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await self.pulse(left):
                return

    def _wake(self) -> None:
        self._pulse.set()
        self._pulse = asyncio.Event()
