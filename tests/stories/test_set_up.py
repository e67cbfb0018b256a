"""Setting Steady up inside Slack, by those who may and by those who may not."""

import asyncio

import pytest

from tests.stories.turns import all_known, home_with, set_up, team_form

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def omar(workspace):
    return workspace.person("omar")


@pytest.fixture
def ana(workspace):
    return workspace.person("ana")


async def test_the_first_admin_who_comes_is_greeted_once_and_agents_see_no_set_up(workspace, omar, ana):
    await all_known(workspace)
    home = await home_with(omar, "Set-up")
    assert "Still as shipped: Teams and leads" in home.words
    await omar.at("@app").sees_message("You can set Steady up")
    await omar.open_home()
    await workspace.settle()
    greetings = [
        call for call in await workspace.record("call") if "You can set Steady up" in str(call["arguments"])
    ]
    assert len([call for call in greetings if call["method"] == "chat.postMessage"]) == 1

    await home_with(ana, "Your data")
    await ana.sees_nothing("Set-up")


async def test_a_team_is_made_of_people_leads_and_a_user_group(workspace, omar):
    form = await team_form(omar)
    await form.type("Name", "Late shift")
    await form.choose("Choose people", "@ana", "@ben")
    await form.choose("Choose leads", "@toni")
    refused = await form.submit()
    assert "Toni" in str(refused["errors"])
    assert "guest" in str(refused["errors"])
    await form.choose("Choose leads", "@sam")
    assert (await form.submit())["result"] == "updated"
    await omar.sees_modal("2 people, 1 lead")


async def test_the_company_s_own_help_comes_first_among_all_help_lines(workspace, omar):
    await (await omar.sees_modal()).close(everything=True)
    overview = await set_up(omar)
    await overview.click("Change: Company help")
    form = await overview.becomes("How to reach it")
    await form.type("Name", "Carewell")
    assert "How to reach" in str(await form.submit()) or "Say how" in str((await form.submit())["errors"])
    await form.type("How to reach it", "Call 0800 111 222")
    await form.choose("Country of the other help lines", "United Kingdom")
    assert (await form.submit())["result"] == "updated"

    # The chosen country counts where Slack tells no zone of a country; Ana's is New York, Ben's London.
    await workspace.admin("set_profile", who="grace", tz="Etc/GMT")
    await workspace.settle()
    for handle, lines in (("ana", "988"), ("ben", "Samaritans"), ("grace", "Samaritans")):
        person = workspace.person(handle)
        home = await home_with(person, "Help lines")
        await home.click("Help lines and emergency numbers")
        words = (await person.sees_modal("Carewell · Call 0800 111 222")).words
        assert words.index("Carewell") < words.index(lines)
        await (await person.sees_modal()).close(everything=True)


async def test_home_tells_an_admin_how_sending_stands(workspace, omar):
    await (await omar.sees_modal()).close(everything=True)
    home = await home_with(omar, "Set-up")
    assert "0 late" in home.words
    assert "Last clean-up" not in home.words
    await workspace.pass_time(24 * 3600)
    async with asyncio.timeout(10):
        while "Last clean-up" not in home.words:
            home = await home_with(omar, "Set-up")


async def named(omar, *people):
    overview = await set_up(omar)
    await overview.click("Change: Who may set up")
    form = await overview.becomes("People who may set Steady up")
    await form.choose("Choose people", *people)
    assert (await form.submit())["result"] == "updated"
    await (await omar.sees_modal("Saved")).close(everything=True)


async def test_somebody_named_may_set_up_until_they_are_not_named_any_more(workspace, omar, ana):
    await named(omar, "@ana")
    hers = await set_up(ana)
    await hers.click("Change: Backup rings")
    form = await ana.sees_modal("First: people beside the agent")
    await form.choose(form.body["blocks"][1]["block_id"], "@ben")
    await named(omar)
    await form.submit()
    refusal = await ana.sees_modal("Set-up is for whoever installed Steady")
    assert "Ask Omar" in refusal.words
    await refusal.close(everything=True)
    await home_with(ana, "Your data")
    await ana.sees_nothing("Set-up")
