"""Times as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.stamps import from_stamp, to_stamp

EARLIEST, LATEST = datetime.fromisoformat("0001-01-03"), datetime.fromisoformat("9999-12-29")
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(EARLIEST, LATEST, timezones=zones)


@given(times, times)
def test_stamps_sort_as_times_do(one: datetime, other: datetime) -> None:
    assert (to_stamp(one) < to_stamp(other)) == (one < other)


@given(times)
def test_a_stamp_reads_back_as_the_same_moment(at: datetime) -> None:
    assert from_stamp(to_stamp(at)) == at
    assert len(to_stamp(at)) == 27


def test_zero_microseconds_are_written_out() -> None:
    assert to_stamp(datetime(2026, 11, 21, 9, 30, tzinfo=UTC)) == "2026-11-21T09:30:00.000000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_stamp(datetime(2026, 11, 21))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", ["2026-11-21", "2026-11-21T09:30:00Z", "2026-11-21T09:30:00.000000+01:00", ""]
)
def test_only_our_own_form_reads_back(text: str) -> None:
    with pytest.raises(ValueError, match="to_stamp"):
        from_stamp(text)
