"""Whoever asks for help sees the numbers of the country they are in, wherever the company is."""

import pytest

from tests.stories.turns import all_known

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def lines_of(person):
    await person.open_home()
    home = await person.sees_home("Help for you")
    await home.click("Help lines")
    shown = await person.sees_modal("Nobody is reading this live")
    await shown.close()
    return shown.words


@pytest.mark.parametrize(
    ("handle", "country"),
    [("ana", "United States"), ("priya", "India"), ("marisol", "Philippines"), ("ben", "United Kingdom")],
)
async def test_everybody_sees_their_own_country_s_lines(workspace, handle, country):
    await all_known(workspace)
    assert f"Help for you: {country}" in await lines_of(workspace.person(handle))


async def test_who_is_where_steady_has_no_lines_is_asked_rather_than_told_911(workspace):
    await workspace.admin("set_profile", who="grace", tz="Europe/Stockholm")
    await workspace.settle()
    words = await lines_of(workspace.person("grace"))
    assert "Steady has no help lines for your country yet" in words
    assert "911" not in words
