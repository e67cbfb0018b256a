"""Slack's objects as what the directory keeps."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.directory.reading import dnd_of, person_of
from bot.directory.store import Dnd


def user(**what: Any) -> dict[str, Any]:
    return {"id": "UANA", "team_id": "T1", "name": "ana", "tz": "America/New_York", "updated": 7, **what}


def test_a_colleague() -> None:
    ana = person_of("T1", user(profile={"display_name": "Ana", "real_name": "Ana Reyes"}, is_admin=True))
    assert (ana.name, ana.zone, ana.is_admin, ana.changed_s) == ("Ana", "America/New_York", True, 7)
    assert ana.may_belong


@pytest.mark.parametrize(
    ("what", "trait"),
    [
        ({"is_restricted": True}, "is_guest"),
        ({"is_ultra_restricted": True}, "is_guest"),
        ({"is_bot": True}, "is_bot"),
        ({"id": "USLACKBOT"}, "is_bot"),
        ({"is_stranger": True}, "is_stranger"),
        ({"team_id": "T9"}, "is_stranger"),
        ({"profile": {"status_emoji": ":palm_tree:"}}, "is_away"),
        ({"profile": {"status_emoji": ":palm_tree::skin-tone-3:"}}, "is_away"),
        ({"profile": {"status_text": "On leave, back in May"}}, "is_away"),
        ({"profile": {"status_text": "OOO"}}, "is_away"),
    ],
)
def test_what_sets_somebody_apart(what: dict[str, Any], trait: str) -> None:
    assert getattr(person_of("T1", user(**what)), trait)
    assert not getattr(person_of("T1", user()), trait)


@pytest.mark.parametrize(
    ("what", "may_belong", "is_colleague"),
    [
        ({}, True, True),
        ({"is_restricted": True}, True, False),
        ({"is_ultra_restricted": True}, True, False),
        ({"is_stranger": True}, False, False),
        ({"team_id": "T9"}, False, False),
        ({"team_id": "T9", "enterprise_user": {}}, True, True),
        ({"is_bot": True}, False, False),
        ({"deleted": True}, False, False),
    ],
)
def test_who_belongs_and_to_whom_steady_writes(
    what: dict[str, Any], may_belong: bool, is_colleague: bool
) -> None:
    person = person_of("T1", user(**what))
    assert (person.may_belong, person.is_colleague) == (may_belong, is_colleague)


@pytest.mark.parametrize(
    "profile",
    [
        {"status_emoji": ":headphones:", "status_text": "focus"},
        {"status_emoji": ":house_with_garden:", "status_text": "Working remotely"},
        {"status_emoji": ":spiral_calendar_pad:", "status_text": "In a meeting"},
        {"status_emoji": ":bus:", "status_text": "Commuting"},
        {"status_text": "spotted at the holiday desk"},
        {"status_text": "believe"},
    ],
)
def test_a_working_status_is_not_away(profile: dict[str, str]) -> None:
    assert not person_of("T1", user(profile=profile)).is_away


def test_a_status_with_an_end_says_until_when() -> None:
    until = datetime(2026, 12, 1, tzinfo=UTC)
    profile = {"status_emoji": ":palm_tree:", "status_expiration": int(until.timestamp())}
    assert person_of("T1", user(profile=profile)).away_until == until
    assert (
        person_of("T1", user(profile={"status_emoji": ":palm_tree:", "status_expiration": 0})).away_until
        is None
    )


def test_a_colleague_from_another_workspace_of_the_organisation_is_no_stranger() -> None:
    assert not person_of("T1", user(team_id="T9", enterprise_user={"teams": ["T1", "T9"]})).is_stranger


def test_somebody_deactivated_comes_without_a_zone_and_an_unknown_zone_is_none() -> None:
    gone = person_of("T1", {"id": "UB", "deleted": True, "profile": {}})
    assert (gone.is_active, gone.zone) == (False, None)
    assert person_of("T1", user(tz="Middle/Earth")).zone is None


def test_a_name_is_cleaned_and_bounded() -> None:
    assert person_of("T1", user(profile={"display_name": "a\u202eb" + "x" * 200})).name.startswith("abx")
    assert len(person_of("T1", user(profile={"display_name": "x" * 200})).name) <= 80


def test_do_not_disturb_windows() -> None:
    start, end = datetime(2026, 11, 23, 22, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC)
    window = {"next_dnd_start_ts": int(start.timestamp()), "next_dnd_end_ts": int(end.timestamp())}
    assert dnd_of({"dnd_enabled": True, **window}) == Dnd(start, end)
    assert dnd_of({"dnd_enabled": False, **window}) == Dnd(None, None)
    assert dnd_of({"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}) == Dnd(None, None)
    snoozed = dnd_of({"snooze_enabled": True, "snooze_endtime": int(end.timestamp()), **window})
    assert snoozed.end_at == end
    assert snoozed.start_at is not None
    assert snoozed.start_at < start
