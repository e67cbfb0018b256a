"""The playbooks that ship: all there, nothing to mend, and enough in each to help on a bad call."""

import datetime as dt

import pytest

from bot.playbooks.library import USUAL, Library
from bot.playbooks.lint import lint
from bot.playbooks.loading import Loaded, load, shipped_playbooks
from bot.playbooks.model import Framework, Role

TODAY = dt.date(2026, 11, 21)
IDS = [id_ for ids in USUAL.values() for id_ in ids]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load([shipped_playbooks()])


@pytest.fixture(scope="module")
def library(loaded: Loaded) -> Library:
    return loaded.library


def test_nothing_that_ships_is_wrong(loaded: Loaded) -> None:
    errors = [it for it in lint(loaded, TODAY) if it.is_error]
    assert not errors, "\n".join(map(str, errors))


def test_every_situation_is_there_and_of_its_kind(library: Library) -> None:
    assert {kind: tuple(it.id for it in there) for kind, there in library.by_kind().items()} == USUAL


@pytest.mark.parametrize("id_", IDS)
def test_a_situation_is_known_in_both_registers_and_has_words_from_first_to_last(
    library: Library, id_: str
) -> None:
    it = library.situations[id_]
    assert len(it.signals.shorthand) >= 40
    assert len(it.signals.full) >= 40
    assert len(it.phrases) >= 8
    assert {phrase.role for phrase in it.phrases} >= {
        Role.ACKNOWLEDGE,
        Role.EXPLAIN,
        Role.ASK,
        Role.OFFER,
        Role.CLOSE,
    }
    assert min(len(it.avoid), len(it.questions), len(it.check_first), len(it.usually_behind)) >= 3
    assert it.latitude


@pytest.mark.parametrize("id_", ["leap", "last", "heard", "heat", "blast", "ideal"])
def test_a_memory_aid_spells_its_name(library: Library, id_: str) -> None:
    it: Framework = library.frameworks[id_]
    assert "".join(step.letter for step in it.steps) == id_.upper()


def test_any_two_situations_of_a_kind_have_a_line_that_fits_both(library: Library) -> None:
    for situations in library.by_kind().values():
        assert library.safe_lines_for(situations[0].id, situations[-1].id)
