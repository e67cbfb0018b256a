"""What a workspace may decide, what it starts with, and how what somebody typed becomes a decision."""

import datetime as dt
import json
import re
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from bot.errors import InvalidError
from bot.safeguards.suppression import Thresholds
from bot.scheduler.model import Health
from bot.scheduler.recurrence import is_zone
from bot.slack.ids import Action
from bot.teams import KEPT_FOR, BreakCode, CompanyHelp, Kept, PolicyWords, WorkingHours

RINGS = 3
"""How many rings of backup there are: beside you, your leads, the duty manager."""
BREAK_MOST = 120
BREAK_CODES_MOST = 12
KEEP_LEAST = 7
"""Days; anything shorter would be gone before a weekly question came round again."""
THRESHOLD_MOST = 1000
KEPT_TITLES: Mapping[Kept, str] = {
    Kept.CHECKINS: "Check-in answers",
    Kept.DEBRIEF_TEXT: "Text of debriefs",
    Kept.EVENTS: "Entries without text",
    Kept.BACKUP_REQUESTS: "Backup requests",
    Kept.PROMISES: "Promises, after their day",
    Kept.ACCESS_LOG: "Access log",
}

_BREAK = re.compile(r"\s*(?P<minutes>\d{1,3})\s*(?:min\w*)?\s*[:=]\s*(?P<code>\S.{0,39}?)\s*")


class Part(StrEnum):
    """The parts of set-up, in the order they are worth doing."""

    TEAMS = "teams"
    CHANNEL = "channel"
    HELP = "help"
    HOURS = "hours"
    RINGS = "rings"
    CALLS = "calls"
    KEEPING = "keeping"
    ADMINS = "admins"


class Name(StrEnum):
    """What is kept in `settings`, by name."""

    HOURS = "hours"
    EAP = "eap"
    COUNTRY = "country"
    CHANNEL = "debrief_channel"
    BREAK_CODES = "break_codes"
    POLICY = "policy"
    RETENTION = "retention"
    THRESHOLDS = "thresholds"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a workspace decided, with the default for what it did not."""

    hours: WorkingHours = field(default_factory=WorkingHours)
    eap: CompanyHelp | None = None
    country: str = ""
    channel: str = ""
    break_codes: tuple[BreakCode, ...] = ()
    policy: PolicyWords = field(default_factory=PolicyWords)
    retention: Mapping[Kept, int] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)
    decided: frozenset[str] = frozenset()
    """Which of the names somebody has set."""

    def kept_for(self, kept: Kept) -> dt.timedelta:
        """How long a class of data is kept, never longer than ours."""
        days = self.retention.get(kept)
        return min(KEPT_FOR[kept], dt.timedelta(days=days)) if days else KEPT_FOR[kept]


@dataclass(frozen=True, slots=True)
class Group:
    """A Slack user group; `is_gone` once Slack no longer lists it."""

    id: str
    name: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class TeamForm:
    """A team as its form shows it: people named one by one, user groups by id."""

    id: str = ""
    name: str = ""
    people: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    people_group: str = ""
    lead_group: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team as the list shows it, with what is wrong with it."""

    form: TeamForm
    people: int
    leads: int
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """Where set-up stands."""

    settings: Settings
    teams: tuple[TeamLine, ...] = ()
    rings: tuple[tuple[str, ...], ...] = ()
    admins: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    channel_trouble: str = ""

    @property
    def done(self) -> frozenset[Part]:
        """Which parts somebody has seen to."""
        names = self.settings.decided
        seen = {
            Part.TEAMS: bool(self.teams),
            Part.CHANNEL: bool(self.settings.channel) and not self.channel_trouble,
            Part.HELP: Name.EAP in names,
            Part.HOURS: Name.HOURS in names,
            Part.RINGS: any(self.rings),
            Part.CALLS: bool({Name.BREAK_CODES, Name.POLICY} & names),
            Part.KEEPING: bool({Name.RETENTION, Name.THRESHOLDS} & names),
            Part.ADMINS: len(self.admins) > 1,
        }
        return frozenset(part for part, is_done in seen.items() if is_done)

    @property
    def has_trouble(self) -> bool:
        """Whether something that was set up no longer works."""
        return bool(self.channel_trouble) or any(team.troubles for team in self.teams)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an admin's Home shows: set-up, how sending stands, and what the last clean-up removed."""

    overview: Overview
    sending: Health
    cleaned_at: dt.datetime | None
    removed: Mapping[str, int]
    stuck: Mapping[str, int]
    """Messages that Slack would not delete, by why."""


def read_settings(rows: Mapping[str, str]) -> Settings:
    """Turn stored values into settings; a name nobody set has its default."""
    values: dict[str, Any] = {name: json.loads(value) for name, value in rows.items()}
    return Settings(
        hours=_hours(values.get(Name.HOURS, {})),
        eap=CompanyHelp(**values[Name.EAP]) if values.get(Name.EAP) else None,
        country=values.get(Name.COUNTRY, ""),
        channel=values.get(Name.CHANNEL, ""),
        break_codes=tuple(BreakCode(minutes, code) for minutes, code in values.get(Name.BREAK_CODES, ())),
        policy=PolicyWords(**values.get(Name.POLICY, {})),
        retention={Kept(kind): days for kind, days in values.get(Name.RETENTION, {}).items()},
        thresholds=raised(values.get(Name.THRESHOLDS, {})),
        decided=frozenset(values),
    )


