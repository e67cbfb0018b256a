"""No hidden count can be computed back from what is shown, whoever subtracts what from what."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InvalidError
from bot.safeguards.suppression import TOTAL, Cell, Table, Thresholds, suppress

FLOOR = Thresholds()
counts = st.one_of(st.integers(0, 12), st.integers(0, 4), st.integers(5, 40))


def tables(rows: int, columns: int, counts: st.SearchStrategy[int] = counts) -> st.SearchStrategy[Table]:
    names = [(f"r{row}", f"c{column}") for row in range(rows) for column in range(columns)]
    return st.lists(counts, min_size=len(names), max_size=len(names)).map(
        lambda values: Table(
            [f"r{row}" for row in range(rows)],
            [f"c{column}" for column in range(columns)],
            dict(zip(names, values, strict=True)),
        )
    )


any_table = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(lambda size: tables(*size))


def known(table: Table) -> tuple[Mapping[Cell, int], set[Cell]]:
    """What a reader would know if nothing were rounded, and the cells they would like to know."""
    shown = suppress(table, FLOOR).shown
    cells = table.cells()
    return {it: cells[it] for it in cells if shown[it] is not None}, {it for it in cells if shown[it] is None}


@given(any_table)
def test_no_figure_is_about_fewer_than_five_people(table: Table) -> None:
    shown, _ = known(table)
    assert all(count >= 5 for count in shown.values())


@settings(max_examples=60, deadline=None)
@given(any_table)
def test_no_hidden_cell_follows_from_the_sums(table: Table) -> None:
    shown, hidden = known(table)
    order = sorted(hidden)
    equations = [[Fraction(it.get(cell, 0)) for cell in order] for it in _sums(table)]
    for at in range(len(order)):
        assert not _spans(equations, at, len(order)), order[at]
    assert len(shown) + len(order) == (len(table.rows) + 1) * (len(table.columns) + 1)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([(1, 2), (1, 3), (2, 1), (2, 2)]).flatmap(lambda it: tables(*it, st.integers(0, 7))))
def test_every_hidden_count_could_as_well_be_one_of_at_least_six(table: Table) -> None:
    shown, hidden = known(table)
    seen: dict[Cell, set[int]] = {cell: set() for cell in hidden}
    for other in _consistent(table, shown):
        for cell in hidden:
            seen[cell].add(other[cell])
    assert all(len(values) >= 6 for values in seen.values()), seen


def test_what_is_large_all_over_is_shown_whole_and_rounded() -> None:
    table = Table(["x", "y"], ["a", "b"], {("x", "a"): 12, ("x", "b"): 13, ("y", "a"): 8, ("y", "b"): 7})
    assert suppress(table, FLOOR).shown == {
        ("x", "a"): 10, ("x", "b"): 15, ("y", "a"): 10, ("y", "b"): 5,
        ("x", TOTAL): 25, ("y", TOTAL): 15, (TOTAL, "a"): 20, (TOTAL, "b"): 20, (TOTAL, TOTAL): 40,
    }  # fmt: skip


def test_when_all_say_the_same_it_is_not_shown() -> None:
    shown = suppress(Table(["team"], ["fine", "too much"], {("team", "too much"): 6}), FLOOR).shown
    assert shown["team", "too much"] is None


def test_a_small_team_is_rolled_up_into_the_whole() -> None:
    table = Table(
        ["north", "south", "west"], ["all"], {("north", "all"): 40, ("south", "all"): 3, ("west", "all"): 22}
    )
    shown = suppress(table, FLOOR).shown
    assert shown["south", "all"] is None
    assert shown["west", "all"] is None
    assert shown["north", "all"] == 40
    assert shown[TOTAL, TOTAL] == 65


@given(any_table, st.integers(5, 12))
def test_a_higher_threshold_shows_no_smaller_count(table: Table, people: int) -> None:
    shown = suppress(table, replace(FLOOR, people=people)).shown
    cells = table.cells()
    assert all(cells[cell] >= people for cell, count in shown.items() if count is not None)
    assert all(count % 5 == 0 for count in shown.values() if count is not None)


@pytest.mark.parametrize("field", ["people", "words", "window_weeks", "rounded_to"])
def test_thresholds_can_be_raised_and_never_lowered(field: str) -> None:
    least = getattr(FLOOR, field)
    assert getattr(replace(FLOOR, **{field: least + 1}), field) == least + 1
    with pytest.raises(InvalidError) as refused:
        replace(FLOOR, **{field: least - 1})
    assert refused.value.field == field


def test_a_group_is_shown_only_if_what_is_left_is_no_small_group_either() -> None:
    allowed = {
        (group, whole) for whole in range(16) for group in range(whole + 1) if FLOOR.allows(group, whole)
    }
    assert (5, 5) in allowed
    assert (5, 10) in allowed
    assert not allowed & {(4, 4), (4, 10), (6, 10), (5, 9), (0, 0)}


def _sums(table: Table) -> Iterator[dict[Cell, int]]:
    """What everybody knows: in every row and column the cells make up the total."""
    for row in (*table.rows, TOTAL):
        yield {(row, TOTAL): -1} | {(row, column): 1 for column in table.columns}
    for column in (*table.columns, TOTAL):
        yield {(TOTAL, column): -1} | {(row, column): 1 for row in table.rows}


def _spans(equations: list[list[Fraction]], at: int, width: int) -> bool:
    """Whether the equations settle one unknown: whether it alone is a combination of them."""
    unit = [Fraction(int(it == at)) for it in range(width)]
    return _rank(equations) == _rank([*equations, unit])


def _rank(rows: list[list[Fraction]]) -> int:
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((at for at in range(rank, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for at in range(rank + 1, len(rows)):
            factor = rows[at][column] / rows[rank][column]
            rows[at] = [one - factor * other for one, other in zip(rows[at], rows[rank], strict=True)]
        rank += 1
    return rank


def _consistent(table: Table, shown: Mapping[Cell, int]) -> Iterator[Mapping[Cell, int]]:
    """Every table, of counts not too large, that would be shown as this one is."""
    inner = list(product(table.rows, table.columns))
    for values in product(*([shown[cell]] if cell in shown else range(13) for cell in inner)):
        cells = Table(table.rows, table.columns, dict(zip(inner, values, strict=True))).cells()
        if all(cells[cell] == count for cell, count in shown.items()):
            yield cells
