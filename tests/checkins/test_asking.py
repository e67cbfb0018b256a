"""Who is asked when, and what silence, absence, a move and a pause change; on both engines."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.checkins import jobs
from bot.checkins.model import GUESTS, Choice, Turn, Word
from bot.errors import InvalidError, NotAllowedError
from bot.scheduler.model import State
from bot.settings import store as settings
from bot.settings.model import Name, hours_value
from bot.slack.ids import Action
from bot.teams import WorkingHours
from tests.checkins.conftest import ANA, BEN, JACK, MONDAY, PRIYA, TONI, W

ZONES = {ANA: "America/New_York", BEN: "Europe/London", PRIYA: "Asia/Kolkata", JACK: "Australia/Sydney"}
WEEK = dt.timedelta(weeks=1)


def local(came, member):
    return came.at.astimezone(ZoneInfo(ZONES[member]))


@pytest.mark.parametrize(
    "start",
    [
        dt.datetime(
            2026, 10, 19, 1, tzinfo=dt.UTC
        ),  # London falls back on 25 October, New York on 1 November
        dt.datetime(2026, 9, 21, 1, tzinfo=dt.UTC),  # Sydney springs forward on 4 October
        dt.datetime(2027, 3, 1, 1, tzinfo=dt.UTC),  # New York springs forward on 14 March, London on 28 March
    ],
)
async def test_everybody_is_asked_once_a_week_at_their_own_time_whatever_the_clocks_do(floor, start):
    floor.clock.time = start
    for member in ZONES:
        await floor.join(member, Choice(2, dt.time(15)))
    for _ in range(5):
        await floor.until(floor.clock.now() + WEEK)
        for member in ZONES:
            await floor.service.skip(member)
    for member in ZONES:
        times = [local(came, member) for came in floor.got(member)]
        assert [(it.isoweekday(), it.hour, it.minute) for it in times] == [(2, 15, 0)] * 5
        assert len({it.isocalendar()[:2] for it in times}) == 5


async def night_shift(floor):
    """A workspace that works at night and at weekends, where the clocks change."""
    hours = WorkingHours("UTC", frozenset(range(1, 8)), dt.time(0), dt.time(0))
    await floor.database.write(lambda tx: settings.put(tx, W, Name.HOURS, hours_value(hours)))


@pytest.mark.parametrize(
    ("now", "at", "asked_at"),
    [
        (dt.datetime(2027, 3, 10, tzinfo=dt.UTC), dt.time(2, 30), "2027-03-14T03:30:00-04:00"),
        (dt.datetime(2026, 10, 28, tzinfo=dt.UTC), dt.time(1, 30), "2026-11-01T01:30:00-04:00"),
    ],
)
async def test_a_time_the_clocks_jump_over_is_asked_later_and_one_that_comes_twice_is_asked_once(
    floor, now, at, asked_at
):
    await night_shift(floor)
    floor.clock.time = now
    await floor.join(ANA, Choice(7, at))
    await floor.days(6)
    assert [local(it, ANA).isoformat() for it in floor.got(ANA)] == [asked_at]


async def test_ignored_twice_it_comes_every_two_weeks_and_ignored_twice_more_it_rests_each_said_once(floor):
    await floor.join(ANA)
    await floor.days(7 * 20)
    came = floor.got(ANA)
    assert [(it.at - MONDAY).days // 7 for it in came] == [0, 1, 3, 5, 7]
    assert ["every two weeks" in it.text for it in came] == [False, False, True, False, False]
    assert ["paused" in it.text for it in came] == [False, False, False, False, True]
    plan = await floor.plan(ANA)
    assert plan.is_paused
    assert plan.asks_at is None

    again = await floor.service.start_again(ANA)
    await floor.until(again.asks_at)
    assert "Your weekly question is ready" in floor.got(ANA)[-1].text
    assert "every two weeks" not in floor.got(ANA)[-1].text


@pytest.mark.parametrize("how", ["answer", "skip"])
async def test_an_answer_or_a_skip_now_and_then_keeps_it_weekly(floor, how):
    await floor.join(ANA)
    for number in range(8):
        await floor.days(7)
        if number % 2:
            continue
        if how == "skip":
            await floor.service.skip(ANA)
        else:
            await floor.answer(ANA)
    plan = await floor.plan(ANA)
    assert plan.every_weeks == 1
    assert plan.turn is Turn.ASK
    assert not any("every two weeks" in it.text for it in floor.got(ANA))


@pytest.mark.parametrize("how", ["answer", "skip"])
async def test_who_meets_a_question_before_its_sending_is_written_down_has_not_ignored_it(floor, how):
    deliver = floor.notebook.deliver

    async def met_at_once(*message):
        """As where Slack's answer got lost, and the bot looks more than a minute later what became of it."""
        placed = await deliver(*message)
        await (floor.service.skip(ANA) if how == "skip" else floor.answer(ANA))
        return placed

    floor.notebook.deliver = met_at_once
    await floor.join(ANA)
    await floor.days(7 * 4)
    assert [(it.at - MONDAY).days // 7 for it in floor.got(ANA)] == [0, 1, 2, 3]
    plan = await floor.plan(ANA)
    assert (plan.every_weeks, plan.ignored, plan.open_week) == (1, 0, "")


async def test_who_answered_already_is_not_asked_that_week(floor):
    await floor.join(ANA)
    await floor.answer(ANA, Word.FINE)
    await floor.days(7)
    assert floor.got(ANA) == []
    await floor.days(7)
    assert len(floor.got(ANA)) == 1


async def test_stopping_takes_the_question_back_and_joining_again_does_not_ask_twice_in_one_week(floor):
    await floor.join(ANA)
    assert await floor.service.stop(ANA) == 0
    await floor.until(MONDAY + dt.timedelta(days=2))
    assert floor.got(ANA) == []
    assert await floor.plan(ANA) is None

    await floor.join(ANA, Choice(4, dt.time(9)))
    await floor.until(MONDAY + dt.timedelta(days=3, hours=1))
    assert len(floor.got(ANA)) == 1
    await floor.answer(ANA)
    assert await floor.service.stop(ANA) == 1
    plan = await floor.join(ANA, Choice(5, dt.time(9)))
    assert plan.asks_at - MONDAY > WEEK
    await floor.until(MONDAY + dt.timedelta(days=6))
    assert len(floor.got(ANA)) == 1


async def test_leaving_and_joining_before_the_question_came_asks_it_once(floor):
    for _ in range(3):
        await floor.join(ANA)
        await floor.service.stop(ANA)
    await floor.join(ANA)
    await floor.join(ANA, Choice(3, dt.time(10)))
    await floor.days(6)
    assert [it.at.isoweekday() for it in floor.got(ANA)] == [3]


async def test_a_pause_lasts_until_its_day_and_says_so(floor):
    await floor.join(ANA)
    plan = await floor.service.pause(ANA, dt.date(2026, 12, 10))
    assert plan.asks_at.date() == dt.date(2026, 12, 15)
    await floor.until(dt.datetime(2026, 12, 16, tzinfo=dt.UTC))
    assert [it.at.date() for it in floor.got(ANA)] == [dt.date(2026, 12, 15)]
    assert (await floor.plan(ANA)).resumes_on is None


async def test_a_pause_without_a_day_lasts_until_they_start_again(floor):
    await floor.join(ANA)
    await floor.service.pause(ANA, None)
    await floor.days(60)
    assert floor.got(ANA) == []
    plan = await floor.service.start_again(ANA)
    assert plan.asks_at > floor.clock.now()


@pytest.mark.parametrize("day", [dt.date(2026, 11, 23), dt.date(2026, 11, 1), dt.date(2029, 1, 1)])
async def test_a_pause_until_today_the_past_or_some_far_year_is_refused(floor, day):
    await floor.join(ANA)
    with pytest.raises(InvalidError) as refused:
        await floor.service.pause(ANA, day)
    assert refused.value.field == Action.CHECKIN_PAUSE_UNTIL
    assert (await floor.plan(ANA)).asks_at is not None


async def test_the_absent_are_skipped_and_nothing_is_made_up_for(floor):
    await floor.join(ANA)
    await floor.know(ANA, is_away=True)
    await floor.days(15)
    assert floor.got(ANA) == []
    await floor.know(ANA, is_away=False)
    await floor.days(7)
    assert len(floor.got(ANA)) == 1


async def test_after_weeks_in_which_the_machine_was_off_one_question_comes_in_its_own_time(floor):
    await floor.join(ANA)
    await floor.at_once(MONDAY + dt.timedelta(days=25, hours=10))
    assert floor.got(ANA) == []
    await floor.days(7)
    assert [local(it, ANA).strftime("%a %H:%M") for it in floor.got(ANA)] == ["Tue 15:00"]


async def test_who_moves_is_asked_at_the_same_local_time_there(floor):
    await floor.join(ANA)
    await floor.know(ANA, zone="America/Los_Angeles")
    await floor.days(6)
    came = floor.got(ANA)
    assert [it.at.astimezone(ZoneInfo("America/Los_Angeles")).strftime("%a %H:%M") for it in came] == [
        "Tue 15:00"
    ]

    await floor.know(ANA, zone="Asia/Kolkata")
    await floor.service.look_after(W)
    await floor.days(7)
    came = floor.got(ANA)
    assert len(came) == 2
    assert came[1].at.astimezone(ZoneInfo("Asia/Kolkata")).strftime("%a %H:%M") == "Tue 15:00"


async def test_a_zone_somebody_chose_stays_when_slack_s_changes(floor):
    await floor.join(ANA, Choice(2, dt.time(15), "America/Chicago"))
    await floor.know(ANA, zone="America/Los_Angeles")
    await floor.service.look_after(W)
    plan = await floor.plan(ANA)
    assert plan.zone == "America/Chicago"
    assert not plan.follows_slack


async def test_a_question_that_got_lost_is_found_and_asked_again(floor):
    await floor.join(ANA)
    await floor.join(BEN)
    plan = await floor.plan(ANA)
    await floor.database.write(lambda tx: jobs.take_back(tx, plan))
    await floor.days(8)
    assert floor.got(ANA) == []
    await floor.service.look_after(W)
    await floor.days(7)
    assert len(floor.got(ANA)) == 1
    assert len(floor.got(BEN)) == 2


async def test_who_left_the_company_is_forgotten_with_their_schedule(floor):
    await floor.join(ANA)
    await floor.know(ANA, is_active=False)
    await floor.days(7)
    assert await floor.plan(ANA) is None
    assert floor.got(ANA) == []


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        (Choice(7, dt.time(15)), Action.CHECKIN_DAY),
        (Choice(2, dt.time(21)), Action.CHECKIN_TIME),
        (Choice(2, dt.time(6, 30)), Action.CHECKIN_TIME),
        (Choice(2, dt.time(15), "Asia/Kolkata"), Action.CHECKIN_TIME),
        (Choice(2, dt.time(15), "Mars/Olympus"), Action.CHECKIN_ZONE),
        (Choice(2, dt.time(15), "../../etc/passwd"), Action.CHECKIN_ZONE),
    ],
)
async def test_a_moment_at_which_nothing_is_ever_sent_is_refused_under_its_field(floor, choice, field):
    with pytest.raises(InvalidError) as refused:
        await floor.join(ANA, choice)
    assert refused.value.field == field
    assert await floor.plan(ANA) is None


