"""The sense of danger: what it learns from lines, how it is steered, and that it can say why."""

import pytest

from bot.phrasing.lexicon import Lexicon
from bot.phrasing.safety import SafetyRule, SafetyWords
from bot.phrasing.sense import Themes

LEXICON = Lexicon(common=frozenset({"the", "he", "has", "my", "is"}))
THEMES = Themes(
    themes={
        "weapon": ("knife", "axe", "crossbow"),
        "staff": ("cashier", "driver"),
        "shop": ("order", "late"),
    },
    same={"who": ("he", "she", "i")},
    slight=frozenset({"the", "has", "my", "is", "a", "for"}),
)
DANGER = (
    "he has a knife for the cashier",
    "an axe for the driver",
    "he wants to die",
    "the cashier saw a knife",
)
QUIET = (
    "my order is late",
    "the driver is late",
    "the knife order is late",
    "an axe on order",
    "late driver",
)


def rule(**more: object) -> SafetyRule:
    words = {"danger": (), "harmless": (), "danger_lines": DANGER, "harmless_lines": QUIET, "themes": THEMES}
    return SafetyRule(SafetyWords(**{**words, "sure_from": 0.0, **more}), LEXICON)  # type: ignore[arg-type]


def test_a_word_that_no_line_holds_is_understood_by_its_theme() -> None:
    assert rule().sureness("she has a crossbow for the driver") > rule().sureness("she has a cup")
    assert rule().fires("she has a crossbow for the driver")
    assert not rule().fires("the crossbow order is late")


def test_who_it_is_makes_no_difference_where_the_words_say_so() -> None:
    assert rule().sureness("she wants to die") == rule().sureness("he wants to die")


def test_what_is_certain_wins_over_every_other_word() -> None:
    text = "kms and my order is late and the driver is late and late"
    assert not rule().fires(text)
    assert rule(certain=("kms",)).fires(text)
    assert not rule(certain=("kms",), harmless=("kms and my order",)).fires(text)


def test_an_authors_wording_counts_before_anything_is_learned() -> None:
    text = "he spoke of the long sleep"
    plain, worded = rule(), rule(danger=("long sleep",), danger_lines=(*DANGER, "the long sleep is near"))
    assert worded.sureness(text) > plain.sureness(text) + 1


def test_lines_that_a_company_adds_are_learned_with_the_others() -> None:
    text = "the kiln door is open"
    assert not rule().fires(text)
    lines = (
        "kiln door open, Jo is inside",
        "the kiln door is open with a man in it",
        "open kiln, man inside",
    )
    assert rule(danger_lines=(*DANGER, *lines)).fires(text)


def test_how_sure_it_must_be_is_the_authors_choice() -> None:
    text = "he has a knife for the cashier"
    assert rule(sure_from=0.0).fires(text)
    assert not rule(sure_from=5.0).fires(text)


@pytest.mark.parametrize(
    ("danger", "reason"), [((), "#weapon"), (("knife … cashier",), "knife for the cashier")]
)
def test_it_can_say_why(danger: tuple[str, ...], reason: str) -> None:
    reasons = rule(danger=danger).reasons("he has a knife for the cashier")
    assert any(reason in it for it in reasons)


def test_learning_the_same_lines_twice_gives_the_same_answer() -> None:
    text = "she has an axe for the cashier"
    assert rule().sureness(text) == rule().sureness(text)


def test_reasons_show_the_words_that_were_typed() -> None:
    reasons = rule().reasons("i wants to die, she saw the knif")
    assert 'danger: "die"' in reasons
    assert not any("<" in it for it in reasons)
    assert rule().reasons("she wantd")[0] == 'danger: "she wantd"'


def test_a_word_that_reads_as_two_is_not_taken_for_the_second() -> None:
    lexicon = Lexicon(common=LEXICON.common, shorthand={"im": "i am"})
    themes = Themes(same={"who": ("he", "im")}, slight=frozenset({"im"}), themes={"weapon": ("im",)})
    words = SafetyWords((), (), danger_lines=("they am here", *DANGER), harmless_lines=QUIET, themes=themes)
    assert 'danger: "am"' in SafetyRule(words, lexicon).reasons("am")
