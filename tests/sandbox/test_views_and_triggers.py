"""Triggers that work once for three seconds, hashes, the stack of three, and what stays typed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.ids import Ids
from bot.sandbox.server import Sandbox
from bot.sandbox.triggers import TriggerError, Triggers
from tests.driver import Driver
from tests.sandbox.conftest import api
from tests.sandbox.teapot import button, modal, plain, section, text_field


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    async with api(sandbox) as client:
        yield client


def gesture(sandbox: Sandbox) -> str:
    home = sandbox.world.default
    ana = home.find_person("ana")
    assert ana
    return sandbox.world.triggers.trigger(home.key, ana.id)


async def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return str(error.value.response["error"])


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_trigger_lives_three_seconds() -> None:
    clock = Seconds()
    triggers = Triggers(Ids(1), clock)
    in_time, late = triggers.trigger("w", "U1"), triggers.trigger("w", "U1")
    clock.now = 2.9
    assert triggers.exchange(in_time, "w").user_id == "U1"
    clock.now = 3.0
    with pytest.raises(TriggerError, match="expired_trigger_id"):
        triggers.exchange(late, "w")


def test_a_response_url_works_five_times_in_thirty_minutes() -> None:
    clock = Seconds()
    triggers = Triggers(Ids(1), clock)
    often, late = (triggers.response_url("w", "C1", "U1").rsplit("/", 1)[1] for _ in range(2))
    for _ in range(5):
        triggers.use_response_url(often)
    with pytest.raises(TriggerError, match="used_url"):
        triggers.use_response_url(often)
    clock.now = 1799
    triggers.use_response_url(late)
    clock.now = 1800
    with pytest.raises(TriggerError, match="expired_url"):
        triggers.use_response_url(late)


async def test_a_trigger_opens_one_modal(sandbox: Sandbox, client: AsyncWebClient) -> None:
    trigger = gesture(sandbox)
    await client.views_open(trigger_id=trigger, view=modal("T"))
    assert await error_of(client.views_open(trigger_id=trigger, view=modal("T"))) == "exchanged_trigger_id"
    assert await error_of(client.views_open(trigger_id="1.2.3", view=modal("T"))) == "invalid_trigger_id"


async def test_a_refused_view_does_not_spend_the_trigger(sandbox: Sandbox, client: AsyncWebClient) -> None:
    trigger = gesture(sandbox)
    assert await error_of(client.views_open(trigger_id=trigger, view=modal("x" * 25))) == "invalid_arguments"
    assert (await client.views_open(trigger_id=trigger, view=modal("T")))["ok"]


async def test_an_expired_trigger_on_request(
    sandbox: Sandbox, client: AsyncWebClient, workspace: Driver
) -> None:
    await workspace.fault("expired_trigger")
    await workspace.person("ana").act("shortcut", callback_id="pour")
    delivery = (await workspace.record("delivery"))[-1]
    trigger = delivery["payload"]["trigger_id"]
    assert await error_of(client.views_open(trigger_id=trigger, view=modal("T"))) == "expired_trigger_id"


async def test_the_stack_holds_three(sandbox: Sandbox, client: AsyncWebClient, workspace: Driver) -> None:
    assert await error_of(client.views_push(trigger_id=gesture(sandbox), view=modal("T"))) == "not_found"
    root = (await client.views_open(trigger_id=gesture(sandbox), view=modal("One")))["view"]
    second = (await client.views_push(trigger_id=gesture(sandbox), view=modal("Two")))["view"]
    third = (await client.views_push(trigger_id=gesture(sandbox), view=modal("Three")))["view"]
    assert third["previous_view_id"] == second["id"]
    assert third["root_view_id"] == root["id"]
    fourth = client.views_push(trigger_id=gesture(sandbox), view=modal("Four"))
    assert await error_of(fourth) == "push_limit_reached"
    ana = workspace.person("ana")
    await (await ana.sees_modal("Three")).close()
    await (await ana.sees_modal("Two")).close(everything=True)
    await ana.sees_no_modal()
    assert await error_of(client.views_update(view_id=second["id"], view=modal("T"))) == "not_found"


async def test_an_update_keeps_the_id_and_what_was_typed(
    sandbox: Sandbox, client: AsyncWebClient, workspace: Driver
) -> None:
    drawn = modal("T", text_field("Name", "name"), text_field("Why", "why"))
    view = (await client.views_open(trigger_id=gesture(sandbox), view=drawn))["view"]
    form = await workspace.person("ana").sees_modal("Name")
    await form.type("Name", "Oolong")
    await form.type("Why", "thirst")
    redrawn = modal("T", text_field("Name", "name"), text_field("Why", "why2"))
    answer = (await client.views_update(view_id=view["id"], hash=view["hash"], view=redrawn))["view"]
    assert answer["id"] == view["id"]
    assert answer["state"]["values"]["name"]["value"]["value"] == "Oolong"
    assert answer["state"]["values"]["why2"]["value"]["value"] is None
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=redrawn)
    assert await error_of(stale) == "hash_conflict"


async def test_external_ids_are_unique_and_find_the_view(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=gesture(sandbox), view=modal("T", external_id="mine"))
    twice = client.views_push(trigger_id=gesture(sandbox), view=modal("T", external_id="mine"))
    assert await error_of(twice) == "duplicate_external_id"
    assert (await client.views_update(external_id="mine", view=modal("U", external_id="mine")))["ok"]


async def test_the_home_keeps_its_id_and_checks_its_hash(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ana = sandbox.world.default.find_person("ana")
    assert ana
    home = {"type": "home", "blocks": [section("a")]}
    first = (await client.views_publish(user_id=ana.id, view=home))["view"]
    second = (await client.views_publish(user_id=ana.id, view=home, hash=first["hash"]))["view"]
    assert second["id"] == first["id"]
    stale = client.views_publish(user_id=ana.id, view=home, hash=first["hash"])
    assert await error_of(stale) == "hash_conflict"
    assert await error_of(client.views_publish(user_id="U0", view=home)) == "user_not_found"


def pick(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": kind, **more}


OPTIONS = [{"text": plain(word), "value": word} for word in ("red", "green")]
EMPTY = {
    "users_select": {"selected_user": None},
    "conversations_select": {"selected_conversation": None},
    "channels_select": {"selected_channel": None},
    "multi_users_select": {"selected_users": []},
    "multi_conversations_select": {"selected_conversations": []},
    "multi_channels_select": {"selected_channels": []},
    "multi_static_select": {"selected_options": []},
    "static_select": {"selected_option": None},
    "radio_buttons": {"selected_option": None},
    "checkboxes": {"selected_options": []},
    "datepicker": {"selected_date": None},
    "timepicker": {"selected_time": None},
    "datetimepicker": {"selected_date_time": None},
    "number_input": {"value": None},
    "email_text_input": {"value": None},
    "url_text_input": {"value": None},
    "plain_text_input": {"value": None},
}
WITH_OPTIONS = ("static_select", "multi_static_select", "radio_buttons", "checkboxes")
NEEDS: dict[str, dict[str, Any]] = {
    **{kind: {"options": OPTIONS} for kind in WITH_OPTIONS},
    "number_input": {"is_decimal_allowed": False},
}


@pytest.mark.parametrize("kind", EMPTY)
async def test_untouched_fields_are_submitted_with_their_own_kind_of_empty(
    sandbox: Sandbox, client: AsyncWebClient, kind: str
) -> None:
    block = {"type": "input", "block_id": "b", "optional": True, "label": plain("L")}
    view = modal("T", {**block, "element": pick(kind, **NEEDS.get(kind, {}))})
    shown = (await client.views_open(trigger_id=gesture(sandbox), view=view))["view"]
    assert shown["state"]["values"]["b"][kind] == {"type": kind, **EMPTY[kind]}


@pytest.mark.parametrize(
    ("kind", "value", "slot", "kept"),
    [
        ("static_select", "green", "selected_option", OPTIONS[1]),
        ("datepicker", "2026-11-23", "selected_date", "2026-11-23"),
        ("timepicker", "09:30", "selected_time", "09:30"),
        ("datetimepicker", 1_795_000_000, "selected_date_time", 1_795_000_000),
    ],
)
async def test_choices_in_actions_are_dispatched_and_stay_in_the_state(
    sandbox: Sandbox, client: AsyncWebClient, workspace: Driver, kind: str, value: Any, slot: str, kept: Any
) -> None:
    row = {
        "type": "actions",
        "block_id": "b",
        "elements": [pick(kind, **NEEDS.get(kind, {})), button("Go", "go")],
    }
    await client.views_open(trigger_id=gesture(sandbox), view=modal("T", row))
    form = await workspace.person("ana").sees_modal("Go")
    await form.choose(kind, value)
    payload = (await workspace.record("delivery"))[-1]["payload"]
    assert (payload["actions"][0][slot] or {}) != {}
    chosen = payload["view"]["state"]["values"]["b"][kind][slot]
    assert chosen == kept or chosen["value"] == kept["value"]


async def test_people_and_channels_are_chosen_by_name(
    sandbox: Sandbox, client: AsyncWebClient, workspace: Driver
) -> None:
    row = {"type": "actions", "block_id": "b", "elements": [pick("users_select"), pick("channels_select")]}
    await client.views_open(trigger_id=gesture(sandbox), view=modal("T", row))
    form = await workspace.person("ana").sees_modal()
    await form.choose("users_select", "ben")
    await form.choose("channels_select", "#debriefs")
    values = (await form.again()).body["state"]["values"]["b"]
    ben, debriefs = sandbox.world.default.find_person("ben"), sandbox.world.default.find_channel("debriefs")
    assert ben
    assert debriefs
    assert values["users_select"]["selected_user"] == ben.id
    assert values["channels_select"]["selected_channel"] == debriefs.id


async def test_initial_values_are_submitted_untouched(sandbox: Sandbox, client: AsyncWebClient) -> None:
    element = pick("static_select", options=OPTIONS, initial_option=OPTIONS[0])
    row = {"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": "a"}, "accessory": element}
    view = (await client.views_open(trigger_id=gesture(sandbox), view=modal("T", row)))["view"]
    assert view["state"]["values"]["b"]["static_select"]["selected_option"]["value"] == "red"


@pytest.mark.parametrize(
    ("element", "typed", "says"),
    [
        (pick("plain_text_input", min_length=3), "ab", "at least 3"),
        (pick("number_input", is_decimal_allowed=False), "1.5", "valid number"),
        (pick("number_input", is_decimal_allowed=True, max_value="5"), "6", "at most 5"),
        (pick("email_text_input"), "not an address", "valid email"),
        (pick("url_text_input"), "not a url", "valid URL"),
    ],
)
async def test_the_client_refuses_malformed_fields_itself(
    sandbox: Sandbox,
    client: AsyncWebClient,
    workspace: Driver,
    element: dict[str, Any],
    typed: str,
    says: str,
) -> None:
    block = {"type": "input", "block_id": "b", "label": plain("Field"), "element": element}
    await client.views_open(trigger_id=gesture(sandbox), view=modal("T", block))
    form = await workspace.person("ana").sees_modal("Field")
    await form.type("Field", typed)
    answer = await form.submit()
    assert answer["result"] == "incomplete"
    assert says in answer["errors"]["b"]
    assert not await workspace.record("delivery")
