"""The page without a pointer."""

import pytest
from playwright.sync_api import expect

from tests.browser import Seat

pytestmark = pytest.mark.browser

STEPS_MOST = 40
FOCUSED = """() => {
    const dom = document.activeElement;
    const holdsOthers = dom.querySelector('button, a, input') !== null;
    const words = holdsOthers ? '' : dom.textContent.trim();
    return [dom.tagName, dom.getAttribute('aria-label') ?? '', words].join('|');
}"""
RING = """() => {
    const style = getComputedStyle(document.activeElement);
    const box = document.activeElement.closest('.composer-box');
    return style.outlineStyle !== 'none' || (box && getComputedStyle(box).boxShadow !== 'none');
}"""


def tab_to(seat: Seat, words: str, *, back: bool = False) -> None:
    """Press Tab until the focused thing says these words; every stop on the way shows its focus."""
    passed = []
    for _ in range(STEPS_MOST):
        seat.page.keyboard.press("Shift+Tab" if back else "Tab")
        focused = seat.page.evaluate(FOCUSED)
        if not focused.startswith("BODY"):
            assert seat.page.evaluate(RING), f"no visible focus on {focused}"
        if words in focused:
            return
        passed.append(focused[:60])
    raise AssertionError(f"{words!r} was never reached; passed {passed}")


def test_from_the_first_screen_to_a_voted_card_by_keyboard_alone(seat):
    ben = seat("ben")
    keys = ben.page.keyboard
    tab_to(ben, "Message #support-floor")
    keys.type("/dee")
    expect(ben.page.get_by_role("option", name="/deescalate")).to_have_attribute("aria-selected", "true")
    keys.press("Tab")
    expect(ben.box).to_have_value("/deescalate ")
    keys.type("late refund 3rd call shouting")
    keys.press("Enter")
    expect(ben.card).to_contain_text("Late refund")
    tab_to(ben, "Another way", back=True)
    before = ben.card.locator(".words").inner_text()
    keys.press("Enter")
    expect(ben.card.locator(".words")).not_to_have_text(before, use_inner_text=True)
    expect(ben.card.get_by_role("button", name="Another way")).to_be_focused()

    tab_to(ben, "I may offer")
    keys.press("Enter")
    expect(ben.dialog).to_be_visible()
    for _ in range(6):  # the focus goes round inside the modal
        keys.press("Tab")
        assert "Message #support-floor" not in ben.page.evaluate(FOCUSED)
    keys.press("Escape")
    expect(ben.dialog).to_have_count(0)
    expect(ben.card.get_by_role("button", name="I may offer")).to_be_focused()

    tab_to(ben, "Steady, connected", back=True)
    keys.press("Enter")
    expect(ben.page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    tab_to(ben, "More: steps, shorter, firmer, written, send to my DM")
    keys.press("Enter")
    expect(ben.page.get_by_role("button", name="That helped")).to_be_visible()
    tab_to(ben, "That helped")
    keys.press("Enter")
    expect(ben.page.locator(".home")).to_contain_text("Counted for these words, not against your name.")
    expect(ben.page.get_by_role("button", name="That helped")).to_have_count(0)
    assert not ben.page.evaluate(FOCUSED).startswith("BODY")


def test_arrow_keys_walk_through_menus_and_messages_and_escape_gives_the_focus_back(seat):
    ana = seat("ana", "general")
    keys = ana.page.keyboard
    who = ana.page.get_by_role("button", name="You are Ana Reyes. Be somebody else")
    who.focus()
    keys.press("Enter")
    expect(ana.page.get_by_role("menuitemradio", name="Ana Reyes")).to_be_focused()
    keys.press("ArrowDown")
    expect(ana.page.get_by_role("menuitemradio", name="Ben Okafor")).to_be_focused()
    keys.press("g")
    expect(ana.page.get_by_role("menuitemradio", name="Grace Adeyemi")).to_be_focused()
    keys.press("Escape")
    expect(who).to_be_focused()

    messages = ana.page.locator(".main article")
    messages.last.focus()
    keys.press("ArrowUp")
    expect(messages.nth(messages.count() - 2)).to_be_focused()
    tab_to(ana, "More for this message")
    keys.press("Enter")
    expect(ana.page.get_by_role("menuitem", name="De-escalate this")).to_be_focused()
    keys.press("Escape")
    assert "More for this message" in ana.page.evaluate(FOCUSED)


def test_a_thread_takes_the_focus_and_gives_it_back(seat):
    ana = seat("ana", "general")
    first = ana.page.locator(".main article").first
    first.focus()
    tab_to(ana, "Reply in thread")
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_label("Reply in the thread")).to_be_focused()
    ana.page.keyboard.press("Escape")
    expect(ana.page.locator(".thread")).to_have_count(0)
    assert "Reply in thread" in ana.page.evaluate(FOCUSED)
