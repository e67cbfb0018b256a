"""What set-up learns of user groups and channels from Slack, and what it does when they vanish."""

import datetime as dt

import aiohttp
import pytest
import yaml

from bot.directory import store as directory
from bot.directory.model import Person
from bot.errors import InvalidError, NotAllowedError
from bot.people import Member
from bot.privacy import store as privacy
from bot.privacy.access_log import KeptAccessLog
from bot.privacy.ground import ScheduleHolding
from bot.safeguards.suppression import Thresholds
from bot.scheduler import posted
from bot.scheduler.clocks import RealClock
from bot.settings import store
from bot.settings.lookups import Lookups
from bot.settings.model import Part, TeamForm
from bot.settings.queries import Answers
from bot.settings.service import SettingsService
from bot.settings.views import home_blocks
from bot.shipped import shipped
from bot.slack.clients import OneWorkspace
from bot.slack.tasks import Tasks
from bot.teams import CompanyHelp, Kept
from tests.driver import start_sandbox


@pytest.fixture
async def sandbox():
    async with start_sandbox(yaml.safe_load(shipped("manifest.yml").read_text("utf-8"))) as running:
        yield running


@pytest.fixture
async def clients(sandbox):
    async with aiohttp.ClientSession() as session:
        clients = OneWorkspace(sandbox.bot_token, sandbox.api_url, session)
        await clients.identify()
        yield clients


@pytest.fixture
async def service(database, clients):
    number = iter(range(1000))
    tasks = Tasks()
    yield SettingsService(
        database,
        Answers("US"),
        KeptAccessLog(lambda: f"e{next(number)}"),
        Lookups(clients),
        RealClock(),
        tasks,
        lambda: f"t{next(number)}",
    )
    assert await tasks.drain(5) == 0


@pytest.fixture
def home(sandbox):
    return sandbox.world.default


@pytest.fixture
async def omar(database, home):
    """The workspace's admin, with everybody in the directory."""
    people = [
        Person(
            Member(home.id, it.id),
            it.name,
            it.tz,
            is_admin=it.kind == "admin",
            is_guest=it.kind == "guest",
            is_bot=it.kind == "bot",
            is_active=not it.deleted,
        )
        for it in home.people.values()
    ]
    await database.write(lambda tx: directory.save(tx, people))
    return Member(home.id, home.find_person("omar").id)


def id_of(home, handle):
    return home.find_person(handle).id


def group_of(home, handle):
    return next(it for it in home.usergroups.values() if it.handle == handle)


def channel_of(home, name):
    return home.find_channel(name)


async def test_a_team_by_user_group_follows_slack_and_says_when_the_group_is_gone(
    service, database, home, omar
):
    await service.look(home.id)
    duty, leads = group_of(home, "duty"), group_of(home, "floor-leads")
    await service.save_team(omar, TeamForm(name="Duty", people_group=duty.id, lead_group=leads.id))
    (line,) = (await service.overview(omar)).teams
    assert (line.people, line.leads, line.troubles) == (1, 2, ())

    duty.users.append(id_of(home, "ana"))
    await service.refresh_groups(home.id)
    assert (await service.as_known(omar)).teams[0].people == 2

    del home.usergroups[duty.id]
    overview = await service.overview(omar)
    (line,) = overview.teams
    assert line.people == 0
    assert "user group is gone" in line.troubles[0]
    assert overview.has_trouble
    with pytest.raises(InvalidError, match="no longer in Slack"):
        await service.save_team(omar, line.form)


async def test_a_debrief_channel_needs_steady_in_it_and_nobody_from_outside(service, home, omar):
    floor, shared, leads = (channel_of(home, it) for it in ("debriefs", "partner-brightship", "leads"))
    for channel, words in ((floor, "/invite"), (leads, "/invite")):
        with pytest.raises(InvalidError, match=words):
            await service.save_channel(omar, channel.id)
    shared.members.append(home.bot_user_id)
    with pytest.raises(InvalidError, match="another company"):
        await service.save_channel(omar, shared.id)
    floor.members.append(home.bot_user_id)
    await service.save_channel(omar, floor.id)
    assert Part.CHANNEL in (await service.overview(omar)).done


async def test_a_channel_deleted_or_archived_later_is_said_and_no_longer_used(service, database, home, omar):
    channel = channel_of(home, "debriefs")
    channel.members.append(home.bot_user_id)
    await service.save_channel(omar, channel.id)
    channel.is_archived = True
    assert "archived" in (await service.overview(omar)).channel_trouble
    assert await database.read(lambda tx: Answers("US").debrief_channel(tx, home.id, None)) is None
    channel.is_archived = False
    await service.refresh_channels(home.id)
    assert await database.read(lambda tx: Answers("US").debrief_channel(tx, home.id, None)) == channel.id
    del home.conversations[channel.id]
    overview = await service.overview(omar)
    assert "gone" in overview.channel_trouble
    assert Part.CHANNEL not in overview.done


async def test_what_slack_does_not_answer_is_not_forgotten(service, sandbox, database, home, omar):
    await service.look(home.id)
    duty = group_of(home, "duty")
    await service.save_team(omar, TeamForm(name="Duty", people_group=duty.id))
    sandbox.world.credentials.bot_grant(home.key).dead = "token_revoked"
    await service.refresh(home.id)
    assert (await service.as_known(omar)).teams[0].people == 1


