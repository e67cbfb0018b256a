"""Delivery to the app: one of several sockets, retries with headers, and every difficulty on request."""

import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.server import Sandbox
from tests.driver import Driver, start_sandbox
from tests.sandbox.conftest import api
from tests.sandbox.teapot import Teapot, over_socket, teapot


@pytest.fixture
async def pot(sandbox: Sandbox) -> AsyncIterator[Teapot]:
    async with teapot(sandbox, "socket") as running:
        yield running


def dm(workspace: Driver) -> Any:
    return workspace.person("ana").at("@app")


def texts(pot: Teapot) -> list[str]:
    return [body["event"]["text"] for body in pot.heard_of("message")]


async def test_each_payload_goes_to_one_of_two_sockets(sandbox: Sandbox, workspace: Driver) -> None:
    async with teapot(sandbox, "socket") as first, teapot(sandbox, "socket") as second:
        for number in range(6):
            await dm(workspace).say(f"n{number}")
        await workspace.settle()
        assert sorted(texts(first) + texts(second)) == [f"n{number}" for number in range(6)]
        assert texts(first)
        assert texts(second)


@pytest.mark.parametrize("close_frame", [True, False])
async def test_a_dropped_socket_loses_nothing_slack_would_have_kept(
    sandbox: Sandbox, close_frame: bool
) -> None:
    async with (
        Driver(sandbox.url) as workspace,
        teapot(sandbox, "socket") as first,
        teapot(sandbox, "socket") as other,
    ):
        await workspace.fault("deaf_socket", which="one")
        await dm(workspace).say("one")
        await dm(workspace).say("two")
        await workspace.fault("drop_socket", which="one", close_frame=close_frame)
        for text in ("one", "two"):
            await workspace.recorded(lambda e, t=text: _delivered(e, t), kind="delivery")
        assert sorted(texts(first) + texts(other)) == ["one", "two"]


def _delivered(entry: dict[str, Any], text: str) -> bool:
    return entry["verdict"] == "ok" and entry["payload"].get("event", {}).get("text") == text


async def test_an_app_comes_back_after_a_refresh(pot: Teapot, sandbox: Sandbox, workspace: Driver) -> None:
    await workspace.fault("refresh")
    await sandbox.wait_for_bot(5)
    await dm(workspace).say("still there?")
    await workspace.recorded(lambda e: _delivered(e, "still there?"), kind="delivery")


async def test_an_eleventh_connection_is_sent_away(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session, api(sandbox, sandbox.app_token) as client:
        sockets = []
        for number in range(1, 12):
            url = (await client.api_call("apps.connections.open"))["url"]
            sockets.append(await session.ws_connect(url))
            greeting = await sockets[-1].receive_json()
            assert greeting["type"] == ("hello" if number <= 10 else "disconnect")
        assert greeting["reason"] == "too_many_websockets"
        for socket in sockets:
            await socket.close()


async def test_a_ticket_opens_one_socket_and_can_be_refused(sandbox: Sandbox, workspace: Driver) -> None:
    async with aiohttp.ClientSession() as session, api(sandbox, sandbox.app_token) as client:
        url = (await client.api_call("apps.connections.open"))["url"]
        async with session.ws_connect(url):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)
        await workspace.fault("refuse_socket")
        url = (await client.api_call("apps.connections.open"))["url"]
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_a_lost_ack_brings_the_event_again_with_the_same_id(pot: Teapot, workspace: Driver) -> None:
    await workspace.fault("lost_ack", what="message", times=2)
    await dm(workspace).say("again")
    await workspace.settle()
    bodies = pot.heard_of("message")
    assert len({body["event_id"] for body in bodies}) == 1
    assert [body.get("retry") for body in bodies] == ["0", "1", "2"]


async def test_retries_over_http_carry_headers_and_can_be_refused(
    sandbox: Sandbox, workspace: Driver
) -> None:
    async with teapot(sandbox, "http") as pot:
        await workspace.fault("lost_ack", what="message")
        await dm(workspace).say("again")
        await workspace.settle()
        assert [body.get("retry") for body in pot.heard_of("message")] == [None, "1"]
        (first, second) = await workspace.record("delivery")
        assert (first["verdict"], second["retry_reason"]) == ("operation_timeout", "http_timeout")


async def test_an_event_is_given_up_after_three_retries(sandbox: Sandbox, workspace: Driver) -> None:
    await dm(workspace).say("nobody home")
    await workspace.settle()
    attempts = [entry["attempt"] for entry in await workspace.record("delivery")]
    assert attempts == [0, 1, 2, 3]


async def test_people_are_told_when_no_app_is_connected(workspace: Driver) -> None:
    answer = await workspace.person("ana").slash("/tea")
    assert answer["delivery"]["outcome"] == "dispatch_failed"
    await workspace.person("ana").sees_notice("dispatch_failed")


async def test_duplicates_have_one_event_id(pot: Teapot, workspace: Driver) -> None:
    await workspace.fault("duplicate", what="message")
    await dm(workspace).say("twice")
    await workspace.settle()
    assert texts(pot) == ["twice", "twice"]
    assert len({body["event_id"] for body in pot.heard_of("message")}) == 1


async def test_reordered_events(pot: Teapot, workspace: Driver) -> None:
    await workspace.fault("reorder", what="message", count=3)
    for word in ("one", "two", "three"):
        await dm(workspace).say(word)
    await workspace.settle()
    assert texts(pot) == ["three", "two", "one"]


