"""Counting what signals say, and what a count is worth."""

import pytest

from bot.phrasing.weights import Scale, Tally, strength_at


def test_what_is_counted_very_often_still_belongs_to_its_own_situation() -> None:
    tally = Tally[str]()
    tally.add(0, {"hello": 70_000})
    row = Scale([70_000, 70_000]).weigh(tally, 1.0)["hello"]
    assert strength_at(row, 0) > 0
    assert strength_at(row, 1) == 0


def test_rows_add_up_place_by_place() -> None:
    tally = Tally[str]()
    tally.add(0, {"late": 3, "again": 1})
    tally.add(2, {"late": 1})
    scale = Scale([4, 4, 4])
    rows = scale.weigh(tally, 1.0)
    apart = [[strength_at(row, place) for place in range(3)] for row in rows.values()]
    assert scale.sums(rows.values()) == pytest.approx([sum(it) for it in zip(*apart, strict=True)])
