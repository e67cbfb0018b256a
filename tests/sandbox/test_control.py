"""The control API: who may ask, what a person sees, the clock, the stream, the record."""

import asyncio
import json
from datetime import datetime
from typing import Any

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.driver import Driver, RefusedError


@pytest.mark.parametrize(
    "headers",
    [{"Host": "rebound.example"}, {"Origin": "https://evil.example"}, {"Origin": "http://127.0.0.1:1"}],
)
async def test_other_hosts_and_origins_are_refused(sandbox: Sandbox, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{sandbox.url}/sandbox/cast", headers=headers) as answer:
            assert answer.status == 403
            assert (await answer.json())["error"] == "forbidden_origin"
        async with session.get(f"{sandbox.url}/sandbox/cast", headers={"Origin": sandbox.url}) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("{}", "text/plain", 415),
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('{"do": "fly", "as": "ana"}', "application/json", 404),
        ('{"do": "say", "as": "zed", "in": "#general", "text": "a"}', "application/json", 404),
        ('{"do": "say", "as": "ana", "in": "#general"}', "application/json", 400),
        ('{"do": "say", "as": "ana", "in": "#leads", "text": "a"}', "application/json", 404),
        ('{"do": "say", "as": "rhea", "in": "#general", "text": "a"}', "application/json", 409),
        ('{"do": "submit", "as": "ana"}', "application/json", 404),
    ],
)
async def test_acts_that_make_no_sense_are_refused(
    sandbox: Sandbox, body: str, content_type: str, status: int
) -> None:
    async with aiohttp.ClientSession() as session:
        headers = {"Content-Type": content_type}
        async with session.post(f"{sandbox.url}/sandbox/act", data=body, headers=headers) as answer:
            assert answer.status == status
            refusal = await answer.json()
            assert refusal["ok"] is False
            assert refusal["message"]


async def test_the_cast_is_believable_and_the_same_every_time(sandbox: Sandbox, workspace: Driver) -> None:
    cast = await workspace.get("cast")
    brightwater = cast["workspaces"][0]
    assert cast["default"] == {"workspace": "brightwater", "person": "ana"}
    zones = {person["tz"] for person in brightwater["people"]}
    assert {"America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Sydney", "Asia/Manila"} <= zones
    again = Sandbox({})
    assert {p["id"] for p in brightwater["people"]} == set(again.world.default.people)


async def test_people_see_only_what_is_theirs(workspace: Driver) -> None:
    await workspace.person("sam").at("@ben").say("between us")
    await workspace.person("sam").at("#leads").say("leads only")
    await workspace.person("ben").sees("between us")
    await workspace.person("grace").sees("leads only")
    await workspace.person("ana").sees_nothing("between us")
    await workspace.person("ana").sees_nothing("leads only")
    toni = await workspace.person("toni").look()
    assert [c["name"] for c in toni["conversations"] if c["kind"] != "dm"] == ["support-floor"]


