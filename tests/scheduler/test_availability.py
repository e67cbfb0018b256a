"""When a person may be written to."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory.model import Person
from bot.people import Member
from bot.scheduler.availability import No, QuietRules, Yes, may_send

RULES = QuietRules(zone="Europe/London")
ANA = Person(Member("T1", "UANA"), zone="America/New_York")


def at(text: str, zone: str = "America/New_York") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        ("2026-11-23T08:00", Yes()),
        ("2026-11-23T19:59", Yes()),
        ("2026-11-23T20:00", No("quiet_hours", at("2026-11-24T08:00"))),
        ("2026-11-24T07:59", No("quiet_hours", at("2026-11-24T08:00"))),
        ("2026-11-27T20:00", No("quiet_hours", at("2026-11-30T08:00"))),  # Friday evening → Monday
        ("2026-11-28T12:00", No("day_off", at("2026-11-30T08:00"))),
        ("2026-11-30T03:00", No("quiet_hours", at("2026-11-30T08:00"))),
        ("2026-11-01T01:30", No("day_off", at("2026-11-02T08:00"))),  # the night the clocks go back
    ],
)
def test_quiet_hours_and_days_off_in_the_persons_own_zone(when: str, answer: Yes | No) -> None:
    assert may_send(ANA, RULES, at(when)) == answer


def test_someone_whose_zone_is_not_known_has_the_teams() -> None:
    nobody_knows = Person(Member("T1", "UNEW"))
    early = at("2026-11-23T07:30", "Europe/London")
    for person in (nobody_knows, None):
        assert may_send(person, RULES, early) == No("quiet_hours", early + timedelta(minutes=30))


def test_quiet_hours_may_lie_within_the_day_or_not_exist() -> None:
    siesta = QuietRules(quiet_from=time(13), quiet_until=time(15), zone="Europe/Madrid")
    person = Person(Member("T1", "U1"), zone="Europe/Madrid")
    assert may_send(person, siesta, at("2026-11-23T13:30", "Europe/Madrid")) == No(
        "quiet_hours", at("2026-11-23T15:00", "Europe/Madrid")
    )
    assert may_send(person, siesta, at("2026-11-23T23:30", "Europe/Madrid")) == Yes()
    never_quiet = QuietRules(quiet_from=time(0), quiet_until=time(0), working_days=frozenset(range(1, 8)))
    assert may_send(person, never_quiet, at("2026-11-22T03:00", "Europe/Madrid")) == Yes()


def test_the_one_who_never_works_is_never_written_to() -> None:
    assert may_send(ANA, QuietRules(working_days=frozenset()), at("2026-11-23T12:00")) == No("day_off", None)


def test_guests_are_not_written_to() -> None:
    guest = Person(Member("T1", "UG"), zone="America/New_York", is_guest=True)
    assert may_send(guest, RULES, at("2026-11-23T12:00")) == No("guest")


def test_a_status_that_ran_out_no_longer_counts() -> None:
    back_at = at("2026-11-23T10:00")
    ill = Person(ANA.member, zone=ANA.zone, is_away=True, away_until=back_at)
    assert may_send(ill, RULES, back_at - timedelta(seconds=1)) == No("away", back_at)
    assert may_send(ill, RULES, back_at) == Yes()


zones = st.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
rules = st.builds(
    QuietRules,
    quiet_from=st.sampled_from([time(0), time(13), time(20), time(23, 30)]),
    quiet_until=st.sampled_from([time(0), time(2, 30), time(8), time(15)]),
    working_days=st.frozensets(st.integers(1, 7), min_size=1),
    days_off=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=3),
)


@settings(max_examples=500, deadline=None)
@given(zones, rules, moments)
def test_whoever_is_told_until_when_may_be_written_to_then(
    zone: str, given_rules: QuietRules, moment: datetime
) -> None:
    person = Person(Member("T1", "U1"), zone=zone)
    answer = may_send(person, given_rules, moment)
    if isinstance(answer, No):
        assert answer.until is not None
        assert answer.until > moment
        assert may_send(person, given_rules, answer.until) == Yes()
