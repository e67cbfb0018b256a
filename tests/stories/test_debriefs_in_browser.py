"""A hard call as people at their screens meet it: logged, talked through in #debriefs, its lesson kept."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import Seat, act, chromium, sandbox

pytestmark = pytest.mark.browser

ASK = "/deescalate late refund 3rd call screaming"
LESSON = "Say which day the trace runs; it ends the guessing."
CARD = "4111 1111 1111 1111"


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def workspace(browser):
    with sandbox() as running:
        act(running, "sam", "invite", **{"in": "#debriefs"}, who="app")
        yield running


@pytest.fixture
def seat(browser, workspace):
    """Sits somebody down; nobody's page may have complained when they get up."""
    taken = []

    def sit(handle, place="support-floor"):
        taken.append(Seat(browser, workspace.url).sits_down(handle, place))
        return taken[-1]

    yield sit
    for one in taken:
        one.leaves()


def tap(inside, words):
    """Press the button with these words on it."""
    inside.get_by_role("button").filter(has_text=re.compile(f"^{re.escape(words)}$")).last.click()


def root_of(who):
    return who.page.locator(".main article").filter(has_text="would like to talk through")


def in_thread(who):
    root_of(who).get_by_role("button", name=re.compile("repl")).click()
    return who.page.locator(".thread")


def answer(who, thread, words):
    tap(thread, "Answer")
    expect(who.dialog).to_contain_text("Help for me")
    who.dialog.get_by_role("textbox").fill(words)
    who.press("Save", inside=who.dialog)


def test_ana_logs_a_call_in_three_taps_and_talks_it_through_with_ben_and_sam(seat):
    ana = seat("ana")
    ana.types(ASK)
    expect(ana.card).to_contain_text("Late refund")
    tap(ana.card, "…")
    tap(ana.card, "Log it")
    expect(ana.dialog).to_contain_text("Only you see this in Steady")
    ana.dialog.get_by_label("Hard", exact=True).check()
    ana.press("Save", inside=ana.dialog)
    expect(ana.dialog).to_contain_text("Kept. Thank you")
    tap(ana.dialog, "Talk it through")
    ana.dialog.get_by_label("With colleagues, in a channel").check()
    ana.dialog.get_by_role("button", name=re.compile("^Channel")).click()
    ana.page.get_by_role("combobox", name="Search Channel").fill("debriefs")
    ana.page.keyboard.press("Enter")
    expect(ana.dialog).to_contain_text("#debriefs is public")
    ana.press("Open it", inside=ana.dialog)
    expect(ana.dialog).to_contain_text("Your debrief opens now")
    ana.press("Done", inside=ana.dialog)
    expect(ana.dialog).to_contain_text("Kept. Thank you")
    ana.press("Done", inside=ana.dialog)
    expect(ana.dialog).to_have_count(0)

    ana.sits_down("ana", "debriefs")
    ben, sam = seat("ben", "debriefs"), seat("sam", "debriefs")
    thread, bens, sams = in_thread(ana), in_thread(ben), in_thread(sam)
    root = root_of(ben)
    expect(root).not_to_contain_text("On me")
    ben.press("I've had this too", inside=root)
    expect(root).to_contain_text("A colleague has had this too")
    answer(ben, bens, "Same on Monday <!channel>")
    expect(sams).to_contain_text("Same on Monday <!channel>")
    sams.get_by_role("combobox", name="Reply in the thread").fill("Ring me next time, 212-555-0123")
    sams.get_by_role("combobox", name="Reply in the thread").press("Enter")
    expect(sams.locator("article.ephemeral")).to_contain_text("masked: 1 phone")
    expect(bens.locator("article.ephemeral")).to_have_count(0)

    answer(ana, thread, f"Third call. Card {CARD}")
    expect(ana.dialog).to_contain_text("Not saved yet. This was masked first: 1 card number")
    ana.press("Save", inside=ana.dialog)
    expect(bens).to_contain_text("Third call. Card [card number]")
    expect(thread).to_contain_text("What helped, even a little?")
    tap(thread, "Skip")
    expect(thread).to_contain_text("What would spare the next person this?")
    answer(ana, thread, "A status page for refunds")
    expect(bens).to_contain_text("How are you now?")
    tap(bens, "Answer")
    expect(ben.page.locator("body")).to_contain_text("Only who opened the debrief is asked that")
    expect(ben.dialog.get_by_role("textbox")).to_have_count(0)
    ben.page.keyboard.press("Escape")
    tap(thread, "Skip")
    expect(thread).to_contain_text("Close it when you like")
    tap(thread, "Close it")
    expect(ana.dialog.get_by_label("Summary")).to_have_value(re.compile("What to change: A status page"))
    ana.dialog.get_by_label("A lesson for others").fill("Ben knows the trace")
    ana.press("Close it", inside=ana.dialog)
    expect(ana.dialog.locator(".error")).to_contain_text("This names Ben")
    ana.dialog.get_by_label("A lesson for others").fill(LESSON)
    ana.press("Close it", inside=ana.dialog)
    expect(ana.dialog).to_contain_text("Nothing more comes of it by itself")
    expect(bens).to_contain_text(LESSON)
    expect(bens.get_by_role("button", name="Answer")).to_have_count(0)
    for page in (ana.page, ben.page, sam.page):
        expect(page.locator("body")).not_to_contain_text(CARD)


def test_the_lesson_is_on_bens_card_and_nowhere_for_those_outside(seat, workspace):
    for handle, sees in (("ben", True), ("grace", False), ("toni", False)):
        act(workspace, handle, "reload")
        who = seat(handle)
        who.types(ASK)
        expect(who.card).to_contain_text("Late refund")
        who.types("/debrief search trace")
        if sees:
            expect(who.card).to_contain_text(f"What helped others: {LESSON}")
            expect(who.dialog).to_contain_text(LESSON)
        else:
            expect(who.dialog).to_contain_text("Nothing with these words that is open to you")
            expect(who.page.locator("body")).not_to_contain_text(LESSON)
            expect(who.page.locator("body")).not_to_contain_text("would like to talk through")
