"""How what an admin types becomes a decision, or a sentence under the field."""

import datetime as dt

import pytest

from bot.errors import InvalidError
from bot.settings.model import (
    check_quiet,
    code_for,
    read_break_codes,
    read_days,
    read_threshold,
    read_working_days,
    read_zone,
)
from bot.slack.ids import Action
from bot.teams import BreakCode, Kept, WorkingHours


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/London", "Europe/London"),
        ("london", "Europe/London"),
        ("utc", "UTC"),
        ("New York", "America/New_York"),
    ],
)
def test_a_zone_may_be_named_by_its_city(typed, meant):
    assert read_zone(typed) == meant


@pytest.mark.parametrize("typed", ["", "Londn", "Europe", "../etc/passwd", "GMT+99", "x" * 300])
def test_a_zone_that_is_none_is_refused_under_its_field(typed):
    with pytest.raises(InvalidError) as refused:
        read_zone(typed)
    assert refused.value.field == Action.ZONE
    assert "Europe/London" in refused.value.sentence


def test_break_codes_are_a_line_each_in_any_order():
    codes = read_break_codes("10: AUX-7\n\n 3 min = AUX-2 \n")
    assert codes == (BreakCode(3, "AUX-2"), BreakCode(10, "AUX-7"))
    assert [code_for(codes, minutes) for minutes in (1, 3, 5, 10, 60)] == [
        "AUX-2", "AUX-2", "AUX-7", "AUX-7", "AUX-7",
    ]  # fmt: skip
    assert code_for((), 5) == ""


@pytest.mark.parametrize(
    "typed", ["AUX-7", "0: AUX", "500: AUX", "10:", "\n".join(f"{n}: A" for n in range(1, 14))]
)
def test_a_break_code_that_can_t_be_read_names_its_line(typed):
    with pytest.raises(InvalidError) as refused:
        read_break_codes(typed)
    assert refused.value.field == Action.BREAK_CODES


@pytest.mark.parametrize("typed", ["91", "6", "0", "-5", "ten", "٣٠", "9999999"])
def test_keeping_can_only_be_shorter_than_ours(typed):
    with pytest.raises(InvalidError):
        read_days(typed, Kept.CHECKINS, "field")
    assert read_days("60", Kept.CHECKINS, "field") == 60
    assert read_days("", Kept.CHECKINS, "field") is None


@pytest.mark.parametrize("typed", ["4", "0", "-1", "1001", "many"])
def test_groups_can_only_be_larger_than_ours(typed):
    with pytest.raises(InvalidError):
        read_threshold(typed, 5, "field")
    assert read_threshold("8", 5, "field") == 8
    assert read_threshold("", 5, "field") == 5


def test_a_week_has_a_working_day():
    assert read_working_days(["6", "7", "nonsense"]) == {6, 7}
    with pytest.raises(InvalidError):
        read_working_days([])


def test_quiet_hours_that_end_as_they_begin_are_refused_since_nothing_would_be_quiet():
    nine = dt.time(9)
    with pytest.raises(InvalidError) as refused:
        check_quiet(WorkingHours(quiet_from=nine, quiet_until=nine))
    assert refused.value.field == Action.QUIET_UNTIL
    assert check_quiet(WorkingHours()) == WorkingHours()


def test_two_codes_for_one_break_are_told_apart_by_the_line_that_repeats():
    with pytest.raises(InvalidError, match=r"Line 2.*10 minutes"):
        read_break_codes("10: AUX-7\n10: AUX-8")


def test_a_threshold_beyond_reason_is_refused_for_that_reason():
    with pytest.raises(InvalidError, match="At most 1000"):
        read_threshold("1001", 5, "field")
