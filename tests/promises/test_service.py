"""Who keeps a promise, and what happens when they can't, on both engines."""

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from bot.directory import store as directory
from bot.directory.model import Person
from bot.errors import GoneError, InvalidError, NotAllowedError
from bot.people import Member
from bot.promises import store, views
from bot.promises.composing import OFF, SETTLED, PromiseMessages
from bot.promises.holding import PromisesHolding
from bot.promises.jobs import Kind
from bot.promises.model import Choice, Draft, Outcome, State, check_heir
from bot.promises.service import PromiseService
from bot.safeguards.pii import Guard
from bot.scheduler.outbox import job_of
from bot.settings import store as settings
from bot.settings.model import TeamForm
from bot.settings.queries import Answers
from bot.slack.ids import Action

W = "T1"
ANA, BEN, PRIYA, SAM = (Member(W, it) for it in ("UANA", "UBEN", "UPRIYA", "USAM"))
MONDAY_NOON = dt.datetime(2026, 11, 23, 17, tzinfo=dt.UTC)
"""Noon in New York, where Ana is."""
TUESDAY = dt.date(2026, 11, 24)
TEN = dt.time(10)


class StoppedClock:
    def __init__(self):
        self.time = MONDAY_NOON

    def now(self):
        return self.time


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
async def floor(database):
    def seed(tx):
        people = [
            Person(ANA, "Ana", "America/New_York"),
            Person(BEN, "Ben", "Europe/London"),
            Person(PRIYA, "Priya", "Asia/Kolkata"),
            Person(SAM, "Sam", "America/New_York"),
        ]
        directory.save(tx, people)
        team = TeamForm("t1", "Late shift", people=(ANA.id, BEN.id), leads=(SAM.id,))
        settings.save_team(tx, W, team)

    await database.write(seed)
    return database


@pytest.fixture
def service(floor, clock):
    number = iter(range(1000))
    return PromiseService(
        floor,
        Answers("US"),
        lambda text, country: Guard(country).mask(text).text,
        clock,
        lambda: f"p{next(number)}",
        lambda: None,
    )


@pytest.fixture
def messages(floor, service):
    return PromiseMessages(floor, Answers("US"), service)


def draft(keeper=ANA.id, due_on=TUESDAY, **change):
    return Draft(
        **{"what": "Call back", "ticket": "REF-1", "due_on": due_on, "at": TEN, "keeper": keeper} | change
    )


async def jobs(database, kind):
    rows = await database.read(
        lambda tx: tx.all("SELECT * FROM jobs WHERE kind = :kind ORDER BY due_at, job_key", kind=kind)
    )
    return [job_of(row) for row in rows if row["state"] == "due"]


async def made(service, member=ANA, **change):
    return (await service.make(member, draft(member.id, **change))).promise


async def test_the_reminder_is_due_at_ten_in_her_own_zone(service, floor):
    promise = await made(service)
    (reminder,) = await jobs(floor, Kind.REMINDER)
    assert reminder.due_at == dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
    assert reminder.recipient == ANA.id
    assert "Call back" not in str(reminder)
    assert promise.state is State.OPEN


async def test_the_next_working_day_is_offered_and_days_off_are_skipped(service, clock):
    clock.time = dt.datetime(2026, 11, 27, 20, tzinfo=dt.UTC)
    due_at, zone = await service.suggested(ANA)
    assert (due_at, zone) == (dt.datetime(2026, 11, 30, 15, tzinfo=dt.UTC), "America/New_York")
    await service.take_days_off(ANA, dt.date(2026, 11, 30), dt.date(2026, 12, 1))
    assert (await service.suggested(ANA))[0].date() == dt.date(2026, 12, 2)


async def test_what_is_stored_names_no_customer(service, floor):
    promise = await made(service, what="Call +1 212 555 0142 or jo@example.org")
    assert "555" not in promise.what
    assert "jo@" not in promise.what
    rows = await floor.read(lambda tx: tx.all("SELECT what FROM promises"))
    assert [row["what"] for row in rows] == [promise.what]


