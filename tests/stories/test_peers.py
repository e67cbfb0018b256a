"""A peer to talk to, from the roster to three days later; the clock is moved."""

from tests.driver import newest_first
from tests.stories.conftest import floor
from tests.stories.turns import add_team, all_known, home_with, posted

STANDINGS = (
    ["Waiting until 10:35"],
    ["Waiting until 10:40"],
    ["Waiting until 10:45"],
    ["This is the last look"],
    ["A hard contact, now*\nNobody could this time", "It says nothing about you"],
)
"""What Ana reads, one after the other, while nobody takes what she asked at half past ten."""


async def ready(workspace):
    await all_known(workspace)
    await workspace.jump("Monday 10:30")


async def listens(person, talks="2"):
    """Join the roster at any hour, and be on the floor."""
    home = await home_with(person, "Listen to peers")
    await home.click("Listen to peers")
    form = await person.sees_modal("Talks a week")
    await form.choose("Talks a week, at most", talks)
    await form.choose("Ask me from", "00:00")
    await form.choose("until", "00:00")
    assert (await form.submit())["result"] == "updated"
    await (await person.sees_modal("Saved")).close(everything=True)
    await on_floor(person)


async def on_floor(person):
    home = await home_with(person, "You are off")
    await home.click("I'm on the floor for peers")
    await person.sees_home("You are on the floor")


async def not_with(person, *others):
    home = await home_with(person, "Not with")
    await home.click("People I am not to be brought together with")
    form = await person.sees_modal("Never bring me together with")
    await form.choose("Never bring me together with", *others)
    assert (await form.submit())["result"] == "updated"
    await (await person.sees_modal("Only you see it")).close(everything=True)


async def seen_since(person, before):
    """All messages that came, as they read now, and the Home as it would be drawn now."""
    await home_with(person, "A peer to talk to")
    shown = newest_first(person, await person.look())
    return [it.words for it in shown if it.kind == "home" or it.where["ts"] not in before]


async def times(person):
    return {it.where["ts"] for it in newest_first(person, await person.look()) if it.kind == "message"}


async def waited_in_vain(workspace, ana, onlooker, day, *, meanwhile=None):
    """Ana asks for now at half past ten, and nobody takes it; gives all that she and an onlooker see."""
    await workspace.jump(f"{day} 10:30")
    before = {it.handle: await times(it) for it in (ana, onlooker)}
    await asks(ana)
    if meanwhile:
        await meanwhile()
    seen = []
    for words in STANDINGS:
        for part in words:
            await ana.sees(
                part, within=lambda it: it.kind == "message" and it.where["ts"] not in before[ana.handle]
            )
        seen.append([await seen_since(it, before[it.handle]) for it in (ana, onlooker)])
        await workspace.pass_time(5 * 60)
    return seen


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
        await add_team(omar, "Americas and Europe", ["@ana", "@ben"], ["@sam"])
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


async def test_ana_can_t_tell_that_ben_keeps_away_from_her_by_words_or_by_waiting():
    async with floor() as workspace:
        await ready(workspace)
        ana, ben, priya, sam = (workspace.person(it) for it in ("ana", "ben", "priya", "sam"))
        await listens(ben, talks="1")

        await not_with(ben, "@ana")
        kept_apart = await waited_in_vain(workspace, ana, sam, "Tuesday")
        assert not posted(await workspace.record("call"), "A colleague would like a peer")
        assert "Nobody could this time" in str(kept_apart[-1])

        await workspace.jump("Wednesday 09:00")
        await not_with(ben)
        await on_floor(ben)

        async def says_no():
            asked = await ben.at("@app").sees_message("A colleague would like a peer")
            await asked.click("Not this time")
            await ben.at("@app").sees_message("Nobody is told")

        declined = await waited_in_vain(workspace, ana, sam, "Wednesday", meanwhile=says_no)
        assert len(posted(await workspace.record("call"), "A colleague would like a peer")) == 1

        await workspace.jump("Thursday 09:00")
        await on_floor(ben)
        await asks(priya)
        asked = await ben.at("@app").sees_message("Yes, I can")
        await asked.click("Yes, I can")
        await priya.sees_message("this is yours")
        full = await waited_in_vain(workspace, ana, sam, "Thursday")
        assert len(posted(await workspace.record("call"), "A colleague would like a peer")) == 2

        assert kept_apart == declined == full
