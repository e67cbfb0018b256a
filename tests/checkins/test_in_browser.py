"""The weekly question as somebody at a screen meets it: by keyboard, light and dark, read by axe-core."""

import json
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import Seat, chromium, sandbox

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def workspace(browser):
    with sandbox() as running:
        yield running


def jump(running, words):
    body = json.dumps({"jump": words, "as": "ana"}).encode()
    request = urllib.request.Request(
        f"{running.url}/sandbox/clock", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert json.load(answer)["ok"]


def assert_accessible(seat):
    seat.page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished)).then(() => true)")
    found = Axe().run(seat.page, options={"resultTypes": ["violations"]}).response["violations"]
    bad = [
        (it["id"], it["nodes"][0]["html"][:160]) for it in found if it["impact"] in ("serious", "critical")
    ]
    assert bad == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ana_joins_on_home_is_asked_and_answers_by_keyboard_and_sam_sees_nothing(browser, workspace, scheme):
    ana = Seat(browser, workspace.url, color_scheme=scheme)
    sam = Seat(browser, workspace.url)
    jump(workspace, "Monday 09:00")
    ana.sits_down("ana", "app-home")
    ana.press("Weekly question")
    expect(ana.dialog).to_contain_text("What is asked")
    assert_accessible(ana)
    ana.press("Join", inside=ana.dialog)
    expect(ana.dialog).to_contain_text("The next question comes Thu")
    ana.page.keyboard.press("Escape")
    expect(ana.dialog).to_have_count(0)

    jump(workspace, "Thursday 15:01")
    ana.sits_down("ana", "app-messages")
    main = ana.page.locator(".main")
    expect(main).to_contain_text("Your weekly question is ready")
    assert_accessible(ana)
    main.get_by_role("button", name="Answer", exact=True).press("Enter")
    expect(ana.dialog).to_contain_text("How heavy were this week's contacts?")
    assert_accessible(ana)
    ana.dialog.get_by_role("radio", name="too much").press("Space")
    ana.dialog.get_by_role("button", name="Save").press("Enter")
    expect(ana.dialog).to_contain_text("What would help?")
    expect(ana.dialog).to_contain_text("988")
    assert_accessible(ana)
    ana.dialog.get_by_role("checkbox", name="A break with cover").press("Space")
    ana.dialog.get_by_role("button", name="Not helpful, never show this again").press("Enter")
    expect(ana.dialog.get_by_role("checkbox", name="A break with cover")).to_be_checked()
    ana.dialog.get_by_role("button", name="Done").press("Enter")
    expect(ana.dialog).to_have_count(0)
    expect(main).to_contain_text("Done for this week")

    ana.sits_down("ana")
    ana.types("/checkin trend")
    expect(ana.dialog).to_contain_text("■■■■■ too much")
    expect(ana.dialog).to_contain_text("A break with cover")
    assert_accessible(ana)
    sam.sits_down("sam")
    for words in ("too much", "weekly question", "trend"):
        expect(sam.page.locator("body")).not_to_contain_text(words)
    ana.leaves()
    sam.leaves()
