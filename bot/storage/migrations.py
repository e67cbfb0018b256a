"""The ledger: numbered SQL files, applied once each and in order, never changed afterwards.

A migration is `migrations/NNNN_name.sql`, the same text for both engines. Where they can't share a text
(full-text search), the companion `NNNN_name.sqlite.sql` or `NNNN_name.postgresql.sql` runs after it; a
migration may also be companions alone.

Two type names stand for text that compares byte by byte (PostgreSQL would sort by a language's rules):

- `KEYTEXT`: ids, natural keys, words from a fixed list.
- `STAMP`: times (`to_stamp`) and dates (YYYY-MM-DD).

The other types that mean the same on both: `TEXT`, `INTEGER` (32 bits), `BIGINT`, `DOUBLE PRECISION`. Say
NOT NULL of key columns too: SQLite would take a key without a value.

Each file runs in one transaction with its line in the ledger while every other process waits, so that
replicas may start together.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Protocol, TypeVar

from bot.storage.database import Engine, Transaction
from bot.storage.errors import StorageError
from bot.storage.stamps import to_stamp
from bot.storage.unit import Unit

T = TypeVar("T")
Clock = Callable[[], datetime]

_FILE = re.compile(r"(?P<number>[0-9]{4})_(?P<name>[a-z0-9_]+)(\.(?P<engine>sqlite|postgresql))?\.sql")
_BYTEWISE = re.compile(r"\b(?:KEYTEXT|STAMP)\b")
_TEXT = {"sqlite": "TEXT", "postgresql": 'TEXT COLLATE "C"'}

_LEDGER = """
CREATE TABLE IF NOT EXISTS steady_migrations (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    applied_at TEXT NOT NULL
)
"""
_IS_THERE: dict[Engine, str] = {
    "sqlite": "SELECT 1 AS one FROM sqlite_master WHERE name = 'steady_migrations'",
    "postgresql": """
SELECT 1 AS one FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'steady_migrations'
""",
}
_RECORD = """
INSERT INTO steady_migrations (number, name, sha256, applied_at) VALUES (:number, :name, :sha256, :at)
"""


class Migratable(Protocol):
    """A database that can keep every other process out for one unit of work."""

    @property
    def engine(self) -> Engine:
        """Which engine is below."""

    async def alone(self, fn: Callable[[Unit], T]) -> T:
        """Run one whole unit of work while no other migration runs, in any process."""


class File(Protocol):
    """A file of SQL, on disk or inside an installed package."""

    @property
    def name(self) -> str:
        """Its name without folders."""

    def read_text(self, encoding: str) -> str:
        """Its text."""


@dataclass(frozen=True)
class Migration:
    """One step of the ledger, as one engine runs it."""

    number: int
    name: str
    sql: str

    @property
    def label(self) -> str:
        """What its file is called, without the ending."""
        return f"{self.number:04d}_{self.name}"

    @property
    def sha256(self) -> str:
        """The fingerprint that shows whether the file was changed after it was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def shipped(engine: Engine) -> list[Migration]:
    """The migrations that come with this version."""
    return read_ledger((resources.files("bot.storage") / "migrations").iterdir(), engine)


def read_ledger(files: Iterable[File], engine: Engine) -> list[Migration]:
    """The files for one engine in order, companions last; raises StorageError where two claim a number."""
    ledger: dict[int, Migration] = {}
    for file in sorted(files, key=lambda file: (file.name.count("."), file.name)):
        named = _FILE.fullmatch(file.name)
        if named is None or named["engine"] not in (None, engine):
            continue
        step = Migration(int(named["number"]), named["name"], _read(file))
        before = ledger.get(step.number)
        ledger[step.number] = step if before is None else _joined(before, step)
    return [ledger[number] for number in sorted(ledger)]


def _read(file: File) -> str:
    """The text with one kind of line ending, so that a checkout on Windows has the same fingerprint."""
    return file.read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _joined(common: Migration, companion: Migration) -> Migration:
    if common.name != companion.name:
        raise StorageError(f"Migrations {common.label} and {companion.label} share a number: renumber one.")
    return Migration(common.number, common.name, f"{common.sql}\n{companion.sql}")


async def migrate(database: Migratable, ledger: Sequence[Migration], now: Clock) -> list[str]:
    """Apply what is missing, one transaction each; returns the labels of what this process applied."""
    applied: list[str] = []
    while label := await database.alone(lambda unit: _next(unit, ledger, now())):
        applied.append(label)
    return applied


def behind(tx: Transaction, ledger: Sequence[Migration]) -> list[str]:
    """The labels of what a database lacks, changing nothing; raises StorageError as `migrate` would."""
    if tx.one(_IS_THERE[tx.engine]) is None:
        return [step.label for step in ledger]
    rows = tx.all("SELECT number, name, sha256 FROM steady_migrations ORDER BY number")
    applied = {row["number"]: (row["name"], row["sha256"]) for row in rows}
    _missing(ledger, applied)
    return [step.label for step in ledger if step.number not in applied]


def _next(unit: Unit, ledger: Sequence[Migration], now: datetime) -> str | None:
    """Apply the first missing step; read inside the lock, or two processes would both apply it."""
    unit.run(_LEDGER)
    rows = unit.all("SELECT number, name, sha256 FROM steady_migrations ORDER BY number")
    step = _missing(ledger, {row["number"]: (row["name"], row["sha256"]) for row in rows})
    if step is None:
        return None
    unit.script(_BYTEWISE.sub(_TEXT[unit.engine], step.sql))
    unit.run(_RECORD, number=step.number, name=step.name, sha256=step.sha256, at=to_stamp(now))
    return step.label


def _missing(ledger: Sequence[Migration], applied: dict[int, tuple[str, str]]) -> Migration | None:
    known = {step.number: step for step in ledger}
    for number, (name, sha256) in applied.items():
        _check_unchanged(known.get(number), f"{number:04d}_{name}", sha256)
    missing = [step for step in ledger if step.number not in applied]
    if missing and applied and missing[0].number < max(applied):
        raise StorageError(
            f"Migration {missing[0].label} comes before one this database has: give it a higher number."
        )
    return missing[0] if missing else None


def _check_unchanged(step: Migration | None, label: str, sha256: str) -> None:
    if step is None:
        raise StorageError(
            f"This database has migration {label}, unknown to this version: install a newer Steady."
        )
    if (step.label, step.sha256) != (label, sha256):
        raise StorageError(
            f"Migration {label} was changed after this database had applied it: "
            "put the file back as it was, and write the change as a new migration."
        )
