"""What each feature must be able to do with what it keeps about people: show it, forget it, let it age."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.people import Member
from bot.storage.database import Transaction

Exported = Mapping[str, Sequence[Mapping[str, Any]]]
"""By kind of thing, in words a person understands: one mapping of plain values each."""


GONE_KEPT_FOR = dt.timedelta(days=90)
"""Somebody who leaves and comes back within this time finds their things as they were."""


@dataclass(frozen=True, slots=True)
class Table:
    """A line of the data map: what a table holds, whose that is, and how long it is kept."""

    name: str
    what: str
    whose: str
    kept: str
    goes_with_leavers: bool = False
    """Whether its rows go, by their member_id, `GONE_KEPT_FOR` after somebody left the workspace."""

    @property
    def kept_for(self) -> str:
        """How long it is kept, whatever ends it first."""
        after_leaving = f"; {GONE_KEPT_FOR.days} days after leaving" if self.goes_with_leavers else ""
        return f"{self.kept}{after_leaving}"


class Holding(Protocol):
    """One feature's personal data. Every table with a member or workspace in it belongs to exactly one."""

    @property
    def tables(self) -> Sequence[Table]:
        """The tables it answers for; `steady data-map` prints them."""
        ...

    def export(self, tx: Transaction, member: Member) -> Exported:
        """Everything kept about or written by the member, with sealed text opened."""
        ...

    def erase(self, tx: Transaction, member: Member) -> None:
        """Forget the member: rows, index entries, jobs. Counts that name nobody stay."""
        ...

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget the whole workspace, counts included."""
        ...

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:
        """Delete what has aged out; returns how many of each kind went."""
        ...