def _hours(value: Mapping[str, Any]) -> WorkingHours:
    if not value:
        return WorkingHours()
    return WorkingHours(
        zone=value["zone"],
        working_days=frozenset(value["working_days"]),
        quiet_from=dt.time.fromisoformat(value["quiet_from"]),
        quiet_until=dt.time.fromisoformat(value["quiet_until"]),
    )


def hours_value(hours: WorkingHours) -> Mapping[str, Any]:
    """Hours as they are stored."""
    return {
        "zone": hours.zone,
        "working_days": sorted(hours.working_days),
        "quiet_from": hours.quiet_from.isoformat(),
        "quiet_until": hours.quiet_until.isoformat(),
    }


def raised(stored: Mapping[str, int]) -> Thresholds:
    """Thresholds that are nowhere below the floor, whatever is stored."""
    floor = asdict(Thresholds())
    return Thresholds(**{name: max(least, stored.get(name, least)) for name, least in floor.items()})


def read_zone(text: str) -> str:
    """Find the IANA zone meant: "Europe/London", or "london" where only one zone ends so."""
    wanted = text.strip().replace(" ", "_")
    if "/" in wanted and is_zone(wanted):
        return wanted
    if wanted.upper() == "UTC":
        return "UTC"
    ends = [zone for zone in _zones() if _fits(zone, wanted)]
    if len(ends) == 1:
        return ends[0]
    raise InvalidError(
        "There is no such time zone. Write it like Europe/London or Asia/Manila.", field=Action.ZONE
    )


def _zones() -> list[str]:
    return sorted(zone for zone in zoneinfo.available_timezones() if is_zone(zone))


def _fits(zone: str, wanted: str) -> bool:
    return bool(wanted) and wanted.casefold() in (zone.casefold(), zone.rpartition("/")[2].casefold())


def read_working_days(days: Iterable[str]) -> frozenset[int]:
    """The ISO weekdays ticked; at least one."""
    ticked = frozenset(int(day) for day in days if day in {"1", "2", "3", "4", "5", "6", "7"})
    if not ticked:
        raise InvalidError(
            "Tick at least one working day, or nobody is ever written to.", field=Action.WORKING_DAYS
        )
    return ticked


def check_quiet(hours: WorkingHours) -> WorkingHours:
    """Refuse quiet hours that begin and end at once, since then nothing would ever be quiet."""
    if hours.quiet_from == hours.quiet_until:
        raise InvalidError(
            "Choose another time than quiet begins at, or messages would come at night.",
            field=Action.QUIET_UNTIL,
        )
    return hours


def read_break_codes(text: str) -> tuple[BreakCode, ...]:
    """Read one code a line, "10: AUX-7"; sorted by minutes."""
    rows = [line for line in text.splitlines() if line.strip()]
    if len(rows) > BREAK_CODES_MOST:
        raise InvalidError(f"At most {BREAK_CODES_MOST} codes.", field=Action.BREAK_CODES)
    found: dict[int, str] = {}
    for number, row in enumerate(rows, start=1):
        match = _BREAK.fullmatch(row)
        if not match or not 1 <= int(match["minutes"]) <= BREAK_MOST:
            raise InvalidError(
                f"Line {number}: write minutes, a colon and the code, like 10: AUX-7 (1 to {BREAK_MOST}).",
                field=Action.BREAK_CODES,
            )
        if int(match["minutes"]) in found:
            raise InvalidError(
                f"Line {number}: there is a code for {match['minutes']} minutes above already.",
                field=Action.BREAK_CODES,
            )
        found[int(match["minutes"])] = match["code"]
    return tuple(BreakCode(minutes, code) for minutes, code in sorted(found.items()))


def code_for(codes: Sequence[BreakCode], minutes: int) -> str:
    """The code of the shortest break that is long enough, else of the longest there is."""
    long_enough = [code.code for code in codes if code.minutes >= minutes]
    return long_enough[0] if long_enough else (codes[-1].code if codes else "")


def read_days(text: str, kept: Kept, field_id: str) -> int | None:
    """Read a retention in days: only shorter than ours; nothing typed means ours."""
    if not text:
        return None
    most = KEPT_FOR[kept].days
    days = _number(text, field_id)
    if not KEEP_LEAST <= days <= most:
        raise InvalidError(
            f"Between {KEEP_LEAST} and {most} days: keeping can only be shorter than ours.", field=field_id
        )
    return days


def read_threshold(text: str, floor: int, field_id: str) -> int:
    """Read a threshold: only higher than ours; nothing typed means ours."""
    if not text:
        return floor
    number = _number(text, field_id)
    if number > THRESHOLD_MOST:
        raise InvalidError(f"At most {THRESHOLD_MOST}: more would hide every figure.", field=field_id)
    if number < floor:
        raise InvalidError(
            f"At least {floor}: groups can only be larger than ours, so that nobody can be picked out.",
            field=field_id,
        )
    return number


def _number(text: str, field_id: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 6):
        raise InvalidError("Write a whole number.", field=field_id)
    return int(digits)