async def test_guests_are_told_that_it_is_not_for_them(floor):
    with pytest.raises(NotAllowedError, match=GUESTS):
        await floor.join(TONI)


async def test_cover_tells_the_lead_minutes_and_code_once_and_nothing_of_why(floor):
    for _ in range(2):
        cover = await floor.service.cover(ANA, 10, "nonce")
    assert cover.leads == ("USAM",)
    await floor.until(MONDAY + dt.timedelta(minutes=1))
    assert [it.text for it in floor.notebook.came] == ["<@UANA>: Cover 10 min"]


async def test_why_a_question_was_not_asked_is_one_word_for_answers_silence_and_moves(floor):
    for member in (ANA, BEN, PRIYA):
        await floor.join(member)
    await floor.answer(ANA)
    await floor.know(PRIYA, zone="Europe/Berlin")
    await floor.days(22)
    rows = await floor.database.read(
        lambda tx: tx.all("SELECT DISTINCT reason FROM jobs WHERE state = 'withheld'")
    )
    assert [row["reason"] for row in rows] == ["not_needed"]


async def test_no_job_says_more_than_who_and_when(floor):
    await floor.join(ANA)
    rows = await floor.database.read(lambda tx: tx.all("SELECT * FROM jobs"))
    assert [(row["job_key"], row["state"]) for row in rows] == [("UANA:2026-W48", State.DUE)]
    assert rows[0]["payload"] == '{"slot_at": "2026-11-24T20:00:00.000000Z"}'
