"""Words of people on their way to Slack: inert, bounded, still readable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import bold, clip, escape, sentence

# Where Slack may open or close formatting: a marker beside anything that is no part of a word.
LIVE = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`|<|>")


@given(st.text(alphabet=st.sampled_from("ab *_~`<>&@!|\n\x00\ud800\u202e"), max_size=40))
def test_nothing_that_anybody_types_comes_alive(typed):
    safe = escape(typed)
    assert not LIVE.search(safe)
    assert not re.search("[\x00\ud800\u202e]", safe)


@pytest.mark.parametrize("name", ["refund_ref_12", "2*3", "snake_case"])
def test_a_marker_inside_a_word_stays_as_it_is(name):
    assert escape(name) == name


def test_a_command_in_our_own_sentence_can_be_copied():
    assert sentence("Type `/deescalate` again.") == "Type `/deescalate` again."
    assert bold("a *b*") == "*a ∗b∗*"


def test_what_is_cut_shows_that_it_was():
    assert clip("x" * 11, 10) == "x" * 9 + "…"
    assert clip("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize("hostile", ["<!channel> `x` *b*", "`/a<b>`", "`/deescalate", "~a~ _b_ & `/A`"])
def test_nothing_else_in_a_sentence_comes_alive(hostile):
    assert sentence(hostile) == escape(hostile)
    assert "<" not in sentence(hostile)
