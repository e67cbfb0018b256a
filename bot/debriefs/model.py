"""What we believe about hard contacts, the talk about them, and what is learned; pure."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from bot.errors import GoneError
from bot.people import Member
from bot.safeguards.visibility import Audience, Scope

WORDS_MOST = 1500
"""Characters of a free text: more is a report, and Slack shows no longer one well."""
TICKET_MOST = 40
PROMISE_MOST = 200
PROMISED_AT = dt.time(17)
"""When its keeper is reminded on the day, unless they choose: late enough to have done it, before most go."""
LESSON_MOST = 200
"""A lesson stands on a card that has to be read in seconds."""
SUMMARY_MOST = 2000
ACTION_MOST = 200

HARDNESS: Mapping[int, str] = {
    1: "Not hard, or a good one",
    2: "A little hard",
    3: "Hard",
    4: "Very hard",
    5: "As hard as it gets",
}
SEVERE_FROM = 4
"""From here on a reset and cover come before any talk (R7)."""
SILENT_FOR = dt.timedelta(days=14)
"""A debrief nobody touched for so long closes itself."""

_SOMEBODY = re.compile(r"<[@!][^>]*>")
_TICKET = re.compile(r"[A-Za-z0-9#][A-Za-z0-9#/_.:-]*")


class Outcome(StrEnum):
    """How a contact ended."""

    SETTLED = "settled"
    PARTLY = "partly"
    HANDED_OVER = "handed_over"
    STILL_OPEN = "still_open"
    THEY_LEFT = "they_left"
    I_ENDED_IT = "i_ended_it"


class CardHelped(StrEnum):
    """Whether the words on the card helped."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNUSED = "unused"


class Journey(StrEnum):
    """At which step of their journey the customer got stuck."""

    CHOOSING = "choosing"
    BUYING = "buying"
    DELIVERY = "delivery"
    USING = "using"
    PAYING = "paying"
    GETTING_HELP = "getting_help"
    LEAVING = "leaving"


class Step(StrEnum):
    """The prompts of a debrief, in the one order they come (R6)."""

    FACTS = "facts"
    HELPED = "helped"
    CHANGE = "change"
    NOW = "now"
    CLOSE = "close"

    @property
    def following(self) -> "Step":
        """What comes after; closing is the last."""
        steps = list(Step)
        return steps[min(steps.index(self) + 1, len(steps) - 1)]


class Share(StrEnum):
    """What of an entry the author lets stand at the top of a debrief."""

    ABOUT = "about"
    CONDUCT = "conduct"
    HARDNESS = "hardness"
    HAPPENED = "happened"
    HELPED = "helped"


@dataclass(frozen=True, slots=True)
class Details:
    """Everything in the form below *More*: all of it may stay empty."""

    outcome: Outcome | None = None
    card_helped: CardHelped | None = None
    journey: Journey | None = None
    ticket: str = ""
    happened: str = ""
    helped: str = ""


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised to the customer, for whoever looks after promises; `keeper` is a member's id."""

    what: str
    by: dt.date | None = None
    keeper: str = ""
    at: dt.time = PROMISED_AT


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a card or a few words already say of a contact."""

    about: str = ""
    conduct: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it stands: nothing has to be in it until it is saved."""

    about: str = ""
    conduct: tuple[str, ...] = ()
    hardness: int = 0
    is_counted: bool = True
    details: Details = Details()
    audience: Audience = Audience.ONLY_ME
    promised: Promised | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What a form carries along from where it was opened: in Slack's hands, so never trusted for who."""

    nonce: str
    is_expanded: bool = False
    card: str = ""
    """The card's recipe, when it was opened from one."""
    round: int = 0
    """How often something had to be masked: a text field is drawn anew to show it."""

    def encode(self) -> str:
        """Write it as a view's metadata."""
        held = {"n": self.nonce, "x": self.is_expanded, "c": self.card, "r": self.round}
        return json.dumps(held, separators=(",", ":"))

    @classmethod
    def decode(cls, metadata: str) -> Self:
        """Read it back; raises GoneError for what an older release, or anybody else, wrote."""
        try:
            raw = json.loads(metadata)
            nonce, card = str(raw["n"]), str(raw.get("c") or "")
            is_expanded, masked = bool(raw.get("x")), int(raw.get("r") or 0)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise GoneError("This form is from an older version. Open it again with `/debrief`.") from None
        if not is_id(nonce):
            raise GoneError("This form is from an older version. Open it again with `/debrief`.")
        return cls(nonce, is_expanded, card[:2000], masked)


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact that somebody logged."""

    id: str
    scope: Scope
    about: str
    conduct: tuple[str, ...]
    hardness: int
    is_counted: bool
    details: Details
    logged_at: dt.datetime

    @property
    def author(self) -> Member:
        """Whose it is."""
        return self.scope.author

    @property
    def is_severe(self) -> bool:
        """Whether calm comes before talk."""
        return self.hardness >= SEVERE_FROM


@dataclass(frozen=True, slots=True)
class Debrief:
    """A talk about an entry, which has the same id; `posted_in` and `root_ts` are known once Slack has it."""

    id: str
    scope: Scope
    about: str
    shared: frozenset[Share]
    step: Step
    is_open: bool
    opened_at: dt.datetime
    touched_at: dt.datetime
    posted_in: str | None = None
    root_ts: str | None = None
    summary: str = ""

    @property
    def is_alone(self) -> bool:
        """Whether it is held in the author's own messages."""
        return self.scope.audience is Audience.ONLY_ME

    @property
    def silent_at(self) -> dt.datetime:
        """When it closes itself, if nobody says anything more."""
        return self.touched_at + SILENT_FOR


