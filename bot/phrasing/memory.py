"""What was learned before, kept on disk: the same lines need not be learned again at every start."""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from math import isfinite
from pathlib import Path

_MOST = 6
"""Files kept, the newest: two rules, for these playbooks and those just before."""
_NAME = "sense-{}.json"

ALWAYS = ""
"""The weight that every text has, so that none are kept without it."""

Weights = dict[str, float]


class Memory:
    """A folder of weights, each under the digest of all they were learned from, so that none can go stale.

    Without a folder, or where it can't be used, nothing is remembered and everything still works.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def recall(self, key: str) -> Weights | None:
        """What was kept under a key; None where there is nothing, or nothing that can be read."""
        if not self._folder:
            return None
        try:
            found = json.loads((self._folder / _NAME.format(key)).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return None
        fits = isinstance(found, dict) and all(
            isinstance(it, float) and isfinite(it) for it in found.values()
        )
        return found if fits and ALWAYS in found else None

    def keep(self, key: str, weights: Mapping[str, float]) -> None:
        """Keep weights under a key, whole or not at all, and let the oldest go."""
        if not self._folder:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(weights, file)
                Path(name).replace(self._folder / _NAME.format(key))
            finally:
                Path(name).unlink(missing_ok=True)
            kept = sorted(self._folder.glob(_NAME.format("*")), key=lambda it: it.stat().st_mtime)
            for old in kept[:-_MOST]:
                old.unlink(missing_ok=True)


def digest(*told: object) -> str:
    """Stands for what something is learned from and for the code that learns it."""
    made = sha256(json.dumps(told, sort_keys=True, default=sorted).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        made.update(path.read_bytes())
    return made.hexdigest()