@pytest.mark.parametrize(
    "change",
    [
        {"what": ""},
        {"what": "x" * 201},
        {"ticket": "jo@example.org"},
        {"ticket": "4111111111111111"},
        {"due_on": dt.date(2026, 11, 22)},
        {"due_on": dt.date(2028, 1, 1)},
        {"due_on": dt.date(2026, 11, 23), "at": dt.time(11, 59)},
    ],
)
async def test_what_can_t_be_a_promise_is_refused_under_its_field(service, floor, change):
    with pytest.raises(InvalidError) as refused:
        await made(service, **change)
    assert refused.value.field
    assert await jobs(floor, Kind.REMINDER) == []


async def test_a_promise_is_kept_once_and_an_old_button_says_so(service, floor, messages):
    promise = await made(service)
    (reminder,) = await jobs(floor, Kind.REMINDER)
    kept = await service.settle(ANA, promise.value, Choice.KEPT)
    assert (kept.state, kept.outcome) == (State.CLOSED, Outcome.KEPT)
    assert await jobs(floor, Kind.REMINDER) == []
    assert await messages.compose(reminder) == SETTLED
    with pytest.raises(GoneError):
        await service.settle(ANA, promise.value, Choice.DROP)
    assert (await service.content(ANA, kept.value)).outcome is Outcome.CONTENT


async def test_nobody_settles_another_s_promise(service):
    promise = await made(service)
    for change in (
        service.settle(BEN, promise.value, Choice.DROP),
        service.move(BEN, promise.value, TUESDAY, TEN),
        service.ask(BEN, promise.value, PRIYA.id),
        service.queue(BEN, promise.value),
    ):
        with pytest.raises(NotAllowedError):
            await change
    for value in ("", "p0", "p0:x", "nope:1", "p0:99"):
        with pytest.raises(GoneError):
            await service.settle(ANA, value, Choice.KEPT)


async def test_moving_leaves_one_reminder_at_the_new_moment(service, floor):
    promise = await made(service)
    moved = (await service.move(ANA, promise.value, dt.date(2026, 11, 25), dt.time(14))).promise
    (reminder,) = await jobs(floor, Kind.REMINDER)
    assert reminder.due_at == moved.due_at == dt.datetime(2026, 11, 25, 19, tzinfo=dt.UTC)


@pytest.mark.parametrize("due_on", [dt.date(2026, 11, 28), dt.date(2026, 11, 26)])
async def test_a_day_she_is_off_is_asked_about(service, due_on):
    await service.take_days_off(ANA, dt.date(2026, 11, 26), dt.date(2026, 11, 26))
    assert (await service.make(ANA, draft(due_on=due_on))).off_on == due_on
    assert (await service.make(ANA, draft())).off_on is None


async def test_a_day_her_status_says_she_is_away_is_asked_about_too(service, floor):
    away = Person(ANA, "Ana", "America/New_York", is_away=True, away_until=MONDAY_NOON + dt.timedelta(days=3))
    await floor.write(lambda tx: directory.save(tx, [away]))
    assert (await service.make(ANA, draft())).off_on == TUESDAY


async def test_days_off_taken_later_ask_for_each_promise_due_then(service, floor, messages):
    await made(service)
    await made(service, due_on=dt.date(2026, 11, 25))
    assert await service.take_days_off(ANA, TUESDAY, TUESDAY) == 1
    (question,) = await jobs(floor, Kind.OFF)
    assert "You're off Tuesday: who keeps it?" in (await messages.compose(question)).text


