"""SQLite through sqlite-utils."""

import asyncio
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import ClassVar, Literal, TypeVar

import sqlite_utils

from bot.storage.database import Engine, Row, Transaction
from bot.storage.errors import ConflictError, DatabaseBusyError, StorageError
from bot.storage.parameters import Value
from bot.storage.unit import Unit, one_line

T = TypeVar("T")

READERS = 2
# Slack waits three seconds for an answer; half a second is all of it that storage may spend.
BUSY_FOR = 0.4
# Start-up may wait for another process's migration.
PATIENT_FOR = 30.0

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_MENDS = {
    sqlite3.SQLITE_FULL: "the disk is full: make room on it",
    sqlite3.SQLITE_READONLY: "it can't be written: check who owns the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it can't be opened: check who owns the file and its folder",
    sqlite3.SQLITE_NOTADB: "it is not an SQLite database: set STEADY_DATABASE_URL to another file",
    sqlite3.SQLITE_CORRUPT: "it is damaged: restore it from a backup",
    sqlite3.SQLITE_IOERR: "the disk failed: check the disk and the system's log",
}


class SqliteDatabase:
    """One writer thread, because a transaction belongs to one unit of work; readers see snapshots."""

    engine: Literal["sqlite"] = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = ThreadPoolExecutor(1, "steady-writer")
        self._reading = ThreadPoolExecutor(READERS, "steady-reader")
        self._writer: sqlite_utils.Database | None = None
        self._readers: SimpleQueue[sqlite_utils.Database] = SimpleQueue()
        self._closed = False

    @classmethod
    async def open(cls, path: Path) -> "SqliteDatabase":
        """Open the file, or make it, readable by its owner alone; not migrated yet."""
        database = cls(path)
        try:
            await database._in(database._writing, database._connect)
        except BaseException:
            await database.close()
            raise
        return database

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """Run one whole unit of work; DatabaseBusyError if another process writes for over `BUSY_FOR`."""
        return await self._in(self._writing, lambda: self._write(fn, BUSY_FOR))

    async def alone(self, fn: Callable[[Unit], T]) -> T:
        """A unit of work that waits long for its turn; for migrations."""
        return await self._in(self._writing, lambda: self._write(fn, PATIENT_FOR))

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        """Run `fn` on a snapshot, beside whatever is being written."""
        return await self._in(self._reading, lambda: self._read(fn))

    async def compact(self) -> None:
        """Rewrite the file, then empty the log beside it: only then are deleted words in neither."""
        await self._in(self._writing, self._compact)

    async def close(self) -> None:
        """Let the work that has begun finish, then close; the writer last, since it folds the log back in."""
        self._closed = True
        await asyncio.to_thread(self._close)

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        if self._closed:
            raise StorageError("The database is closed; open it again before using it.")
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    def _connect(self) -> None:
        with kindly(self._path):
            keep_private(self._path)
            self._writer = _open_writer(self._path)
            for _ in range(READERS):
                self._readers.put(_connect(self._path, "ro", BUSY_FOR))

    def _write(self, fn: Callable[[Unit], T], patience: float) -> T:
        db = self._open_writer()
        with kindly(self._path):
            patiently(lambda: db.execute("BEGIN IMMEDIATE"), patience)
            try:
                outcome = SqliteUnit(db).whole(fn)
                db.execute("COMMIT")
            except BaseException:
                db.rollback()
                raise
        return outcome

    def _read(self, fn: Callable[[Transaction], T]) -> T:
        db = self._readers.get()
        try:
            with kindly(self._path):
                db.execute("BEGIN")
                try:
                    return SqliteUnit(db).whole(fn)
                finally:
                    db.rollback()
        finally:
            self._readers.put(db)

    def _compact(self) -> None:
        db = self._open_writer()
        with kindly(self._path):
            patiently(lambda: db.execute("VACUUM"), BUSY_FOR)
            patiently(lambda: _empty_log(db), BUSY_FOR)

    def _open_writer(self) -> sqlite_utils.Database:
        if self._writer is None:
            raise StorageError("The database was never opened; use open_database().")
        return self._writer

    def _close(self) -> None:
        self._reading.shutdown()
        self._writing.shutdown()
        while not self._readers.empty():
            self._readers.get().close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class SqliteUnit(Unit):
    """A transaction of SQLite."""

    engine: ClassVar[Engine] = "sqlite"
    driver_errors = (sqlite3.Error,)

    def __init__(self, db: sqlite_utils.Database) -> None:
        super().__init__()
        self._db = db

    def _rows(self, sql: str, values: dict[str, Value]) -> list[Row]:
        cursor = self._db.execute(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _count(self, sql: str, values: dict[str, Value]) -> int:
        return self._db.execute(sql, values).rowcount

    def _batch(self, sql: str, values: list[dict[str, Value]]) -> None:
        self._db.conn.executemany(sql, values)

    def _script(self, sql: str) -> None:
        self._db.executescript(sql)

    def _refusal(self, error: Exception, sql: str) -> StorageError:
        return refusal(error, one_line(sql))


def refusal(error: Exception, doing: str) -> StorageError:
    """What to tell instead of the driver's error."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code & 0xFF in _BUSY:
        return DatabaseBusyError()
    if mend := _MENDS.get(code & 0xFF):
        return StorageError(f"The database can't be used ({doing}): {mend}.")
    # A full-text query's error quotes what the person typed.
    why = getattr(error, "sqlite_errorname", "error") if "MATCH" in doing.upper() else str(error)
    kind = ConflictError if isinstance(error, sqlite3.IntegrityError) else StorageError
    return kind(f"SQLite refused a statement ({why}): {doing}")


@contextmanager
def kindly(path: Path) -> Iterator[None]:
    """Turn what the driver raises around a unit of work into what to do about it."""
    try:
        yield
    except sqlite3.Error as error:
        raise refusal(error, str(path)) from None


def patiently(step: Callable[[], object], patience: float) -> None:
    """Try until no one else holds the file; short uneven waits, since SQLite's own long ones starve one."""
    until = time.monotonic() + patience
    while True:
        try:
            step()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() > until:
                raise
        time.sleep(random.uniform(0.0005, 0.005))  # noqa: S311 - spreads waiters, keeps no secret


def keep_private(path: Path) -> None:
    """Make the file its owner's alone before SQLite writes to it; -wal and -shm take on its mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        for kept in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            with suppress(FileNotFoundError):
                kept.chmod(0o600)
    except OSError as error:
        raise StorageError(
            f"{path} can't be opened ({error.strerror}): check who owns the file and its folder."
        ) from None


def _connect(path: Path, mode: Literal["rw", "ro"], busy_for: float) -> sqlite_utils.Database:
    conn = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=busy_for,
        isolation_level=None,
        check_same_thread=False,
    )
    return sqlite_utils.Database(conn, execute_plugins=False)


def _open_writer(path: Path) -> sqlite_utils.Database:
    db = _connect(path, "rw", 0)
    patiently(lambda: db.execute("PRAGMA journal_mode = WAL"), PATIENT_FOR)
    # In WAL only FULL has the disk confirm each commit; what was acknowledged survives a power cut too.
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")
    return db


def _empty_log(db: sqlite_utils.Database) -> None:
    """Fold the log into the file and cut it to nothing; a reader in the way is a reason to try again."""
    in_the_way, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if in_the_way:
        busy = sqlite3.OperationalError("a reader is in the way of the checkpoint")
        busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise busy
