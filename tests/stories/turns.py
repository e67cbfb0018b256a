"""Turns that several stories take."""

import datetime as dt
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
"""Where Ana is."""


async def all_known(workspace):
    """Wait until Steady, just started, knows everybody: do-not-disturb is what it asks for last."""
    await workspace.recorded(lambda entry: entry.get("method") == "dnd.teamInfo")


async def home_with(person, text):
    """Open Home and come to rest, so that no button is drawn anew under the finger."""
    await person.open_home()
    await person.workspace.settle()
    return await person.sees_home(text)


async def set_up(admin, part=""):
    """Open set-up, or one part of it."""
    home = await home_with(admin, "Set-up")
    await home.click("Set up" if "Still as shipped" in home.words else "Change set-up")
    overview = await admin.sees_modal("Teams and leads")
    if part:
        await overview.click(f"Change: {part}")
    return overview


async def team_form(admin):
    """Begin a new team."""
    teams = await (await set_up(admin, "Teams and leads")).becomes("Add a team")
    await teams.click("Add a team")
    return await teams.becomes("Leads")


async def add_team(admin, name, people, leads, **more):
    """Make a team of these people and leads; `more` by the label with underscores."""
    form = await team_form(admin)
    await form.type("Name", name)
    await form.choose("Choose people", *people)
    await form.choose("Choose leads", *leads)
    for label, choice in more.items():
        await form.choose(label.replace("_", " "), choice)
    assert (await form.submit())["result"] == "updated", admin.last
    await (await admin.sees_modal(name)).close(everything=True)


async def day_off(person, day):
    """Note one day off."""
    home = await home_with(person, "Days off")
    await home.click("Days off")
    days = await person.sees_modal("None noted")
    await days.choose("First day", day.isoformat())
    await days.choose("Last day", day.isoformat())
    await days.submit()
    await (await person.sees_modal("Noted")).close(everything=True)


async def now_in(workspace, zone=NEW_YORK):
    """Intent time, as the clocks of a zone show it."""
    told = await workspace.get("clock")
    return (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=told["offset_s"])).astimezone(zone)


def posted(entries, text):
    """The messages that went out saying so."""
    return [
        entry
        for entry in entries
        if entry["method"] == "chat.postMessage"
        and entry["verdict"] == "ok"
        and text in str(entry["arguments"])
    ]
