"""Block Kit in the page, from an app that is not Steady; the page knows Slack alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.sandbox.server import Sandbox
from tests.browser import Seat, act, call, sandbox

pytestmark = pytest.mark.browser

MANIFEST = {
    "display_information": {"name": "Gallery"},
    "features": {"app_home": {"home_tab_enabled": True}, "bot_user": {"display_name": "Gallery"}},
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
    "settings": {"interactivity": {"is_enabled": True}, "socket_mode_enabled": True},
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def raw(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


def options(*names: str) -> list[dict[str, Any]]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def field(name: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(name),
        "element": {"action_id": "it", **element},
        **more,
    }


@pytest.fixture(scope="module")
def gallery(browser: Browser) -> Iterator[Sandbox]:
    with sandbox(MANIFEST, with_bot=False) as running:
        act(running, "ana", "invite", **{"in": "#support-floor"}, who="app")
        yield running


@pytest.fixture
def ana(browser: Browser, gallery: Sandbox) -> Iterator[Seat]:
    seat = Seat(browser, gallery.url)
    yield seat.sits_down("ana")
    seat.leaves()


def posted(running: Sandbox, seat: Seat, *blocks: dict[str, Any], text: str = "From the gallery") -> Locator:
    """Post as the app, and give the message as it stands in the page."""
    place = act(running, "ana", "say", **{"in": "#support-floor"}, text=".")["channel"]
    told = call(running, "chat.postMessage", channel=place, text=text, blocks=list(blocks) or None)
    return seat.page.locator(f"article[data-ts='{told['ts']}'] .content")


def shown_on_home(running: Sandbox, seat: Seat, *blocks: dict[str, Any]) -> Locator:
    """Publish Ana's Home, and give it as it stands in the page."""
    me = seat.page.evaluate("fetch('/sandbox/see?as=ana').then((a) => a.json()).then((told) => told.me.id)")
    call(running, "views.publish", user_id=me, view={"type": "home", "blocks": list(blocks)})
    seat.sits_down("ana", "app-home")
    return seat.page.locator(".home")


def held(running: Sandbox, seat: Seat, block: str) -> Any:
    """What the workspace holds for a field of the Home."""
    told = seat.page.evaluate("fetch('/sandbox/see?as=ana').then((a) => a.json())")
    return told["home"]["state"]["values"][block]["it"]


def wait_held(seat: Seat, block: str, key: str, wanted: Any) -> None:
    """Wait until the workspace holds this value for a field of the Home."""
    seat.page.wait_for_function(
        """async ([block, key, wanted]) => {
            const told = await (await fetch('/sandbox/see?as=ana')).json();
            const value = told.home.state.values[block].it[key];
            return JSON.stringify(value) === JSON.stringify(wanted);
        }""",
        arg=[block, key, wanted],
    )


def test_mrkdwn_reads_as_in_slack_and_nothing_is_taken_for_html(gallery, ana):
    text = (
        "*bold* _italic_ ~gone~ `code *not bold*` 2*3*4 snake_case_name &lt;b&gt;&amp;amp; "
        "<https://example.com|a link> <javascript:alert(1)|bad> <!here> :tada: :no_such_emoji:\n"
        "&gt; quoted\n```\n<pre> _as is_\n```"
    )
    drawn = posted(gallery, ana, {"type": "section", "text": {"type": "mrkdwn", "text": text}})
    expect(drawn.locator("strong")).to_have_text("bold")
    expect(drawn.locator("em")).to_have_text("italic")
    expect(drawn.locator("s")).to_have_text("gone")
    expect(drawn.locator("code")).to_have_text("code *not bold*")
    expect(drawn).to_contain_text("2*3*4 snake_case_name <b>&amp;")
    expect(drawn.get_by_role("link")).to_have_count(1)
    expect(drawn.get_by_role("link")).to_have_attribute("href", "https://example.com")
    expect(drawn.locator(".mention")).to_have_text("@here")
    expect(drawn.get_by_role("img", name="tada")).to_be_visible()
    expect(drawn).to_contain_text(":no_such_emoji:")
    expect(drawn.locator("blockquote")).to_have_text("quoted")
    expect(drawn.locator("pre")).to_have_text("<pre> _as is_")


