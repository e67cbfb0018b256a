"""What was learned before, kept on disk: the same lines need not be learned again at every start."""

import contextlib
import json
import os
import tempfile
from collections.abc import Set
from hashlib import sha256
from pathlib import Path
from typing import Any

_MOST = 6
"""Files kept, the newest: a finder and a rule, for these playbooks and those before them."""
_NAME = "learned-{}.json"

Kept = dict[str, Any]
"""What somebody learned, in nothing but what JSON can say."""


class Memory:
    """What was learned, in a folder, each under the digest of all it came from, so that none can go stale.

    Every file begins with the digest of itself: a spoilt one is as good as none. Without a folder, or where
    it can't be used, nothing is remembered and everything still works.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def recall(self, key: str) -> Kept | None:
        """What was kept under a key; None where there is nothing, or not all that was written."""
        if not self._folder:
            return None
        try:
            seal, _, told = (self._folder / _NAME.format(key)).read_bytes().partition(b"\n")
        except OSError:
            return None
        if seal != _seal(key, told):
            return None
        kept: Kept = json.loads(told)
        return kept

    def keep(self, key: str, learned: Kept) -> None:
        """Keep something under a key, whole or not at all, and let the oldest go."""
        if not self._folder:
            return
        told = json.dumps(learned, separators=(",", ":")).encode()
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(_seal(key, told) + b"\n" + told)
                Path(name).replace(self._folder / _NAME.format(key))
            finally:
                Path(name).unlink(missing_ok=True)
            kept = sorted(self._folder.glob(_NAME.format("*")), key=lambda it: it.stat().st_mtime)
            for old in kept[:-_MOST]:
                old.unlink(missing_ok=True)


FORGETFUL = Memory()
"""Remembers nothing."""


def digest(*told: object) -> str:
    """Stands for what something is learned from and for the code that learns it."""
    made = sha256(json.dumps(told, sort_keys=True, default=_plain).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        made.update(path.read_bytes())
    return made.hexdigest()


def _plain(told: object) -> object:
    return sorted(told) if isinstance(told, Set) else vars(told)


def _seal(key: str, told: bytes) -> bytes:
    return sha256(key.encode() + told).hexdigest().encode()