async def test_a_colleague_accepts_and_is_reminded_at_ten_of_their_own_day(service, floor, messages):
    promise = await made(service)
    asked = await service.ask(ANA, promise.value, PRIYA.id)
    (offer,) = await jobs(floor, Kind.OFFER)
    assert offer.recipient == PRIYA.id
    assert "Ana asks" in (await messages.compose(offer)).text
    (still_hers,) = await jobs(floor, Kind.REMINDER)
    assert still_hers.recipient == ANA.id

    taken = await service.accept(PRIYA, asked.value)
    assert taken.keeper == PRIYA.id
    (reminder,) = await jobs(floor, Kind.REMINDER)
    assert (reminder.recipient, reminder.due_at) == (
        PRIYA.id,
        dt.datetime(2026, 11, 24, 4, 30, tzinfo=dt.UTC),
    )
    (news,) = await jobs(floor, Kind.NEWS)
    assert (news.recipient, (await messages.compose(news)).text.partition("\n")[0]) == (
        ANA.id,
        "Priya keeps it now.",
    )


async def test_a_colleague_who_can_t_leaves_it_with_its_keeper_who_is_told(service, floor, messages):
    asked = await service.ask(ANA, (await made(service)).value, BEN.id)
    await service.decline(BEN, asked.value)
    (reminder,) = await jobs(floor, Kind.REMINDER)
    (news,) = await jobs(floor, Kind.NEWS)
    assert (reminder.recipient, news.recipient) == (ANA.id, ANA.id)
    assert "Ben can't keep it" in (await messages.compose(news)).text
    with pytest.raises(GoneError):
        await service.accept(BEN, asked.value)


async def test_a_colleague_who_can_t_be_asked_leaves_it_with_its_keeper_too(service, floor, messages):
    await service.ask(ANA, (await made(service)).value, BEN.id)
    (offer,) = await jobs(floor, Kind.OFFER)
    await floor.write(lambda tx: messages.on_withheld(tx, offer, "away"))
    (news,) = await jobs(floor, Kind.NEWS)
    assert "Ben couldn't be asked" in (await messages.compose(news)).text


async def test_the_queue_tells_the_lead_and_only_the_first_of_the_team_gets_it(service, floor, messages):
    promise, team = await service.queue(ANA, (await made(service)).value)
    assert team == "Late shift"
    assert await jobs(floor, Kind.REMINDER) == []
    (told,) = await jobs(floor, Kind.QUEUE)
    assert told.recipient == SAM.id
    assert [it.id for it in (await service.mine(BEN)).queued] == [promise.id]
    with pytest.raises(NotAllowedError):
        await service.take(PRIYA, promise.value)

    tries = await asyncio.gather(
        *(service.take(it, promise.value) for it in (BEN, SAM)), return_exceptions=True
    )
    assert sorted(isinstance(it, GoneError) for it in tries) == [False, True]
    (reminder,) = await jobs(floor, Kind.REMINDER)
    assert reminder.recipient in (BEN.id, SAM.id)
    assert await messages.compose(told) == SETTLED


async def test_without_a_team_there_is_no_queue_and_that_is_said(service):
    promise = await made(service, PRIYA)
    with pytest.raises(InvalidError, match="no team"):
        await service.queue(PRIYA, promise.value)


@pytest.mark.parametrize("colleague", ["", ANA.id])
async def test_a_colleague_is_somebody_else(service, colleague):
    promise = await made(service)
    with pytest.raises(InvalidError):
        await service.ask(ANA, promise.value, colleague)


async def test_somebody_who_left_can_t_be_asked(service, floor):
    await floor.write(lambda tx: directory.save(tx, [Person(BEN, "Ben", is_active=False, changed_s=5)]))
    with pytest.raises(InvalidError, match="Ben can't keep it"):
        await service.make(ANA, draft(BEN.id))


