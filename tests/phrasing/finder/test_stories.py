"""What people really type, and what has to come of it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.phrasing.finder import CRISIS, Finder, Found, build_finder
from bot.phrasing.lexicon import Lexicon
from bot.phrasing.safety import SafetyWords
from bot.playbooks.library import Library
from bot.playbooks.model import Kind, Signals, State


def first(finder: Finder, text: str) -> str | None:
    found = finder.find(text)
    return found.matches[0].situation if found.matches else None


def kinds(found: Found) -> dict[Kind, str]:
    """The best situation of each kind."""
    best: dict[Kind, str] = {}
    for match in found.matches:
        best.setdefault(match.kind, match.situation)
    return best


def test_a_late_refund_on_the_third_call_with_screaming(finder: Finder) -> None:
    found = finder.find("late refund 3rd call screaming")
    assert kinds(found)[Kind.CAUSE] == "refund_problem"
    assert kinds(found)[Kind.HISTORY] == "repeat_contact"
    assert found.matches[0].situation == "refund_problem"
    assert found.times == 3
    assert State.SHOUTING in found.states
    assert found.fit > 0.5


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("refnd not shwoing up stil", "refund_problem"),
        ("custmer chraged twise for one orderr", "billing_dispute"),
        ("intrnet doun since mornig", "service_outage"),
        ("wnts mgr rn", "supervisor_demand"),
        ("cx sez gonna sue", "legal_regulator_threat"),
        ("pkg says deliverd not here", "delivery_problem"),
        ("acct lockd cant log in", "account_access"),
        ("otp nvr arrives, acct locked", "account_access"),
        ("cust f***ing swearing at me, called me an idiot", "abusive_language"),
    ],
)
def test_typos_slang_and_desk_shorthand_are_read(finder: Finder, text: str, situation: str) -> None:
    assert first(finder, text) == situation


def test_what_a_not_takes_back_does_not_count(finder: Finder) -> None:
    plain, denied = finder.find("angry and confused"), finder.find("not angry, just confused")
    assert denied.matches[0].situation == "confused"
    anger = {it.situation: it.score for it in denied.matches}.get("angry_venting", 0.0)
    assert anger < {it.situation: it.score for it in plain.matches}["angry_venting"]
    assert State.SHOUTING not in finder.find("she isn't shouting").states


@pytest.mark.parametrize(
    "text",
    ["hi", "good morning", "order 88123-44", "thank you so much, that was quick", "lol ok", "asdf qwer"],
)
def test_greetings_thanks_and_order_numbers_fit_nothing(finder: Finder, text: str) -> None:
    assert finder.find(text).fit < 0.5


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\n\t", "\x00", "\ud800", "\u202e\u200b", "🙂🙂🙂", "….,;", "12345", "£40", "10:30", "5"],
)
def test_text_without_a_word_fits_nothing(finder: Finder, text: str) -> None:
    found = finder.find(text)
    assert found.matches == ()
    assert found.fit == 0
    assert not found.safety


def test_hostile_text_is_read_for_its_words_alone(finder: Finder) -> None:
    found = finder.find("<!channel> <@U1> <http://x.example|bank> *b* & late refund\x00 \ud83d \u202etxet")
    assert found.matches[0].situation == "refund_problem"
    assert "<" not in found.query
    assert "\x00" not in found.query


def test_ten_thousand_characters_cost_no_more_than_the_first_four_thousand(finder: Finder) -> None:
    begun = time.perf_counter()
    found = finder.find("my refund is late " * 600)
    assert time.perf_counter() - begun < 1
    assert len(found.query) <= 4_000
    assert found.matches[0].situation == "refund_problem"


def test_a_long_story_is_found_by_its_best_part(finder: Finder) -> None:
    story = (
        "Hello, I hope that you are well. I have been a customer for many years and I usually shop in the"
        " store near the station. Last spring we moved, and the garden is lovely. Anyway. The parcel that I"
        " ordered never arrived, though the tracking says that it was delivered. Kind regards, and thank you."
    )
    assert first(finder, story) == "delivery_problem"


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_finder(finder: Finder, text: str) -> None:
    found = finder.find(text)
    assert 0 <= found.fit <= 1
    assert all(0 <= it.score <= 1 for it in found.matches)
    scores = [it.score for it in found.matches]
    assert scores == sorted(scores, reverse=True)
    assert all(isinstance(reason, str) for it in found.matches for reason in it.reasons)


def test_reasons_quote_the_words_and_the_nearest_signal(finder: Finder) -> None:
    reasons = finder.find("late refund 3rd call screaming").matches[0].reasons
    assert 'words: "late refund"' in reasons
    assert any(it.startswith('sounds like: "') for it in reasons)


def test_one_sentence_of_danger_is_heard_in_a_long_complaint(finder: Finder) -> None:
    complaint = "My order is late and nobody has rung me about the refund. " * 8
    assert not finder.find(complaint).safety
    sentence = "He came at me with the poker last night and I'm frightened to sleep. "
    assert finder.find(complaint + sentence + complaint).safety


def test_reasons_for_danger_quote_where_it_was_heard(finder: Finder) -> None:
    reasons = finder.find("he says he will kill himself and the refund is late").matches[0].reasons
    assert 'danger: "kill himself"' in reasons


def test_reasons_never_repeat_a_card_number(finder: Finder) -> None:
    found = finder.find("refund to card 4111 1111 1111 1111 not showing")
    assert not any("4111" in reason or "1111" in reason for it in found.matches for reason in it.reasons)


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("he put my home address and a photo of my house online", "threat_to_staff"),
        ("the chatbot told her something wrong", "wants_human"),
        ("is there anyone who speaks Bengali", "language_barrier"),
        ("give me someone who speaks proper english", "discrimination"),
        ("sick to death of your whole company", "angry_venting"),
        ("driver threw the parcel and the mirror is smashed", "product_fault"),
        ("refund wanted after 70 days, our window is 30", "policy_no"),
        ("gas leak smell, she feels dizzy and sleepy", CRISIS),
        ("the toaster smoked, nobody hurt", "product_safety"),
        ("pensioner crying, her heating was cut off", "vulnerable_hardship"),
    ],
)
def test_words_that_two_situations_share_go_to_the_right_one(
    finder: Finder, text: str, situation: str
) -> None:
    assert first(finder, text) == situation


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("3rd call", 3),
        ("third time I've called about this", 3),
        ("called 4 times already", 4),
        ("emailed twice, nothing", 2),
        ("I have rung you six times", 6),
        ("charged 3 times", None),
        ("2 items missing", None),
        ("call 30 minutes long", None),
    ],
)
def test_only_plain_counts_of_contacts_are_counted(finder: Finder, text: str, times: int | None) -> None:
    assert finder.find(text).times == times


@pytest.mark.parametrize(
    "text", ["i want to kill myself", "cx says hes going to end his life tonight", "KMS"]
)
def test_danger_comes_first_whatever_else_is_said(finder: Finder, text: str) -> None:
    found = finder.find(text + " and my refund is late and I want a manager")
    assert found.safety
    assert found.matches[0].situation == CRISIS
    assert found.fit == 1.0


@pytest.mark.parametrize(
    "text",
    ["this queue is killing me", "phone died", "shoot me an email", "late refund, my late husband's card"],
)
def test_what_only_sounds_like_danger_raises_no_alarm(finder: Finder, text: str) -> None:
    found = finder.find(text)
    assert not found.safety
    assert not found.matches or found.matches[0].situation != CRISIS


def test_a_language_barrier_is_no_insult(finder: Finder) -> None:
    assert State.INSULTING not in finder.find("language barrier, account in his name").states


def test_a_new_situation_of_a_company_is_found_at_once(library: Library) -> None:
    signals = Signals(
        shorthand=(
            "gym pass wont scan", "turnstile stuck", "gate red at gym", "pass not opening gate",
            "stuck at gym turnstile", "entry gate beeps red", "qr pass refused at gate", "gate reader dead",
            "barrier wont lift", "no entry gym",
        ),
        full=(
            "I'm at the gym and the turnstile will not let me through.",
            "My pass beeps red at the gate every time.",
            "The barrier at the entrance stays shut although I have paid.",
            "The gate reader ignores my QR code.",
            "Member is standing outside because the turnstile refuses her pass.",
            "The entrance gate won't open for me.",
            "I scan my pass and the light stays red.",
            "He can't get past the turnstile with his new pass.",
            "Your gate thinks that my pass is somebody else's.",
            "The turnstile took my scan and stayed locked.",
        ),
    )  # fmt: skip
    shipped = next(iter(library.situations.values()))
    new = shipped.model_copy(update={"id": "gym_gate", "kind": Kind.CAUSE, "signals": signals})
    more = Library({**library.sections, "situation": {**library.situations, "gym_gate": new}}, "more")
    assert first(build_finder(more), "gym turnstile rejects cust pass, red light") == "gym_gate"


HARMLESS_START = (
    "so i ordered the sofa back in march for my mums new flat and the man said four weeks and it never came "
    "and then the chair came in the wrong colour and nobody rang and i was off twice waiting in for the van "
)


@pytest.mark.parametrize(
    "end",
    [
        "and i have had enough i am going to take all my pills tonight",
        "and my husband has locked me in and has a knife",
    ],
)
def test_danger_at_the_end_of_a_long_breathless_text_is_heard(finder: Finder, end: str) -> None:
    assert finder.find(HARMLESS_START + end).safety
    assert finder.find(HARMLESS_START * 3 + end).safety
    assert not finder.find(HARMLESS_START * 2).safety


@pytest.mark.parametrize(
    "text",
    [
        "charged for 120 extra kms on the rental",
        "driver is 3 kms away",
        "my name is Sui, you got it wrong again",
    ],
)
def test_short_words_of_other_worlds_are_no_alarm(finder: Finder, text: str) -> None:
    assert not finder.find(text).safety


@pytest.mark.parametrize(("sure_from", "shown"), [(-9.0, [CRISIS]), (9.0, [])])
def test_a_crisis_that_nobody_heard_is_not_shown_for_want_of_anything_else(
    library: Library, sure_from: float, shown: list[str]
) -> None:
    words = SafetyWords(
        (), (), danger_lines=("on the bridge",), harmless_lines=("late",), sure_from=sure_from
    )
    alone = Finder({CRISIS: library.situations[CRISIS]}, Lexicon(), words)
    found = alone.find("he is on the bridge")
    assert found.safety == bool(shown)
    assert [it.situation for it in found.matches] == shown
