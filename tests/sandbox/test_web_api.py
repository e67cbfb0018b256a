"""Slack's own Python SDK against the sandbox: tokens, scopes, membership, messages, people."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.driver import Driver, start_sandbox
from tests.sandbox.conftest import api
from tests.sandbox.teapot import section


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    async with api(sandbox) as client:
        yield client


async def refused(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as error:
        await call
    answer: dict[str, Any] = error.value.response.data
    return answer


def channel_id(sandbox: Sandbox, name: str) -> str:
    channel = sandbox.world.default.find_channel(name)
    assert channel
    return channel.id


def user_id(sandbox: Sandbox, handle: str) -> str:
    person = sandbox.world.default.find_person(handle)
    assert person
    return person.id


async def joined(client: AsyncWebClient, sandbox: Sandbox, name: str = "support-floor") -> str:
    channel = channel_id(sandbox, name)
    await client.conversations_join(channel=channel)
    return channel


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-not-ours", "invalid_auth")])
async def test_a_call_needs_a_good_token(sandbox: Sandbox, token: str, error: str) -> None:
    async with api(sandbox, token) as client:
        assert (await refused(client.auth_test()))["error"] == error


async def test_bot_and_app_tokens_are_not_interchangeable(sandbox: Sandbox, client: AsyncWebClient) -> None:
    assert (await refused(client.api_call("apps.connections.open")))["error"] == "not_allowed_token_type"
    async with api(sandbox, sandbox.app_token) as app_client:
        assert (await refused(app_client.users_list()))["error"] == "not_allowed_token_type"
        assert (await app_client.api_call("apps.connections.open"))["url"].startswith("ws://127.0.0.1:")


async def test_a_missing_scope_says_which(manifest: dict[str, Any]) -> None:
    scopes = {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    async with start_sandbox({**manifest, **scopes}) as sandbox, api(sandbox) as client:
        answer = await refused(client.users_info(user=user_id(sandbox, "ana")))
        assert answer["error"] == "missing_scope"
        assert (answer["needed"], answer["provided"]) == ("users:read", "chat:write")


async def test_an_unknown_method(client: AsyncWebClient) -> None:
    assert (await refused(client.api_call("tea.pour")))["error"] == "unknown_method"


async def test_auth_test_names_the_bot(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["team"] == "Brightwater"
    assert answer["user_id"] == sandbox.world.default.bot_user_id
    assert answer["bot_id"].startswith("B")


async def test_posting_needs_membership(sandbox: Sandbox, client: AsyncWebClient) -> None:
    channel = channel_id(sandbox, "support-floor")
    assert (await refused(client.chat_postMessage(channel=channel, text="hi")))["error"] == "not_in_channel"
    leads = channel_id(sandbox, "leads")
    assert (await refused(client.chat_postMessage(channel=leads, text="hi")))["error"] == "channel_not_found"
    await client.conversations_join(channel=channel)
    assert (await client.chat_postMessage(channel=channel, text="hi"))["ok"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"blocks": "not json"}, "invalid_blocks_format"),
        ({"text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
        ({"text": "a", "metadata": {"event_type": 1}}, "invalid_metadata_format"),
        (
            {"text": "a", "metadata": {"event_type": "e", "event_payload": {"x": "y" * 9000}}},
            "metadata_too_large",
        ),
        ({"text": "a", "thread_ts": "1.1"}, "thread_not_found"),
        ({"text": "a", "username": "Somebody"}, "missing_scope"),
        ({"text": "a", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
        ({"text": "a", "blocks": [section("x" * 2500)] * 5}, "msg_blocks_too_long"),
        ({"text": "a", "channel": "C0000000000"}, "channel_not_found"),
    ],
)
async def test_messages_slack_refuses(
    sandbox: Sandbox, client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    call = client.api_call("chat.postMessage", json={"channel": user_id(sandbox, "ana"), **arguments})
    assert (await refused(call))["error"] == error


@pytest.mark.parametrize(
    "arguments",
    [
        {"text": "a", "metadata": {"event_type": "e", "event_payload": {"x": "y" * 900}}},
        {"text": "a", "attachments": [{"text": "a"}] * 100},
        {"text": "a", "blocks": [section("x" * 2300)] * 5},
        {"markdown_text": "x" * 12_000},
    ],
)
async def test_messages_just_inside_pass(
    sandbox: Sandbox, client: AsyncWebClient, arguments: dict[str, Any]
) -> None:
    answer = await client.api_call("chat.postMessage", json={"channel": user_id(sandbox, "ana"), **arguments})
    assert answer["channel"].startswith("D")


async def test_an_overlong_text_is_cut_with_a_warning_and_split(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    answer = await client.chat_postMessage(channel=user_id(sandbox, "ana"), text="x" * 100_000)
    assert "message_truncated" in answer["response_metadata"]["warnings"]
    shown = (await client.conversations_history(channel=answer["channel"]))["messages"]
    assert [len(message["text"]) for message in shown] == [4_000] * 10
    assert shown[-1]["ts"] == answer["ts"]
    await client.chat_postMessage(channel=answer["channel"], text="y" * 4_000)
    assert len((await client.conversations_history(channel=answer["channel"]))["messages"]) == 11


async def test_an_ephemeral_in_a_thread_needs_a_reply_to_be_seen(
    sandbox: Sandbox, client: AsyncWebClient, workspace: Driver
) -> None:
    channel, ana = await joined(client, sandbox), user_id(sandbox, "ana")
    root = (await client.chat_postMessage(channel=channel, text="root"))["ts"]
    await client.chat_postEphemeral(channel=channel, user=ana, text="unseen", thread_ts=root)
    await client.chat_postMessage(channel=channel, text="reply", thread_ts=root)
    await client.chat_postEphemeral(channel=channel, user=ana, text="seen now", thread_ts=root)
    await workspace.person("ana").sees_ephemeral("seen now")
    await workspace.person("ana").sees_nothing("unseen")


async def test_an_app_that_is_not_interactive_hears_no_clicks(manifest: dict[str, Any]) -> None:
    deaf = {**manifest["settings"], "interactivity": {"is_enabled": False}}
    async with start_sandbox({**manifest, "settings": deaf}) as sandbox, Driver(sandbox.url) as workspace:
        answer = await workspace.person("ana").shortcut("pour")
        assert answer["delivery"] == {"outcome": "dispatch_failed", "transport": "none", "ms": 0.0}
        assert await workspace.record("delivery") == []


async def test_updating_own_messages_only_and_within_4000(sandbox: Sandbox, client: AsyncWebClient) -> None:
    channel = await joined(client, sandbox)
    theirs = (await client.conversations_history(channel=channel, limit=2))["messages"][1]["ts"]
    assert (await refused(client.chat_update(channel=channel, ts=theirs, text="x")))[
        "error"
    ] == "cant_update_message"
    assert (await refused(client.chat_delete(channel=channel, ts=theirs)))["error"] == "cant_delete_message"
    mine = (await client.chat_postMessage(channel=channel, text="a", blocks=[section("a")]))["ts"]
    too_long = client.chat_update(channel=channel, ts=mine, text="x" * 4001)
    assert (await refused(too_long))["error"] == "msg_too_long"
    answer = await client.chat_update(channel=channel, ts=mine, text="x" * 4000)
    assert "blocks" not in answer["message"]
    await client.chat_delete(channel=channel, ts=mine)
    assert (await refused(client.chat_update(channel=channel, ts=mine, text="a")))[
        "error"
    ] == "message_not_found"


async def test_an_ephemeral_goes_to_a_member_and_into_no_history(
    sandbox: Sandbox, client: AsyncWebClient, workspace: Driver
) -> None:
    channel = await joined(client, sandbox, "debriefs")
    toni, ana = user_id(sandbox, "toni"), user_id(sandbox, "ana")
    assert (await refused(client.chat_postEphemeral(channel=channel, user=toni, text="psst")))[
        "error"
    ] == "user_not_in_channel"
    await client.chat_postEphemeral(channel=channel, user=ana, text="psst")
    await workspace.person("ana").sees_ephemeral("psst")
    await workspace.person("ben").sees_nothing("psst")
    history = await client.conversations_history(channel=channel)
    assert not any("psst" in message["text"] for message in history["messages"])
    await workspace.person("ana").act("reload")
    await workspace.person("ana").sees_nothing("psst")


async def test_history_is_paged_bounded_and_newest_first(sandbox: Sandbox, client: AsyncWebClient) -> None:
    channel = await joined(client, sandbox)
    stamps = [(await client.chat_postMessage(channel=channel, text=f"n{n}"))["ts"] for n in range(4)]
    page = await client.conversations_history(channel=channel, limit=2)
    assert [m["text"] for m in page["messages"]] == ["n3", "n2"]
    assert page["has_more"]
    cursor = page["response_metadata"]["next_cursor"]
    following = await client.conversations_history(channel=channel, limit=2, cursor=cursor)
    assert [m["text"] for m in following["messages"]] == ["n1", "n0"]
    since = await client.conversations_history(channel=channel, oldest=stamps[1])
    assert [m["text"] for m in since["messages"]] == ["n3", "n2"]
    closed = await client.conversations_history(
        channel=channel, oldest=stamps[1], latest=stamps[2], inclusive=True
    )
    assert [m["text"] for m in closed["messages"]] == ["n2", "n1"]


async def test_threads_metadata_and_permalinks(sandbox: Sandbox, client: AsyncWebClient) -> None:
    channel = await joined(client, sandbox)
    root = (await client.chat_postMessage(channel=channel, text="root"))["ts"]
    marker = {"event_type": "marker", "event_payload": {"id": "7"}}
    reply = await client.chat_postMessage(channel=channel, text="reply", thread_ts=root, metadata=marker)
    thread = await client.conversations_replies(channel=channel, ts=root, include_all_metadata=True)
    assert [m["text"] for m in thread["messages"]] == ["root", "reply"]
    assert thread["messages"][1]["metadata"] == marker
    assert "metadata" not in (await client.conversations_replies(channel=channel, ts=root))["messages"][1]
    history = await client.conversations_history(channel=channel)
    assert "reply" not in [m["text"] for m in history["messages"]]
    link = (await client.chat_getPermalink(channel=channel, message_ts=reply["ts"]))["permalink"]
    assert link.endswith(f"?thread_ts={root}&cid={channel}")


async def test_channels_are_made_filled_and_archived(sandbox: Sandbox, client: AsyncWebClient) -> None:
    public = (await client.conversations_create(name="tea-room", is_private=False))["channel"]
    assert public["is_private"] is False
    assert (await refused(client.conversations_create(name="tea-room")))["error"] == "name_taken"
    ana, ben = user_id(sandbox, "ana"), user_id(sandbox, "ben")
    await client.conversations_invite(channel=public["id"], users=[ana, ben])
    assert set((await client.conversations_members(channel=public["id"]))["members"]) >= {ana, ben}
    await client.conversations_kick(channel=public["id"], user=ben)
    await client.conversations_archive(channel=public["id"])
    assert (await refused(client.chat_postMessage(channel=public["id"], text="a")))["error"] == "is_archived"


async def test_lists_hold_only_the_types_asked_for(sandbox: Sandbox, client: AsyncWebClient) -> None:
    public = (await client.conversations_list())["channels"]
    assert {"general", "support-floor"} <= {c["name"] for c in public}
    assert not any(c["is_private"] for c in public)
    assert not any(c["is_member"] for c in public)
    private = (await client.conversations_list(types="private_channel"))["channels"]
    assert private == []
    assert (await refused(client.conversations_list(types="secret")))["error"] == "invalid_types"
    first = await client.conversations_list(limit=1)
    assert len(first["channels"]) == 1
    assert first["response_metadata"]["next_cursor"]


async def test_opening_dms_and_group_dms(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ana, ben = user_id(sandbox, "ana"), user_id(sandbox, "ben")
    dm = (await client.conversations_open(users=ana))["channel"]["id"]
    assert (await client.conversations_open(users=ana))["already_open"]
    group = (await client.conversations_open(users=[ana, ben]))["channel"]["id"]
    assert dm.startswith("D")
    assert group != dm
    info = (await client.conversations_info(channel=group))["channel"]
    assert info["is_mpim"]
    rhea = user_id(sandbox, "rhea")
    assert (await refused(client.conversations_open(users=rhea)))["error"] == "user_disabled"
    nine = [person.id for person in sandbox.world.default.people.values()][:9]
    assert (await refused(client.conversations_open(users=nine)))["error"] == "too_many_users"


async def test_people_have_zones_kinds_and_locales(sandbox: Sandbox, client: AsyncWebClient) -> None:
    priya = (await client.users_info(user=user_id(sandbox, "priya"), include_locale=True))["user"]
    assert (priya["tz"], priya["tz_offset"], priya["locale"]) == ("Asia/Kolkata", 19_800, "en-US")
    assert (await client.users_info(user=user_id(sandbox, "toni")))["user"]["is_restricted"]
    rhea = (await client.users_info(user=user_id(sandbox, "rhea")))["user"]
    assert rhea["deleted"]
    assert "tz" not in rhea
    noor = sandbox.world.workspaces["brightship"].find_person("noor")
    assert noor
    assert (await client.users_info(user=noor.id))["user"]["is_stranger"]
    found = await client.users_lookupByEmail(email="ana@brightwater.example")
    assert found["user"]["id"] == user_id(sandbox, "ana")
    gone = client.users_lookupByEmail(email="rhea@brightwater.example")
    assert (await refused(gone))["error"] == "users_not_found"
    assert (await refused(client.users_info(user="U0")))["error"] == "user_not_found"
    assert len((await client.users_list(limit=3))["members"]) == 3


async def test_groups_dnd_and_team(sandbox: Sandbox, client: AsyncWebClient, workspace: Driver) -> None:
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    leads = next(group for group in groups if group["handle"] == "floor-leads")
    assert (await client.usergroups_users_list(usergroup=leads["id"]))["users"] == leads["users"]
    ana = user_id(sandbox, "ana")
    assert not (await client.dnd_info(user=ana))["dnd_enabled"]
    await workspace.admin("set_dnd", who="ana", minutes=30)
    assert (await client.dnd_info(user=ana))["dnd_enabled"]
    assert (await client.dnd_teamInfo(users=[ana]))["users"][ana]["dnd_enabled"]
    await workspace.pass_time(31 * 60)
    assert not (await client.dnd_info(user=ana))["dnd_enabled"]
    assert (await client.team_info())["team"]["domain"] == "brightwater"


async def test_reacting_twice(sandbox: Sandbox, client: AsyncWebClient) -> None:
    channel = await joined(client, sandbox)
    ts = (await client.chat_postMessage(channel=channel, text="a"))["ts"]
    await client.reactions_add(channel=channel, timestamp=ts, name="tea")
    assert (await refused(client.reactions_add(channel=channel, timestamp=ts, name="tea")))[
        "error"
    ] == "already_reacted"
    assert (await client.reactions_get(channel=channel, timestamp=ts))["message"]["reactions"][0][
        "count"
    ] == 1
    await client.reactions_remove(channel=channel, timestamp=ts, name="tea")
    assert (await refused(client.reactions_remove(channel=channel, timestamp=ts, name="tea")))[
        "error"
    ] == "no_reaction"


async def test_a_deactivated_person_gets_no_message(sandbox: Sandbox, client: AsyncWebClient) -> None:
    call = client.chat_postMessage(channel=user_id(sandbox, "rhea"), text="hi")
    assert (await refused(call))["error"] == "user_disabled"


async def test_without_a_messages_tab_there_is_no_dm(
    sandbox: Sandbox, client: AsyncWebClient, workspace: Driver
) -> None:
    await workspace.admin("set_messages_tab", enabled=False)
    call = client.chat_postMessage(channel=user_id(sandbox, "ana"), text="hi")
    assert (await refused(call))["error"] == "messages_tab_disabled"


async def test_scheduling_follows_the_movable_clock(
    sandbox: Sandbox, client: AsyncWebClient, workspace: Driver
) -> None:
    ana, now = user_id(sandbox, "ana"), int(sandbox.world.clock.time().timestamp())
    late, early = now + 121 * 86_400, now - 5
    assert (await refused(client.chat_scheduleMessage(channel=ana, text="a", post_at=late)))[
        "error"
    ] == "time_too_far"
    assert (await refused(client.chat_scheduleMessage(channel=ana, text="a", post_at=early)))[
        "error"
    ] == "time_in_past"
    await client.chat_scheduleMessage(channel=ana, text="Later tea", post_at=now + 3600)
    assert len((await client.chat_scheduledMessages_list())["scheduled_messages"]) == 1
    await workspace.pass_time(3601)
    await workspace.person("ana").sees("Later tea")
    window = (now // 300 + 20) * 300
    for _ in range(30):
        await client.chat_scheduleMessage(channel=ana, text="a", post_at=window)
    full = client.chat_scheduleMessage(channel=ana, text="a", post_at=window)
    assert (await refused(full))["error"] == "restricted_too_many"


async def test_public_channels_are_open_to_chat_write_public(manifest: dict[str, Any]) -> None:
    scopes = {
        "oauth_config": {"scopes": {"bot": ["chat:write", "chat:write.public", "chat:write.customize"]}}
    }
    async with start_sandbox({**manifest, **scopes}) as sandbox, api(sandbox) as client:
        floor = channel_id(sandbox, "support-floor")
        assert (await client.chat_postMessage(channel=floor, text="a", username="Pot"))["ok"]
        leads = client.chat_postMessage(channel=channel_id(sandbox, "leads"), text="a")
        assert (await refused(leads))["error"] == "channel_not_found"


async def test_an_alt_text_of_a_file_has_a_limit(client: AsyncWebClient) -> None:
    too_long = client.files_getUploadURLExternal(filename="a.png", length=1, alt_txt="x" * 1001)
    assert (await refused(too_long))["error"] == "alt_txt_too_large"
    assert (await client.files_getUploadURLExternal(filename="a.png", length=1, alt_txt="x" * 1000))["ok"]
