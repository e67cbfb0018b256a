"""One running bot per SQLite file: two schedulers on it would each believe to be the only one."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.storage.errors import StorageError
from bot.storage.opening import sqlite_path


@contextmanager
def only_runner(url: str) -> Iterator[None]:
    """Hold the database for this process as long as the block runs; on PostgreSQL several may run."""
    path = sqlite_path(url)
    if path is None:
        yield
        return
    held = _hold(path.resolve())
    try:
        yield
    finally:
        # The file stays: taking it away could let two others lock two different files of this name.
        os.close(held)


def _hold(path: Path) -> int:
    """Lock the file beside the database; the system lets go of it when the process ends, however it ends."""
    beside = path.with_name(f"{path.name}.lock")
    try:
        held = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(f"{beside} can't be made ({error.strerror}): check who owns the folder.") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(held, 20).decode(errors="replace").strip()
        os.close(held)
        raise StorageError(_taken(path, holder)) from None
    os.ftruncate(held, 0)
    os.write(held, f"{os.getpid()}\n".encode())
    return held


def _taken(path: Path, holder: str) -> str:
    who = f" (process {holder})" if holder.isdigit() else ""
    return (
        f"Steady is already running on {path}{who}; two on one SQLite file would both send. "
        "Stop that one first, or use PostgreSQL to run several: STEADY_DATABASE_URL=postgresql://user@host/database."
    )
