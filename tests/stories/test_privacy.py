"""What people do with their own data, and what happens when the app is taken out."""

import pytest

from tests.stories.conftest import floor
from tests.stories.turns import all_known, home_with, posted

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def ana(workspace):
    return workspace.person("ana")


async def promise(person, what):
    home = await home_with(person, "New promise")
    await home.click("New promise")
    form = await person.sees_modal("What did you promise?")
    await form.type("What did you promise?", what)
    assert (await form.submit())["result"] == "updated"
    await (await person.sees_modal("You are reminded")).close(everything=True)


async def my_data(person):
    home = await home_with(person, "Your data")
    await home.click("My data")
    return await person.sees_modal("Only you see this page")


async def test_ana_sees_takes_along_and_erases_what_is_kept_about_her(workspace, ana):
    await promise(ana, "Send the form again")
    data = await my_data(ana)
    assert "promises: 1" in data.words
    assert "Send the form again" in data.words

    await data.click("Send me all of it")
    await ana.sees_modal("On its way")
    sent = await ana.at("@app").sees_message("steady-my-data.json")
    assert "steady-my-data.csv" in sent.words

    await (await ana.sees_modal()).close(everything=True)
    data = await my_data(ana)
    await data.click("Erase my data")
    question = await ana.sees_modal("This can't be undone")
    assert "lines of the access log without your name" in question.words
    await question.submit()
    done = await ana.sees_modal("is gone from its database")
    await done.close()
    await ana.sees_no_modal()
    deleted = await workspace.recorded(lambda entry: entry.get("method") == "chat.delete")
    assert deleted["verdict"] == "ok"
    data = await my_data(ana)
    assert "promises" not in data.words
    await data.close(everything=True)


async def test_where_files_are_forbidden_the_words_come_instead(workspace, ana):
    await promise(ana, "Look into the second charge")
    await workspace.fault(
        "error", method="files.getUploadURLExternal", error="file_uploads_disabled", times=9
    )
    data = await my_data(ana)
    await data.click("Send me all of it")
    await ana.at("@app").sees_message("Look into the second charge")
    await workspace.no_faults()
    await (await ana.sees_modal()).close(everything=True)


async def test_everybody_may_read_who_changed_what(workspace, ana):
    home = await home_with(ana, "Your data")
    await home.click("Who looked at what")
    await (await ana.sees_modal("Nobody has changed a setting")).close(everything=True)

    omar = workspace.person("omar")
    home = await home_with(omar, "Set-up")
    await home.click("Set up")
    modal = await omar.sees_modal("Teams and leads")
    await modal.click("Change: Working hours")
    form = await modal.becomes("Quiet from")
    await form.type("Time zone, for those whose own Slack doesn't tell", "londinium")
    assert "no such time zone" in str((await form.submit())["errors"])
    await form.type("Time zone, for those whose own Slack doesn't tell", "London")
    await form.submit()
    await omar.sees_modal("Done. Europe/London")
    await (await omar.sees_modal()).close(everything=True)

    home = await home_with(ana, "Your data")
    await home.click("Who looked at what")
    await (await ana.sees_modal("Omar set the working days and quiet hours")).close(everything=True)


@pytest.mark.parametrize(
    ("event", "reminders"),
    [
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}, 1),
        ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}, 0),
        ({"type": "app_uninstalled"}, 0),
    ],
)
async def test_once_the_app_is_taken_out_nothing_more_is_sent(event, reminders):
    async with floor() as workspace:
        ana = workspace.person("ana")
        await all_known(workspace)
        await workspace.jump("Monday 09:00")
        await promise(ana, "Call back")
        await workspace.admin("event", event=event)
        await workspace.settle()
        await workspace.jump("Tuesday 10:01")
        if reminders:
            await ana.at("@app").sees_message("You promised")
        else:
            await workspace.settle()
            await workspace.jump("Tuesday 11:00")
            await workspace.settle()
        assert len(posted(await workspace.record("call"), "You promised")) == reminders
