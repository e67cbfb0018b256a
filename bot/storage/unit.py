"""What the transactions of both engines share."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, TypeVar

from bot.storage.database import Engine, Row
from bot.storage.errors import StorageError
from bot.storage.parameters import Value, harmless

T = TypeVar("T")


class Unit(ABC):
    """One unit of work: after a statement fails nothing more happens in it, on SQLite as on PostgreSQL."""

    engine: ClassVar[Engine]
    driver_errors: ClassVar[tuple[type[Exception], ...]]

    def __init__(self) -> None:
        self.failure: StorageError | None = None
        self._over = False

    def one(self, sql: str, /, **params: object) -> Row | None:
        """The first row, or None; every row is fetched, because a RETURNING left half read is half done."""
        rows = self.all(sql, **params)
        return rows[0] if rows else None

    def all(self, sql: str, /, **params: object) -> list[Row]:
        """Every row, in memory."""
        values = harmless(params)
        return self._attempt(sql, lambda: self._rows(sql, values))

    def run(self, sql: str, /, **params: object) -> int:
        """Change something; returns how many rows it changed (0 for CREATE and its like)."""
        values = harmless(params)
        return max(0, self._attempt(sql, lambda: self._count(sql, values)))

    def many(self, sql: str, rows: Sequence[Mapping[str, object]], /) -> None:
        """Run one statement once for each row of parameters."""
        values = [harmless(row) for row in rows]
        self._attempt(sql, lambda: self._batch(sql, values))

    def script(self, sql: str, /) -> None:
        """Run several statements without parameters; for migrations."""
        self._attempt(sql, lambda: self._script(sql))

    def whole(self, fn: Callable[["Unit"], T]) -> T:
        """Do all of `fn`, or raise; a failure that `fn` swallowed counts, since nothing of it can be kept."""
        try:
            outcome = fn(self)
        finally:
            # From now on the connection below belongs to someone else.
            self._over = True
        if self.failure is not None:
            raise self.failure
        return outcome

    def _attempt(self, sql: str, step: Callable[[], T]) -> T:
        if self._over:
            raise StorageError("This unit of work is over: do everything inside its function.")
        if self.failure is not None:
            raise StorageError("A statement of this unit of work failed: nothing more can happen in it.")
        try:
            return step()
        except self.driver_errors as error:
            self.failure = self._refusal(error, sql)
            # The driver's own words can hold what somebody typed, so they don't travel along as the cause.
            raise self.failure from None

    @abstractmethod
    def _rows(self, sql: str, values: dict[str, Value]) -> list[Row]: ...

    @abstractmethod
    def _count(self, sql: str, values: dict[str, Value]) -> int: ...

    @abstractmethod
    def _batch(self, sql: str, values: list[dict[str, Value]]) -> None: ...

    @abstractmethod
    def _script(self, sql: str) -> None: ...

    @abstractmethod
    def _refusal(self, error: Exception, sql: str) -> StorageError: ...


def one_line(sql: str) -> str:
    """A statement short enough for an error message; it has names and no values in it."""
    return " ".join(sql.split())[:200]
