"""Whatever JSON an app or a page sends, the answer is a refusal with a name, never a crash."""

import json
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.blocks import complete, interactive
from bot.sandbox.forms import first_values
from bot.sandbox.ids import Ids
from bot.sandbox.server import Sandbox
from bot.sandbox.validation import MessageRules, check_message, check_view
from bot.sandbox.validation.blocks import BLOCK_TYPES
from bot.sandbox.validation.elements import ELEMENT_TYPES
from tests.driver import Driver
from tests.sandbox.teapot import teapot

KEYS = st.sampled_from(
    [
        *(
            "type",
            "text",
            "elements",
            "element",
            "accessory",
            "fields",
            "label",
            "options",
            "value",
            "block_id",
        ),
        *("action_id", "confirm", "option_groups", "initial_option", "initial_options", "rows", "slack_file"),
        *(
            "child_blocks",
            "dispatch_action_config",
            "filter",
            "chart",
            "title",
            "image_url",
            "alt_text",
            "actions",
        ),
    ]
)
TYPES = st.sampled_from([*BLOCK_TYPES, *ELEMENT_TYPES, "plain_text", "mrkdwn", "rich_text_section", "pie"])
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), TYPES)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=5),
        st.tuples(TYPES, st.dictionaries(KEYS, inner, max_size=5)).map(
            lambda pair: {**pair[1], "type": pair[0]}
        ),
    ),
    max_leaves=25,
)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@MANY
@given(blocks=st.lists(ANYTHING, max_size=4))
def test_any_blocks_are_refused_or_can_be_drawn(blocks: list[Any]) -> None:
    refusal = check_message({"text": "a", "blocks": blocks}, MessageRules())
    if refusal is None:
        drawn = complete(blocks, Ids(1))
        first_values(drawn)
        assert all(element["action_id"] and block["block_id"] for block, element in interactive(drawn))
    else:
        assert refusal.error


@MANY
@given(view=ANYTHING, blocks=ANYTHING)
def test_any_view_is_refused_or_can_be_drawn(view: Any, blocks: Any) -> None:
    check_view(view, kinds=("modal",))
    shaped = {"type": "modal", "title": view, "blocks": blocks}
    if check_view(shaped, kinds=("modal",)) is None:
        first_values(complete(blocks, Ids(1)))


@MANY
@given(attachments=ANYTHING, metadata=ANYTHING, text=ANYTHING)
def test_any_message_parts_are_refused_or_pass(attachments: Any, metadata: Any, text: Any) -> None:
    check_message(
        {"text": text, "attachments": attachments, "metadata": metadata}, MessageRules(text_most=4000)
    )


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("chat.postMessage", {"channel": {"a": 1}, "text": ["x"]}),
        ("chat.postMessage", {"channel": "#general", "text": 7, "thread_ts": 5}),
        ("chat.update", {"channel": None, "ts": 1.5}),
        ("views.open", {"trigger_id": 5, "view": "{"}),
        ("views.publish", {"user_id": ["U1"], "view": {"type": "home", "blocks": [None]}}),
        ("views.update", {"view_id": {"a": 1}, "view": {"type": "modal", "blocks": 3}}),
        ("conversations.history", {"channel": "C1", "limit": "many", "oldest": "then"}),
        ("conversations.list", {"types": {"a": 1}, "cursor": "x"}),
        ("conversations.open", {"users": {"a": 1}}),
        ("files.getUploadURLExternal", {"filename": 1, "length": "x"}),
        ("files.completeUploadExternal", {"files": [1, None, {"id": 1}]}),
        ("reactions.add", {"channel": "C1", "timestamp": 1, "name": {"a": 1}}),
        ("chat.scheduleMessage", {"channel": "C1", "post_at": "soon", "text": "a"}),
        ("oauth.v2.access", {"code": {"a": 1}, "client_id": 5}),
    ],
)
async def test_wrong_types_of_arguments_are_refused_by_name(
    sandbox: Sandbox, method: str, arguments: dict[str, Any]
) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        answer = await session.post(f"{sandbox.api_url}{method}", json=arguments)
        assert answer.status == 200
        assert (await answer.json())["error"]


@pytest.mark.parametrize("body", ["{", "[]", '"a"', "\x00", '{"blocks": {"type": 1}, "channel": "x"}'])
async def test_bodies_that_are_no_json_object(sandbox: Sandbox, body: str) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        answer = await session.post(f"{sandbox.api_url}chat.postMessage", data=body)
        assert answer.status == 200
        assert not (await answer.json())["ok"]


@pytest.mark.parametrize("transport", ["socket", "http"])
async def test_hostile_words_reach_the_app_as_typed_but_in_utf8(
    sandbox: Sandbox, workspace: Driver, transport: str
) -> None:
    async with teapot(sandbox, transport) as pot:
        ana = workspace.person("ana")
        for words in ("<!channel> <@U1> *b* &", "x" * 10_000, "😀 \u202eright to left", "a\x00b"):
            await ana.slash(f"/tea {words}")
            assert pot.heard[-1]["text"] == words
        body = '{"as": "ana", "do": "slash", "in": "#support-floor", "text": "/tea lone \\ud800 end"}'
        async with aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session:
            answer = await session.post(f"{sandbox.url}/sandbox/act", data=body)
            assert (await answer.json())["delivery"]["outcome"] == "ok"
        assert pot.heard[-1]["text"] == "lone \ufffd end"
        json.dumps(await workspace.record()).encode()
