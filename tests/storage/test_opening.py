"""From STEADY_DATABASE_URL to a database, or to a sentence that says what to do."""

import sys
from pathlib import Path

import pytest

from bot.storage.errors import StorageError
from bot.storage.migrations import behind, shipped
from bot.storage.opening import open_as_it_is, open_database


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://localhost/x", r"\(mysql\).*sqlite:///steady.db.*postgresql://"),
        ("steady.db", "no scheme"),
        ("", "no scheme"),
        ("sqlite://steady.db", "sqlite:///steady.db"),
        ("sqlite:///", "file name"),
        ("sqlite:///x.db?mode=ro", "no options"),
        ("sqlite:////no/such/folder/x.db", "mkdir -p /no/such/folder"),
        ("postgresql://u:p@ss@localhost/x", "%40"),
        ("postgresql://u:secret%zz@localhost/x", "%25"),
        ("postgresql://u:secret@127.0.0.1:1/x", "can't be reached"),
    ],
)
async def test_a_url_that_leads_nowhere_says_what_to_write(url: str, says: str) -> None:
    with pytest.raises(StorageError, match=says) as caught:
        await open_database(url)
    assert "secret" not in str(caught.value)


async def test_a_missing_postgresql_database_is_named(postgresql: str) -> None:
    with pytest.raises(StorageError, match='database "nowhere" does not exist'):
        await open_database(postgresql.replace("/postgres?", "/nowhere?"))


async def test_a_postgresql_database_that_can_not_keep_every_language_is_refused(postgresql: str) -> None:
    import psycopg

    with psycopg.connect(postgresql, autocommit=True) as conn:
        conn.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StorageError, match=r"LATIN1.*ENCODING 'UTF8'"):
        await open_database(postgresql.replace("/postgres?", "/latin?"))


async def test_without_psycopg_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "bot.storage.postgres", raising=False)
    with pytest.raises(StorageError, match=r"pip install 'steady-slack\[postgres\]'"):
        await open_database("postgresql://localhost/x")


async def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"is a folder.*steady\.db"):
        await open_database(f"sqlite:///{tmp_path}")


async def test_another_kind_of_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer, " * 500)
    with pytest.raises(StorageError, match="not an SQLite database"):
        await open_database(f"sqlite:///{path}")
    assert path.read_text() == "Dear customer, " * 500


async def test_three_slashes_are_relative_to_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    await (await open_database("sqlite:///here.db")).close()
    assert (tmp_path / "here.db").exists()


async def test_a_name_with_spaces_and_signs_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "späť #1 100%.db"
    await (await open_database(f"sqlite:///{path}")).close()
    assert path.exists()


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    database = await open_database(f"sqlite:///{tmp_path / 'steady.db'}")
    await database.write(lambda tx: tx.run("DELETE FROM votes WHERE helped < 0"))
    assert modes(tmp_path) == {"steady.db": 0o600, "steady.db-wal": 0o600, "steady.db-shm": 0o600}
    await database.close()


async def test_a_file_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "steady.db"
    await (await open_database(f"sqlite:///{path}")).close()
    path.chmod(0o644)
    await (await open_database(f"sqlite:///{path}")).close()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_database_is_looked_at_without_touching_its_tables(empty_postgresql_url: str) -> None:
    untouched = await open_as_it_is(empty_postgresql_url)
    ledger = shipped("postgresql")
    assert await untouched.read(lambda tx: behind(tx, ledger)) == [step.label for step in ledger]
    await untouched.close()
    database = await open_database(empty_postgresql_url)
    assert await database.read(lambda tx: behind(tx, ledger)) == []
    await database.close()
