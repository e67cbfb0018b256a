"""The weekly question, from joining to erasing, on a clock that is moved."""

import pytest

from tests.stories.conftest import floor


async def home_with(person, text):
    """Open Home until it says so: the directory is filled within moments of the bot's start."""
    await person.open_home()
    await person.workspace.settle()
    return await person.sees_home(text)


async def join(person, day="Tuesday", time="15:00", **more):
    home = await home_with(person, "One plain question a week")
    await home.click("Weekly question")
    form = await person.sees_modal("What is asked")
    await form.choose("Day", day)
    await form.choose("Time", time)
    for label, value in more.items():
        await form.type(label, value)
    assert (await form.submit())["result"] == "updated", person.last
    saved = await person.sees_modal("The next question comes")
    await saved.close(everything=True)


async def test_ana_joins_is_asked_and_answers_in_a_window():
    async with floor() as workspace:
        ana = workspace.person("ana")
        await workspace.recorded(lambda entry: entry.get("method") == "dnd.teamInfo")
        await workspace.jump("Monday 09:00")
        await join(ana)
        await workspace.jump("Tuesday 15:01")
        asked = await ana.at("@app").sees_message("Your weekly question is ready")
        await asked.click("Answer")
        form = await ana.sees_modal("How heavy were this week's contacts?")
        await form.choose("How heavy were this week's contacts?", "heavy")
        await form.type("A note to yourself", "Two shouters before ten")
        assert (await form.submit())["result"] == "updated"
        after = await ana.sees_modal("What would help?")
        assert "988" in after.words
        await after.choose("What would help?", "A break with cover")
        await after.click("Not helpful, never show this again")
        after = await ana.sees_modal("What would help?")
        await after.submit()
        await ana.sees_no_modal()
        await ana.at("@app").sees_message("Done for this week")
        await ana.slash("/checkin trend")
        trend = await ana.sees_modal("■■■□□ heavy")
        assert "A break with cover" in trend.words
        assert "Two shouters" in trend.words
