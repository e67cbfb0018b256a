"""Counting what signals say, and what a count is worth."""

import json

from bot.phrasing.weights import Counted, Learned, Said, Scale, Tally, strength_at, weigh


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
    rows = Scale([4, 4, 4]).weigh(tally, 1.0).values()
    for place in range(3):
        assert strength_at(sum(rows), place) == sum(strength_at(it, place) for it in rows)


def test_what_is_kept_of_the_weights_is_all_of_them() -> None:
    counted = Counted(("late",))
    counted.add("late", [Said(pairs={1 << 24 | 2}, ideas={"@late"}, spelt={"late": ("lat",)})] * 3)
    counted.add("lost", [Said(met={5}, cues={"late"}, spelt={"lost": ("lost",), "it": ("it",)})])
    learned = weigh(counted)
    assert learned.by_pair
    assert Learned.from_kept(json.loads(json.dumps(learned.as_kept()))) == learned
