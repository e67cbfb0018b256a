"""When things come round: next runs from what a person meant, on a library that knows the zones' rules."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from whenever import Date, Instant, PlainDateTime, Time, TimeZoneNotFoundError

WORKING_DAYS = frozenset({1, 2, 3, 4, 5})
"""ISO weekdays: Monday is 1."""
EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class WeeklyIntent:
    """Once a week, as the person said it: `weekday` is ISO's (Monday 1), `zone` an IANA name."""

    weekday: int
    time: time
    zone: str

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise ValueError("A weekday runs from 1 (Monday) to 7 (Sunday).")
        if self.time.tzinfo is not None or self.time.microsecond:
            raise ValueError(
                "The time of day is a plain local time of whole seconds; the zone stands beside it."
            )


def next_run(intent: WeeklyIntent, after: datetime) -> datetime:
    """The first moment of the intent strictly after `after`, in UTC.

    A time that the clocks jump over is taken as much later as they jump (02:30 becomes 03:30), so that no
    week is skipped; of a time that comes twice, the first is meant.
    """
    today = _local_date(after, intent.zone)
    ahead = (intent.weekday - today.day_of_week().value) % 7
    # Also last week's: a jump over a whole day (Samoa, 2011) may have moved it past `after`.
    for days in (ahead - 7, ahead, ahead + 7):
        moment = _moment(today.add(days=days), intent.time, intent.zone)
        if moment > after:
            return moment
    raise AssertionError("one of three weeks lies ahead")


def next_working_day(
    after: datetime, zone: str, at: time, working_days: Collection[int] = WORKING_DAYS
) -> datetime:
    """The given local time on the first working day after the local date of `after`, in UTC."""
    if not working_days:
        raise ValueError("There is no next working day in a week without working days.")
    day = _local_date(after, zone).next_day()
    while day.day_of_week().value not in working_days:
        day = day.next_day()
    return _moment(day, at, zone)


def later_same_day(moment: datetime, zone: str, at: time) -> datetime:
    """The given time on the local day of `moment`, or `moment` if that has passed: a job's usual grace."""
    return max(moment, _moment(_local_date(moment, zone), at, zone))


def local_moment(day: date, at: time, zone: str) -> datetime:
    """A local date and time as a moment in UTC; jumped-over and doubled times as in `next_run`."""
    return _moment(Date(day), at, zone)


def is_zone(name: str) -> bool:
    """Whether there is such an IANA zone."""
    try:
        PlainDateTime(2026, 1, 1).assume_tz(name)
    except TimeZoneNotFoundError:
        return False
    return True


def _local_date(moment: datetime, zone: str) -> Date:
    return Instant(moment).to_tz(zone).date()


def _moment(day: Date, at: time, zone: str) -> datetime:
    zoned = day.at(Time(at)).assume_tz(zone, disambiguation="compatible")
    return zoned.to_instant().to_stdlib()
