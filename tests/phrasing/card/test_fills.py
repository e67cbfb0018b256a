"""Facts for blanks are read only where they are plain, and never out of numbers that could identify."""

import pytest

from bot.phrasing.fills import read_fills
from bot.playbooks.model import Fill


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("charged £40 twice", Fill.AMOUNT, "£40"),
        ("wants his $1,200.50 back", Fill.AMOUNT, "$1,200.50"),
        ("direct debit from £88 to £131", Fill.AMOUNT, "£131"),
        ("quoted £28 a month and you're charging £39", Fill.AMOUNT, "£39"),
        ("£40 fee, and it's £40 again this month", Fill.AMOUNT, "£40"),
        ("on hold 40 mins", Fill.DURATION, "40 minutes"),
        ("waiting three weeks", Fill.DURATION, "three weeks"),
        ("1 hr on hold", Fill.DURATION, "1 hour"),
        ("on hold 1hr 20, picks up angry", Fill.DURATION, "1 hour and 20 minutes"),
        ("2 hours and 5 minutes in the queue", Fill.DURATION, "2 hours and 5 minutes"),
        ("been at it an hr", Fill.DURATION, "an hour"),
        ("half an hour in a queue", Fill.DURATION, "half an hour"),
        ('missing 6 days, "you keep saying 24 hours"', Fill.DURATION, "6 days"),
        ("food 90 mins late", Fill.DURATION, "90 minutes"),
        ("we promised monday", Fill.DATE, "Monday"),
        ("engineer was due 8am, nothing", Fill.DATE, "8am"),
        ("told my refund would be with me by Tuesday. It is now Friday.", Fill.DATE, "Tuesday"),
        ("gave her the wrong date, said monday it's thursday", Fill.DATE, "Monday"),
        ("said it'd come friday, needs it saturday", Fill.DATE, "Friday"),
        ("engineer didn't turn up tuesday between 8 and 12", Fill.DATE, "Tuesday"),
        ("no update since monday, wedding on saturday", Fill.SINCE, "Monday"),
        ("last heard from you on tuesday", Fill.SINCE, "Tuesday"),
        ("dd taken twice 45 quid", Fill.AMOUNT, "£45"),
        ("30 bucks gone", Fill.AMOUNT, "$30"),
        ("12.50 euros short", Fill.AMOUNT, "€12.50"),
        ("waited an hour and a half", Fill.DURATION, "an hour and a half"),
        ("An hour and twenty-two minutes of music", Fill.DURATION, "an hour and twenty-two minutes"),
        ("an hr and ten minutes in the queue", Fill.DURATION, "an hour and ten minutes"),
        ("says waiting 3 weeks", Fill.DURATION, "3 weeks"),
        ("said it took two hours to get through", Fill.DURATION, "two hours"),
        ("a 3 hour wait", Fill.DURATION, "3 hours"),
        ("it took 40 mins to get through", Fill.DURATION, "40 minutes"),
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


@pytest.mark.parametrize(
    "text",
    [
        "scan cancelled 10 mins before",
        "charged 3 months after she cancelled",
        "2 months notice",
        "ordered 4 days ago",
        "only 2 days left",
        "returns within 30 days",
        "30 day window",
        "you keep saying 24 hours",
        'told "24 hours" every time',
        "3-5 days",
        "customer for 22 years",
        "£28 a month",
        "wants full refund after 8 months of use",
        "£89 for 10 min visit",
        "promised 20% off for 12 months",
        "travelling 14 hours",
        "a 2 hour flight",
        "works 12 hours",
        "should come in five days and it is now twenty two days",
        "vented for a quarter of an hour",
        "called off an hour beforehand",
        "unless dep back 2day",
        "The chat window said two minutes.",
        "rebooked me two days on.",
        "takes 5 days",
        "3 day delivery",
        "give it 3 days",
        "another 2 weeks",
    ],
)
def test_a_stretch_of_time_that_was_not_waited_is_no_duration(text):
    assert Fill.DURATION not in read_fills(text, None)


def test_of_two_sums_neither_is_named_when_nothing_says_which_was_taken():
    assert Fill.AMOUNT not in read_fills("bill £62 should be £29", None)


@pytest.mark.parametrize(
    "text",
    [
        "needs it by thursday",
        "I look forward to your confirmation by 5pm",
        "wedding on saturday, dress not here",
        "said she needs it by friday",
        "deadline friday, panicking",
        "flight is friday",
        "says he's free on tuesday",
    ],
)
def test_a_day_of_the_customers_own_is_nothing_that_they_were_told(text):
    assert not {Fill.DATE, Fill.SINCE} & read_fills(text, None).keys()


def test_a_date_beside_a_birth_is_not_read():
    assert Fill.DATE not in read_fills("born on a monday", None)


@pytest.mark.parametrize(("times", "word"), [(2, "second"), (3, "third"), (10, "tenth")])
def test_the_count_of_contacts_becomes_a_word(times, word):
    assert read_fills("", times)[Fill.TIMES] == word


@pytest.mark.parametrize("times", [None, 0, 1, 11, 4000])
def test_a_count_that_no_phrase_would_say_is_left_out(times):
    assert Fill.TIMES not in read_fills("", times)


@pytest.mark.parametrize("text", ["waiting 3 m\u0131nutes", "\u0663 hours late", "ah he is furious"])
def test_letters_that_only_look_like_ours_are_no_time(text: str) -> None:
    assert Fill.DURATION not in read_fills(text, None)


def test_what_somebody_here_said_at_the_end_is_no_time_that_was_waited() -> None:
    assert Fill.DURATION not in read_fills('agent told him "24 hours"', None)
