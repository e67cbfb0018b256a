from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scheduler.recurrence import WeeklyIntent, is_zone, later_same_day, next_run, next_working_day

# Looked up by hand in the tz database and a calendar: (zone, weekday, local time, after, the moment meant).
EDGES = [
    # Spring: 02:00 becomes 03:00, so 02:30 is asked at 03:30 of the new time.
    ("Europe/Berlin", 7, "02:30", "2026-03-28T00:00Z", "2026-03-29T01:30Z"),
    ("America/New_York", 7, "02:30", "2026-03-07T12:00Z", "2026-03-08T07:30Z"),
    ("Europe/London", 7, "01:30", "2026-03-28T12:00Z", "2026-03-29T01:30Z"),
    ("America/Havana", 7, "00:30", "2026-03-07T12:00Z", "2026-03-08T05:30Z"),
    # Half an hour only: 02:00 becomes 02:30.
    ("Australia/Lord_Howe", 7, "02:15", "2026-10-03T00:00Z", "2026-10-03T15:45Z"),
    # The week after the spring night it is 02:30 again.
    ("Europe/Berlin", 7, "02:30", "2026-03-29T01:30Z", "2026-04-05T00:30Z"),
    # Autumn: 02:30 comes twice; the first is summer time.
    ("Europe/Berlin", 7, "02:30", "2026-10-24T12:00Z", "2026-10-25T00:30Z"),
    ("Europe/Berlin", 7, "02:30", "2026-10-25T00:30Z", "2026-11-01T01:30Z"),
    ("America/New_York", 7, "01:30", "2026-10-31T12:00Z", "2026-11-01T05:30Z"),
    # Asked between the two: the next is a week later, not the second of the same night.
    ("America/New_York", 7, "01:30", "2026-11-01T05:45Z", "2026-11-08T06:30Z"),
    # Across an edge in the middle of the week the local time stays, UTC moves.
    ("America/New_York", 1, "10:00", "2026-03-06T00:00Z", "2026-03-09T14:00Z"),
    ("Australia/Sydney", 1, "09:00", "2026-10-02T00:00Z", "2026-10-04T22:00Z"),
    ("Australia/Sydney", 1, "09:00", "2026-04-03T00:00Z", "2026-04-05T23:00Z"),
    # Zones beside the hour, and ones without summer time.
    ("Asia/Kolkata", 3, "09:30", "2026-11-17T00:00Z", "2026-11-18T04:00Z"),
    ("Asia/Kathmandu", 3, "09:30", "2026-11-17T00:00Z", "2026-11-18T03:45Z"),
    ("Australia/Adelaide", 3, "09:30", "2026-11-17T00:00Z", "2026-11-17T23:00Z"),
    ("America/St_Johns", 3, "09:30", "2026-11-17T00:00Z", "2026-11-18T13:00Z"),
    ("Asia/Manila", 5, "16:00", "2026-11-20T08:00Z", "2026-11-27T08:00Z"),
    # The far ends of the world: the local day is another than in UTC.
    ("Pacific/Kiritimati", 1, "08:00", "2026-11-20T00:00Z", "2026-11-22T18:00Z"),
    ("Pacific/Pago_Pago", 1, "20:00", "2026-11-20T00:00Z", "2026-11-24T07:00Z"),
    # Samoa had no 30 December 2011, a Friday: it is asked a day later rather than not at all.
    ("Pacific/Apia", 5, "10:00", "2011-12-28T00:00Z", "2011-12-30T20:00Z"),
    ("Pacific/Apia", 5, "10:00", "2011-12-30T19:00Z", "2011-12-30T20:00Z"),
    ("Pacific/Apia", 5, "10:00", "2011-12-30T20:00Z", "2012-01-05T20:00Z"),
    # Leap day, year's end.
    ("Europe/London", 2, "09:00", "2028-02-28T12:00Z", "2028-02-29T09:00Z"),
    ("Europe/London", 5, "09:00", "2026-12-31T23:59Z", "2027-01-01T09:00Z"),
    # Exactly now is not next.
    ("Europe/London", 5, "09:00", "2027-01-01T09:00Z", "2027-01-08T09:00Z"),
]
ZONES = sorted(
    {edge[0] for edge in EDGES} | {"Africa/Casablanca", "America/Nuuk", "Asia/Gaza", "Asia/Tehran"}
)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("zone", "weekday", "at", "after", "meant"), EDGES)
def test_edge_dates_checked_by_hand(zone, weekday, at, after, meant):
    found = next_run(WeeklyIntent(weekday, time.fromisoformat(at), zone), moment(after))
    assert found == moment(meant)
    assert found.tzinfo is UTC


intents = st.builds(
    WeeklyIntent,
    weekday=st.integers(1, 7),
    time=st.times().map(lambda t: t.replace(microsecond=0, second=0)),
    zone=st.sampled_from(ZONES),
)


def edges_of(zone: str, year: int) -> list[datetime]:
    """The moments of a year at which the zone's offset changes, found hour by hour."""
    here, at, found = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC), []
    while at.year == year:
        later = at + timedelta(hours=1)
        if at.astimezone(here).utcoffset() != later.astimezone(here).utcoffset():
            found.append(later)
        at = later
    return found


