"""A real Chromium in front of a real sandbox, for tests that look at the page."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect, sync_playwright

from bot.safeguards.sealing import SETTING, new_key
from bot.sandbox.server import Sandbox
from bot.shipped import shipped
from bot.tryout import bot_beside

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 8_000
WIDE = {"width": 1280, "height": 800}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; without one the test is skipped, or fails where browsers are required."""
    if not CHROMIUM.exists():
        reason = f"There is no Chromium at {CHROMIUM}; install it to run the browser tests."
        if os.environ.get("STEADY_BROWSER_TESTS") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def sandbox(manifest: Mapping[str, Any] | None = None, *, with_bot: bool = True) -> Iterator[Sandbox]:
    """A sandbox on a thread of its own, since the browser's driver keeps this one busy."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stack = AsyncExitStack()

    async def start() -> Sandbox:
        running = Sandbox(manifest or yaml.safe_load(shipped("manifest.yml").read_text("utf-8")))
        await running.start()
        stack.push_async_callback(running.stop)
        if with_bot:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="steady-page-"))
            await stack.enter_async_context(
                bot_beside(running, Path(folder), {SETTING: new_key(), **os.environ})
            )
        return running

    try:
        yield asyncio.run_coroutine_threadsafe(start(), loop).result(60)
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def call(running: Sandbox, method: str, **arguments: Any) -> dict[str, Any]:
    """Call the Web API as the app."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {running.bot_token}"}
    body = json.dumps(arguments).encode()
    request = urllib.request.Request(f"{running.api_url}{method}", body, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
    assert told["ok"], told
    return told


def act(running: Sandbox, handle: str, do: str, **fields: Any) -> dict[str, Any]:
    """Let somebody do something, without the page."""
    body = json.dumps({"as": handle, "do": do, **fields}).encode()
    request = urllib.request.Request(f"{running.url}/sandbox/act", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


class Seat:
    """Somebody in front of the page; everything waits for its effect."""

    def __init__(self, browser: Browser, url: str, **context: Any) -> None:
        self._context = browser.new_context(**({"viewport": WIDE, "locale": "en-GB"} | context))
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("response", self._answered)
        self._url = url

    def _heard(self, message: ConsoleMessage) -> None:
        # What the network did is no fault of the page; what the sandbox refused comes as an answer below.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(message.text)

    def _answered(self, response: Response) -> None:
        told_in_words = response.status == 409
        if response.status >= 400 and not told_in_words:
            self.problems.append(f"{response.status} {response.url} {response.request.post_data}")

    def sits_down(self, handle: str, place: str = "support-floor") -> Seat:
        """Open the page as this person, at this place."""
        self.page.goto(f"{self._url}/#/{handle}/{place}")
        expect(self.page.locator(".main")).to_be_visible()
        return self

    def leaves(self) -> None:
        """Close the page; it must not have complained."""
        self._context.close()
        assert self.problems == []

    @property
    def box(self) -> Locator:
        """Where one types under the conversation."""
        return self.page.locator(".main .composer textarea")

    def types(self, words: str) -> None:
        """Type into the box and send."""
        self.box.fill(words)
        self.box.press("Enter")

    @property
    def card(self) -> Locator:
        """The newest message that only this person sees."""
        return self.page.locator(".main article.ephemeral").last

    @property
    def dialog(self) -> Locator:
        """The modal on top."""
        return self.page.get_by_role("dialog")

    def press(self, name: str, *, inside: Locator | None = None) -> None:
        """Press a button by its name."""
        (inside or self.page).get_by_role("button", name=name, exact=True).click()
