"""Socket Mode as it goes wrong: a bad token, a refused address, a socket that goes deaf."""

import asyncio

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigError
from bot.slack.socket import Socket
from tests.driver import Driver


async def test_a_bad_app_token_fails_clearly_instead_of_being_retried_for_ever(app):
    socket = Socket(app, "xapp-1-WRONG", app.steady_client)
    with pytest.raises(ConfigError, match="SLACK_APP_TOKEN"):
        await socket.start()
    await socket.stop()


async def test_a_server_that_is_not_there_is_said_to_be_out_of_reach(app):
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token="xoxb-1", base_url="http://127.0.0.1:9/api/", session=session, retry_handlers=[]
        )
        with pytest.raises(ConfigError, match="could not be reached"):
            await Socket(app, "xapp-1", client).start()


async def test_a_socket_that_drops_is_replaced_and_the_next_command_is_heard(app, sandbox):
    socket = Socket(app, sandbox.app_token, app.steady_client, check_every=0.05)
    await socket.start()
    async with Driver(sandbox.url) as workspace:
        ana = workspace.person("ana")
        await ana.slash("/deescalate first")
        await ana.sees_ephemeral("heard first")
        await workspace.fault("drop_socket")
        await _until(socket.is_connected)
        for n in range(40):
            if (await ana.slash(f"/deescalate again {n}"))["delivery"]["outcome"] == "ok":
                break
        await ana.sees_ephemeral("heard again")
    await socket.stop()
    assert not await socket.is_connected()


async def test_a_socket_whose_address_was_refused_gets_a_new_one(app, sandbox):
    socket = Socket(app, sandbox.app_token, app.steady_client, check_every=0.05, connect_within=1.0)
    async with Driver(sandbox.url) as workspace:
        await workspace.fault("refuse_socket", times=1)
        await socket.start()
        assert await socket.is_connected()
    await socket.stop()


async def test_a_socket_that_went_deaf_is_noticed_and_replaced(app, sandbox, caplog):
    socket = Socket(app, sandbox.app_token, app.steady_client, check_every=0.05, ping_every=0.2)
    await socket.start()
    async with Driver(sandbox.url) as workspace:
        await workspace.fault("deaf_socket", which="all")
        async with asyncio.timeout(10):
            while "the socket is back" not in caplog.text:  # noqa: ASYNC110  # the SDK tells nobody
                await asyncio.sleep(0.02)
        ana = workspace.person("ana")
        await ana.slash("/deescalate still there")
        await ana.sees_ephemeral("heard still there")
    await socket.stop()


async def _until(true):
    async with asyncio.timeout(10):
        while not await true():  # noqa: ASYNC110  # the SDK tells nobody when it reconnects
            await asyncio.sleep(0.02)