def test_rich_text_tables_images_and_unknown_blocks(gallery, ana):
    def section(*leaves: dict[str, Any]) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": list(leaves)}

    lists = {
        "type": "rich_text_list",
        "style": "ordered",
        "elements": [section({"type": "text", "text": "first"})],
    }
    words = section({"type": "text", "text": "firm", "style": {"bold": True, "italic": True}})
    fixed = {
        "type": "rich_text_preformatted",
        "elements": [{"type": "text", "text": "Dear Mr Lee,\nhere it is."}],
    }
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "never came"}]}
    drawn = posted(
        gallery,
        ana,
        {"type": "header", "text": plain("Everything")},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Left*"}, plain("Right")]},
        {"type": "rich_text", "elements": [words, lists, quote, fixed]},
        {"type": "table", "rows": [[raw("Cause")], [raw("Refunds")]]},
        {"type": "image", "image_url": "https://example.com/cat.png", "alt_text": "A cat asleep"},
        {"type": "video", "video_url": "https://example.com/v", "thumbnail_url": "https://example.com/t.png",
         "alt_text": "A film", "title": plain("Film")},
        {"type": "divider"},
        {"type": "context", "elements": [plain("small print")]},
    )  # fmt: skip
    expect(drawn.get_by_role("heading", name="Everything")).to_be_visible()
    expect(drawn.locator(".fields strong")).to_have_text("Left")
    expect(drawn.locator("strong em")).to_have_text("firm")
    expect(drawn.locator("ol li")).to_have_text("first")
    expect(drawn.locator("blockquote")).to_have_text("never came")
    expect(drawn.get_by_role("columnheader", name="Cause")).to_be_visible()
    expect(drawn.get_by_role("cell", name="Refunds")).to_be_visible()
    expect(drawn.get_by_role("img", name="A cat asleep")).to_be_visible()
    expect(drawn.locator(".unknown")).to_have_text("[video]")
    drawn.get_by_role("button", name="Copy").click()
    expect(drawn.locator(".copy")).not_to_have_text("Copy")


def test_every_field_reaches_the_workspace_with_slacks_own_value(gallery, ana):
    home = shown_on_home(
        gallery,
        ana,
        field("Line", {"type": "plain_text_input"}),
        field("Story", {"type": "plain_text_input", "multiline": True, "initial_value": "Once"}),
        field("Number", {"type": "number_input", "is_decimal_allowed": False}),
        field("Mail", {"type": "email_text_input"}, optional=True),
        field("Address", {"type": "url_text_input"}, hint=plain("With https")),
        field("Day", {"type": "datepicker"}),
        field("Time", {"type": "timepicker"}),
        field("Moment", {"type": "datetimepicker"}),
        field("Ticks", {"type": "checkboxes", "options": options("One", "Two")}),
        field("Dots", {"type": "radio_buttons", "options": options("Left", "Right")}),
        field("Menu", {"type": "static_select", "options": options("Tea", "Coffee")}),
        field("Several", {"type": "multi_static_select", "options": options("Red", "Green", "Blue")}),
        field("Person", {"type": "users_select"}),
        field("People", {"type": "multi_users_select"}),
        field("Place", {"type": "conversations_select"}),
        field("Channel", {"type": "channels_select"}),
        field("Paper", {"type": "file_input", "max_files": 2}),
    )
    keys = ana.page.keyboard
    expect(home.get_by_label("Story")).to_have_value("Once")
    for label, words in {
        "Line": "late",
        "Number": "3",
        "Mail (optional)": "a@b.example",
        "Address": "https://x.example",
    }.items():
        home.get_by_label(label, exact=True).fill(words)
    wait_held(ana, "Line", "value", "late")
    wait_held(ana, "Number", "value", "3")
    wait_held(ana, "Mail", "value", "a@b.example")
    wait_held(ana, "Address", "value", "https://x.example")
    home.get_by_label("Day").fill("2026-11-23")
    home.get_by_label("Time").fill("09:30")
    home.get_by_label("Moment").fill("2026-11-23T09:30")
    wait_held(ana, "Day", "selected_date", "2026-11-23")
    wait_held(ana, "Time", "selected_time", "09:30")
    wait_held(ana, "Moment", "selected_date_time", 1795444200)  # 09:30 in New York, where Ana is
    home.get_by_label("Two").check()
    home.get_by_label("Right").check()

    def choose(label: str, *names: str) -> None:
        home.get_by_role("button", name=f"{label}: nothing chosen").click()
        for name in names:
            ana.page.get_by_role("combobox", name=f"Search {label}").fill(name)
            keys.press("Enter")
        keys.press("Escape")
        expect(home.get_by_role("button", name=f"{label}: {', '.join(names)}")).to_be_visible()

    choose("Menu", "Coffee")
    choose("Several", "Red", "Blue")
    choose("Person", "Ben Okafor")
    choose("People", "Ben Okafor", "Priya Sen")
    choose("Place", "#general")
    choose("Channel", "#debriefs")
    assert [o["value"] for o in held(gallery, ana, "Ticks")["selected_options"]] == ["two"]
    assert held(gallery, ana, "Dots")["selected_option"]["value"] == "right"
    assert [o["value"] for o in held(gallery, ana, "Several")["selected_options"]] == ["red", "blue"]
    assert len(held(gallery, ana, "People")["selected_users"]) == 2
    paper = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"a note"}
    home.get_by_label("Paper").set_input_files([paper])
    expect(home.get_by_role("button", name="Remove note.txt")).to_be_visible()
    assert [file["name"] for file in held(gallery, ana, "Paper")["files"]] == ["note.txt"]
    expect(home.locator(".hint")).to_have_text("With https")


