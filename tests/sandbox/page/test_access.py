"""What axe-core finds, and what fits on a small screen."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import WIDE, Seat, act

pytestmark = pytest.mark.browser

SMALL = {"width": 400, "height": 800}
BAD = ("serious", "critical")
EVERYTHING = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = {"type": "rule", "values": ["color-contrast"]}


def assert_accessible(seat: Seat, rules: dict[str, Any]) -> None:
    """No serious or critical finding of axe-core; the message names what and where."""
    seat.page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished)).then(() => true)")
    found = (
        Axe().run(seat.page, options={"runOnly": rules, "resultTypes": ["violations"]}).response["violations"]
    )
    bad = [
        (
            one["id"],
            one["impact"],
            [(node["html"][:160], node["failureSummary"][:200]) for node in one["nodes"][:3]],
        )
        for one in found
        if one["impact"] in BAD
    ]
    assert bad == []


@pytest.mark.parametrize(
    ("size", "scheme", "rules"),
    [(WIDE, "light", EVERYTHING), (WIDE, "dark", COLOURS), (SMALL, "light", EVERYTHING)],
    ids=["wide", "dark", "small"],
)
def test_no_place_has_a_serious_finding(seat, workspace, size, scheme, rules):
    ana = seat("ana", viewport=size, color_scheme=scheme)
    ana.types("/deescalate late refund 3rd call shouting")
    expect(ana.card).to_contain_text("Late refund")
    assert_accessible(ana, rules)

    ana.types("/deescalate")
    ana.press("More choices", inside=ana.card)
    ana.press("Get words", inside=ana.dialog)
    expect(ana.dialog.locator("[aria-invalid=true]")).to_be_focused()
    assert_accessible(ana, rules)
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("listbox")).to_be_visible()
    assert_accessible(ana, rules)
    ana.page.keyboard.press("Escape")
    ana.press("Close", inside=ana.dialog)
    expect(ana.dialog).to_have_count(0)

    told = act(workspace, "ana", "say", **{"in": "#support-floor"}, text="A thread to open")
    act(workspace, "ben", "say", **{"in": "#support-floor"}, text="A reply :heart:", thread_ts=told["ts"])
    act(workspace, "ben", "react", channel=told["channel"], ts=told["ts"], name="heart")
    ana.page.get_by_role("button", name="1 reply").last.click()
    expect(ana.page.locator(".thread")).to_contain_text("A reply")
    assert_accessible(ana, rules)
    ana.press("Close the thread")

    ana.press("Behind the scenes")
    expect(ana.page.locator(".record li").first).to_be_visible()
    assert_accessible(ana, rules)
    ana.page.keyboard.press("Escape")

    ana.sits_down("ana", "app-home")
    expect(ana.page.get_by_role("button", name="Get words")).to_be_visible()
    assert_accessible(ana, rules)


def overflow(seat: Seat) -> int:
    """How many pixels the page is wider than its window."""
    return int(seat.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def test_four_hundred_pixels_hold_everything_without_scrolling_sideways(seat):
    priya = seat("priya", viewport=SMALL)
    assert overflow(priya) == 0
    priya.press("Channels and apps")
    expect(priya.page.get_by_role("link", name="general")).to_be_visible()
    priya.page.get_by_role("link", name="general").click()
    expect(priya.page.get_by_role("link", name="general")).to_be_hidden()
    expect(priya.page.locator(".main h2")).to_have_text("general")
    priya.types("/deescalate late refund 3rd call shouting")
    expect(priya.card).to_contain_text("Late refund")
    box = priya.card.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SMALL["width"]
    wide = priya.card.locator(".content").evaluate("(dom) => dom.scrollWidth - dom.clientWidth")
    assert wide == 0
    priya.press("Get help", inside=priya.card)
    expect(priya.dialog).to_be_visible()
    assert overflow(priya) == 0
    priya.page.keyboard.press("Escape")
    priya.sits_down("priya", "app-home")
    expect(priya.page.get_by_role("button", name="Get words")).to_be_visible()
    assert overflow(priya) == 0


def test_who_asks_for_less_motion_gets_none(seat):
    ana = seat("ana", reduced_motion="reduce")
    ana.press("You are Ana Reyes. Be somebody else")
    expect(ana.page.get_by_role("menu")).to_be_visible()
    assert ana.page.evaluate("document.getAnimations().length") == 0


def test_the_theme_can_be_turned_by_hand_and_is_remembered(seat):
    ana = seat("ana")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = ana.page.evaluate(paper)
    ana.press("Light or dark")
    dark = ana.page.evaluate(paper)
    assert dark != light
    ana.page.reload()
    expect(ana.box).to_be_visible()
    assert ana.page.evaluate(paper) == dark
