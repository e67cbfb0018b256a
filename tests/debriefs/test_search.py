"""Full text that finds the same on both engines, whatever is asked."""

import pytest

from bot.debriefs.search import folded
from tests.debriefs.floor import ANA, BEN


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("trace", True),
        ("TRACE", True),
        ("trac", True),
        ("race", False),
        ("trace number", True),
        ("number trace", True),
        ("trace refused", False),
        ("Müller", True),
        ("muller", True),
        ("CS-4711", True),
        ("4711", True),
        ("refund problem", True),
        ("größe", True),
        ("GROSSE", True),
        ("", False),
        ("  …  ", False),
        ('"trace"', True),
        ("trace OR refused", False),
        ("trace NOT number", False),
        ("circles:author", False),
        ("author_t1_uana", False),
        ("words : trace*", False),
        ("trace | refused & !x:* <-> '", False),
        ("NEAR(trace number)", False),
        ("x" * 5_000, False),
        ("\x00 trace \ud800", True),
    ],
)
async def test_words_find_and_operators_are_words(floor, asked, finds):
    entry_id = await floor.log(happened="The trace number calmed Müller. Größe 44.", ticket="CS-4711")
    await floor.log(BEN, happened="trace number Müller 4711 größe refused")
    found = await floor.service.search(ANA, asked)
    assert [it.id for it in found.entries] == ([entry_id] if finds else [])


def test_words_are_folded_and_bounded():
    assert folded("Größe, ÅNGSTRÖM! naïve_word") == ["grosse", "angstrom", "naive", "word"]
    assert max(map(len, folded("x" * 500))) == 60


async def test_what_changed_is_found_as_it_is_now(floor):
    entry_id = await floor.log(happened="before")
    assert (await floor.service.search(ANA, "before")).entries
    await floor.service.delete(ANA, entry_id)
    assert not (await floor.service.search(ANA, "before")).entries
    assert (
        await floor.rows("debrief_search_rows" if floor.database.engine == "sqlite" else "debrief_search")
        == []
    )


async def test_the_newest_comes_first_and_no_more_than_a_page(floor):
    ids = [await floor.log(happened="thunder") for _ in range(25)]
    found = [it.id for it in (await floor.service.search(ANA, "thunder")).entries]
    assert found == ids[:4:-1]
