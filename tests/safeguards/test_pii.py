"""What the guard masks, what it leaves alone, and that no text makes it slow."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safeguards.pii import Finding, Guard
from bot.safeguards.spotting.plain import MASKS, Kind
from tests.safeguards.measured import files, measure

US = Guard("US")
TALLIES = [measure(kind, lines) for kind, lines in files()]


def test_of_formatted_items_at_least_98_in_100_are_found() -> None:
    items = sum(tally.items for tally in TALLIES)
    missed = [line for tally in TALLIES for line in tally.missed]
    assert items >= 300
    assert 1 - len(missed) / items >= 0.98, missed


def test_of_ordinary_lines_at_most_1_in_100_raises_an_alarm() -> None:
    lines = sum(tally.lines for tally in TALLIES if tally.kind == "quiet")
    alarmed = [line for tally in TALLIES for line in tally.alarmed]
    assert lines >= 250
    assert len(alarmed) / lines <= 0.01, alarmed


def test_every_kind_is_measured() -> None:
    assert {tally.kind for tally in TALLIES} == {*Kind, "quiet"}


@pytest.mark.parametrize(
    ("text", "masked", "summary"),
    [
        (
            "He read out 4111 1111 1111 1111, then 212-555-0123 and 212-555-0147.",
            "He read out [card number], then [phone] and [phone].",
            "1 card number, 2 phones",
        ),
        ("dob 3 May 1980, 12 Oak Street", "dob [date of birth], [address]", "1 date of birth, 1 address"),
        ("late refund, 3rd call", "late refund, 3rd call", ""),
    ],
)
def test_a_masked_text_reads_well_and_says_what_is_gone(text: str, masked: str, summary: str) -> None:
    result = US.mask(text)
    assert (result.text, result.summary) == (masked, summary)


def test_a_finding_stands_where_the_original_has_it() -> None:
    text = "so\u200b: ４１１１\u200b１１１１\u00a0１１１１–１１１１, ok"
    (found,) = US.mask(text).found
    assert found == Finding(Kind.CARD, text.index("４"), text.index(", ok"))
    assert US.mask(text).text == "so\u200b: [card number], ok"


def test_a_region_decides_what_needs_no_cue() -> None:
    assert not Guard("US").mask("he left 07700900123").found
    assert Guard("GB").mask("he left 07700900123").found
    assert Guard("uk").mask("he left 07700900123").found
    assert not Guard("US").mask("contract of 43945371F").found
    assert Guard("ES").mask("es 43945371F").found


@pytest.mark.parametrize("region", ["", "XX", "US", "gb", "001", "\u00df\u00df"])
def test_any_region_is_taken(region: str) -> None:
    assert Guard(region).mask("+1 212 555 0123, 4111 1111 1111 1111").text == "[phone], [card number]"


FRAGMENTS = (
    "4111 1111 1111 1111", "4111", "1111", "212-555-0123", "+44 20 7946 0018", "2125550123", "078-05-1120",
    "ana@example.com", "@", "a", " at ", " dot ", "com", "GB09 WEST 0000 0000 0000 00", "12 Oak Street",
    "Street", "SW1A 1AA", "dob ", "born ", "3 May 1980", "03/12/1980", "ssn ", "phone ", "cvv ", "sort code ",
    "account ",
    "order ", "passport ", "NI ", "12-34-56", "12345678", "AB123456C", "[card number]", "[phone]", "[", "]",
    "card number", " ", "  ", "-", ".", "/", ",", "(", ")", "+", "#", "\n", "\0", "\u200b", "\u00a0",
    "\u2013",
    "１", "\ud800", "İ", "e\u0301", "\u2028", "<mailto:a@example.com|a>", "\x01", "ß", "1\ufe0f\u20e3",
)  # fmt: skip
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join) | st.text(
    st.characters(exclude_categories=[]), max_size=60
)
regions = st.sampled_from(["US", "GB", "DE", "ES", "IN", "AU", "PH", "MX", "CA", "IE"])


@settings(max_examples=600, deadline=None)
@given(text=texts, region=regions)
def test_masking_what_is_masked_changes_nothing(text: str, region: str) -> None:
    once = Guard(region).mask(text)
    again = Guard(region).mask(once.text)
    assert again.text == once.text
    assert not again.found


@settings(max_examples=300, deadline=None)
@given(text=texts, region=regions)
def test_findings_are_in_order_apart_and_all_that_changed(text: str, region: str) -> None:
    result = Guard(region).mask(text)
    done, rebuilt = 0, ""
    for finding in result.found:
        assert done <= finding.start < finding.end <= len(text)
        rebuilt += text[done : finding.start] + MASKS[finding.kind]
        done = finding.end
    assert result.text == rebuilt + text[done:]


@pytest.mark.parametrize(
    ("one", "between"),
    [
        ("4111 1111 1111 1111", " "),
        ("+12125550123", ""),
        ("+1 212 555 0123", " "),
        ("212-555-0123", " "),
        ("ana@example.com", ","),
        ("GB09 WEST 0000 0000 0000 00", " "),
    ],
)
def test_a_long_list_is_masked_from_first_to_last(one: str, between: str) -> None:
    result = US.mask(between.join([one] * 2_000))
    assert len(result.found) == 2_000
    assert not set(result.text) & set("0123456789@")


LONG = 100_000
HOSTILE = {
    "digits": "4",
    "grouped digits": "4111 1111 ",
    "single digits": "4 ",
    "phones": "(212) 555-",
    "local part": "a.",
    "ats": "a@",
    "domains": "@a.",
    "ibans": "GB29 ",
    "cues": "ssn ",
    "cues and digits": "dob 1 ",
    "streets": "12 Oak Oak ",
    "lower streets": "1 oak ",
    "towns": "1 A Street, A",
    "dates": "born 1/1/",
    "accounts": "account 1 sort code 1 ",
    "account cues": "account 123456 bank ",
    "brackets": "[card number",
    "links": "<mailto:",
    "spelt": "a at a ",
    "invisible": "\u200b",
    "nul": "\0",
    "surrogates": "\ud800",
    "letters": "a",
    "licences": "driving licence a1 ",
    "capitals": "Aa ",
    "plus": "+1 ",
    "calle": "Calle A",
}


def _steps(text: str) -> int:
    """How many lines of our code, and of the libraries it asks, are run."""
    count = 0

    def trace(frame: object, event: str, _: object) -> object:
        nonlocal count
        count += 1
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        US.mask(text)
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_text_is_at_most_twice_the_work(unit: str) -> None:
    US.mask("warm up 4111 1111 1111 1111, +1 212 555 0123")
    once, twice = (_steps((unit * (length // len(unit)))[:length]) for length in (3_000, 6_000))
    assert twice <= 2.4 * once + 1_000


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_a_hundred_thousand_characters_come_back(unit: str) -> None:
    text = unit * (LONG // len(unit))
    assert len(US.mask(text).text) < 5 * LONG


def test_no_pattern_can_backtrack_without_bound() -> None:
    """Regexes work where no step of ours is counted: so none may hold a repeat that has no end."""
    patterns = list(_patterns())
    assert len(patterns) >= 60
    unbounded = [pattern for pattern in patterns if _has_endless_repeat(pattern)]
    assert unbounded == ["[0-9]+"]  # One repeat of one class, with nothing after it, never goes back.


def _patterns() -> Iterator[str]:
    from bot.safeguards import pii
    from bot.safeguards.spotting import accounts, addresses, births, cards, emails, ids, phones, plain, runs

    rules = ids._rules("US")
    yield from (it.pattern for it in (rules.cues, *(it for _, it in (*rules.cued, *rules.uncued))))
    for module in (pii, accounts, addresses, births, cards, emails, ids, phones, plain, runs):
        yield from (it.pattern for it in vars(module).values() if isinstance(it, re.Pattern))


def _has_endless_repeat(pattern: str) -> bool:
    without_classes = re.sub(r"\[(?:\\.|[^\]\\])*\]", "C", pattern)
    return re.search(r"(?<!\\)(?:[*+]|\{\d+,\})", re.sub(r"\\.", "E", without_classes)) is not None


def test_a_line_without_digits_or_an_at_sign_loads_no_table_of_phones() -> None:
    code = (
        "import sys; from bot.safeguards.pii import Guard; Guard().mask('order 12 is late'); "
        "sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