def test_a_button_that_asks_first_is_pressed_only_after_a_yes_and_shows_when_nobody_answers(gallery, ana):
    confirm = {
        "title": plain("Sure?"),
        "text": plain("It goes out at once."),
        "confirm": plain("Send"),
        "deny": plain("Wait"),
    }
    button = {
        "type": "button",
        "action_id": "go",
        "text": plain("Send it"),
        "style": "danger",
        "confirm": confirm,
    }
    more = {"type": "overflow", "action_id": "more", "options": options("Later")}
    drawn = posted(gallery, ana, {"type": "actions", "elements": [button, more]})
    drawn.get_by_role("button", name="Send it").click()
    ana.press("Wait", inside=ana.page.get_by_role("alertdialog"))
    expect(drawn.get_by_role("button", name="Send it")).to_be_focused()
    expect(drawn.locator(".trouble-mark")).to_have_count(0)
    drawn.get_by_role("button", name="Send it").click()
    ana.press("Send", inside=ana.page.get_by_role("alertdialog"))
    expect(drawn.locator(".trouble-mark")).to_be_visible()
    expect(ana.page.get_by_role("alert")).to_contain_text("This app did not respond")
    drawn.get_by_role("button", name="More actions").click()
    expect(ana.page.get_by_role("menuitem", name="Later")).to_be_focused()


def test_the_page_says_that_the_app_is_not_connected(gallery, ana):
    expect(ana.page.get_by_text("Gallery is not connected, so it hears nothing.")).to_be_visible()
    expect(ana.page.get_by_role("complementary", name="What to try")).to_have_count(0)


def test_nothing_is_fetched_from_elsewhere(gallery, browser):
    seat = Seat(browser, gallery.url)
    hosts: set[str] = set()
    seat.page.on(
        "request", lambda request: hosts.add(request.url.split("/")[2] if "://" in request.url else "data")
    )
    seat.sits_down("ben")
    expect(seat.page.locator(".main article").first).to_be_visible()
    assert hosts <= {gallery.url.removeprefix("http://"), "data"}
    refused = seat.page.evaluate("fetch('https://example.com/').then(() => 'went out', () => 'refused')")
    assert refused == "refused"
    seat.problems.clear()
    seat.leaves()
