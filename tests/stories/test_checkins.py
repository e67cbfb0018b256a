"""The weekly question, from joining to erasing, on a clock that is moved."""

import asyncio
import datetime as dt
import os
import sqlite3
from contextlib import asynccontextmanager, closing
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.safeguards.sealing import new_key
from bot.shipped import shipped
from bot.tryout import SECRETS, bot_beside
from tests.driver import PATIENCE_S, Driver, RefusedError, start_sandbox
from tests.stories.conftest import floor
from tests.stories.turns import add_team, all_known, day_off, home_with, now_in, posted, set_up

NOTE = "Two shouters before ten"
MONDAY = dt.date(2027, 3, 8)
"""New York's clocks go forward on the Sunday of this week, London's and the others' don't."""
AGENTS = {
    "ben": ("Monday", 0, dt.time(9, 30), "Europe/London"),
    "ana": ("Tuesday", 1, dt.time(15), "America/New_York"),
    "priya": ("Wednesday", 2, dt.time(10), "Asia/Kolkata"),
    "marisol": ("Thursday", 3, dt.time(11), "Asia/Manila"),
    "jack": ("Friday", 4, dt.time(16), "Australia/Sydney"),
}
READY = "Your weekly question is ready"


async def join(person, day="Tuesday", time="15:00"):
    home = await home_with(person, "One plain question a week")
    await home.click("Weekly question")
    form = await person.sees_modal("What is asked")
    await form.choose("Day", day)
    await form.choose("Time", time)
    assert (await form.submit())["result"] == "updated", person.last
    saved = await person.sees_modal("The next question comes")
    await saved.close(everything=True)


async def answer(person, word, note=""):
    asked = await person.at("@app").sees_message(READY)
    await asked.click("Answer")
    form = await person.sees_modal("How heavy were this week's contacts?")
    await form.choose("How heavy were this week's contacts?", word)
    if note:
        await form.type("A note to yourself", note)
    assert (await form.submit())["result"] == "updated"
    after = await person.sees_modal("What would help?")
    await person.at("@app").sees("Done for this week", within=lambda shown: shown.kind == "message")
    return after


async def posts(workspace, text):
    return posted(await workspace.record("call"), text)


async def until_posted(workspace, text, number):
    latest = 0
    for _ in range(40):
        if len(found := await posts(workspace, text)) >= number:
            return found
        entries = await workspace.record("call", after=latest)
        latest = max([latest, *(entry["n"] for entry in entries)])
        await workspace.get("record", kind="call", after=latest, wait=1)
    raise AssertionError(f"{text!r} was posted {len(found)} times, not {number}")


async def until_withheld(folder, number):
    """A question that is not asked leaves no trace in Slack; only the bot's books say that it was decided."""
    async with asyncio.timeout(PATIENCE_S):
        with closing(sqlite3.connect(f"file:{folder / 'sandbox.db'}?mode=ro", uri=True)) as books:
            while withheld_in(books) < number:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


def withheld_in(books):
    statement = "SELECT count(*) FROM jobs WHERE kind = 'checkins.question' AND state = 'withheld'"
    return books.execute(statement).fetchone()[0]


async def at(workspace, moment):
    await workspace.post("clock", {"to": moment.isoformat()})


def due(handle, week):
    _, days, time, zone = AGENTS[handle]
    if (handle, week) == ("marisol", 2):
        days, time = 4, dt.time(12)
    day = MONDAY + dt.timedelta(weeks=week, days=days)
    return dt.datetime.combine(day, time, ZoneInfo(zone))


@asynccontextmanager
async def ana_joined():
    """A workspace on a Monday morning in which Ana has asked for the weekly question."""
    async with floor() as workspace:
        ana = workspace.person("ana")
        await all_known(workspace)
        await workspace.jump("Monday 09:00")
        await join(ana)
        yield workspace, ana