async def test_a_clock_skew_breaks_signatures_as_it_would_for_slack(
    sandbox: Sandbox, workspace: Driver
) -> None:
    async with teapot(sandbox, "http"):
        await workspace.fault("clock_skew", seconds=-600)
        answer = await workspace.person("ana").slash("/tea")
        assert answer["delivery"]["outcome"] == "dispatch_failed"
        await workspace.no_faults()
        assert (await workspace.person("ana").slash("/tea"))["delivery"]["outcome"] == "ok"


@pytest.mark.parametrize(
    ("fault", "fields", "status"),
    [("ratelimited", {"retry_after": 7}, 429), ("server_error", {"status": 503}, 503)],
)
async def test_a_call_can_be_made_to_fail(
    sandbox: Sandbox, workspace: Driver, fault: str, fields: dict[str, Any], status: int
) -> None:
    await workspace.fault(fault, method="auth.*", **fields)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {sandbox.bot_token}"}) as session:
        async with session.post(f"{sandbox.api_url}auth.test") as answer:
            assert answer.status == status
            assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)
        async with session.post(f"{sandbox.api_url}auth.test") as answer:
            assert (await answer.json())["ok"]


async def test_a_hang_with_effect_is_the_ambiguous_timeout(sandbox: Sandbox, workspace: Driver) -> None:
    await workspace.fault("hang", method="chat.postMessage", effect=True, for_s=20)
    ana = sandbox.world.default.find_person("ana")
    assert ana
    timeout = aiohttp.ClientTimeout(total=0.3)
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
        with pytest.raises(TimeoutError):
            await session.post(
                f"{sandbox.api_url}chat.postMessage", json={"channel": ana.id, "text": "did it go?"}
            )
    await workspace.person("ana").sees("did it go?")


async def test_named_errors_and_invalid_blocks_of_one_type(sandbox: Sandbox, workspace: Driver) -> None:
    ana = sandbox.world.default.find_person("ana")
    assert ana
    await workspace.fault("error", method="users.info", error="user_not_visible")
    await workspace.fault("invalid_blocks", block_type="divider")
    async with api(sandbox) as client:
        with pytest.raises(SlackApiError, match="user_not_visible"):
            await client.users_info(user=ana.id)
        with pytest.raises(SlackApiError, match="invalid_blocks"):
            await client.chat_postMessage(channel=ana.id, text="a", blocks=[{"type": "divider"}])
        assert (await client.chat_postMessage(channel=ana.id, text="a", blocks=[{"type": "divider"}]))["ok"]


async def test_posting_more_than_one_a_second_into_a_channel_is_slowed_down(sandbox: Sandbox) -> None:
    ana = sandbox.world.default.find_person("ana")
    assert ana
    async with api(sandbox) as client:
        for _ in range(5):
            await client.chat_postMessage(channel=ana.id, text="a")
        with pytest.raises(SlackApiError) as error:
            await client.chat_postMessage(channel=ana.id, text="a")
    assert error.value.response.status_code == 429
    assert error.value.response.headers["Retry-After"] == "1"


async def test_a_tier_two_method_allows_twenty_a_minute(sandbox: Sandbox) -> None:
    async with api(sandbox) as client:
        for _ in range(20):
            await client.users_list(limit=1)
        with pytest.raises(SlackApiError, match="ratelimited"):
            await client.users_list(limit=1)


async def test_a_response_url_is_used_five_times_and_checks_blocks(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.slash("/tea")
    url = (await workspace.record("delivery"))[-1]["payload"]["response_url"]
    async with aiohttp.ClientSession() as session:
        for number in range(4):
            async with session.post(url, json={"text": f"use {number}"}) as answer:
                assert await answer.json() == {"ok": True}
        async with session.post(url, json={"blocks": [{"type": "poem"}]}) as answer:
            assert (await answer.json())["error"] == "invalid_blocks"
        async with session.post(url, json={"text": "one too many"}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (404, "used_url")
    await ana.sees_ephemeral("use 3")
    await ana.sees_nothing("one too many")


async def test_a_request_url_has_to_pass_the_challenge(manifest: dict[str, Any]) -> None:
    async with start_sandbox(manifest) as sandbox, Driver(sandbox.url) as workspace:

        async def receive(request: aiohttp.web.Request) -> aiohttp.web.Response:
            body = await request.text()
            headers = {key.lower(): value for key, value in request.headers.items()}
            assert SignatureVerifier(sandbox.signing_secret).is_valid_request(body, headers)
            return aiohttp.web.json_response({"challenge": (await request.json())["challenge"]})

        app = aiohttp.web.Application()
        app.router.add_post("/good", receive)
        runner = aiohttp.web.AppRunner(app, access_log=None)
        await runner.setup()
        site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        with pytest.raises(AssertionError, match="url_not_verified"):
            await workspace.admin("configure", request_url=f"{base}/bad")
        await workspace.admin("configure", request_url=f"{base}/good")
        assert sandbox.request_url == f"{base}/good"
        await runner.cleanup()


async def test_the_watchdog_of_an_app_notices_a_deaf_socket(sandbox: Sandbox, workspace: Driver) -> None:
    async with teapot(sandbox, "http") as pot:
        sandbox.request_url = None
        async with over_socket(pot, sandbox, ping_interval=0.1):
            await workspace.fault("deaf_socket", which="all")
            started = time.monotonic()
            answer = await workspace.person("ana").slash("/tea")
            assert answer["delivery"]["outcome"] != "ok"
            assert time.monotonic() - started < 3.5