@pytest.mark.parametrize("reason", ["quiet_hours", "do_not_disturb", "too_late", "day_off"])
async def test_a_reminder_that_found_no_moment_comes_on_the_next_working_day(
    service, floor, messages, clock, reason
):
    await made(service)
    (reminder,) = await jobs(floor, Kind.REMINDER)
    await floor.write(lambda tx: tx.run("UPDATE jobs SET state = 'withheld'"))
    clock.time = reminder.grace_until
    await floor.write(lambda tx: messages.on_withheld(tx, reminder, reason))
    (again,) = await jobs(floor, Kind.REMINDER)
    assert again.due_at == dt.datetime(2026, 11, 25, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize("reason", ["deactivated", "away", "unreachable", "guest", "stranger"])
async def test_a_promise_whose_keeper_is_gone_goes_to_the_team_s_queue(service, floor, messages, reason):
    promise = await made(service)
    (reminder,) = await jobs(floor, Kind.REMINDER)
    await floor.write(lambda tx: tx.run("UPDATE jobs SET state = 'withheld'"))
    await floor.write(lambda tx: messages.on_withheld(tx, reminder, reason))
    stored = await floor.read(lambda tx: store.get(tx, W, promise.id))
    assert (stored.state, stored.keeper) == (State.QUEUED, None)
    assert [it.recipient for it in await jobs(floor, Kind.QUEUE)] == [SAM.id]


async def test_a_reminder_on_a_day_off_goes_to_the_queue_and_not_to_her(service, floor, messages, clock):
    promise = await made(service)
    await service.take_days_off(ANA, TUESDAY, TUESDAY)
    (reminder,) = await jobs(floor, Kind.REMINDER)
    clock.time = reminder.due_at
    withheld = await messages.compose(reminder)
    assert withheld == OFF
    await floor.write(lambda tx: messages.on_withheld(tx, reminder, withheld.reason))
    stored = await floor.read(lambda tx: store.get(tx, W, promise.id))
    assert stored.state is State.QUEUED
    (news,) = await jobs(floor, Kind.NEWS)
    assert "it went to your team's queue" in (await messages.compose(news)).text


async def test_erasing_leaves_a_colleague_the_promise_they_keep(service, floor):
    own = await made(service)
    given = await service.accept(BEN, (await service.ask(ANA, (await made(service)).value, BEN.id)).value)
    holding = PromisesHolding(lambda tx, workspace: dt.timedelta(days=180))
    await floor.write(lambda tx: holding.erase(tx, ANA))
    assert await floor.read(lambda tx: store.get(tx, W, own.id)) is None
    left = await floor.read(lambda tx: store.get(tx, W, given.id))
    assert left == replace(given, maker=BEN)
    assert await floor.read(lambda tx: holding.export(tx, ANA)) == {"promises": [], "days off": []}


async def test_erasing_a_keeper_gives_the_promise_back_or_to_the_queue(service, floor):
    asked = await service.ask(ANA, (await made(service)).value, PRIYA.id)
    given = await service.accept(PRIYA, asked.value)
    holding = PromisesHolding(lambda tx, workspace: dt.timedelta(days=180))
    await floor.write(lambda tx: holding.erase(tx, PRIYA))
    left = await floor.read(lambda tx: store.get(tx, W, given.id))
    assert (left.state, left.keeper) == (State.QUEUED, None)


async def test_a_promise_given_back_without_a_team_is_spoken_of_again(service, floor):
    asked = await service.ask(PRIYA, (await made(service, PRIYA)).value, BEN.id)
    await floor.write(lambda tx: settings.remove_team(tx, W, "t1"))
    given = await service.accept(BEN, asked.value)
    holding = PromisesHolding(lambda tx, workspace: dt.timedelta(days=180))
    await floor.write(lambda tx: tx.run("DELETE FROM jobs"))
    await floor.write(lambda tx: holding.erase(tx, BEN))
    left = await floor.read(lambda tx: store.get(tx, W, given.id))
    assert (left.state, left.keeper) == (State.OPEN, PRIYA.id)
    (reminder,) = await jobs(floor, Kind.REMINDER)
    assert (reminder.recipient, reminder.due_at) == (PRIYA.id, given.due_at)


async def test_promises_age_out_after_their_day(service, floor):
    await made(service)
    holding = PromisesHolding(lambda tx, workspace: dt.timedelta(days=180))
    early, late = (MONDAY_NOON + dt.timedelta(days=days) for days in (180, 182))
    assert (await floor.write(lambda tx: holding.purge(tx, W, early)))["promises"] == 0
    assert (await floor.write(lambda tx: holding.purge(tx, W, late)))["promises"] == 1


@pytest.mark.parametrize("apart", ["is_guest", "is_stranger"])
async def test_whom_steady_does_not_write_to_is_told_at_once_that_nobody_could_remind_them(
    service, floor, apart
):
    toni = Member(W, "UTONI")
    await floor.write(
        lambda tx: directory.save(tx, [Person(toni, "Toni", "America/Chicago", **{apart: True})])
    )
    with pytest.raises(InvalidError, match="couldn't remind you"):
        await service.make(toni, draft(toni.id))
    assert await jobs(floor, Kind.REMINDER) == []


async def test_a_colleague_who_can_t_be_asked_is_refused_under_the_field_that_named_them(service, floor):
    toni = Member(W, "UTONI")
    await floor.write(lambda tx: directory.save(tx, [Person(toni, "Toni", "America/Chicago", is_guest=True)]))
    with pytest.raises(InvalidError, match="Toni can't keep it") as refused:
        await service.make(ANA, draft(toni.id))
    assert refused.value.field == Action.PROMISE_KEEPER
    promise = await made(service)
    with pytest.raises(InvalidError) as refused:
        await service.ask(ANA, promise.value, toni.id)
    assert refused.value.field == Action.PROMISE_COLLEAGUE


@pytest.mark.parametrize(("colleague", "to_queue"), [("UBEN", True), ("", False)])
def test_handing_over_takes_a_colleague_or_the_queue_and_never_chooses_between_them(colleague, to_queue):
    with pytest.raises(InvalidError, match="one of the two") as refused:
        check_heir(colleague, to_queue=to_queue)
    assert refused.value.field == Action.PROMISE_COLLEAGUE


@pytest.mark.parametrize("at", [dt.time(20), dt.time(23, 30), dt.time(7, 59)])
async def test_an_hour_at_which_steady_is_quiet_is_refused_since_a_reminder_would_be_late(service, floor, at):
    with pytest.raises(InvalidError, match="quiet from 20:00 to 08:00") as refused:
        await service.make(ANA, replace(draft(ANA.id), at=at))
    assert refused.value.field == Action.PROMISE_TIME
    assert "Choose a time from 08:00 to 20:00." in str(refused.value)
    promise = await made(service)
    with pytest.raises(InvalidError, match="quiet from 20:00 to 08:00"):
        await service.move(ANA, promise.value, TUESDAY, at)
    assert len(await jobs(floor, Kind.REMINDER)) == 1


async def test_what_would_be_masked_can_be_seen_before_it_is_kept(service):
    assert await service.masked(ANA, "Call 212-555-0123") == "Call [phone]"
    assert await service.masked(ANA, "Call about REF-4711") == "Call about REF-4711"
    ten = dt.datetime.combine(TUESDAY, TEN)
    form = views.promise_modal(ten, ANA.id, "late_refund", masked="Call [phone]", round_=1)
    what = form["blocks"][0]
    assert what["element"]["initial_value"] == "Call [phone]"
    assert "masked" in what["hint"]["text"]
    assert what["block_id"] != views.promise_modal(ten, ANA.id)["blocks"][0]["block_id"]
    assert form["private_metadata"] == "late_refund|1"
    again = views.promise_modal(ten, ANA.id, "late_refund", masked="Call [phone]", round_=2)
    assert again["blocks"][0]["block_id"] != what["block_id"]
