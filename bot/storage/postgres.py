"""PostgreSQL through a synchronous psycopg pool on threads; needs the extra `postgres`."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, ClassVar, Literal, TypeVar

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL, Identifier
from psycopg_pool import ConnectionPool, PoolTimeout

from bot.storage.database import Engine, Row, Transaction
from bot.storage.errors import ConflictError, DatabaseBusyError, StorageError
from bot.storage.parameters import Value, pyformat
from bot.storage.unit import Unit, one_line

T = TypeVar("T")
Connection = psycopg.Connection[DictRow]

CONNECTIONS = 8
# Each replica migrates while others run, and a plan kept from before would then be refused.
NO_PREPARED_PLANS = None

# As on SQLite: an answer to Slack can't wait longer for somebody else's lock.
LOCK_MS = 400
STATEMENT_MS = 10_000
# A replica that froze in the middle of its work lets go of its locks after this long.
FROZEN_MS = 30_000
# Start-up may wait for another replica's migration.
PATIENT_MS = 60_000
# Whoever comes for a table while its rewriting waits must wait behind it, so that gives up soon.
COMPACT_LOCK_MS = 100
# A table in use is left for the next round; in seconds between two, in all longer than `FROZEN_MS`.
COMPACT_ROUNDS = 10
COMPACT_PAUSE = 5.0
# In seconds: for a connection of the pool, and for winning a race.
CONNECTION_FOR = 1.0
RETRY_FOR = 2.0

# One key for all of Steady in one database, chosen once by dice.
_MIGRATING = 5_283_917_046_381
_UNREACHABLE = "The database can't be reached; nothing was saved. Please try again in a moment."
_OWN_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"


class LostRaceError(DatabaseBusyError):
    """Another unit of work came first, so this one has to be done again from its start."""


class LostConnectionError(DatabaseBusyError):
    """The server went away before the commit: nothing of the unit of work is there."""


class PostgresDatabase:
    """PostgreSQL: the same units of work, serializable as on SQLite, done again when they lose a race."""

    engine: Literal["postgresql"] = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url
        self._threads = ThreadPoolExecutor(CONNECTIONS, "steady-database")
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            kwargs={"row_factory": dict_row, "prepare_threshold": NO_PREPARED_PLANS, **_connecting(url)},
            min_size=1,
            max_size=CONNECTIONS,
            timeout=CONNECTION_FOR,
            # Short, so that a new request makes a new attempt instead of waiting out a long pause.
            reconnect_timeout=CONNECTION_FOR,
            configure=_configure,
            open=False,
        )
        self._closed = False

    @classmethod
    async def open(cls, url: str) -> "PostgresDatabase":
        """Reach the server, or say why not; not migrated yet."""
        await asyncio.to_thread(_knock, url)
        database = cls(url)
        await asyncio.to_thread(database._pool.open)
        return database

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """Run one whole unit of work; it starts again, for at most `RETRY_FOR`, when another came between."""
        return await self._in(lambda: self._again(lambda: self._write(fn)))

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        """Run `fn` on one snapshot."""
        return await self._in(lambda: self._again(lambda: self._read(fn)))

    async def alone(self, fn: Callable[[Unit], T]) -> T:
        """A unit of work under an advisory lock, with a long wait for it; for migrations."""
        return await self._in(lambda: self._alone(fn))

    async def compact(self) -> None:
        """Rewrite every table, so that deleted words leave its file; the server's log keeps them longer."""
        tables = await self._in(self._tables)
        for _ in range(COMPACT_ROUNDS):
            tables = await self._in(lambda left=tables: self._rewrite(left))  # type: ignore[misc]
            if not tables:
                return
            await asyncio.sleep(COMPACT_PAUSE)
        raise DatabaseBusyError

    async def close(self) -> None:
        """Let the work that has begun finish, then give the connections back."""
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self._pool.close)

    async def _in(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise StorageError("The database is closed; open it again before using it.")
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _again(self, attempt: Callable[[], T]) -> T:
        """Do it until it wins its race or time is up; uneven waits, or the same two would meet again."""
        until = time.monotonic() + RETRY_FOR
        pause = 0.002
        while True:
            try:
                return attempt()
            except (LostRaceError, LostConnectionError):
                if time.monotonic() > until:
                    raise
            time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads waiters, keeps no secret
            pause = min(pause * 2, 0.1)

    def _write(self, fn: Callable[[Unit], T]) -> T:
        with self._borrowed() as conn:
            conn.read_only, conn.isolation_level = False, IsolationLevel.SERIALIZABLE
            outcome = _whole(conn, fn)
            _commit(conn)
        return outcome

    def _read(self, fn: Callable[[Unit], T]) -> T:
        with self._borrowed() as conn:
            conn.read_only, conn.isolation_level = True, IsolationLevel.REPEATABLE_READ
            return _whole(conn, fn)

    def _alone(self, fn: Callable[[Unit], T]) -> T:
        with self._borrowed() as conn:
            # A serializable snapshot would be from before the lock was ours.
            conn.read_only, conn.isolation_level = False, IsolationLevel.READ_COMMITTED
            conn.execute("SET LOCAL statement_timeout = 0")
            conn.execute(f"SET LOCAL lock_timeout = {PATIENT_MS}".encode())
            conn.execute("SELECT pg_advisory_xact_lock(%s)", [_MIGRATING])
            outcome = _whole(conn, fn)
            _commit(conn)
        return outcome

    def _tables(self) -> list[str]:
        with self._borrowed() as conn:
            return [row["tablename"] for row in conn.execute(_OWN_TABLES)]

    def _rewrite(self, tables: Sequence[str]) -> list[str]:
        """Rewrite these; returns those in use."""
        with _kindly(), psycopg.connect(self._url, autocommit=True, **_connecting(self._url)) as conn:
            conn.execute("SET statement_timeout = 0")
            conn.execute(f"SET lock_timeout = {COMPACT_LOCK_MS}".encode())
            return [table for table in tables if not _is_rewritten(conn, table)]

    @contextmanager
    def _borrowed(self) -> Iterator[Connection]:
        """A connection of the pool; it goes back clean whatever happened, and a broken one is replaced."""
        with _kindly(), self._pool.connection() as conn:
            yield conn


class PostgresUnit(Unit):
    """A transaction of PostgreSQL."""

    engine: ClassVar[Engine] = "postgresql"
    driver_errors = (psycopg.Error,)

    def __init__(self, conn: Connection) -> None:
        super().__init__()
        self._conn = conn

    def _rows(self, sql: str, values: dict[str, Value]) -> list[Row]:
        cursor = self._conn.execute(pyformat(sql).encode(), values)
        return cursor.fetchall() if cursor.description else []

    def _count(self, sql: str, values: dict[str, Value]) -> int:
        return self._conn.execute(pyformat(sql).encode(), values).rowcount

    def _batch(self, sql: str, values: list[dict[str, Value]]) -> None:
        with self._conn.cursor() as cursor:
            cursor.executemany(pyformat(sql).encode(), values)

    def _script(self, sql: str) -> None:
        self._conn.execute(sql.encode())

    def _refusal(self, error: Exception, sql: str) -> StorageError:
        return refusal(error, one_line(sql))


def refusal(error: Exception, doing: str) -> StorageError:
    """What to tell instead of the driver's error, which may quote a row."""
    if isinstance(error, errors.SerializationFailure | errors.DeadlockDetected):
        return LostRaceError()
    if isinstance(error, errors.LockNotAvailable | errors.QueryCanceled):
        return DatabaseBusyError()
    if isinstance(error, PoolTimeout | errors.TooManyConnections):
        return DatabaseBusyError(_UNREACHABLE)
    if _went_away(error):
        return LostConnectionError(_UNREACHABLE)
    kind = ConflictError if isinstance(error, errors.IntegrityError) else StorageError
    return kind(f"PostgreSQL refused a statement ({_why(error)}): {doing}")


def _went_away(error: Exception) -> bool:
    """Whether the server closed the door: no SQLSTATE, connection exception, shutdown, idle too long."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | errors.InternalError_):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P", "25P03"))


def _why(error: Exception) -> str:
    """The driver's reason where it speaks of the statement (class 42); other reasons quote values."""
    if isinstance(error, psycopg.Error) and (error.sqlstate or "").startswith("42"):
        told = error.diag.message_primary or ""
        # A full-text query's error quotes what the person typed.
        return told if "tsquery" not in told else type(error).__name__
    return type(error).__name__


@contextmanager
def _kindly() -> Iterator[None]:
    """Turn what the driver raises around a unit of work into what to do about it."""
    try:
        yield
    except psycopg.Error as error:
        raise refusal(error, "around a unit of work") from None


def _whole(conn: Connection, fn: Callable[[Unit], T]) -> T:
    """All of `fn`; a lost race comes out as one, whatever `fn` made of it, so that it is run again."""
    unit = PostgresUnit(conn)
    try:
        return unit.whole(fn)
    except Exception:
        if isinstance(unit.failure, LostRaceError | LostConnectionError):
            raise unit.failure from None
        raise


def _commit(conn: Connection) -> None:
    try:
        conn.commit()
    except psycopg.OperationalError as error:
        if _went_away(error):
            raise StorageError(
                "The connection to PostgreSQL was lost while saving, so the work may be kept or not: "
                "look before doing it again."
            ) from None
        raise


def _connecting(url: str) -> dict[str, Any]:
    """How to connect; settings in the URL's own `options` come after ours and so win."""
    ours = (
        f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS}"
        f" -c idle_in_transaction_session_timeout={FROZEN_MS}"
    )
    return {
        "options": f"{ours} {conninfo_to_dict(url).get('options') or ''}",
        "application_name": "steady",
        "client_encoding": "utf8",
        "connect_timeout": 2,  # the least libpq takes, in seconds
        "tcp_user_timeout": 5_000,  # ms; the kernel waits a quarter of an hour for a pulled cable
    }