async def test_ana_joins_is_asked_answers_in_a_window_and_finds_it_in_her_trend():
    async with ana_joined() as (workspace, ana):
        await workspace.jump("Tuesday 15:01")
        after = await answer(ana, "heavy", NOTE)
        assert "988" in after.words
        assert "Nobody is reading this live" in after.words
        await after.choose("What would help?", "A break with cover")
        await after.click("Not helpful, never show this again")
        after = await ana.sees_modal("What would help?")
        await after.submit()
        await ana.sees_no_modal()
        await ana.slash("/checkin trend")
        trend = await ana.sees_modal("■■■□□ heavy")
        assert "A break with cover" in trend.words
        assert NOTE in trend.words
        with pytest.raises(RefusedError, match="confirm_needed"):
            await trend.click("Delete all")
        await trend.click("Delete all", confirm=True)
        await ana.sees_modal("Deleted: 1 answer")


async def test_a_question_that_falls_on_a_day_off_is_not_asked_and_the_next_week_s_is():
    async with ana_joined() as (workspace, ana):
        await day_off(ana, (await now_in(workspace)).date() + dt.timedelta(days=1))
        await workspace.jump("Tuesday 15:01")
        await workspace.settle()
        await workspace.jump("Wednesday 09:00")
        await workspace.settle()
        assert not await posts(workspace, READY)
        await workspace.jump("Monday 09:00")
        await workspace.settle()
        await workspace.jump("Tuesday 15:01")
        await until_posted(workspace, READY, 1)


async def test_five_agents_through_three_weeks_and_a_clock_change(tmp_path, capfd):
    """Answered, skipped, ignored, stopped and joined again, away, erased: each asked once, on their day."""
    manifest = yaml.safe_load(shipped("manifest.yml").read_text("utf-8"))
    clean = {k: v for k, v in os.environ.items() if k not in SECRETS and not k.startswith("STEADY_")}
    async with (
        start_sandbox(manifest, retry_after_s=(0.0, 0.0, 0.0)) as sandbox,
        bot_beside(sandbox, tmp_path, clean | {"STEADY_KEYS": new_key()}),
        Driver(sandbox.url) as workspace,
    ):
        await all_known(workspace)
        people = {handle: workspace.person(handle) for handle in AGENTS}
        await at(workspace, due("ben", 0) - dt.timedelta(hours=3))
        for handle, (day, _, time, _) in AGENTS.items():
            await join(people[handle], day, time.strftime("%H:%M"))
        count = withheld = 0
        for week in range(3):
            for handle in sorted(AGENTS, key=lambda it, week=week: due(it, week)):
                expected = (handle, week) not in {("priya", 2), ("jack", 1)}
                await at(workspace, due(handle, week) - dt.timedelta(minutes=1))
                await workspace.settle()
                assert len(await posts(workspace, READY)) == count
                await at(workspace, due(handle, week) + dt.timedelta(seconds=2))
                count += expected
                withheld += not expected
                await until_posted(workspace, READY, count)
                await until_withheld(tmp_path, withheld)
                await week_of(workspace, people, handle, week)
                await workspace.settle()
                assert len(await posts(workspace, READY)) == count

        priya = people["priya"]
        await at(workspace, due("priya", 3) + dt.timedelta(seconds=2))
        await priya.at("@app").sees_message("every two weeks from now on")
        asked = await posts(workspace, "every two weeks from now on")
        assert len(asked) == 1

        jack = people["jack"]
        jack_id = sandbox.world.default.find_person("jack").id
        await jack.slash("/checkin trend")
        await (await jack.sees_modal("very heavy")).close(everything=True)
        home = await home_with(jack, "Your data")
        await home.click("My data")
        mine = await jack.sees_modal("check-in answers: 2")
        await mine.click("Erase my data")
        sure = await jack.sees_modal("This can't be undone")
        await sure.submit()
        await jack.sees_modal("Done. What Steady kept about you is gone")
        await workspace.recorded(
            lambda entry: entry.get("method") == "chat.delete" and entry["verdict"] == "ok", kind="call"
        )
        before = len(await posts(workspace, READY))
        await at(workspace, due("jack", 4) + dt.timedelta(seconds=2))
        await workspace.settle()
        channels = [entry["arguments"]["channel"] for entry in (await posts(workspace, READY))[before:]]
        assert jack_id not in channels

    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"checkin_answers" in raw
    for words in (NOTE, "very_heavy", "too_much"):
        assert words.encode() not in raw
    log = "".join(capfd.readouterr())
    for words in (NOTE, jack_id, "very heavy"):
        assert words not in log


