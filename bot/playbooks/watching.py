"""Playbooks in use, replaced while the bot runs; a file somebody breaks never takes words away."""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from watchfiles import Change, DefaultFilter, awatch

from bot.playbooks.findings import Finding
from bot.playbooks.library import Library
from bot.playbooks.loading import Loaded, load

logger = logging.getLogger(__name__)

Listener = Callable[[Library], None]
"""Called in the reading thread, so that rebuilding an index holds nobody up."""


@dataclass(frozen=True)
class _Held:
    """What stays of a reading; the trees that know each line are let go, being larger than all the rest."""

    library: Library
    findings: tuple[Finding, ...]
    texts: Mapping[Path, str]
    at: datetime

    @classmethod
    def of(cls, loaded: Loaded, at: datetime) -> Self:
        return cls(loaded.library, loaded.findings, loaded.texts, at)


class Shelf:
    """The library in use and what is wrong with its files; safe to read from any thread at any time."""

    def __init__(self, paths: Sequence[Path], now: Callable[[], datetime]) -> None:
        self.paths = tuple(paths)
        self._now = now
        self._listeners: list[Listener] = []
        self._one_at_a_time = threading.Lock()
        self._held = _Held.of(load(self.paths), now())

    @property
    def current(self) -> Library:
        """The library in use; hold on to it for the length of one answer."""
        return self._held.library

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What the last reading found wrong, files kept in their last good text among it."""
        return self._held.findings

    @property
    def loaded_at(self) -> datetime:
        """When the library in use was read."""
        return self._held.at

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every new library from now on; the answer takes the subscription back."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def reload(self) -> bool:
        """Read everything again and say whether the library changed; blocking, so call it in a thread."""
        with self._one_at_a_time:
            before = self._held
            held = _Held.of(load(self.paths, last_good=before.texts), self._now())
            if before.library.situations and not held.library.situations:
                logger.error("no playbook can be read any more; the last good set stays in use")
                held = replace(before, findings=held.findings)
            changed = held.library.version != before.library.version
            # Of two equal libraries the first stays: everything built from it holds on to it anyway.
            self._held = held if changed else replace(before, findings=held.findings, texts=held.texts)
            self._say(held.findings)
            if changed:
                self._tell(held.library)
            return changed

    def _say(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            logger.log(logging.ERROR if finding.is_error else logging.WARNING, "%s", finding)

    def _tell(self, library: Library) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(library)
            except Exception:
                logger.exception("a listener could not take the new playbooks; it keeps the ones it had")


class Watcher:
    """Calls `on_change` in a thread whenever a file below the folders is saved, until stopped."""

    def __init__(self, paths: Sequence[Path], on_change: Callable[[], object]) -> None:
        self._paths = tuple(paths)
        self._on_change = on_change
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Watch until `stop`; folders that are not there are left out, since `load` has said so."""
        there = [it for it in self._paths if it.is_dir()]
        if not there:
            await self._stop.wait()
            return
        begun = False
        async for changes in awatch(
            *there,
            watch_filter=_written_by_people,
            stop_event=self._stop,
            debounce=400,
            rust_timeout=1000,
            yield_on_timeout=True,
        ):
            # The first quiet second shows that the watch has begun: what was saved before it is read now.
            if changes or not begun:
                await self._react()
            begun = True

    async def _react(self) -> None:
        try:
            await asyncio.to_thread(self._on_change)
        except Exception:
            logger.exception("the playbooks could not be read again; the last good set stays in use")

    def stop(self) -> None:
        """End `run` soon; from the event loop."""
        self._stop.set()


_default = DefaultFilter()


def _written_by_people(change: Change, path: str) -> bool:
    """Playbooks, and the links by which a mounted folder is swapped as a whole."""
    return _default(change, path) and (
        path.endswith((".yaml", ".yml")) or "." not in Path(path).name.strip(".")
    )
