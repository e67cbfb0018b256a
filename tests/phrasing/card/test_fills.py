"""Facts for blanks are read only where they are plain, and never out of numbers that could identify."""

import pytest

from bot.phrasing.fills import read_fills
from bot.playbooks.model import Fill


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("charged £40 twice", Fill.AMOUNT, "£40"),
        ("wants his $1,200.50 back", Fill.AMOUNT, "$1,200.50"),
        ("on hold 40 mins", Fill.DURATION, "40 minutes"),
        ("waiting three weeks", Fill.DURATION, "three weeks"),
        ("1 hr on hold", Fill.DURATION, "1 hour"),
        ("we promised monday", Fill.DATE, "Monday"),
    ],
)
def test_what_is_plainly_said_is_read(text, kind, value):
    assert read_fills(text, None)[kind] == value


@pytest.mark.parametrize(
    "text",
    ["card 4111 1111 1111 1111", "order 12345678", "acct £", "£4111111111111111", "he is 40 years old"],
)
def test_numbers_that_say_nothing_plain_are_left_alone(text):
    assert not read_fills(text, None)


def test_a_date_beside_a_birth_is_not_read():
    assert Fill.DATE not in read_fills("born on a monday", None)


@pytest.mark.parametrize(("times", "word"), [(2, "second"), (3, "third"), (10, "tenth")])
def test_the_count_of_contacts_becomes_a_word(times, word):
    assert read_fills("", times)[Fill.TIMES] == word


@pytest.mark.parametrize("times", [None, 0, 1, 11, 4000])
def test_a_count_that_no_phrase_would_say_is_left_out(times):
    assert Fill.TIMES not in read_fills("", times)
