"""Modals on modals, a global shortcut and options that the app offers, with a small app of the test's own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, expect

from bot.sandbox.server import Sandbox
from tests.browser import Seat, act, call, sandbox

pytestmark = pytest.mark.browser

MANIFEST = {
    "display_information": {"name": "Stacker"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "Stacker"},
        "shortcuts": [
            {
                "name": "Order tea",
                "type": "global",
                "callback_id": "order",
                "description": "One pot at a time",
            },
            {"name": "Pour tea", "type": "global", "callback_id": "pour", "description": "While it is hot"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
    "settings": {"interactivity": {"is_enabled": True}},
}
TEAS = ("Assam", "Darjeeling", "Green")


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(title: str, *blocks: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": title,
        "title": plain(title),
        "submit": plain("On"),
        "blocks": list(blocks),
    }


def field(name: str, element: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(name),
        "element": {"action_id": "it", **element},
    }


FIRST = modal(
    "First",
    field("Note", {"type": "plain_text_input"}),
    field("Tea", {"type": "external_select", "min_query_length": 1}),
)
STIR = {"type": "button", "action_id": "stir", "text": plain("Stir")}
SECOND = modal(
    "Second",
    field("Cups", {"type": "number_input", "is_decimal_allowed": False}),
    {"type": "actions", "block_id": "pot", "elements": [STIR]},
)


class TeaApp:
    """Answers over HTTP: opens a modal, offers teas, pushes a second modal, finds fault with it."""

    def __init__(self, running: Sandbox) -> None:
        self._sandbox = running
        self.submitted: list[dict[str, Any]] = []
        self.heard: list[str] = []

    def answer(self, payload: dict[str, Any]) -> dict[str, Any] | None:
        self.heard.append(payload["type"])
        if payload["type"] == "url_verification":
            return {"challenge": payload["challenge"]}
        if payload["type"] == "shortcut":
            view = FIRST if payload["callback_id"] == "order" else SECOND
            call(self._sandbox, "views.open", trigger_id=payload["trigger_id"], view=view)
        if payload["type"] == "block_suggestion":
            fits = [tea for tea in TEAS if payload["value"].lower() in tea.lower()]
            return {"options": [{"text": plain(tea), "value": tea} for tea in fits]}
        if payload["type"] == "view_submission":
            return self._submission(payload["view"])
        return None

    def _submission(self, view: dict[str, Any]) -> dict[str, Any] | None:
        values = view["state"]["values"]
        self.submitted.append(values)
        if view["callback_id"] == "First":
            return {"response_action": "push", "view": SECOND}
        if int(values["Cups"]["it"]["value"]) > 9:
            return {"response_action": "errors", "errors": {"Cups": "The pot holds nine."}}
        return {"response_action": "clear"}


@pytest.fixture(scope="module")
def app(browser: Browser) -> Iterator[tuple[Sandbox, TeaApp]]:
    with sandbox(MANIFEST, with_bot=False) as running:
        tea = TeaApp(running)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                payload = json.loads(raw if raw.startswith("{") else parse_qs(raw)["payload"][0])
                answer = tea.answer(payload)
                body = json.dumps(answer).encode() if answer else b""
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        told = act(running, "omar", "configure", request_url=f"http://127.0.0.1:{server.server_port}/")
        assert told["ok"], told
        yield running, tea
        act(running, "omar", "configure", request_url=None)
        server.shutdown()
        server.server_close()
        thread.join(5)


def test_a_second_modal_lies_on_the_first_and_what_was_typed_below_is_still_there(browser, app):
    running, tea = app
    ana = Seat(browser, running.url).sits_down("ana")
    ana.press("Shortcuts")
    ana.page.get_by_role("menuitem", name="Order tea").click()
    expect(ana.dialog.get_by_role("heading", name="First")).to_be_visible()
    expect(ana.dialog.get_by_label("Note")).to_be_focused()
    ana.page.keyboard.type("strong")
    ana.dialog.get_by_role("button", name="Tea: nothing chosen").click()
    expect(ana.page.get_by_text("Type a character or more")).to_be_visible()
    ana.page.keyboard.type("dar")
    expect(ana.page.get_by_role("option", name="Darjeeling")).to_be_visible()
    ana.page.keyboard.press("Enter")
    expect(ana.dialog.get_by_role("button", name="Tea: Darjeeling")).to_be_focused()
    ana.press("On", inside=ana.dialog)

    expect(ana.dialog.get_by_role("heading", name="Second")).to_be_visible()
    expect(ana.dialog.get_by_label("Cups")).to_be_focused()
    assert tea.submitted[-1]["Note"]["it"]["value"] == "strong"
    assert tea.submitted[-1]["Tea"]["it"]["selected_option"]["value"] == "Darjeeling"
    ana.press("Back to the view below", inside=ana.dialog)
    expect(ana.dialog.get_by_label("Note")).to_have_value("strong")
    ana.dialog.get_by_label("Note").press("Enter")

    cups = ana.dialog.get_by_label("Cups")
    cups.fill("12")
    cups.press("Enter")
    expect(ana.dialog.locator(".error")).to_have_text("The pot holds nine.")
    expect(cups).to_be_focused()
    expect(cups).to_have_value("12")
    expect(cups).to_have_accessible_description("The pot holds nine.")
    cups.fill("4")
    ana.press("On", inside=ana.dialog)
    expect(ana.dialog).to_have_count(0)
    assert tea.submitted[-1]["Cups"]["it"]["value"] == "4"
    expect(ana.page.get_by_role("button", name="Shortcuts")).to_be_focused()
    ana.leaves()


def test_a_button_and_submit_pressed_in_one_breath_arrive_in_that_order_and_once(browser, app):
    running, tea = app
    ben = Seat(browser, running.url).sits_down("ben")
    ben.press("Shortcuts")
    ben.page.get_by_role("menuitem", name="Pour tea").click()
    ben.dialog.get_by_label("Cups").fill("3")
    tea.heard.clear()
    ben.dialog.evaluate(
        """(modal) => {
            modal.querySelector("[data-action=stir]").click();
            modal.querySelector("button[type=submit]").click();
            modal.querySelector("button[type=submit]").click();
        }"""
    )
    expect(ben.dialog).to_have_count(0)
    assert tea.heard == ["block_actions", "view_submission"]
    ben.leaves()