EDGE_MOMENTS = [at for zone in ZONES for year in (2026, 2027) for at in edges_of(zone, year)]
near_an_edge = st.builds(
    lambda edge, minutes: edge + timedelta(minutes=minutes),
    st.sampled_from(EDGE_MOMENTS),
    st.integers(-8 * 1440, 8 * 1440),
)
any_time = st.integers(0, 11 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
moments = near_an_edge | any_time


@settings(max_examples=400, deadline=None)
@given(intents, moments)
def test_the_next_run_is_on_the_persons_day_at_their_time(intent, after):
    found = next_run(intent, after)
    here = ZoneInfo(intent.zone)
    local = found.astimezone(here)
    wanted = datetime.combine(local.date(), intent.time, here)
    exists = wanted.astimezone(UTC).astimezone(here).replace(tzinfo=None) == wanted.replace(tzinfo=None)
    if exists:
        assert local.isoweekday() == intent.weekday
        assert local.time() == intent.time
        assert local.fold == 0
    else:
        # Jumped over: as much later as the clocks jump, never earlier, never by more than an hour or so.
        assert timedelta(0) < local.replace(tzinfo=None) - wanted.replace(tzinfo=None) <= timedelta(hours=2)


@settings(max_examples=400, deadline=None)
@given(intents, moments)
def test_the_next_run_lies_ahead_within_a_week_and_an_edge(intent, after):
    assert timedelta(0) < next_run(intent, after) - after <= timedelta(days=7, hours=2)


@settings(max_examples=300, deadline=None)
@given(intents, moments, st.integers(0, 8 * 1440))
def test_no_run_is_skipped_by_asking_later(intent, after, minutes):
    """Whenever one asks before a run, that run is the answer: a worker that was down finds it."""
    found = next_run(intent, after)
    asked = min(after + timedelta(minutes=minutes), found - timedelta(seconds=1))
    assert next_run(intent, asked) == found


@settings(max_examples=150, deadline=None)
@given(intents, moments)
def test_a_year_has_a_run_every_week(intent, after):
    runs = [after]
    for _ in range(53):
        runs.append(next_run(intent, runs[-1]))
    gaps = [later - earlier for earlier, later in pairwise(runs[1:])]
    assert all(timedelta(days=6, hours=22) <= gap <= timedelta(days=7, hours=2) for gap in gaps)


@settings(max_examples=200, deadline=None)
@given(intents, moments, st.sampled_from(ZONES))
def test_someone_who_moves_mid_week_is_asked_in_the_new_zone(intent, after, zone):
    moved = WeeklyIntent(intent.weekday, intent.time, zone)
    assert timedelta(0) < next_run(moved, after) - after <= timedelta(days=7, hours=2)


def test_a_clock_set_back_asks_for_the_same_run_again_so_that_its_key_refuses_it():
    """The natural key of a slot is its date: asking twice for one moment adds nothing."""
    intent = WeeklyIntent(3, time(10), "Europe/Berlin")
    ran = next_run(intent, moment("2026-11-17T00:00Z"))
    assert next_run(intent, ran - timedelta(hours=3)) == ran
    assert next_run(intent, ran) == ran + timedelta(days=7)


@pytest.mark.parametrize(
    ("after", "zone", "meant"),
    [
        ("2026-11-20T15:00Z", "America/New_York", "2026-11-23T15:00Z"),  # Friday → Monday
        ("2026-11-21T04:30Z", "America/New_York", "2026-11-23T15:00Z"),  # still Friday there
        ("2026-11-22T15:00Z", "Asia/Kolkata", "2026-11-23T04:30Z"),  # Sunday evening → Monday
        ("2026-03-27T12:00Z", "Europe/Berlin", "2026-03-30T08:00Z"),  # over the spring night
    ],
)
def test_the_next_working_day_is_the_persons_own(after, zone, meant):
    assert next_working_day(moment(after), zone, time(10)) == moment(meant)


def test_working_days_are_the_teams():
    sunday_to_thursday = {7, 1, 2, 3, 4}
    thursday = moment("2026-11-26T10:00Z")
    assert next_working_day(thursday, "Asia/Riyadh", time(9), sunday_to_thursday) == moment(
        "2026-11-29T06:00Z"
    )


def test_grace_ends_on_the_persons_own_day():
    assert later_same_day(moment("2026-11-20T23:30Z"), "America/New_York", time(20)) == moment(
        "2026-11-21T01:00Z"
    )
    late = moment("2026-11-21T03:00Z")
    assert later_same_day(late, "America/New_York", time(20)) == late


def test_an_unknown_zone_or_weekday_is_refused():
    assert is_zone("Asia/Kathmandu")
    assert not is_zone("Middle/Earth")
    with pytest.raises(ValueError, match="weekday"):
        WeeklyIntent(0, time(9), "UTC")
    with pytest.raises(ValueError, match="working days"):
        next_working_day(moment("2026-11-20T00:00Z"), "UTC", time(9), frozenset())
