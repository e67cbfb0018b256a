"""Deleted words are gone from the raw files after the night's compacting."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bot.storage import postgres
from bot.storage.database import Database, Transaction
from bot.storage.errors import DatabaseBusyError
from bot.storage.opening import open_database

SECRET = "what-she-told-us-in-confidence"


@dataclass(frozen=True)
class Busy:
    """A database, and the connection of somebody who holds one of its tables."""

    url: str
    database: Database
    holder: psycopg.Connection


def fill(tx: Transaction) -> None:
    tx.run("CREATE TABLE words (id INTEGER PRIMARY KEY, said TEXT)")
    rows = [{"id": n, "said": f"{SECRET} {n} " * (400 if n % 50 == 0 else 2)} for n in range(300)]
    tx.many("INSERT INTO words VALUES (:id, :said)", rows)


async def written_then_deleted(database: Database) -> None:
    await database.write(fill)
    await database.write(lambda tx: tx.run("UPDATE words SET said = said || '!' WHERE id < 100"))
    await database.write(lambda tx: tx.run("DELETE FROM words WHERE id > 3"))
    await database.write(lambda tx: tx.run("UPDATE words SET said = 'forgotten'"))


async def test_no_file_of_sqlite_keeps_a_deleted_word(sqlite_url: str) -> None:
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    database = await open_database(sqlite_url)
    await database.write(fill)
    assert any(SECRET.encode() in path.read_bytes() for path in folder.iterdir())
    await database.write(lambda tx: tx.run("DROP TABLE words"))
    await written_then_deleted(database)
    await database.compact()
    assert await database.read(lambda tx: tx.one("PRAGMA freelist_count")) == {"freelist_count": 0}
    assert sorted(path.name for path in folder.iterdir()) == ["steady.db", "steady.db-shm", "steady.db-wal"]
    assert not [path.name for path in folder.iterdir() if SECRET.encode() in path.read_bytes()]
    assert await database.read(lambda tx: tx.one("SELECT count(*) AS n FROM words")) == {"n": 4}
    await database.close()


async def test_no_table_file_of_postgresql_keeps_a_deleted_word(postgresql_url: str) -> None:
    database = await open_database(postgresql_url)
    await written_then_deleted(database)
    where = await database.read(
        lambda tx: tx.one(
            "SELECT current_setting('data_directory') AS root, pg_relation_filepath('words') AS before, "
            "(SELECT oid FROM pg_database WHERE datname = current_database()) AS base"
        )
    )
    assert where
    base = Path(where["root"]) / "base" / str(where["base"])
    with psycopg.connect(postgresql_url, autocommit=True) as conn:
        conn.execute("CHECKPOINT")
        assert SECRET.encode() in (Path(where["root"]) / where["before"]).read_bytes()
        await database.compact()
        conn.execute("CHECKPOINT")
    assert not [path.name for path in base.iterdir() if SECRET.encode() in path.read_bytes()]
    assert await database.read(lambda tx: tx.one("SELECT count(*) AS n FROM words")) == {"n": 4}
    await database.close()


async def test_compacting_does_not_disturb_who_works(database: Database) -> None:
    await written_then_deleted(database)
    await database.compact()
    assert await database.write(lambda tx: tx.run("UPDATE words SET said = 'still here'")) == 4
    await database.compact()
    assert await database.read(lambda tx: tx.one("SELECT DISTINCT said FROM words")) == {"said": "still here"}


@pytest.fixture
async def busy(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Busy]:
    """A database in which somebody holds a table; between rounds there is only a short pause."""
    monkeypatch.setattr(postgres, "COMPACT_PAUSE", 0.05)
    database = await open_database(postgresql_url)
    await written_then_deleted(database)
    with psycopg.connect(postgresql_url) as holder:
        holder.execute("SELECT 1 FROM words")
        yield Busy(postgresql_url, database, holder)
    await database.close()


async def test_a_table_in_use_is_rewritten_once_it_is_free_and_the_others_at_once(busy: Busy) -> None:
    compacting = asyncio.create_task(busy.database.compact())
    await asyncio.to_thread(_until_waited_for, busy.url)
    busy.holder.rollback()
    await compacting
    assert await busy.database.read(lambda tx: tx.one("SELECT count(*) AS n FROM words")) == {"n": 4}


async def test_nobody_waits_noticeably_behind_a_rewriting_that_waits_itself(busy: Busy) -> None:
    compacting = asyncio.create_task(busy.database.compact())
    read = await asyncio.to_thread(_read_impatiently_until, busy.url, compacting.done)
    assert read > 0
    with pytest.raises(DatabaseBusyError):
        await compacting


def _read_impatiently_until(url: str, is_over: Callable[[], bool]) -> int:
    """Read the table again and again, never waiting longer for it than a person would notice."""
    times = 0
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("SET lock_timeout = 350")
        while not is_over():
            conn.execute("SELECT 1 FROM words")
            times += 1
    return times


def _until_waited_for(url: str) -> None:
    """Until somebody waits in vain for a table, and then for no more than one round."""
    with psycopg.connect(url, autocommit=True) as conn:
        while not conn.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            pass
        while conn.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            pass