def _is_rewritten(conn: psycopg.Connection[Any], table: str) -> bool:
    """Rewrite a table; False where somebody uses it."""
    try:
        # FULL, because a plain VACUUM leaves the old bytes lying in the page.
        conn.execute(SQL("VACUUM (FULL, ANALYZE) {}").format(Identifier(table)))
    except errors.LockNotAvailable:
        return False
    return True


def _knock(url: str) -> None:
    """See whether the server can be used, for a clear answer at start that repeats no password."""
    if url.count("@") > 1:
        raise StorageError("STEADY_DATABASE_URL has more than one @: write the one in the password as %40.")
    try:
        with psycopg.connect(url, **_connecting(url)) as conn:
            encoding = conn.info.parameter_status("server_encoding")
    except psycopg.ProgrammingError:
        raise StorageError(
            "STEADY_DATABASE_URL can't be read: write postgresql://user:password@host:5432/database, "
            "with %, /, : and ? in the password as %25, %2F, %3A and %3F."
        ) from None
    except psycopg.OperationalError as error:
        raise StorageError(
            f"PostgreSQL can't be reached ({one_line(str(error))}): check STEADY_DATABASE_URL and the server."
        ) from None
    if encoding != "UTF8":
        raise StorageError(
            f"The database can't keep every language ({encoding}): CREATE DATABASE … ENCODING 'UTF8'."
        )


def _configure(conn: Connection) -> None:
    """Have the driver return what SQLite would: a truth as 0 or 1, a sum as a number."""
    conn.adapters.register_loader("bool", TruthLoader)
    conn.adapters.register_loader("numeric", NumberLoader)


class TruthLoader(Loader):
    """A boolean as 0 or 1."""

    def load(self, data: Buffer) -> int:
        """Read PostgreSQL's text for it."""
        return int(bytes(data) == b"t")


class NumberLoader(Loader):
    """A numeric, such as the sum of a BIGINT column, as int or float."""

    def load(self, data: Buffer) -> int | float:
        """Read PostgreSQL's text for it."""
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)