async def test_those_who_may_not_change_nothing_and_are_told_whom_to_ask(service, database, home, omar):
    ana = Member(home.id, id_of(home, "ana"))
    await database.write(lambda tx: store.add_installer(tx, omar))
    changes = (
        service.overview(ana),
        service.save_team(ana, TeamForm(name="Mine")),
        service.remove_team(ana, "t1"),
        service.save_help(ana, None, "US"),
        service.save_keeping(ana, {Kept.CHECKINS: 7}, Thresholds()),
        service.save_admins(ana, [ana.id]),
    )
    for change in changes:
        with pytest.raises(NotAllowedError, match="Ask Omar Haddad"):
            await change
    assert await database.read(lambda tx: privacy.recent(tx, home.id, 10)) == []


async def test_a_lead_who_leaves_while_the_form_is_open_is_named_and_one_who_left_later_is_reported(
    service, database, home, omar
):
    sam = Member(home.id, id_of(home, "sam"))
    form = TeamForm(name="Late shift", people=(id_of(home, "ana"),), leads=(sam.id,))
    left = Person(sam, "Sam Whitfield", is_active=False, changed_s=99)
    back = Person(sam, "Sam Whitfield", changed_s=100)
    await database.write(lambda tx: directory.save(tx, [left]))
    with pytest.raises(InvalidError, match="Sam Whitfield has left"):
        await service.save_team(omar, form)
    await database.write(lambda tx: directory.save(tx, [back]))
    await service.save_team(omar, form)
    await database.write(lambda tx: directory.save(tx, [Person(sam, "Sam", is_active=False, changed_s=101)]))
    (line,) = (await service.as_known(omar)).teams
    assert line.troubles == ("it has no lead who still works here",)
    assert (await service.team(omar, line.form.id)).leads == ()


async def test_a_team_removed_while_its_form_is_open_does_not_come_back(service, database, home, omar):
    await service.save_team(omar, TeamForm(name="Late shift"))
    (line,) = (await service.as_known(omar)).teams
    await service.remove_team(omar, line.form.id)
    with pytest.raises(Exception, match="removed a moment ago"):
        await service.save_team(omar, line.form)
    with pytest.raises(Exception, match="removed a moment ago"):
        await service.team(omar, line.form.id)
    assert (await service.as_known(omar)).teams == ()


@pytest.mark.parametrize(
    ("handle", "words"), [("app", "is an app"), ("rhea", "has left"), ("toni", "is a guest")]
)
async def test_only_people_of_this_company_who_work_here_lead_or_set_up(service, home, omar, handle, words):
    somebody = next(it.id for it in home.people.values() if it.handle == handle)
    with pytest.raises(InvalidError, match=words):
        await service.save_admins(omar, [somebody])
    with pytest.raises(InvalidError, match=words):
        await service.save_team(omar, TeamForm(name="A", leads=(somebody,)))
    with pytest.raises(InvalidError, match=words):
        await service.save_rings(omar, [[somebody], [], []])


async def test_every_change_is_in_the_access_log_without_its_value(service, database, home, omar):
    await service.save_help(omar, CompanyHelp("Carewell", "Call 0800 111 222"), "GB")
    await service.save_team(omar, TeamForm(name="Late shift"))
    await service.save_keeping(omar, {Kept.CHECKINS: 30, Kept.EVENTS: None}, Thresholds(8, 10))
    entries = await database.read(lambda tx: privacy.recent(tx, home.id, 10))
    said = [entry.what for entry in reversed(entries)]
    assert said == [
        "set the company's help and the country of the help lines",
        "added the team “Late shift”",
        "set how long things are kept (check-in answers: 30 days) and how many people must be behind "
        "a figure (8) or words (10)",
    ]
    assert {entry.name for entry in entries} == {"Omar Haddad"}


async def test_only_the_first_admin_becomes_the_installer(service, database, home, omar):
    greeted = []
    assert await service.for_home(Member(home.id, id_of(home, "ana")), greeted.append) is None
    for _ in range(2):
        assert await service.for_home(omar, greeted.append)
    assert greeted == [omar]


async def test_an_admin_s_home_says_what_slack_would_not_delete_and_whoever_got_it_finds_where(
    service, database, omar
):
    ana = Member(omar.workspace, "UANA")
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    message = posted.Posted(ana.workspace, "D1", "1.1", "told", ana.id, now, about=ana.id)

    def post(tx):
        posted.remember(tx, message)
        posted.give_up(tx, message, "cant_delete_message")

    await database.write(post)
    standing, _ = await database.read(lambda tx: service._seen(tx, omar))
    drawn = str(home_blocks(standing))
    assert "Slack would not delete: cant_delete_message: 1." in drawn
    assert "D1" not in drawn
    export = await database.read(lambda tx: ScheduleHolding().export(tx, ana))
    [found] = export["messages from Steady in Slack"]
    assert (found["channel"], found["not_deleted_because"]) == ("D1", "cant_delete_message")