async def week_of(workspace, people, handle, week):
    """What each of them does with the question."""
    person = people[handle]
    match handle, week:
        case ("ana", _):
            after = await answer(person, "heavy", NOTE)
            await after.submit()
        case ("ben", _):
            asked = await person.at("@app").sees_message(READY)
            await asked.click("Skip")
            await person.at("@app").sees_message("Done for this week")
        case ("marisol", 1):
            await person.slash("/checkin stop")
            form = await person.sees_modal("Pause or stop")
            await form.click("Stop the weekly question")
            stopped = await person.sees_modal("No answers are kept")
            await stopped.close(everything=True)
            # The Friday of a week that has had its question: the next one is a week later.
            await join(person, "Friday", "12:00")
        case ("jack", 0 | 2):
            after = await answer(person, "very heavy")
            await after.submit()
            if week == 0:
                await workspace.admin("set_profile", who="jack", status_emoji=":palm_tree:")
        case ("jack", 1):
            await workspace.admin("set_profile", who="jack", status_emoji="")


async def a_team_with_codes(omar):
    await add_team(omar, "Americas", ["@ana", "@ben"], ["@sam"])
    modal = await set_up(omar, "Breaks and limits")
    modal = await modal.becomes("Phone-system codes for breaks")
    await modal.type("Phone-system codes for breaks", "1: AUX-1\n10: AUX-7")
    assert (await modal.submit())["result"] == "updated"
    await (await omar.sees_modal()).close(everything=True)


async def test_a_reset_is_one_message_with_cover_in_a_tap_and_thanks_reach_a_colleague():
    async with floor() as workspace:
        ana, ben, sam, omar = (workspace.person(name) for name in ("ana", "ben", "sam", "omar"))
        await all_known(workspace)
        await a_team_with_codes(omar)

        await ana.slash("/checkin reset")
        choice = await ana.sees_ephemeral("How long have you got?")
        await choice.click("10 minutes")
        reset = await choice.becomes("10 minutes, 5 steps")
        before = len(await workspace.record("call"))
        await reset.click("Ask for cover for 10 minutes, without a reason")
        reset = await reset.becomes("Set your phone to *AUX-7*")
        told = await sam.at("@app").sees_message("Cover 10 min, code AUX-7")
        assert "reset" not in told.words.lower()
        await reset.click("Begin")
        for step in range(1, 6):
            reset = await reset.becomes(f"{step} of 5")
            await reset.click("Done" if step == 5 else "Next")
        await reset.becomes("That's it. Back when you're ready.")
        calls = [call["method"] for call in (await workspace.record("call"))[before:]]
        assert calls.count("chat.postMessage") == 1
        await ben.sees_nothing("Cover 10 min")

        await ana.slash("/checkin reset")
        choice = await ana.sees_ephemeral("How long have you got?")
        await choice.click("3 minutes")
        reset = await choice.becomes("3 minutes")
        await reset.click("Begin")
        reset = await reset.becomes("1 of 4")
        await reset.click("Stop")
        await reset.becomes("Stopped. Nothing about this is kept.")

        await workspace.jump("Monday 09:00")
        await join(ana)
        await ana.slash("/checkin answer")
        form = await ana.sees_modal("A note to yourself")
        await form.choose("How heavy were this week's contacts?", "too much")
        await form.type("A note to yourself", "I just want to die")
        await form.submit()
        after = await ana.sees_modal("Who helped you this week? Thank them.")
        assert after.words.index("Help for you") < after.words.index("What would help?")
        await after.click("Thank somebody")
        form = await ana.sees_modal("What for?")
        await form.choose("Choose a person", "@ana")
        assert "That is you" in str((await form.submit())["errors"])
        await form.choose("Choose a person", "@ben")
        await form.type("What for?", "Taking the caller who wouldn't let go")
        await form.submit()
        await ana.sees_modal("On its way, in your name")
        thanks = await ben.at("@app").sees_message("thanks you for your help this week")
        assert "wouldn't let go" in thanks.words
        await sam.sees_nothing("want to die")
        await ben.sees_nothing("want to die")
