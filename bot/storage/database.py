"""The seam: what every store may ask of a database, whichever engine is below.

A unit of work is a plain function of a `Transaction`. It is kept whole or not at all, and units of work that
write behave as if they ran one after another. PostgreSQL may run one again after it lost a race, so it does
nothing but talk to its transaction: no clocks, no messages, nothing that must happen only once.

SQL is written once. Named parameters (`:name`) take str, int, float, bool (kept as 0 or 1), bytes and None;
times go through `to_stamp`. What differs between the engines, and how to write it so that it does not:

- `:name IS NULL` has no type on PostgreSQL: write `CAST(:name AS TEXT) IS NULL`.
- LIKE ignores the case of ASCII on SQLite only: compare `lower(column)`.
- A failed statement ends its unit of work on both: use ON CONFLICT instead of catching `ConflictError`.
- Rows come back in no order without ORDER BY; NULLs sort first on SQLite and last on PostgreSQL.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar

Engine = Literal["sqlite", "postgresql"]
Row = dict[str, Any]
T = TypeVar("T")


class Transaction(Protocol):
    """One unit of work in progress; of no use once its function has returned."""

    @property
    def engine(self) -> Engine:
        """Which engine is below, for the one place with two texts: full-text search."""

    def one(self, sql: str, /, **params: object) -> Row | None:
        """The first row, or None; also for INSERT … RETURNING."""

    def all(self, sql: str, /, **params: object) -> list[Row]:
        """Every row, in memory."""

    def run(self, sql: str, /, **params: object) -> int:
        """Change something; returns how many rows it changed."""

    def many(self, sql: str, rows: Sequence[Mapping[str, object]], /) -> None:
        """Run one statement once for each row of parameters."""


class Database(Protocol):
    """A migrated database, shared by every store in the process."""

    @property
    def engine(self) -> Engine:
        """Which engine is below."""

    async def write(self, fn: Callable[[Transaction], T]) -> T:
        """Run one whole unit of work; an exception from `fn` rolls all of it back and comes out here."""

    async def read(self, fn: Callable[[Transaction], T]) -> T:
        """Run `fn` on a snapshot that nothing changes and that it can't change."""

    async def compact(self) -> None:
        """Rewrite the files so that deleted words are no longer in them; slow, so for the night's job.

        Raises DatabaseBusyError where others are in the way for too long.
        """

    async def close(self) -> None:
        """Let the work that has begun finish, then let go of the database; twice does no harm."""
