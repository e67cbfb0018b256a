"""Modals that open as a skeleton and fill afterwards."""

import pytest

from bot.slack.socket import Socket
from tests.driver import Driver


@pytest.fixture
async def ana(app, sandbox):
    socket = Socket(app, sandbox.app_token, app.steady_client)
    await socket.start()
    async with Driver(sandbox.url) as workspace:
        yield workspace.person("ana")
    await socket.stop()


async def test_a_modal_opens_at_once_and_fills(ana):
    await ana.slash("/deescalate fill")
    await ana.sees_modal("Here you are.")


async def test_a_filling_that_slack_refuses_ends_in_what_to_do_and_not_in_a_skeleton(ana):
    await ana.workspace.fault("error", method="views.update", error="invalid_arguments")
    await ana.slash("/deescalate fill")
    told = await ana.sees_modal("That didn't work")
    assert "Please try once more" in told.words
