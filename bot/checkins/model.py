"""What a check-in is: five words, when somebody is asked, and what silence changes; pure."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from whenever import Instant

from bot.errors import InvalidError
from bot.people import Member
from bot.playbooks.model import Nudge
from bot.scheduler.recurrence import WeeklyIntent, is_zone
from bot.slack.ids import Action

USUAL_WEEKDAY = 4
USUAL_TIME = dt.time(15)
DAY_ENDS = dt.time(20)
"""A question that could not go out by then is not asked that day."""
IGNORED_MOST = 2
"""Questions in a row that nobody met before they come more rarely, or not at all."""
GUESTS = (
    "The weekly question comes as a message, and Steady doesn't write to Slack guests. Resets and help lines "
    "are there for you: `/checkin reset`."
)
NOTE_MOST = 500
PAUSE_MOST = dt.timedelta(days=366)

_WEEK = re.compile(r"\d{4}-W[0-5]\d", re.ASCII)
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,60}", re.ASCII)


class Word(StrEnum):
    """How heavy the week's contacts were."""

    LIGHT = "light"
    FINE = "fine"
    HEAVY = "heavy"
    VERY_HEAVY = "very_heavy"
    TOO_MUCH = "too_much"


class Tick(StrEnum):
    """What would help; what can be changed comes before what somebody does for themselves."""

    CAUSE = "cause"
    RULES = "rules"
    QUEUE = "queue"
    BESIDE = "beside"
    TALK = "talk"
    COVER = "cover"
    TIME_OFF = "time_off"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """One week's answer; all of it is sealed where it is kept."""

    word: Word
    ticks: tuple[Tick, ...] = ()
    note: str = ""

    def to_text(self) -> str:
        """As it is sealed."""
        return json.dumps({"word": self.word, "ticks": list(self.ticks), "note": self.note})

    @classmethod
    def from_text(cls, text: str) -> "Answer":
        """As it was sealed."""
        told = json.loads(text)
        return cls(Word(told["word"]), tuple(Tick(it) for it in told["ticks"]), str(told["note"]))


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is kept; none where its seal can't be opened, because a key is gone."""

    week: str
    answer: Answer | None


class Turn(Enum):
    """What a due question becomes."""

    ASK = "ask"
    SLOWER = "slower"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Plan:
    """When somebody is asked. `open_week` is the week whose question waits; `ignored` counts those before it.

    `is_news`: that it comes every two weeks now has yet to be said. `asks_at` is the moment of the question
    that is scheduled, none while paused. `resumes_on` is the day a pause ends, for showing.
    """

    member: Member
    weekday: int
    at: dt.time
    zone: str
    follows_slack: bool = True
    every_weeks: int = 1
    ignored: int = 0
    open_week: str = ""
    is_news: bool = False
    is_paused: bool = False
    resumes_on: dt.date | None = None
    asks_at: dt.datetime | None = None

    @property
    def intent(self) -> WeeklyIntent:
        """Its moment of the week."""
        return WeeklyIntent(self.weekday, self.at, self.zone)

    @property
    def turn(self) -> Turn:
        """What the next question becomes, from how those before were met."""
        if self.ignored + bool(self.open_week) < IGNORED_MOST:
            return Turn.ASK
        return Turn.SLOWER if self.every_weeks == 1 else Turn.PAUSE

    def asked(self, week: str) -> "Plan":
        """The question of a week has been sent."""
        ignored = self.ignored + bool(self.open_week)
        return replace(self, ignored=ignored, open_week=week, is_news=False, resumes_on=None)

    def met(self) -> "Plan":
        """Answered or skipped; both are fine, and neither changes how often it comes."""
        return replace(self, ignored=0, open_week="")

    def slower(self) -> "Plan":
        """Every two weeks from now on, which is said once."""
        return replace(self, every_weeks=2, ignored=0, open_week="", is_news=True)

    def paused(self) -> "Plan":
        """Not asked until they start again."""
        return replace(self, ignored=0, open_week="", is_paused=True, asks_at=None, resumes_on=None)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose in the form; an empty zone means Slack's own."""

    weekday: int
    at: dt.time
    zone: str = ""
    every_weeks: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands: their plan, if they take part, and what is kept for how long."""

    plan: Plan | None
    slack_zone: str
    answers: int
    kept_days: int
    is_sealed: bool
    is_admin: bool = False
    is_colleague: bool = True


@dataclass(frozen=True, slots=True)
class After:
    """What follows an answer; `help_first` when their own words ask for it."""

    week: str
    nudge: Nudge | None
    ticks: tuple[Tick, ...] = ()
    help_first: bool = False


def week_of(moment: dt.datetime, zone: str) -> str:
    """The ISO week that a moment falls in there: "2026-W48"."""
    year, week, _ = local_time(moment, zone).isocalendar()
    return f"{year}-W{week:02}"


def monday_of(week: str) -> dt.date:
    """The first day of a week."""
    return dt.date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def is_week(text: str) -> bool:
    """Whether this names a week that there is."""
    if not _WEEK.fullmatch(text):
        return False
    try:
        monday_of(text)
    except ValueError:
        return False
    return True


def local_time(moment: dt.datetime, zone: str) -> dt.datetime:
    """A moment as the clocks of a zone show it, without the zone."""
    return Instant(moment).to_tz(zone).to_plain().to_stdlib()


def shown_moment(moment: dt.datetime, zone: str) -> str:
    """A moment as people of that zone say it: "Tue 24 Nov, 15:00"."""
    local = local_time(moment, zone)
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def read_zone(text: str, slack_zone: str) -> tuple[str, bool]:
    """The zone that counts, and whether it goes along when Slack's changes; raises InvalidError."""
    wanted = text.strip().replace(" ", "_")
    if not wanted or wanted.casefold() == slack_zone.casefold():
        return slack_zone, True
    if _ZONE.fullmatch(wanted) and "/" in wanted and is_zone(wanted):
        return wanted, False
    raise InvalidError(
        "There is no such time zone. Write it like Europe/London or Asia/Manila.", field=Action.CHECKIN_ZONE
    )


BARS: Mapping[Word, str] = {word: "■" * at + "□" * (5 - at) for at, word in enumerate(Word, start=1)}
