"""From STEADY_DATABASE_URL to a migrated database."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.migrations import migrate, shipped
from bot.storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from bot.storage.postgres import PostgresDatabase

_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql://", "postgres://")
_FORMS = "sqlite:///steady.db, sqlite:////var/lib/steady/steady.db or postgresql://user@host/database"


async def open_database(url: str) -> Database:
    """Open what the URL names and bring its tables up to date; a StorageError says what to do instead."""
    return await _migrated(await _opened(url))


async def open_as_it_is(url: str) -> Database:
    """The same without touching its tables, to look at it."""
    return await _opened(url)


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite URL, None for PostgreSQL; three slashes are relative to here, four absolute."""
    if url.startswith(_POSTGRESQL):
        return None
    name = url.removeprefix(_SQLITE)
    if name == url:
        scheme = url.partition("://")[0] if "://" in url else "no scheme"
        raise StorageError(f"STEADY_DATABASE_URL has a form Steady doesn't know ({scheme}): write {_FORMS}.")
    if not name or "?" in name:
        raise StorageError(
            f"STEADY_DATABASE_URL needs a file name, and no options, for SQLite: write {_FORMS}."
        )
    return _usable(Path(name))


def _usable(path: Path) -> Path:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise StorageError(
            f"The folder {folder} for the database is missing: make it with mkdir -p {folder}, "
            "or set STEADY_DATABASE_URL to another place."
        )
    if path.is_dir():
        raise StorageError(
            f"{path} is a folder: set STEADY_DATABASE_URL to a file, such as {path}/steady.db."
        )
    return path


async def _opened(url: str) -> "SqliteDatabase | PostgresDatabase":
    path = sqlite_path(url)
    if path is not None:
        return await SqliteDatabase.open(path)
    try:
        # An extra: those who stay with SQLite need no psycopg.
        from bot.storage.postgres import PostgresDatabase
    except ImportError:
        raise StorageError(
            "PostgreSQL needs one more package: pip install 'steady-slack[postgres]', then start again."
        ) from None
    return await PostgresDatabase.open(url)


async def _migrated(database: "SqliteDatabase | PostgresDatabase") -> Database:
    try:
        await migrate(database, shipped(database.engine), lambda: datetime.now(UTC))
    except BaseException:
        await database.close()
        raise
    return database
