"""The limits of pictures, tables, charts, cards and rich text in messages."""

from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.rules import (
    B0,
    Json,
    Rule,
    buttons,
    card,
    chart,
    data_table,
    holds,
    image,
    less,
    most,
    mrkdwn,
    table,
    x,
)
from tests.sandbox.teapot import plain, section

LABEL = f"{B0}/chart/segments/0/label"
BOX = f"{B0}/title/text"
BOTH = {"is_collapsible": True, "has_header_divider": True}


def wide_table(cells: int) -> Json:
    return data_table(2) | {"rows": [[{"type": "raw_text", "text": "c"}] * cells] * 2}


def labelled(label: str) -> Json:
    drawn = chart(segments=1)
    drawn["chart"]["segments"][0]["label"] = label
    return drawn


def box(**more: Any) -> Json:
    return {"type": "container", "child_blocks": [section("a")], **more}


def task(**more: Any) -> Json:
    return {"type": "task_card", "task_id": "1", "title": "Steep", **more}


def video(**more: Any) -> Json:
    urls = {"video_url": "https://a.example/v", "thumbnail_url": "https://a.example/t"}
    return {"type": "video", "title": plain("V"), "alt_text": "tea", **urls, **more}


def feedback(text: str) -> Json:
    good, bad = {"text": plain(text), "value": "g"}, {"text": plain("Bad"), "value": "b"}
    element = {"type": "feedback_buttons", "action_id": "f", "positive_button": good, "negative_button": bad}
    return {"type": "context_actions", "elements": [element]}


def icon_row(**more: Any) -> Json:
    return {"type": "context_actions", "elements": [{"type": "icon_button", "text": plain("T"), **more}]}


