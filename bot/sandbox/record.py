"""The record of traffic: every call, delivery, act and fault, with its verdict."""

import copy
from collections import deque
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.changes import Changes

Json = dict[str, Any]

_KEPT = 5_000
_SECRET_NAMES = frozenset({"token", "client_secret", "code", "refresh_token", "app_token"})


class Record:
    """The newest entries, numbered; secrets are left out when an entry is written, not when it is read."""

    def __init__(self, changes: Changes) -> None:
        self._entries: deque[Json] = deque(maxlen=_KEPT)
        self._changes = changes
        self._next = 1

    def add(self, kind: str, **fields: Any) -> Json:
        """Write one entry; it may be completed later by changing the dict that is returned."""
        entry = {
            "n": self._next,
            "at": datetime.now(UTC).isoformat(),
            "kind": kind,
            **_without_secrets(fields),
        }
        self._next += 1
        self._entries.append(entry)
        self._changes.touch(())
        return entry

    def after(self, number: int, kind: str | None = None) -> list[Json]:
        """Give the entries after `number`, oldest first."""
        return [e for e in self._entries if e["n"] > number and kind in (None, e["kind"])]


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_secrets(v) for k, v in value.items() if k not in _SECRET_NAMES}
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    return copy.copy(value)
