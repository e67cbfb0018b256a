"""The limits of modals and the Home."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import api
from tests.sandbox.rules import V0, Json, Rule, field, holds, less, most, send, table, x
from tests.sandbox.teapot import modal, plain, section, text_field


def picker(kind: str, **more: Any) -> Json:
    element = {"type": kind, "action_id": "p", **more}
    return {"type": "input", "label": plain("L"), "element": element}


VIEWS = [
    Rule("title", "modal", {"type": "modal", "blocks": []}, modal("T"), "missing required field: title"),
    Rule("title 24", "modal", modal(x(25)), modal(x(24)), less(24, "/view/title/text")),
    Rule(
        "submit 24",
        "modal",
        modal("T", submit=plain(x(25))),
        modal("T", submit=plain(x(24))),
        less(24, "/view/submit/text"),
    ),
    Rule(
        "close 24",
        "modal",
        modal("T", close=plain(x(25))),
        modal("T", close=plain(x(24))),
        less(24, "/view/close/text"),
    ),
    Rule(
        "100 blocks",
        "modal",
        modal("T", *[section("a")] * 101),
        modal("T", *[section("a")] * 100),
        most(100, "/view/blocks"),
    ),
    Rule(
        "private_metadata 3000",
        "modal",
        modal("T", private_metadata=x(3001)),
        modal("T", private_metadata=x(3000)),
        less(3000, "/view/private_metadata"),
    ),
    Rule(
        "callback_id 255",
        "modal",
        modal("T", callback_id=x(256)),
        modal("T", callback_id=x(255)),
        less(255, "/view/callback_id"),
    ),
    Rule(
        "external_id 255",
        "modal",
        modal("T", external_id=x(256)),
        modal("T", external_id=x(255)),
        less(255, "/view/external_id"),
    ),
    Rule(
        "submit with inputs",
        "modal",
        modal("T", text_field("L", "b")) | {"submit": None},
        modal("T", text_field("L", "b")),
        "missing required field: submit",
    ),
    Rule(
        "label 2000",
        "modal",
        modal("T", text_field(x(2001), "b")),
        modal("T", text_field(x(2000), "b")),
        less(2000, f"{V0}/label/text"),
    ),
    Rule(
        "hint 2000",
        "modal",
        modal("T", text_field("L", "b") | {"hint": plain(x(2001))}),
        modal("T", text_field("L", "b") | {"hint": plain(x(2000))}),
        less(2000, f"{V0}/hint/text"),
    ),
    Rule(
        "input max_length 3000", "modal", field(max_length=3001), field(max_length=3000), "between 1 and 3000"
    ),
    Rule(
        "initial value in max_length",
        "modal",
        field(max_length=3, initial_value="four"),
        field(max_length=4, initial_value="four"),
        less(3, f"{V0}/element/initial_value"),
    ),
    Rule(
        "dispatch config",
        "modal",
        field(dispatch_action_config={"trigger_actions_on": ["sometimes"]}),
        field(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}),
        "valid enum value",
    ),
    Rule(
        "number needs decimals said",
        "modal",
        modal("T", text_field("L", "b") | {"element": {"type": "number_input", "action_id": "n"}}),
        modal(
            "T",
            text_field("L", "b")
            | {"element": {"type": "number_input", "action_id": "n", "is_decimal_allowed": False}},
        ),
        "missing required field: is_decimal_allowed",
    ),
    Rule(
        "10 files",
        "modal",
        modal(
            "T", text_field("L", "b") | {"element": {"type": "file_input", "action_id": "f", "max_files": 11}}
        ),
        modal(
            "T", text_field("L", "b") | {"element": {"type": "file_input", "action_id": "f", "max_files": 10}}
        ),
        "between 1 and 10",
    ),
    Rule(
        "alert 200",
        "modal",
        modal("T", {"type": "alert", "text": plain(x(201))}),
        modal("T", {"type": "alert", "text": plain(x(200))}),
        less(200, f"{V0}/text/text"),
    ),
    Rule(
        "max_selected_items",
        "modal",
        modal("T", picker("multi_users_select", max_selected_items=0)),
        modal("T", picker("multi_users_select", max_selected_items=1)),
        "must be between 1 and 100",
    ),
    Rule(
        "conversation filter",
        "modal",
        modal("T", picker("conversations_select", filter={"include": ["secret"]})),
        modal("T", picker("conversations_select", filter={"include": ["public"]})),
        "valid enum value",
    ),
    Rule(
        "empty filter",
        "modal",
        modal("T", picker("conversations_select", filter={})),
        modal("T", picker("conversations_select", filter={"exclude_bot_users": True})),
        "must provide an object",
    ),
    Rule(
        "datetimepicker ten digits",
        "modal",
        modal("T", picker("datetimepicker", initial_date_time=12)),
        modal("T", picker("datetimepicker", initial_date_time=1_795_000_000)),
        "initial_date_time",
    ),
    Rule(
        "no markdown in modals",
        "modal",
        modal("T", {"type": "markdown", "text": "a"}),
        modal("T", section("a")),
        "unsupported type: markdown",
    ),
    Rule(
        "no table in modals",
        "modal",
        modal("T", table(1, 1)),
        modal("T", section("a")),
        "unsupported type: table",
    ),
    Rule(
        "one focus",
        "modal",
        modal("T", text_field("L", "a", focus_on_load=True), text_field("L", "b", focus_on_load=True)),
        modal("T", text_field("L", "a", focus_on_load=True), text_field("L", "b")),
        "only one element may have focus",
    ),
    Rule(
        "no alert on Home",
        "home",
        {"type": "home", "blocks": [{"type": "alert", "text": plain("a")}]},
        {"type": "home", "blocks": [table(1, 1)]},
        "unsupported type: alert",
    ),
    Rule(
        "100 blocks on Home",
        "home",
        {"type": "home", "blocks": [section("a")] * 101},
        {"type": "home", "blocks": [section("a")] * 100},
        most(100, "/view/blocks"),
    ),
    Rule(
        "no modal as Home", "home", modal("T"), {"type": "home", "blocks": []}, "must be a valid enum value"
    ),
    Rule(
        "no Home as modal", "modal", {"type": "home", "blocks": []}, modal("T"), "must be a valid enum value"
    ),
]


@pytest.mark.parametrize("rule", VIEWS, ids=str)
async def test_one_too_much_is_refused_and_just_inside_passes(sandbox: Sandbox, rule: Rule) -> None:
    await holds(sandbox, rule)


async def test_a_view_of_more_than_250_kb_is_too_large(sandbox: Sandbox) -> None:
    async with api(sandbox) as client:
        with pytest.raises(SlackApiError, match="view_too_large"):
            await send(sandbox, client, "modal", modal("T", *[section(x(2700))] * 100))
        await send(sandbox, client, "modal", modal("T", *[section(x(2300))] * 100))
