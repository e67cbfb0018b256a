"""Several processes on one database: what was acknowledged is there, and nothing is half there."""

import asyncio
import sqlite3
from collections.abc import Callable

import pytest

from bot.storage.database import Database, Row, Transaction
from bot.storage.migrations import shipped
from bot.storage.opening import open_database
from tests.storage.actors import PAIRS, counts, write_pair
from tests.storage.conftest import Actor, go

EACH = 150


@pytest.fixture
async def pairs(database: Database) -> Database:
    await database.write(lambda tx: tx.run(PAIRS))
    return database


def numbers(tx: Transaction, writer: str) -> list[Row]:
    return tx.all("SELECT number, side FROM pairs WHERE writer = :w ORDER BY number, side", w=writer)


def whole(how_many: int) -> list[Row]:
    return [{"number": n, "side": side} for n in range(how_many) for side in ("left", "right")]


async def promises(process: Actor) -> list[int]:
    """The numbers a writer printed as acknowledged, to its end."""
    out, _ = await asyncio.to_thread(process.communicate)
    return [int(line) for line in out.splitlines() if line.isdigit()]


async def test_two_writers_and_a_reader_throughout(
    pairs: Database, database_url: str, actor: Callable[..., Actor]
) -> None:
    writers = {name: actor("write", database_url, name, str(EACH)) for name in ("ana", "ben")}
    for process in writers.values():
        go(process)
    promised = asyncio.gather(*(promises(process) for process in writers.values()))
    seen = []
    while not promised.done():
        seen.append(await pairs.read(counts))
        await asyncio.wait([promised], timeout=0.005)
    assert await promised == [list(range(EACH))] * 2
    assert all(count["left"] == count["right"] for count in seen)
    for name in writers:
        assert await pairs.read(lambda tx, name=name: numbers(tx, name)) == whole(EACH)


async def test_after_kill_9_every_promise_is_kept_and_nothing_is_half_done(
    pairs: Database, database_url: str, actor: Callable[..., Actor]
) -> None:
    await pairs.close()
    writer = actor("write", database_url, "ana", "100000")
    go(writer)
    assert writer.stdout
    for _ in range(30):
        await asyncio.to_thread(writer.stdout.readline)
    writer.kill()
    last = max(await promises(writer), default=29)
    again = await open_database(database_url)
    kept = await again.read(lambda tx: numbers(tx, "ana"))
    # The one it was writing when it died may be kept, whole, though it came to promise nothing.
    assert kept in (whole(last + 1), whole(last + 2))
    await again.write(lambda tx: tx.run("DELETE FROM pairs"))
    await again.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def unmigrated_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


async def test_three_processes_migrating_at_once_all_start(
    unmigrated_url: str, actor: Callable[..., Actor]
) -> None:
    processes = [actor("migrate", unmigrated_url) for _ in range(3)]
    for process in processes:
        go(process)
    endings = await asyncio.gather(*(asyncio.to_thread(process.communicate) for process in processes))
    assert [out for out, _ in endings] == ["done\n"] * 3
    database = await open_database(unmigrated_url)
    applied = await database.read(lambda tx: tx.all("SELECT number FROM steady_migrations ORDER BY number"))
    assert [row["number"] for row in applied] == [step.number for step in shipped(database.engine)]
    await database.close()


async def test_another_program_reading_the_file_does_not_keep_the_bot_from_writing(sqlite_url: str) -> None:
    database = await open_database(sqlite_url)
    await database.write(lambda tx: tx.run(PAIRS))
    reader = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM pairs").fetchall()
    await database.write(lambda tx: write_pair(tx, "ana", 1))
    assert reader.execute("SELECT count(*) FROM pairs").fetchone() == (0,)
    reader.close()
    await database.close()