@dataclass(frozen=True, slots=True)
class Said:
    """Something said in a debrief; `version` is the edit it comes from, "" for the original."""

    key: str
    author: Member
    body: str
    said_at: dt.datetime
    step: Step | None = None
    is_private: bool = False
    is_gone: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What others may use: no name, no customer, at most one a debrief."""

    id: str
    scope: Scope
    about: str
    body: str
    kept_at: dt.datetime


@dataclass(frozen=True, slots=True)
class CauseAction:
    """What the owner of a cause was asked to do, by when."""

    id: str
    author: Member
    owner: Member
    about: str
    what: str
    due_on: dt.date
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """How a debrief ends: only the summary is always there, and it may be empty."""

    summary: str
    lesson: str = ""
    lesson_about: str = ""
    lesson_audience: Audience = Audience.CHANNEL
    action: str = ""
    owner: str = ""
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A channel as far as debriefs need it; `trouble` says why none may be held there, "" for none."""

    channel: str
    name: str = ""
    is_public: bool = False
    trouble: str = ""
    people: frozenset[str] = field(default_factory=frozenset)


TROUBLES: Mapping[str, str] = {
    "shared": "People from another company are in that channel, so no debrief is held there.",
    "guests": "Guests are in that channel, so no debrief is held there.",
    "not_in_channel": "Steady isn't in that channel. Invite it there first: type `/invite @Steady` in it.",
    "is_archived": "That channel is archived. Choose another.",
    "channel_not_found": "Steady can't find that channel; if it is private, invite it there first.",
    "not_a_member": "You aren't in that channel yourself. Choose one you are in.",
    "too_big": "Too many people are in that channel for a debrief. Choose a smaller one.",
    "unknown": "Slack didn't say who is in that channel. Try again in a minute.",
}


def is_id(text: str) -> bool:
    """Whether a text could be an id that we made: 32 hexadecimal digits."""
    return re.fullmatch("[0-9a-f]{32}", text) is not None


def is_ticket(text: str) -> bool:
    """Whether a text looks like the id of a ticket, rather than something about a customer (R21)."""
    return len(text) <= TICKET_MOST and _TICKET.fullmatch(text) is not None


def draft_summary(said: Iterable[Said]) -> str:
    """What was answered, in the order of the prompts, for the author to edit; private answers stay out."""
    titles = {Step.FACTS: "What happened", Step.HELPED: "What helped", Step.CHANGE: "What to change"}
    answers = [it for it in said if not it.is_private and not it.is_gone and it.body]
    rows = []
    for step, title in titles.items():
        told = [_SOMEBODY.sub("a colleague", " ".join(it.body.split())) for it in answers if it.step is step]
        if told:
            rows.append(f"{title}: {'; '.join(told)}")
    return "\n".join(rows)[:SUMMARY_MOST]


def names_in(text: str, names: Sequence[str]) -> str:
    """The first of these people's names that a text says, "" for none: a lesson identifies nobody."""
    if "<@" in text:
        return "somebody"
    for name in names:
        for part in (name, *name.split()):
            if len(part) > 2 and re.search(rf"\b{re.escape(part)}\b", text):
                return part
    return ""


def newer(one: str, other: str) -> bool:
    """Whether an edit is later than another; both are Slack timestamps, "" is the original."""
    return _moment(one) > _moment(other)


def _moment(ts: str) -> tuple[int, str]:
    seconds, _, rest = ts.partition(".")
    return (int(seconds) if seconds.isdecimal() else 0, rest)
