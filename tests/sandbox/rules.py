"""What the tests of limits share: a rule, things to draw, and the check of both sides of a limit."""

from dataclasses import dataclass
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import api
from tests.sandbox.teapot import button, modal, plain, text_field

Json = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    name: str
    surface: str
    over: Any
    inside: Any
    says: str
    error: str = ""

    def __str__(self) -> str:
        return self.name


def x(count: int) -> str:
    return "x" * count


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "One", value: str = "1", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(f"Option {n}", str(n)) for n in range(count)]


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def buttons(count: int) -> Json:
    return actions(*(button("B", f"b{n}") for n in range(count)))


def select(**more: Any) -> Json:
    return actions({"type": "static_select", "action_id": "s", **more})


def menu(kind: str, count: int) -> Json:
    return actions({"type": kind, "action_id": "m", "options": options(count)})


def image(**more: Any) -> Json:
    return {"type": "image", "alt_text": "a pot", "image_url": "https://a.example/pot.png"} | more


def table(rows: int, cells: int, text: str = "c") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * cells] * rows}


def data_table(rows: int, **more: Any) -> Json:
    cells = [[{"type": "raw_text", "text": "c"}]] * rows
    return {"type": "data_table", "caption": "Teas", "rows": cells, **more}


def chart(title: str = "Teas", segments: int = 2, value: int = 1) -> Json:
    parts = [{"label": "Tea", "value": value}] * segments
    return {"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": parts}}


def confirm(**more: Any) -> Json:
    dialog = {"title": plain("T"), "text": plain("x"), "confirm": plain("Y"), "deny": plain("N")} | more
    return actions(button("B", "b", confirm=dialog))


def field(**element: Any) -> Json:
    return modal("T", text_field("L", "b", **element))


def card(**more: Any) -> Json:
    return {"type": "card", "title": mrkdwn("Tea"), **more}


def less(count: int, pointer: str) -> str:
    return f"[ERROR] must be less than {count + 1} characters [json-pointer:{pointer}]"


def most(count: int, pointer: str) -> str:
    return f"[ERROR] no more than {count} items allowed [json-pointer:{pointer}]"


B0 = "/blocks/0"
V0 = "/view/blocks/0"
EMPTY = {"type": "section", "text": mrkdwn("")}


async def send(sandbox: Sandbox, client: AsyncWebClient, surface: str, thing: Any) -> None:
    home = sandbox.world.default
    ana = home.find_person("ana")
    assert ana
    if surface == "message":
        await client.api_call(
            "chat.postMessage", json={"channel": ana.id, "text": "fallback", "blocks": thing}
        )
    elif surface == "home":
        await client.api_call("views.publish", json={"user_id": ana.id, "view": thing})
    else:
        trigger = sandbox.world.triggers.trigger(home.key, ana.id)
        await client.api_call("views.open", json={"trigger_id": trigger, "view": thing})


async def holds(sandbox: Sandbox, rule: Rule) -> None:
    async with api(sandbox) as client:
        with pytest.raises(SlackApiError) as refused:
            await send(sandbox, client, rule.surface, rule.over)
        expected = "invalid_blocks" if rule.surface == "message" else "invalid_arguments"
        assert refused.value.response["error"] == expected
        messages = refused.value.response["response_metadata"]["messages"]
        assert any(rule.says in message for message in messages), messages
        assert all("[json-pointer:/" in message for message in messages)
        await send(sandbox, client, rule.surface, rule.inside)
