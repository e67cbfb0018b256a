"""R11: figures about well-being only of enough people, and none that the others give away."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from bot.errors import InvalidError

TOTAL = "total"
"""The name of the row and the column that sum up the others."""

Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How many people a figure takes. The defaults are the floor: raising is all that can be done to them."""

    people: int = 5
    """Fewest people behind any figure, and in what is left of the group when they are taken out of it."""
    words: int = 10
    """Fewest people behind words they wrote or ticked, which are never sliced."""
    window_weeks: int = 2
    """How long a window is at least; it is counted once, after it has closed, and then stays as it is."""
    rounded_to: int = 5
    """Counts are shown to the nearest multiple."""

    def __post_init__(self) -> None:
        """Refuse anything below the floor, naming the field."""
        for field, least, unit in (
            ("people", 5, "people"),
            ("words", 10, "people"),
            ("window_weeks", 2, "weeks"),
            ("rounded_to", 5, "people"),
        ):
            if getattr(self, field) < least:
                raise InvalidError(f"This can only be raised: at least {least} {unit}.", field=field)

    def allows(self, group: int, whole: int) -> bool:
        """Whether a figure about part of a whole may be shown: neither it nor what is left may be few."""
        rest = whole - group
        return group >= self.people and (rest == 0 or rest >= self.people)


@dataclass(frozen=True, slots=True)
class Table:
    """How many people are in each cell; a person is in one cell only, and a cell that is missing is empty."""

    rows: Sequence[str]
    columns: Sequence[str]
    counts: Mapping[Cell, int]

    def cells(self) -> Mapping[Cell, int]:
        """Every cell with the totals: of each row, each column, and the whole."""
        cells = {
            (row, column): self.counts.get((row, column), 0) for row in self.rows for column in self.columns
        }
        for row in self.rows:
            cells[row, TOTAL] = sum(cells[row, column] for column in self.columns)
        for column in (*self.columns, TOTAL):
            cells[TOTAL, column] = sum(cells[row, column] for row in self.rows)
        return cells


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What may be shown: every cell and total, rounded, or None where it is hidden."""

    rows: Sequence[str]
    columns: Sequence[str]
    shown: Mapping[Cell, int | None]


def suppress(table: Table, thresholds: Thresholds) -> Suppressed:
    """Hide every cell with fewer than `people`, and more where the rest would give one away.

    A hidden cell can stand for at least `people` + 1 different counts, whoever subtracts what from what, even
    were the figures not rounded. The smallest cells go first.
    """
    cells = table.cells()
    hidden = {cell for cell, count in cells.items() if count < thresholds.people}
    while exposed := _exposed(cells, hidden, thresholds.people):
        hidden |= _also_to_hide(cells, hidden, exposed, thresholds.people)
    shown = {
        cell: None if cell in hidden else _rounded(count, thresholds.rounded_to)
        for cell, count in cells.items()
    }
    return Suppressed(table.rows, table.columns, shown)


def _exposed(cells: Mapping[Cell, int], hidden: set[Cell], width: int) -> Cell | None:
    """The smallest hidden cell whose count can be told to within `width`; None where there is none."""
    for cell in sorted(hidden, key=lambda it: (cells[it], it)):
        if _freedom(cells, hidden, cell, width) < width:
            return cell
    return None


_Knot = tuple[str, str]
_Threads = dict[_Knot, dict[_Knot, float]]


def _freedom(cells: Mapping[Cell, int], hidden: set[Cell], cell: Cell, enough: int) -> int:
    """How far a hidden count could be from itself, up and down together, with all that is shown unchanged.

    Rows and columns are knots, cells threads that run between them; as much runs into a knot as out of it.
    So a count can grow by as much as can run from where its thread ends back to where it begins.
    """
    tail, head = _ends(cell)
    up = _flow(_residual(cells, hidden, cell), head, tail, enough)
    down = _flow(_residual(cells, hidden, cell), tail, head, enough) if up < enough else 0
    return up + min(cells[cell], down)


def _ends(cell: Cell) -> tuple[_Knot, _Knot]:
    """Where a cell's thread begins and ends: a total runs back, from the sum to what it is the sum of."""
    row, column = ("row", cell[0]), ("column", cell[1])
    return (column, row) if (cell[0] == TOTAL) != (cell[1] == TOTAL) else (row, column)


def _residual(cells: Mapping[Cell, int], hidden: set[Cell], without: Cell) -> _Threads:
    """How much each hidden cell but one could still change: up without end, down to nought."""
    threads: _Threads = {}
    for cell in hidden - {without}:
        tail, head = _ends(cell)
        threads.setdefault(tail, {})[head] = float("inf")
        threads.setdefault(head, {})[tail] = cells[cell]
    return threads


def _flow(graph: _Threads, source: _Knot, sink: _Knot, enough: int) -> int:
    """The most that can be sent, or `enough` once that much can (Edmonds and Karp)."""
    sent = 0.0
    while sent < enough and (path := _path(graph, source, sink)):
        steps = list(pairwise(path))
        amount = min(enough - sent, *(graph[one][other] for one, other in steps))
        for one, other in steps:
            graph[one][other] -= amount
            graph[other][one] = graph[other].get(one, 0) + amount
        sent += amount
    return int(sent)


def _path(graph: _Threads, source: _Knot, sink: _Knot) -> Sequence[_Knot]:
    """The shortest way on which something can still be sent; empty where there is none."""
    came_from: dict[_Knot, _Knot | None] = {source: None}
    waiting = deque([source])
    while waiting:
        knot = waiting.popleft()
        if knot == sink:
            return _back(came_from, sink)
        for other, left in graph.get(knot, {}).items():
            if left > 0 and other not in came_from:
                came_from[other] = knot
                waiting.append(other)
    return ()


def _back(came_from: Mapping[_Knot, _Knot | None], sink: _Knot) -> Sequence[_Knot]:
    path, knot = [sink], came_from[sink]
    while knot:
        path.append(knot)
        knot = came_from[knot]
    return path[::-1]


def _also_to_hide(cells: Mapping[Cell, int], hidden: set[Cell], exposed: Cell, width: int) -> set[Cell]:
    """The fewest people's worth of shown cells that, hidden too, let an exposed count grow by `width`.

    They lie on the cheapest way back from where its thread ends to where it begins (Dijkstra). One there is
    always: through the totals.
    """
    tail, head = _ends(exposed)
    others = _threads(cells, exposed, width)
    settled: set[_Knot] = set()
    waiting: list[tuple[int, _Knot, frozenset[Cell]]] = [(0, head, frozenset())]
    while waiting:
        cost, knot, way = heappop(waiting)
        if knot == tail:
            return set(way)
        if knot not in settled:
            settled.add(knot)
            for other, cell in others[knot]:
                added = frozenset() if cell in hidden else frozenset({cell})
                heappush(waiting, (cost + (cells[cell] if added else 0), other, way | added))
    raise AssertionError("every cell lies on a way through the totals")


def _threads(
    cells: Mapping[Cell, int], without: Cell, width: int
) -> Mapping[_Knot, list[tuple[_Knot, Cell]]]:
    """Where one gets to from each knot: along every thread, and back along those that could lose `width`."""
    ways: dict[_Knot, list[tuple[_Knot, Cell]]] = {}
    for cell, count in cells.items():
        if cell != without:
            tail, head = _ends(cell)
            ways.setdefault(tail, []).append((head, cell))
            ways.setdefault(head, []).extend([(tail, cell)] if count >= width else [])
    return ways


def _rounded(count: int, to: int) -> int:
    return (count + to // 2) // to * to
