"""One Chromium and one sandbox with the real bot a file; each story has a person of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from bot.sandbox.server import Sandbox
from tests.browser import Seat, act, chromium, sandbox


# Not for the whole run: while Playwright's loop is open, no asynchronous test can have one of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def workspace(browser: Browser) -> Iterator[Sandbox]:
    with sandbox() as running:
        yield running


@pytest.fixture
def seat(browser: Browser, workspace: Sandbox) -> Iterator[Callable[..., Seat]]:
    """Sits somebody down in front of a fresh page; whoever sat there must have seen no error of the page."""
    taken: list[Seat] = []

    def sit(handle: str, place: str = "support-floor", **context: Any) -> Seat:
        act(workspace, handle, "reload")
        taken.append(Seat(browser, workspace.url, **context))
        return taken[-1].sits_down(handle, place)

    yield sit
    for one in taken:
        one.leaves()
