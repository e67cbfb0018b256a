"""How a delivery to the app ended."""

from dataclasses import dataclass
from typing import Any

ACK_WITHIN_S = 3.0
"""Slack waits three seconds for an answer, in both modes."""


@dataclass(frozen=True)
class Attempt:
    """Which try this is, and why the one before failed."""

    number: int = 0
    reason: str | None = None


@dataclass
class Outcome:
    """The verdict (`ok`, `operation_timeout`, `dispatch_failed`), and what the app answered."""

    verdict: str
    transport: str
    ms: float = 0.0
    status: int | None = None
    response: Any = None
    reason: str = ""
    no_retry: bool = False

    def shown(self) -> dict[str, Any]:
        """Write it as the control API answers it."""
        return {"outcome": self.verdict, "transport": self.transport, "ms": round(self.ms, 2)}
