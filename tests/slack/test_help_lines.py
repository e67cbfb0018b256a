"""Help lines: of one's own country or of none, never of another one."""

import pytest

from bot.playbooks.loading import load, shipped_playbooks
from bot.slack.help_lines import country_for, help_line_blocks, help_lines_modal
from bot.slack.ids import Action
from tests.driver import words_in


@pytest.fixture(scope="module")
def countries():
    return load((shipped_playbooks(),)).library.countries


def said(blocks):
    return "\n".join(words_in(blocks))


def elements(blocks):
    return [element for block in blocks for element in block.get("elements", ()) if "action_id" in element]


def test_a_known_country_shows_its_own_number(countries):
    words = said(help_line_blocks(country_for(countries, "GB")))
    assert "call 999" in words
    assert "Samaritans" in words


@pytest.mark.parametrize(
    ("territory", "number"), [("PR", "911"), ("GU", "911"), ("UM", "911"), ("JE", "999"), ("IM", "999")]
)
def test_a_territory_shows_the_lines_that_its_phones_reach(countries, territory, number):
    assert f"call {number}" in said(help_line_blocks(country_for(countries, territory)))


def test_a_territory_with_lines_of_its_own_shows_those(countries):
    own = countries["IE"]
    assert country_for({**countries, "JE": own}, "JE") is own


def test_an_unknown_country_is_asked_for_instead_of_showing_another_s_number(countries):
    assert country_for(countries, "NZ") is None
    drawn = help_line_blocks(country_for(countries, "NZ"), "Carewell · Call 0800 111 222")
    words = said(drawn)
    assert "the emergency number where you are" in words
    assert "Carewell" in words
    assert not [it for it in countries.values() if f"call {it.emergency}" in words]
    assert [it["action_id"] for it in elements(drawn)] == [Action.HELP_LINES]


def test_the_window_then_asks_for_the_country_and_chooses_none_beforehand(countries):
    view = help_lines_modal(countries, "NZ")
    (chooser,) = elements(view["blocks"])
    assert chooser["action_id"] == Action.HELP_COUNTRY
    assert "initial_option" not in chooser
    assert len(chooser["options"]) == len(countries)
