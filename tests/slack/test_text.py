"""Text on its way to Slack."""

import pytest

from bot.slack.text import escape, sentence


def test_a_command_in_our_own_sentence_can_be_copied_as_it_stands():
    assert sentence("Type `/deescalate help` for more.") == "Type `/deescalate help` for more."


@pytest.mark.parametrize("hostile", ["<!channel> `x` *b*", "`/a<b>`", "`/deescalate", "~a~ _b_ & `/A`"])
def test_nothing_else_in_a_sentence_comes_alive(hostile):
    assert sentence(hostile) == escape(hostile)
    assert "<" not in sentence(hostile)
