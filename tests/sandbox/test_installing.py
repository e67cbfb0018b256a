"""OAuth, a second workspace, uninstalling, files in three steps, and a partner in a shared channel."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.driver import Driver
from tests.sandbox.conftest import api
from tests.sandbox.teapot import section, teapot

REDIRECT = "http://127.0.0.1/oauth"


async def consent(sandbox: Sandbox, **asked: str) -> Any:
    generated = AuthorizeUrlGenerator(client_id=sandbox.client_id, scopes=["chat:write", "commands"])
    query = urlsplit(generated.generate("state-1")).query
    wanted = {key: values[0] for key, values in parse_qs(query).items()} | {"redirect_uri": REDIRECT} | asked
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.url}/oauth/v2/authorize"
        async with session.get(url, params=wanted, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location", ""), await answer.text()


async def exchange(sandbox: Sandbox, code: str, **more: str) -> Any:
    async with api(sandbox, "") as client:
        arguments = {
            "client_id": sandbox.client_id,
            "client_secret": sandbox.client_secret,
            "redirect_uri": REDIRECT,
        }
        return await client.oauth_v2_access(**(arguments | {"code": code} | more))


# The SDK still builds aiohttp's BasicAuth, which aiohttp has deprecated.
SDK_BASIC_AUTH = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@SDK_BASIC_AUTH
async def test_the_app_is_installed_into_a_second_workspace(sandbox: Sandbox) -> None:
    status, location, _ = await consent(sandbox, team="brightship")
    assert status == 302
    answer = parse_qs(urlsplit(location).query)
    assert answer["state"] == ["state-1"]
    token = await exchange(sandbox, answer["code"][0])
    assert token["team"]["name"] == "Brightship"
    assert token["access_token"] != sandbox.bot_token
    async with api(sandbox, token["access_token"]) as client:
        assert (await client.auth_test())["team"] == "Brightship"
        with pytest.raises(SlackApiError, match="missing_scope"):
            await client.users_list()
    with pytest.raises(SlackApiError, match="code_already_used"):
        await exchange(sandbox, answer["code"][0])


@SDK_BASIC_AUTH
async def test_payloads_say_which_workspace_they_come_from(sandbox: Sandbox, workspace: Driver) -> None:
    async with teapot(sandbox, "socket") as pot, Driver(sandbox.url, workspace="brightship") as partners:
        _, location, _ = await consent(sandbox, team="brightship")
        await exchange(sandbox, parse_qs(urlsplit(location).query)["code"][0])
        noor = partners.person("noor").at("#general")
        assert (await noor.slash("/tea white"))["delivery"]["outcome"] == "ok"
        assert pot.heard[-1]["team_id"] == sandbox.world.workspaces["brightship"].id
        await noor.sees_ephemeral("Here is white tea")
        await workspace.person("ana").sees_nothing("white tea")


@SDK_BASIC_AUTH
async def test_what_oauth_refuses(sandbox: Sandbox) -> None:
    assert (await consent(sandbox, client_id="1.2"))[2] == "invalid_client_id"
    assert (await consent(sandbox, redirect_uri="https://evil.example"))[2] == "bad_redirect_uri"
    assert (await consent(sandbox, scope="admin"))[2] == "invalid_scope"
    _, location, _ = await consent(sandbox)
    code = parse_qs(urlsplit(location).query)["code"][0]
    for wrong, error in (
        ({"client_secret": "no"}, "bad_client_secret"),
        ({"redirect_uri": "http://127.0.0.1/other"}, "bad_redirect_uri"),
    ):
        with pytest.raises(SlackApiError, match=error):
            await exchange(sandbox, code, **wrong)
    with pytest.raises(SlackApiError, match="invalid_code"):
        await exchange(sandbox, "1.2")
    assert (await exchange(sandbox, code))["ok"]


async def test_uninstalling_ends_tokens_and_tells_the_app(sandbox: Sandbox, workspace: Driver) -> None:
    async with teapot(sandbox, "socket") as pot:
        token = sandbox.bot_token
        await workspace.admin("uninstall")
        await workspace.settle()
        assert len(pot.heard_of("app_uninstalled")) == 1
        assert len(pot.heard_of("tokens_revoked")) == 1
        assert (await workspace.look("ana"))["commands"] == []
        async with api(sandbox, token) as client:
            with pytest.raises(SlackApiError, match="account_inactive"):
                await client.auth_test()


async def test_a_revoked_token_says_so(sandbox: Sandbox) -> None:
    async with api(sandbox) as client:
        assert not (await client.auth_revoke(test=True))["revoked"]
        await client.auth_revoke()
        with pytest.raises(SlackApiError, match="token_revoked"):
            await client.auth_test()


async def upload(client: AsyncWebClient, channel: str | None, **more: Any) -> Any:
    return await client.files_upload_v2(
        channel=channel, content="tea,3", filename="tea.csv", alt_txt="A table", **more
    )


async def test_files_are_uploaded_in_three_steps(sandbox: Sandbox, workspace: Driver) -> None:
    async with api(sandbox) as client:
        floor = sandbox.world.default.find_channel("support-floor")
        assert floor
        with pytest.raises(SlackApiError, match="not_in_channel"):
            await upload(client, floor.id)
        await client.conversations_join(channel=floor.id)
        answer = await upload(client, floor.id, initial_comment="The week in cups", title="Cups")
        shown = await workspace.person("ana").sees("The week in cups")
        assert shown.body["files"][0]["title"] == "Cups"
        info = (await client.files_info(file=answer["file"]["id"]))["file"]
        assert (info["alt_txt"], info["size"]) == ("A table", 5)
        async with aiohttp.ClientSession() as session, session.get(info["url_private"]) as got:
            assert await got.text() == "tea,3"
            assert "sandbox" in got.headers["Content-Security-Policy"]
        await client.files_delete(file=answer["file"]["id"])
        with pytest.raises(SlackApiError, match="file_not_found"):
            await client.files_info(file=answer["file"]["id"])


async def test_a_picture_cannot_be_named_in_a_block_right_after_its_upload(sandbox: Sandbox) -> None:
    ana = sandbox.world.default.find_person("ana")
    assert ana
    async with api(sandbox) as client:
        answer = await client.files_upload_v2(content=b"\x89PNG", filename="tea.png")
        file = sandbox.world.default.files[answer["file"]["id"]]
        picture = {"type": "image", "alt_text": "a pot", "slack_file": {"id": file.id}}
        with pytest.raises(SlackApiError) as error:
            await client.chat_postMessage(channel=ana.id, text="a", blocks=[picture])
        assert "invalid slack file" in str(error.value.response["response_metadata"])
        file.usable_at = 0.0
        assert (await client.chat_postMessage(channel=ana.id, text="a", blocks=[picture]))["ok"]


async def test_joining_changing_and_new_people_are_events(sandbox: Sandbox, workspace: Driver) -> None:
    async with teapot(sandbox, "socket") as pot:
        sam = workspace.person("sam")
        await sam.act("invite", **{"in": "#leads"}, who="app")
        await sam.at("#leads").say("welcome")
        await workspace.admin("add_person", handle="nia", name="Nia Obi", tz="Europe/London")
        await workspace.admin("set_profile", who="ana", tz="Europe/Paris")
        await sam.act("create_channel", name="new-room")
        await (await sam.sees("welcome")).react("tea")
        await workspace.settle()
        (welcome,) = [b for b in pot.heard_of("message") if b["event"].get("text") == "welcome"]
        assert welcome["event"]["channel_type"] == "group"
        assert welcome["event"]["client_msg_id"]
        assert welcome["event"]["blocks"][0]["type"] == "rich_text"
        assert pot.heard_of("member_joined_channel")[0]["event"]["user"] == sandbox.world.default.bot_user_id
        assert pot.heard_of("team_join")[0]["event"]["user"]["name"] == "nia"
        assert pot.heard_of("user_change")[0]["event"]["user"]["tz"] == "Europe/Paris"
        assert pot.heard_of("channel_created")[0]["event"]["channel"]["name"] == "new-room"
        assert pot.heard_of("reaction_added")[0]["event"]["reaction"] == "tea"


async def test_what_the_manifest_does_not_subscribe_to_is_not_delivered(
    sandbox: Sandbox, workspace: Driver
) -> None:
    await workspace.admin("event", event={"type": "pin_added"})
    await workspace.person("ana").say("the bot is not in here")
    await workspace.settle()
    assert await workspace.record("delivery") == []


async def test_a_partner_uses_the_app_in_a_shared_channel(sandbox: Sandbox, workspace: Driver) -> None:
    async with teapot(sandbox, "socket") as pot, Driver(sandbox.url, workspace="brightship") as partners:
        await workspace.person("sam").act("invite", **{"in": "#partner-brightship"}, who="app")
        noor = partners.person("noor").at("#partner-brightship")
        await noor.say("Parcel 12 is back")
        await workspace.settle()
        (heard,) = [b for b in pot.heard_of("message") if "Parcel 12" in b["event"].get("text", "")]
        assert heard["is_ext_shared_channel"]
        assert heard["event"]["user_team"] != heard["team_id"]
        channel = sandbox.world.default.find_channel("partner-brightship")
        assert channel
        row = {"type": "actions", "elements": [{**BUTTON}]}
        await pot.client.chat_postMessage(channel=channel.id, text="Seen?", blocks=[section("Seen?"), row])
        await (await noor.sees("Seen?")).click("Yes")
        (clicked,) = pot.heard_of("block_actions")
        assert clicked["user"]["team_id"] != clicked["team"]["id"] == sandbox.world.default.id
        with pytest.raises(AssertionError, match="unknown_command"):
            await noor.slash("/tea")


BUTTON = {"type": "button", "action_id": "any", "text": {"type": "plain_text", "text": "Yes"}}
