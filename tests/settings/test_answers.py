"""What set-up answers other features, before and after anybody set anything up, on both engines."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.directory import store as directory
from bot.directory.model import Person
from bot.people import Member
from bot.safeguards.suppression import Thresholds
from bot.settings import store
from bot.settings.model import Group, Name, TeamForm
from bot.settings.queries import Answers
from bot.teams import KEPT_FOR, Kept, Team

W = "T1"
ANA, BEN, SAM, LENA, TONI, OMAR = (
    Member(W, it) for it in ("UANA", "UBEN", "USAM", "ULENA", "UTONI", "UOMAR")
)
LATE = TeamForm("t1", "Late shift", people=(ANA.id,), leads=(SAM.id,))


@pytest.fixture
def answers():
    return Answers("GB")


@pytest.fixture
async def here(database):
    people = [
        Person(ANA, "Ana", "America/New_York"),
        Person(BEN, "Ben", "Europe/London"),
        Person(SAM, "Sam"),
        Person(LENA, "Lena"),
        Person(TONI, "Toni", is_guest=True),
        Person(OMAR, "Omar", is_admin=True),
    ]
    await database.write(lambda tx: directory.save(tx, people))
    return database


async def leave(database, member, **change):
    gone = replace(Person(member, "Gone", changed_s=9), is_active=False, **change)
    await database.write(lambda tx: directory.save(tx, [gone]))


async def test_before_set_up_every_question_has_a_sane_answer(here, answers):
    def ask(tx):
        rules = answers.quiet_rules(tx, W)
        assert answers.teams(tx, W) == []
        assert answers.team_of(tx, ANA) is None
        assert list(answers.teams_led_by(tx, SAM)) == []
        assert answers.debrief_channel(tx, W, None) is None
        assert list(answers.rings(tx, W)) == []
        assert answers.zone_of(tx, ANA) == "America/New_York"
        assert answers.zone_of(tx, SAM) == "UTC"
        assert answers.working_days(tx, W) == {1, 2, 3, 4, 5}
        assert (rules.quiet_from, rules.quiet_until) == (dt.time(20), dt.time(8))
        assert answers.eap(tx, W) is None
        assert answers.country(tx, W) == "GB"
        assert answers.break_code(tx, W, 10) == ""
        assert answers.policy_words(tx, W).may_end
        assert all(answers.retention(tx, W, kept) == KEPT_FOR[kept] for kept in Kept)
        assert answers.thresholds(tx, W) == Thresholds(5, 10)

    await here.read(ask)


async def test_admins_are_the_workspace_s_own_the_installer_and_people_named_until_they_leave(here, answers):
    def name(tx):
        store.add_installer(tx, SAM)
        store.name_admins(tx, W, [LENA.id, TONI.id])

    await here.write(name)
    asked = (ANA, SAM, LENA, OMAR, TONI)
    assert await here.read(lambda tx: [answers.is_admin(tx, it) for it in asked]) == [
        False, True, True, True, False,
    ]  # fmt: skip
    await leave(here, OMAR, is_admin=True)
    await leave(here, LENA)
    assert await here.read(lambda tx: [answers.is_admin(tx, it) for it in (LENA, OMAR)]) == [False, False]


async def test_who_becomes_a_guest_is_asked_for_backup_no_longer(here, answers):
    await here.write(lambda tx: store.save_rings(tx, W, [[TONI.id, BEN.id], [TONI.id]]))
    assert await here.read(lambda tx: answers.rings(tx, W)) == [[BEN]]


async def test_a_team_named_one_by_one_goes_before_a_team_by_user_group(here, answers):
    group = Group("S1", "Floor")

    def set_up(tx):
        store.save_team(tx, W, TeamForm("t2", "All of the floor", people_group="S1", lead_group="S1"))
        store.save_team(tx, W, LATE)
        store.save_groups(tx, W, {group: [ANA.id, BEN.id, LENA.id]})

    await here.write(set_up)

    def ask(tx):
        assert answers.team_of(tx, ANA) == Team(W, "t1", "Late shift")
        assert answers.team_of(tx, BEN) == Team(W, "t2", "All of the floor")
        assert [it.id for it in answers.teams_led_by(tx, LENA)] == ["t2"]
        floor = answers.team(tx, W, "t2")
        assert list(answers.members_of(tx, floor)) == [ANA, BEN, LENA]

    await here.read(ask)


async def test_a_user_group_that_vanished_leaves_nobody_in_the_team_and_its_name_for_the_admin(here, answers):
    def set_up(tx):
        store.save_team(tx, W, TeamForm("t2", "Floor", people_group="S1"))
        store.save_groups(tx, W, {Group("S1", "Floor"): [BEN.id], Group("S2", "Others"): [ANA.id]})
        store.save_groups(tx, W, {})

    await here.write(set_up)
    assert await here.read(lambda tx: answers.team_of(tx, BEN)) is None
    assert await here.read(lambda tx: store.groups(tx, W)) == [Group("S1", "Floor", is_gone=True)]


async def test_only_members_of_groups_in_use_are_kept(here):
    await here.write(lambda tx: store.save_groups(tx, W, {Group("S1", "Floor"): [ANA.id]}))
    rows = await here.read(lambda tx: tx.all("SELECT * FROM user_group_people"))
    assert rows == []


async def test_leavers_belong_nowhere_and_guests_never_lead(here, answers):
    await here.write(
        lambda tx: store.save_team(tx, W, replace(LATE, people=(ANA.id, TONI.id), leads=(SAM.id, TONI.id)))
    )
    await leave(here, ANA)
    await leave(here, SAM)

    def ask(tx):
        team = answers.team(tx, W, "t1")
        assert answers.team_of(tx, ANA) is None
        assert list(answers.members_of(tx, team)) == [TONI]
        assert list(answers.leads_of(tx, team)) == []
        assert list(answers.teams_led_by(tx, TONI)) == []

    await here.read(ask)


async def test_a_channel_that_can_t_be_posted_to_is_not_offered(here, answers):
    def set_up(tx):
        store.put(tx, W, Name.CHANNEL, "C1")
        store.save_team(tx, W, replace(LATE, channel="C2"))

    await here.write(set_up)
    assert await here.read(lambda tx: answers.debrief_channel(tx, W, "t1")) == "C2"
    await here.write(lambda tx: answers.report_channel(tx, W, "C2", "is_archived"))
    assert await here.read(lambda tx: answers.debrief_channel(tx, W, "t1")) == "C1"
    await here.write(lambda tx: answers.report_channel(tx, W, "C1", "channel_not_found"))
    assert await here.read(lambda tx: answers.debrief_channel(tx, W, "t1")) is None
    await here.write(lambda tx: answers.report_channel(tx, W, "C2", ""))
    assert await here.read(lambda tx: answers.debrief_channel(tx, W, "t1")) == "C2"


async def test_what_is_stored_can_never_keep_longer_or_show_smaller_groups_than_ours(here, answers):
    def tamper(tx):
        store.put(tx, W, Name.RETENTION, {"checkins": 4000, "debrief_text": 30})
        store.put(tx, W, Name.THRESHOLDS, {"people": 2, "words": 25})

    await here.write(tamper)
    assert await here.read(lambda tx: answers.retention(tx, W, Kept.CHECKINS)) == dt.timedelta(days=90)
    assert await here.read(lambda tx: answers.retention(tx, W, Kept.DEBRIEF_TEXT)) == dt.timedelta(days=30)
    assert await here.read(lambda tx: answers.thresholds(tx, W)) == Thresholds(5, 25)
