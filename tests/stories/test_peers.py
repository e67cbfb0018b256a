"""A peer to talk to, from the roster to three days later; the clock is moved."""

from tests.stories.conftest import floor
from tests.stories.test_promises import home_with, posted, team


async def ready(workspace):
    await workspace.recorded(lambda entry: entry.get("method") == "dnd.teamInfo")
    await workspace.jump("Monday 10:30")


async def listens(person):
    """Join the roster at any hour, and be on the floor."""
    home = await home_with(person, "Listen to peers")
    await home.click("Listen to peers")
    form = await person.sees_modal("Talks a week")
    await form.choose("Ask me from", "00:00")
    await form.choose("until", "00:00")
    assert (await form.submit())["result"] == "updated"
    await (await person.sees_modal("Saved")).close(everything=True)
    home = await home_with(person, "You are off")
    await home.click("I'm on the floor for peers")
    await person.sees_home("You are on the floor")


async def asks(person, topic="A hard contact", when="Now", *, follow_up=False):
    await person.shortcut("peers.ask_peer")
    form = await person.sees_modal("What about?")
    await form.choose("What about?", topic)
    await form.choose("When?", when)
    if follow_up:
        await form.choose("Afterwards", "Ask me in three days how I am")
    assert (await form.submit())["result"] == "updated"
    status = await person.sees_modal("Your request is out")
    await status.close(everything=True)
    return await person.at("@app").sees_message("Your request is out")


async def test_ana_asks_is_declined_waits_is_heard_by_marisol_and_is_asked_how_she_is():
    async with floor() as workspace:
        await ready(workspace)
        omar, ana, ben, marisol = (workspace.person(it) for it in ("omar", "ana", "ben", "marisol"))
        await team(omar, "Americas and Europe", ["@ana", "@ben"], ["@sam"])
        await listens(ben)

        status = await asks(ana, when="In a break, within two hours", follow_up=True)
        asked = await ben.at("@app").sees_message("A colleague would like a peer")
        assert "Ana" not in asked.words
        await asked.click("Not this time")
        await ben.at("@app").sees_message("Nobody is told")

        await listens(marisol)
        await marisol.sees_nothing("A colleague would like a peer")
        await workspace.pass_time(20 * 60)
        await status.becomes("Nobody so far")
        asked = await marisol.at("@app").sees_message("A colleague would like a peer")
        await asked.click("Yes, I can")
        await marisol.at("@app").sees_message("Thank you. It's")

        for person in (ana, marisol):
            opening = await person.sees_message("this is yours")
            assert "For the one who listens" in opening.words
        await status.becomes("will talk with you")
        await ben.sees_nothing("this is yours")

        await workspace.pass_time(4 * 3600)
        await workspace.jump("Tuesday 09:00", as_="marisol")
        await marisol.at("@app").sees_message("That makes 1 of the 2 you offered")
        await workspace.jump("Thursday 10:01")
        question = await ana.at("@app").sees_message("how are you now?")
        await question.click("All right")
        await ana.at("@app").sees_message("Nothing of this is kept")
        await workspace.settle()
        assert len(posted(await workspace.record("call"), "A colleague would like a peer")) == 2
