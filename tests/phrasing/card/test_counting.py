"""A number is a count of contacts only where the words around it say so."""

import pytest

from bot.phrasing.counting import times_in
from bot.phrasing.lexicon import Lexicon
from bot.phrasing.reader import Reader
from bot.phrasing.text import clean


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Lexicon())


@pytest.mark.parametrize(
    ("times", "text"),
    [
        (3, "3 tickets raised and nothing"),
        (2, "2nd support ticket, no answer"),
        (4, "4 attempts to get through"),
        (3, "called 3 times"),
        (3, "rang us 3 times already"),
        (3, "told us three times"),
        (2, "asked twice for a manager"),
        (3, "third time calling"),
        (3, "3rd time asking"),
        (3, "3rd time, still broken"),
        (3, "this is the 3rd time now"),
        (3, "3 times I've rung"),
        (3, "called x3 no answer"),
        (3, "x3 calls"),
        (2, "rang twice"),
        (3, "3rd letter to the ceo"),
        (2, "second email from her today"),
        (5, "5 emails and no reply"),
        (3, "told three agents"),
        (4, "spoken to 4 different people"),
        (4, "passed between 4 departments"),
        (3, "i'm the third person he's spoken to"),
        (3, "explained it 3 times"),
        (3, "third e-mail"),
        (2, "2 e-mails unanswered"),
        (2, "2nd engineer visit"),
        (3, "3rd call"),
        (6, "6th time he's asked me"),
        (3, "had to call three times"),
        (3, "3 complaints in"),
        (4, "fourth time I have called"),
        (3, "tried to call 3 times"),
        (2, "2 separate complaints"),
        (4, "4th phone call"),
        (2, "second message asking for help"),
        (10, "10 calls later"),
        (2, "2nd contact re billing"),
        (3, "contacted you three times about this"),
        (3, "wrote to you 3 times"),
        (3, "chased 3 times"),
        (5, "5 reps already"),
        (3, "third agent he has talked to"),
        (3, "3 unanswered emails"),
        (3, "three calls to you last week"),
    ],
)
def test_how_often_they_have_been_in_touch_is_counted(reader: Reader, times: int, text: str) -> None:
    assert times_in(reader.read(clean(text))) == times


@pytest.mark.parametrize(
    "text",
    [
        "2 agents off sick",
        "pasting same message 10 times",
        "played the call 3 times",
        "CPI+3.9 complaint",
        "has asked twice if I'd meet him",
        "asked three times which one's which",
        "he asked three times whether the call is recorded",
        "two different people named on the account",
        "3 people in the room",
        "4 items missing",
        "lives on the second floor",
        "third party on the line",
        "2nd line support won't help",
        "last 3 digits of the card",
        "two lines on the account",
        "2 tickets for the concert not refunded",
        "wants refund for 3 tickets",
        "3 delivery attempts all failed",
        "locked after 3 attempts",
        "3 login attempts",
        "charged 3 times, called the bank",
        "phone replaced 3 times",
        "call dropped twice, different agent",
        "chat crashed twice",
        "was told three times it would come",
        "been asked twice for ID",
        "internet down for the third time this week",
        "broken for the 3rd time",
        "charged twice",
        "we called him 3 times no answer",
        "called the courier 3 times",
        "2 missed calls from us",
        "got 3 emails from you",
        "received two letters about a debt",
        "second letter of his password",
        "first 3 letters of postcode",
        "second email address on file",
        "2 contact numbers on file",
        "wrong contact details 2nd contact number",
        "3 chats open at once",
        "2 calls waiting",
        "2nd call centre closed",
        "2 call outs charged",
        "2nd error message",
        "two error messages on screen",
        "2 visits a year on her plan",
        "engineer came 3 times",
        "second ring stolen",
        "waited 3 hours",
        "tried 3 times to log in",
        "60 day window, 2nd day",
        "second hand car",
        "2 kids on the account",
        "two drivers refused",
        "card declined 3 times",
        "agent called her stupid twice",
        "3 reps left this month",
        "2 different prices",
        "second agent put the phone down",
        "first call he said 2 days",
        "three calls from your collections team",
        "he gets 3 calls a day from us",
    ],
)
def test_a_number_of_something_else_is_no_count(reader: Reader, text: str) -> None:
    assert times_in(reader.read(clean(text))) is None
