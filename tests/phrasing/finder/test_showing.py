"""How the customer shows it, and how often they have been in touch: said of them, and not of anybody else."""

import pytest

from bot.phrasing.finder import Finder
from bot.playbooks.model import State


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("won't get off phone, keeps starting over", State.WONT_LET_GO),
        ("he's going round and round", State.WONT_LET_GO),
        ("she's crying", State.CRYING),
        ("he won't speak, just breathing", State.SILENT),
        ("wont stop swearing, refund not come", State.INSULTING),
        ("cx doesn't understand the letter", State.CONFUSED),
    ],
)
def test_a_state_that_is_the_customers_is_heard(finder: Finder, text: str, state: State) -> None:
    assert state in finder.find(text).states


@pytest.mark.parametrize(
    "text",
    [
        "I've gone round in circles with your chatbot",
        "deaf customer in store, I keep talking too fast",
        "calling abt broadband, has to explain every time",
        "daughter not on account, angry I wont talk",
        "I can't understand a word you people say",
        "locked out, rent due, swearing but not at me",
        "flight cancelled, kids crying",
        "baby screaming in background",
    ],
)
def test_a_state_of_somebody_else_colours_no_card(finder: Finder, text: str) -> None:
    assert not finder.find(text).states


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("engineer didn't turn up, 2nd time", 2),
        ("leaks again after 2nd engineer visit", 2),
        ("I've told four different people my meter is wrong", 4),
        ("passed between three departments", 3),
        ("charged on the 4th, the 9th and the 15th", None),
        ("second time buyer, mortgage declined", None),
        ("price up again 2nd time this year", None),
        ("family of four people", None),
    ],
)
def test_a_count_is_read_where_it_counts_contacts(finder: Finder, text: str, times: int | None) -> None:
    assert finder.find(text).times == times
