"""When a person may be written to; pure, from what the directory knows and what the workspace set."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from whenever import Instant

from bot.directory.model import Person
from bot.scheduler.recurrence import WORKING_DAYS, local_moment

NoReason = Literal[
    "deactivated",
    "bot",
    "stranger",
    "guest",
    "unreachable",
    "away",
    "do_not_disturb",
    "quiet_hours",
    "day_off",
]


@dataclass(frozen=True, slots=True)
class QuietRules:
    """When to leave somebody in peace: local times of day, and ISO weekdays (Monday 1) on which they work.

    `zone` counts for those whose own isn't known. Equal times mean no quiet hours; no working days mean that
    nothing personal is ever sent. `days_off` are dates in the person's zone, told by the person.
    """

    quiet_from: time = time(20)
    quiet_until: time = time(8)
    working_days: frozenset[int] = WORKING_DAYS
    zone: str = "UTC"
    days_off: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Yes:
    """Now is fine."""


@dataclass(frozen=True, slots=True)
class No:
    """Not now; `until` is when it is worth asking again, None when nobody can tell."""

    reason: NoReason
    until: datetime | None = None


def may_send(person: Person | None, rules: QuietRules, at: datetime) -> Yes | No:
    """Whether a personal message may go out; somebody the directory doesn't know yet counts as a member."""
    return (person and (_never(person) or _absent(person, at))) or _quiet(person, rules, at) or Yes()


def _never(person: Person) -> No | None:
    if not person.is_active:
        return No("deactivated")
    if person.is_bot:
        return No("bot")
    if person.is_stranger:
        return No("stranger")
    if person.is_guest:
        return No("guest")
    return No("unreachable") if person.unreachable else None


def _absent(person: Person, at: datetime) -> No | None:
    if person.is_away and (person.away_until is None or at < person.away_until):
        return No("away", person.away_until)
    if person.dnd_from and person.dnd_until and person.dnd_from <= at < person.dnd_until:
        return No("do_not_disturb", person.dnd_until)
    return None


def _quiet(person: Person | None, rules: QuietRules, at: datetime) -> No | None:
    zone = (person.zone if person else None) or rules.zone
    local = Instant(at).to_tz(zone).to_plain().to_stdlib()
    if not _works_on(local.date(), rules):
        return No("day_off", _next_start(local.date(), rules, zone))
    if _is_quiet(local.time(), rules):
        today = local_moment(local.date(), rules.quiet_until, zone)
        return No("quiet_hours", today if today > at else _next_start(local.date(), rules, zone))
    return None


def _works_on(day: date, rules: QuietRules) -> bool:
    return day.isoweekday() in rules.working_days and day not in rules.days_off


def _is_quiet(now: time, rules: QuietRules) -> bool:
    start, end = rules.quiet_from, rules.quiet_until
    return start <= now < end if start <= end else now >= start or now < end


def _next_start(day: date, rules: QuietRules, zone: str) -> datetime | None:
    """When quiet ends on the next working day; None if there is none within a year."""
    ahead = (day + timedelta(days=number) for number in range(1, 367))
    start = next((other for other in ahead if _works_on(other, rules)), None)
    return local_moment(start, _first_time(rules), zone) if start else None


def _first_time(rules: QuietRules) -> time:
    """When a working day's messages begin: at midnight where the quiet hours lie within the day."""
    return rules.quiet_until if _is_quiet(time(0), rules) else time(0)