async def test_what_is_typed_becomes_slacks_markup(sandbox: Sandbox, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.say("a < b & c @ben #general @here https://a.example/x?y=1, ok")
    (message,) = [s for s in [await ana.sees("a &lt; b &amp; c")] if s.kind == "message"]
    ben, general = sandbox.world.default.find_person("ben"), sandbox.world.default.find_channel("general")
    assert ben
    assert general
    wanted = f"a &lt; b &amp; c <@{ben.id}> <#{general.id}> <!here> <https://a.example/x?y=1>, ok"
    assert message.body["text"] == wanted
    kinds = [e["type"] for e in message.body["blocks"][0]["elements"][0]["elements"]]
    assert kinds == ["text", "user", "text", "channel", "text", "broadcast", "text", "link", "text"]


async def test_editing_deleting_reacting_and_files(workspace: Driver) -> None:
    ana, ben = workspace.person("ana"), workspace.person("ben")
    await ana.say("first try")
    message = await ana.sees("first try")
    await ana.act("edit", **message.where, text="second try")
    edited = await ben.sees("second try")
    assert edited.body["edited"]
    with pytest.raises(RefusedError, match="not_yours"):
        await ben.act("edit", **edited.where, text="mine")
    await edited.react("tea")
    assert (await edited.again()).body["reactions"][0]["name"] == "tea"
    with pytest.raises(RefusedError, match="already_reacted"):
        await edited.react("tea")
    await ana.act("delete", **message.where)
    await ben.sees_nothing("second try")
    await ana.act("upload", **{"in": "#support-floor"}, filename="rota.txt", text="Mon: Ana")
    assert (await ben.sees("rota.txt")).body["files"][0]["size"] == 8


async def test_the_clock_jumps_forward_and_wakes_who_waits(sandbox: Sandbox, workspace: Driver) -> None:
    before = await workspace.get("clock")
    waiting = asyncio.create_task(workspace.get("clock", after=before["sequence"], wait=20))
    moved = await workspace.jump("Monday 09:00")
    assert (await waiting)["sequence"] == moved["sequence"] == before["sequence"] + 1
    local = datetime.fromisoformat(moved["intent_time"]).astimezone(_zone("America/New_York"))
    assert (local.weekday(), local.hour, local.minute) == (0, 9, 0)
    with pytest.raises(RefusedError, match="clock_only_goes_forward"):
        await workspace.post("clock", {"to": before["intent_time"]})
    with pytest.raises(RefusedError, match="clock_only_goes_forward"):
        await workspace.jump("whenever")
    with pytest.raises(RefusedError, match="bad_request"):
        await workspace.post("clock", {})


async def test_a_message_shows_what_the_clock_showed_when_it_came(workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.say("before the weekend")
    moved = await workspace.jump("Monday 09:00")
    await ana.say("after the weekend")
    before = (await ana.sees_message("before the weekend")).body
    after = (await ana.sees_message("after the weekend")).body
    assert float(after["ts"]) - float(before["ts"]) < 60
    assert before["at"] < moved["intent_time"] <= after["at"]
    assert datetime.fromisoformat(before["at"]).timestamp() == pytest.approx(float(before["ts"]), abs=0.01)


def _zone(name: str) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


async def test_message_stamps_do_not_follow_the_clock(sandbox: Sandbox, workspace: Driver) -> None:
    await workspace.pass_time(86_400)
    answer = await workspace.person("ana").say("now")
    assert abs(float(answer["ts"]) - datetime.now().timestamp()) < 5  # noqa: DTZ005


async def test_the_stream_tells_the_person_concerned(sandbox: Sandbox, workspace: Driver) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.url}/sandbox/stream"
        async with (
            session.get(url, params={"as": "ana"}) as ana,
            session.get(url, params={"as": "jack"}) as jack,
        ):
            first = await _next(ana, "change")
            assert first["sequence"] >= 0
            await _next(jack, "change")
            await workspace.person("sam").at("@ana").say("psst")
            assert (await _next(ana, "change"))["sequence"] > first["sequence"]
            await workspace.pass_time(60)
            assert "intent_time" in await _next(ana, "clock")
            assert "intent_time" in await _next(jack, "clock")


async def _next(response: aiohttp.ClientResponse, kind: str) -> dict[str, Any]:
    event = ""
    async with asyncio.timeout(5):
        async for line in response.content:
            text = line.decode().rstrip()
            if text.startswith("event: "):
                event = text.removeprefix("event: ")
            elif text.startswith("data: ") and event == kind:
                body: dict[str, Any] = json.loads(text.removeprefix("data: "))
                return body
    raise AssertionError("the stream ended")


async def test_the_record_keeps_no_secrets(sandbox: Sandbox, workspace: Driver) -> None:
    async with aiohttp.ClientSession() as session:
        await session.post(f"{sandbox.api_url}auth.test", data={"token": sandbox.bot_token})
    await workspace.recorded(lambda entry: entry.get("method") == "auth.test", kind="call")
    everything = json.dumps(await workspace.get("record"))
    for secret in (sandbox.bot_token, sandbox.app_token, sandbox.signing_secret, sandbox.client_secret):
        assert secret not in everything


async def test_faults_are_listed_and_cleared(workspace: Driver) -> None:
    armed = await workspace.fault("error", method="*", error="restricted_action", times=None)
    assert armed["faults"][0]["fault"] == "error"
    await workspace.no_faults()
    assert (await workspace.get("faults"))["faults"] == []
    with pytest.raises(RefusedError, match="bad_request"):
        await workspace.fault("error", method="*")
    with pytest.raises(RefusedError, match="bad_request"):
        await workspace.fault("earthquake")


async def test_the_page_is_served_or_its_absence_said(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session, session.get(sandbox.url) as answer:
        assert answer.status == 200


async def test_the_page_s_files_are_asked_for_anew_so_that_no_two_releases_mix(workspace: Driver) -> None:
    for name in ("", "api.js", "style.css"):
        async with aiohttp.ClientSession() as session, session.get(f"{workspace.url}/{name}") as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] in ("no-cache", "no-store")


async def test_the_rail_has_somebody_to_write_to_and_others_see_none_of_it(workspace: Driver) -> None:
    seen = await workspace.look("ana")
    direct = [it for it in seen["conversations"] if it["kind"] == "dm" and it["messages"]]
    assert len(direct) == 2
    lena = await workspace.look("lena")
    assert not [it for it in lena["conversations"] if it["kind"] == "dm" and it["messages"]]
