"""An app that is not Steady, in Socket Mode and over signed HTTP: it cannot tell the sandbox from Slack."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.driver import Driver, RefusedError
from tests.sandbox.teapot import Teapot, teapot


@pytest.fixture(params=["socket", "http"])
async def pot(request: pytest.FixtureRequest, sandbox: Sandbox) -> AsyncIterator[Teapot]:
    async with teapot(sandbox, request.param) as running:
        yield running


async def test_a_command_is_answered_in_the_ack_and_only_its_user_sees_it(
    pot: Teapot, workspace: Driver
) -> None:
    ana, ben = workspace.person("ana"), workspace.person("ben")
    answer = await ana.slash("/tea green")
    assert answer["delivery"]["outcome"] == "ok"
    card = await ana.sees("Here is green tea")
    assert card.body["ephemeral"]
    await ben.sees_nothing("green tea")


async def test_a_plain_text_ack_is_ephemeral_too(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.slash("/brew @ben & <b>")
    shown = await ana.sees_ephemeral("|ben> &amp; &lt;b&gt;")
    assert shown.body["text"].startswith("<@U")


async def test_a_click_on_an_ephemeral_replaces_it_through_response_url(
    pot: Teapot, workspace: Driver
) -> None:
    ana = workspace.person("ana")
    await ana.slash("/tea")
    card = await ana.sees("Here is plain tea")
    await card.click("Another cup")
    await card.becomes("Another cup of tea")
    (payload,) = pot.heard_of("block_actions")
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    assert payload["actions"][0]["value"] == "another cup"


async def test_respond_in_channel_is_seen_by_all(pot: Teapot, workspace: Driver) -> None:
    await workspace.person("ana").slash("/tea")
    card = await workspace.person("ana").sees("Here is plain tea")
    await card.click("For everyone")
    await workspace.person("priya").sees("Tea for everyone")


async def test_a_confirm_dialog_has_to_be_answered(pot: Teapot, workspace: Driver) -> None:
    await workspace.person("ana").slash("/tea")
    card = await workspace.person("ana").sees("Here is plain tea")
    with pytest.raises(RefusedError) as refused:
        await card.click("Break")
    assert refused.value.body["confirm"]["title"]["text"] == "Sure"
    assert (await card.click("Break", confirm=True))["delivery"]["outcome"] == "ok"


async def test_a_modal_with_errors_update_push_and_clear(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.shortcut("pour")
    form = await ana.sees_modal("Order tea")
    assert (await form.submit())["result"] == "incomplete"
    await form.type("Kind", "coffee")
    assert (await form.submit())["errors"] == {"kind": "We only have tea."}
    await ana.sees_modal("We only have tea.")
    await form.type("Kind", "push")
    assert (await form.submit())["result"] == "pushed"
    top = await ana.sees_modal("On top")
    assert (await top.submit())["result"] == "closed"
    below = await ana.sees_modal("Order tea")
    assert below.body["state"]["values"]["kind"]["value"]["value"] == "push"
    await below.type("Kind", "update")
    assert (await below.submit())["result"] == "updated"
    assert (await ana.sees_modal("Fresh")).body["id"] == form.body["id"]
    await (await ana.sees_modal()).submit()
    await ana.sees_no_modal()


async def test_clear_closes_the_whole_stack(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.shortcut("pour")
    form = await ana.sees_modal("Order tea")
    await form.type("Kind", "clear")
    assert (await form.submit())["result"] == "cleared"
    await ana.sees_no_modal()


async def test_errors_for_an_unknown_field_are_trouble(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.shortcut("pour")
    form = await ana.sees_modal("Order tea")
    await form.type("Kind", "wrong")
    assert (await form.submit())["result"] == "trouble"
    await ana.sees_modal("We had some trouble connecting")


async def test_a_submission_posts_to_the_members_dm(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.shortcut("pour")
    form = await ana.sees_modal("Order tea")
    await form.type("Kind", "black")
    assert (await form.submit())["result"] == "closed"
    await ana.sees("Your black tea is coming")
    await workspace.person("ben").sees_nothing("black tea")


async def test_a_click_in_a_modal_pushes_and_carries_the_view(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.shortcut("pour")
    form = await ana.sees_modal("Order tea")
    await form.click("Deeper")
    top = await ana.sees_modal("Leaf")
    (payload,) = pot.heard_of("block_actions")
    assert payload["container"] == {"type": "view", "view_id": form.body["id"]}
    assert payload["view"]["id"] == form.body["id"]
    assert "channel" not in payload
    await top.submit()
    (submission,) = pot.heard_of("view_submission")
    assert submission["view"]["state"]["values"]["leaf"]["value"]["value"] == "green"
    assert submission["view"]["previous_view_id"] == form.body["id"]


async def test_closing_tells_the_app_that_asked(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.shortcut("pour")
    form = await ana.sees_modal("Order tea")
    await form.close()
    await workspace.recorded(lambda e: e.get("payload", {}).get("type") == "view_closed", kind="delivery")
    (closed,) = pot.heard_of("view_closed")
    assert closed["is_cleared"] is False


async def test_the_home_is_published_on_opening_and_its_clicks_carry_the_view(
    pot: Teapot, workspace: Driver
) -> None:
    ana = workspace.person("ana")
    await ana.open_home()
    home = await ana.sees_home("Welcome to the home")
    await home.click("Any")
    (payload,) = pot.heard_of("block_actions")
    assert payload["view"]["type"] == "home"
    assert payload["container"]["type"] == "view"
    assert "channel" not in payload
    assert "response_url" not in payload


async def test_a_message_shortcut_brings_the_message(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    message = await ana.sees("Got them. The carrier page")
    await message.message_shortcut("steep")
    await ana.sees_ephemeral("Steeping: Got them.")


async def test_a_mention_is_answered_in_a_thread(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.act("invite", **{"in": "#support-floor"}, who="app")
    await ana.say("Hello @app, are you there?")
    reply = await ana.sees("You called?")
    root = await ana.sees("Hello <@")
    assert reply.body["thread_ts"] == root.body["ts"]
    assert root.body["reply_count"] == 1
    assert len([b for b in pot.heard_of("message") if "are you there" in b["event"].get("text", "")]) == 1


async def test_a_mention_in_a_dm_is_a_message_only(pot: Teapot, workspace: Driver) -> None:
    await workspace.person("ana").at("@app").say("Hi @app")
    await workspace.settle()
    assert len(pot.heard_of("message")) == 1
    assert not pot.heard_of("app_mention")


async def test_a_failing_command_tells_its_user(pot: Teapot, workspace: Driver) -> None:
    answer = await workspace.person("ana").slash("/tea hot")
    assert answer["delivery"]["outcome"] in ("dispatch_failed", "operation_timeout")
    await workspace.person("ana").sees_notice("/tea failed with the error")


async def test_an_unanswered_click_leaves_a_warning_mark(pot: Teapot, workspace: Driver) -> None:
    ana = workspace.person("ana")
    await ana.slash("/tea")
    card = await ana.sees("Here is plain tea")
    await card.click("Silent")
    assert (await card.again()).body["trouble"] == ["silent"]


async def test_commands_outside_the_manifest_and_in_threads_do_not_exist(
    pot: Teapot, workspace: Driver
) -> None:
    ana = workspace.person("ana")
    with pytest.raises(RefusedError, match="unknown_command"):
        await ana.slash("/coffee")
    with pytest.raises(RefusedError, match="command_not_in_thread"):
        await ana.act("slash", **{"in": "#support-floor"}, text="/tea", thread_ts="1.1")


async def test_the_bots_own_messages_come_back_as_events_with_its_bot_id(
    pot: Teapot, workspace: Driver
) -> None:
    ana = workspace.person("ana")
    await ana.shortcut("pour")
    form = await ana.sees_modal("Order tea")
    await form.type("Kind", "white")
    await form.submit()
    delivered: dict[str, Any] = await workspace.recorded(
        lambda e: "white tea" in e["payload"].get("event", {}).get("text", ""), kind="delivery"
    )
    assert delivered["payload"]["event"]["bot_id"].startswith("B")
