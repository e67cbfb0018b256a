"""A promise to a customer, from the day it is made to the colleague who keeps it; the clock is moved."""

import asyncio
import datetime as dt

from tests.stories.conftest import floor
from tests.stories.turns import add_team, all_known, day_off, home_with, now_in, posted


async def test_ana_promises_for_tomorrow_is_reminded_once_at_ten_and_hands_it_over_for_her_day_off():
    async with floor() as workspace:
        omar, ana, ben = (workspace.person(name) for name in ("omar", "ana", "ben"))
        await all_known(workspace)
        await add_team(omar, "Americas and Europe", ["@ana", "@ben"], ["@sam"])
        await add_team(omar, "Asia Pacific", ["@priya", "@marisol", "@jack"], ["@lena"])
        await workspace.jump("Monday 09:00")

        home = await home_with(ana, "New promise")
        await home.click("New promise")
        form = await ana.sees_modal("What did you promise?")
        await form.type(
            "What did you promise?", "Call back with the trace number, not on 4111 1111 1111 1111"
        )
        await form.type("Ticket", "REF-4711")
        assert (await form.submit())["result"] == "updated"
        form = await form.becomes("something was masked here")
        await form.type(
            "What did you promise?", "Call back with the trace number, not on 5500 0000 0000 0004"
        )
        assert (await form.submit())["result"] == "updated"
        form = await form.becomes("something was masked here")
        twice = await asyncio.gather(form.submit(), form.submit())
        assert [it["result"] for it in twice] == ["updated", "updated"]
        await ana.sees_modal("You are reminded Tue")
        await (await ana.sees_modal()).close(everything=True)

        await workspace.jump("Tuesday 09:58")
        await workspace.settle()
        assert not posted(await workspace.record("call"), "You promised")
        await workspace.pass_time(150)
        reminder = await ana.at("@app").sees_message("You promised")
        assert (await now_in(workspace)).strftime("%a %H") == "Tue 10"
        assert "REF-4711" in reminder.words
        assert "4111" not in reminder.words

        thursday = (await now_in(workspace)).date() + dt.timedelta(days=2)
        await day_off(ana, thursday)

        reminder = await ana.at("@app").sees_message("You promised")
        await reminder.click("Move")
        form = await ana.sees_modal("By which day?")
        await form.choose("By which day?", thursday.isoformat())
        await form.submit()
        question = await ana.sees_modal("You're off Thursday: who keeps it?")
        await question.choose("A colleague", "@ben")
        await question.choose("Or", "The team's queue: whoever is free takes it")
        refused = await question.submit()
        assert "one of the two" in str(refused["errors"])
        await question.choose("Or")
        await question.submit()
        await (await ana.sees_modal("Asked")).close(everything=True)

        asked = await ben.at("@app").sees_message("Ana asks whether you can keep this promise")
        await asked.click("I'll keep it")
        await ben.at("@app").sees_message("It is with you now")
        await ana.at("@app").sees_message("Ben keeps it now")
        await home_with(ben, "Call back with the trace number")

        await workspace.jump("Thursday 10:01", as_="ben")
        await ben.at("@app").sees_message("You promised")
        await workspace.pass_time(3 * 86_400)
        await workspace.settle()
        reminded = posted(await workspace.record("call"), "You promised")
        assert len(reminded) == 2
        assert len({entry["arguments"]["channel"] for entry in reminded}) == 2


async def test_debrief_promise_opens_the_same_form():
    async with floor() as workspace:
        ana = workspace.person("ana")
        await ana.slash("/debrief promise")
        await ana.sees_modal("What did you promise?")
