"""The ledger: append-only, once each, in order."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.storage.database import Engine
from bot.storage.errors import StorageError
from bot.storage.migrations import Migratable, Migration, migrate, read_ledger, shipped
from bot.storage.opening import open_database, sqlite_path
from bot.storage.postgres import PostgresDatabase
from bot.storage.sqlite import SqliteDatabase

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    folder.mkdir()
    (folder / "0001_first.sql").write_text("CREATE TABLE first (id KEYTEXT PRIMARY KEY);\n")
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


async def opened(url: str) -> SqliteDatabase | PostgresDatabase:
    path = sqlite_path(url)
    return await SqliteDatabase.open(path) if path else await PostgresDatabase.open(url)


@pytest.fixture
async def bare(empty_url: str) -> AsyncIterator[SqliteDatabase | PostgresDatabase]:
    database = await opened(empty_url)
    yield database
    await database.close()


async def bring_up(database: Migratable, folder: Path) -> list[str]:
    return await migrate(database, ledger(folder, database.engine), lambda: NOON)


def ledger(folder: Path, engine: Engine) -> list[Migration]:
    return read_ledger(folder.iterdir(), engine)


async def test_each_step_is_applied_once_and_in_order(bare: SqliteDatabase, folder: Path) -> None:
    (folder / "0002_second.sql").write_text(
        "ALTER TABLE first ADD COLUMN said TEXT; CREATE TABLE second (id INTEGER)"
    )
    assert await bring_up(bare, folder) == ["0001_first", "0002_second"]
    assert await bring_up(bare, folder) == []
    (folder / "0010_third.sql").write_text("DROP TABLE second;")
    assert await bring_up(bare, folder) == ["0010_third"]


async def test_three_who_migrate_at_once_apply_each_step_once(empty_url: str, folder: Path) -> None:
    for number in range(2, 12):
        (folder / f"{number:04d}_more.sql").write_text(f"CREATE TABLE t{number} (id INTEGER);")
    databases = [await opened(empty_url) for _ in range(3)]
    applied = await asyncio.gather(*(bring_up(database, folder) for database in databases))
    assert sorted(label for labels in applied for label in labels) == [
        step.label for step in ledger(folder, databases[0].engine)
    ]
    for database in databases:
        await database.close()


async def test_a_step_that_fails_leaves_nothing_and_can_be_mended(bare: SqliteDatabase, folder: Path) -> None:
    (folder / "0002_wrong.sql").write_text("CREATE TABLE half (id INTEGER); CREATE TABEL other (id INTEGER);")
    with pytest.raises(StorageError, match="TABEL"):
        await bring_up(bare, folder)
    (folder / "0002_wrong.sql").write_text("CREATE TABLE half (id INTEGER); CREATE TABLE other (id INTEGER);")
    assert await bring_up(bare, folder) == ["0002_wrong"]


async def test_a_changed_step_is_refused(bare: SqliteDatabase, folder: Path) -> None:
    await bring_up(bare, folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE first (id KEYTEXT PRIMARY KEY, more TEXT);\n")
    with pytest.raises(StorageError, match=r"0001_first was changed .* new migration"):
        await bring_up(bare, folder)


async def test_a_renamed_step_is_refused(bare: SqliteDatabase, folder: Path) -> None:
    await bring_up(bare, folder)
    (folder / "0001_first.sql").rename(folder / "0001_other.sql")
    with pytest.raises(StorageError, match="0001_first was changed"):
        await bring_up(bare, folder)


async def test_other_line_endings_are_no_change(bare: SqliteDatabase, folder: Path) -> None:
    await bring_up(bare, folder)
    (folder / "0001_first.sql").write_bytes(b"\xef\xbb\xbfCREATE TABLE first (id KEYTEXT PRIMARY KEY);\r\n")
    assert await bring_up(bare, folder) == []


async def test_a_database_newer_than_the_code_is_refused(bare: SqliteDatabase, folder: Path) -> None:
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER)")
    await bring_up(bare, folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(StorageError, match=r"0002_second.*newer Steady"):
        await bring_up(bare, folder)


async def test_a_step_before_an_applied_one_is_refused(bare: SqliteDatabase, folder: Path) -> None:
    (folder / "0003_third.sql").write_text("CREATE TABLE third (id INTEGER)")
    await bring_up(bare, folder)
    (folder / "0002_late.sql").write_text("CREATE TABLE late (id INTEGER)")
    with pytest.raises(StorageError, match=r"0002_late .* higher number"):
        await bring_up(bare, folder)


def test_two_steps_with_one_number_are_refused(folder: Path) -> None:
    (folder / "0001_also.sql").write_text("SELECT 1;")
    with pytest.raises(StorageError, match=r"0001_also and 0001_first share a number"):
        read_ledger(folder.iterdir(), "sqlite")


async def test_a_companion_runs_after_its_step_on_its_engine_alone(
    bare: SqliteDatabase, folder: Path
) -> None:
    (folder / "0001_first.sqlite.sql").write_text("INSERT INTO first VALUES ('sqlite');")
    (folder / "0001_first.postgresql.sql").write_text("INSERT INTO first VALUES ('postgresql');")
    (folder / "0002_alone.sqlite.sql").write_text("INSERT INTO first VALUES ('sqlite alone');")
    (folder / "0002_alone.postgresql.sql").write_text("INSERT INTO first VALUES ('postgresql alone');")
    await bring_up(bare, folder)
    rows = await bare.read(lambda tx: tx.all("SELECT id FROM first ORDER BY id"))
    assert [row["id"] for row in rows] == [bare.engine, f"{bare.engine} alone"]


async def test_triggers_and_semicolons_in_strings_are_one_statement_each(
    folder: Path, empty_sqlite_url: str
) -> None:
    (folder / "0002_trigger.sqlite.sql").write_text(
        "CREATE TABLE second (id TEXT); -- a comment; with a semicolon\n"
        "CREATE TRIGGER copied AFTER INSERT ON first BEGIN\n"
        "    INSERT INTO second VALUES (new.id || ';');\n"
        "    INSERT INTO second VALUES ('two');\n"
        "END;\n"
    )
    path = sqlite_path(empty_sqlite_url)
    assert path
    database = await SqliteDatabase.open(path)
    await bring_up(database, folder)
    await database.write(lambda tx: tx.run("INSERT INTO first VALUES ('one')"))
    rows = await database.read(lambda tx: tx.all("SELECT id FROM second ORDER BY rowid"))
    assert [row["id"] for row in rows] == ["one;", "two"]
    await database.close()


async def test_keys_and_times_sort_byte_by_byte_on_both(bare: SqliteDatabase, folder: Path) -> None:
    (folder / "0002_times.sql").write_text("CREATE TABLE times (at STAMP, id KEYTEXT);")
    await bring_up(bare, folder)
    ids = ["a", "B", "_", "é", "Z", "-a", "ab", "a-b"]
    await bare.write(
        lambda tx: tx.many("INSERT INTO times VALUES (:id, :id)", [{"id": each} for each in ids])
    )
    for column in ("id", "at"):
        rows = await bare.read(
            lambda tx, column=column: tx.all(f"SELECT {column} AS it FROM times ORDER BY {column}")
        )
        assert [row["it"] for row in rows] == sorted(ids)


async def test_a_key_that_looks_like_a_number_stays_text(bare: SqliteDatabase, folder: Path) -> None:
    (folder / "0002_times.sql").write_text("CREATE TABLE times (at STAMP, id KEYTEXT);")
    await bring_up(bare, folder)
    await bare.write(lambda tx: tx.run("INSERT INTO times VALUES (:it, :it)", it="1700000000.000100"))
    assert await bare.read(lambda tx: tx.one("SELECT * FROM times")) == {
        "at": "1700000000.000100",
        "id": "1700000000.000100",
    }


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_shipped_steps_begin_with_the_core(engine: Engine) -> None:
    assert shipped(engine)[0].label == "0001_core"


LITE_COLUMNS = """
SELECT m.name || '.' || c.name AS it FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'
"""
POST_COLUMNS = """
SELECT table_name || '.' || column_name AS it FROM information_schema.columns
WHERE table_schema = current_schema()
"""


async def columns(url: str, query: str) -> set[str]:
    database = await open_database(url)
    rows = await database.read(lambda tx: tx.all(query))
    await database.close()
    return {row["it"] for row in rows}


async def test_both_engines_have_the_same_tables_and_columns(sqlite_url: str, postgresql_url: str) -> None:
    differ = await columns(sqlite_url, LITE_COLUMNS) ^ await columns(postgresql_url, POST_COLUMNS)
    # Full-text search is the one place that may: tables of its own on SQLite, a column on PostgreSQL.
    assert {name for name in differ if "search" not in name} == set()
