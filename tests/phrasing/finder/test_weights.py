"""Counting what signals say, and what a count is worth."""

import json

from bot.phrasing.weights import Counted, Learned, Said, Scale, Tally, weigh

WIDTH = 1 << 32
"""From here on a row speaks for the second situation."""


def test_what_is_counted_very_often_still_belongs_to_its_own_situation() -> None:
    tally = Tally[str]()
    tally.add(0, {"hello": 70_000})
    row = Scale([70_000, 70_000]).weigh(tally, 1.0)["hello"]
    assert 0 < row < WIDTH


def test_what_is_kept_of_the_weights_is_all_of_them() -> None:
    counted = Counted(("late",))
    counted.add("late", [Said(pairs={1 << 24 | 2}, ideas={"@late"}, spelt={"late": ("lat",)})] * 3)
    counted.add("lost", [Said(met={5}, cues={"late"}, spelt={"lost": ("lost",), "it": ("it",)})])
    learned = weigh(counted)
    assert learned.by_pair
    assert Learned.from_kept(json.loads(json.dumps(learned.as_kept()))) == learned