MESSAGES = [
    Rule("image alt_text", "message", [image(alt_text="")], [image()], "must be more than 0 characters"),
    Rule(
        "image alt_text 2000",
        "message",
        [image(alt_text=x(2001))],
        [image(alt_text=x(2000))],
        less(2000, f"{B0}/alt_text"),
    ),
    Rule(
        "image title 2000",
        "message",
        [image(title=plain(x(2001)))],
        [image(title=plain(x(2000)))],
        less(2000, f"{B0}/title/text"),
    ),
    Rule(
        "image one source", "message", [image(slack_file={"id": "F1"})], [image()], "exactly one of image_url"
    ),
    Rule(
        "markdown 12000",
        "message",
        [{"type": "markdown", "text": x(12_001)}],
        [{"type": "markdown", "text": x(11_900)}],
        less(12_000, f"{B0}/text"),
    ),
    Rule(
        "markdown 12000 together",
        "message",
        [{"type": "markdown", "text": x(6_001)}] * 2,
        [{"type": "markdown", "text": x(5_900)}] * 2,
        "in all markdown blocks",
    ),
    Rule("table 100 rows", "message", [table(101, 1)], [table(100, 1)], most(100, f"{B0}/rows")),
    Rule("table 20 cells", "message", [table(1, 21)], [table(1, 20)], most(20, f"{B0}/rows/0")),
    Rule(
        "table 10000 characters",
        "message",
        [table(11, 1, x(910))],
        [table(10, 1, x(1000))],
        "10001 characters",
    ),
    Rule("one table", "message", [table(1, 1)] * 2, [table(1, 1)], "only_one_table_allowed"),
    Rule("data table 201 rows", "message", [data_table(202)], [data_table(201)], most(201, f"{B0}/rows")),
    Rule("data table 2 rows", "message", [data_table(1)], [data_table(2)], "no fewer than 2 items"),
    Rule(
        "data table page",
        "message",
        [data_table(2, page_size=101)],
        [data_table(2, page_size=100)],
        "must be between 1 and 100",
    ),
    Rule("chart title 50", "message", [chart(x(51))], [chart(x(50))], less(50, f"{B0}/title")),
    Rule(
        "chart 12 segments",
        "message",
        [chart(segments=13)],
        [chart(segments=12)],
        most(12, f"{B0}/chart/segments"),
    ),
    Rule("chart positive", "message", [chart(value=0)], [chart(value=1)], "must be more than 0"),
    Rule("2 charts", "message", [chart()] * 3, [chart()] * 2, "no more than 2 data_visualization"),
    Rule(
        "card title 150",
        "message",
        [card(title=mrkdwn(x(151)))],
        [card(title=mrkdwn(x(150)))],
        less(150, f"{B0}/title/text"),
    ),
    Rule(
        "card body 200",
        "message",
        [card(body=mrkdwn(x(201)))],
        [card(body=mrkdwn(x(200)))],
        less(200, f"{B0}/body/text"),
    ),
    Rule(
        "card 3 actions",
        "message",
        [card(actions=buttons(4)["elements"])],
        [card(actions=buttons(3)["elements"])],
        most(3, f"{B0}/actions"),
    ),
    Rule(
        "10 cards",
        "message",
        [{"type": "carousel", "elements": [card()] * 11}],
        [{"type": "carousel", "elements": [card()] * 10}],
        most(10, f"{B0}/elements"),
    ),
    Rule(
        "carousel of cards",
        "message",
        [{"type": "carousel", "elements": [section("a")]}],
        [{"type": "carousel", "elements": [card()]}],
        "only cards",
    ),
    Rule(
        "container 10",
        "message",
        [{"type": "container", "child_blocks": [section("a")] * 11}],
        [{"type": "container", "child_blocks": [section("a")] * 10}],
        most(10, f"{B0}/child_blocks"),
    ),
    Rule(
        "plan 50 tasks",
        "message",
        [{"type": "plan", "title": "P", "tasks": [{}] * 51}],
        [{"type": "plan", "title": "P", "tasks": [{}] * 50}],
        most(50, f"{B0}/tasks"),
    ),
    Rule(
        "context_actions 5",
        "message",
        [
            {
                "type": "context_actions",
                "elements": [
                    {"type": "icon_button", "icon": "trash", "text": plain("T"), "action_id": f"i{n}"}
                    for n in range(6)
                ],
            }
        ],
        [
            {
                "type": "context_actions",
                "elements": [
                    {"type": "icon_button", "icon": "trash", "text": plain("T"), "action_id": f"i{n}"}
                    for n in range(5)
                ],
            }
        ],
        most(5, f"{B0}/elements"),
    ),
    Rule(
        "card subtitle 150",
        "message",
        [card(subtitle=mrkdwn(x(151)))],
        [card(subtitle=mrkdwn(x(150)))],
        less(150, f"{B0}/subtitle/text"),
    ),
    Rule(
        "card subtext 200",
        "message",
        [card(subtext=mrkdwn(x(201)))],
        [card(subtext=mrkdwn(x(200)))],
        less(200, f"{B0}/subtext/text"),
    ),
    Rule("data table caption", "message", [data_table(2, caption=None)], [data_table(2)], "field: caption"),
    Rule("data table 20 cells", "message", [wide_table(21)], [wide_table(20)], most(20, f"{B0}/rows/0")),
    Rule("segment label 20", "message", [labelled(x(21))], [labelled(x(20))], less(20, LABEL)),
    Rule("container width", "message", [box(width="huge")], [box(width="wide")], "valid enum value"),
    Rule(
        "container title 150",
        "message",
        [box(title=plain(x(151)))],
        [box(title=plain(x(150)))],
        less(150, BOX),
    ),
    Rule("container divider", "message", [box(**BOTH)], [box(is_collapsible=True)], "does not go with"),
    Rule("no container in a container", "message", [box(child_blocks=[box()])], [box()], "unsupported type"),
    Rule(
        "children are checked", "message", [box(child_blocks=[section(x(3001))])], [box()], "less than 3001"
    ),
    Rule("task status", "message", [task(status="lost")], [task(status="complete")], "valid enum value"),
    Rule(
        "video title 199",
        "message",
        [video(title=plain(x(200)))],
        [video(title=plain(x(199)))],
        "less than 200",
    ),
    Rule(
        "video author 49", "message", [video(author_name=x(50))], [video(author_name=x(49))], "less than 50"
    ),
    Rule("feedback text 75", "message", [feedback(x(76))], [feedback(x(75))], "less than 76 characters"),
    Rule("icon", "message", [icon_row(icon="bin")], [icon_row(icon="trash")], "valid enum value"),
    Rule(
        "rich text leaf",
        "message",
        [{"type": "rich_text", "elements": [{"type": "text", "text": "a"}]}],
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}],
            }
        ],
        "unsupported type: text",
    ),
    Rule(
        "alert in modals only",
        "message",
        [{"type": "alert", "text": plain("a")}],
        [section("a")],
        "unsupported type: alert",
    ),
]


@pytest.mark.parametrize("rule", MESSAGES, ids=str)
async def test_one_too_much_is_refused_and_just_inside_passes(sandbox: Sandbox, rule: Rule) -> None:
    await holds(sandbox, rule)
