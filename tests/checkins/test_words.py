"""What stands on screens: whole where it must be, neutral where others may look."""

import datetime as dt
import json

import pytest

from bot.checkins import reset_views, views
from bot.checkins.model import After, Answer, Kept, Plan, Standing, Tick, Word
from bot.checkins.reset_views import At
from bot.cover import Cover
from bot.errors import GoneError
from bot.people import Member
from bot.playbooks.loading import load, shipped_playbooks
from bot.slack.cover import cover_message
from bot.slack.ids import Action

LIBRARY = load([shipped_playbooks()]).library
ANA = Member("T1", "UANA")
PLAN = Plan(ANA, 2, dt.time(15), "America/New_York", asks_at=dt.datetime(2026, 11, 24, 20, tzinfo=dt.UTC))
STANDING = Standing(PLAN, "America/New_York", 3, 90, is_sealed=True)
NEWCOMER = Standing(None, "America/New_York", 0, 90, is_sealed=True)
MESSAGES = (
    views.question("UANA:2026-W48", is_news=False),
    views.question("UANA:2026-W48", is_news=True),
    views.paused_message(),
    views.done_message(PLAN),
    views.done_message(None),
)


def texts(blocks):
    return json.dumps(blocks, ensure_ascii=False)


def buttons(view):
    for block in view["blocks"]:
        yield from (it for it in block.get("elements", [block.get("accessory")]) if it and "action_id" in it)


def test_the_question_s_message_is_word_for_word_what_was_agreed():
    message = views.question("UANA:2026-W48", is_news=False)
    assert message.text == (
        "Your weekly question is ready. One tap, ten seconds; skipping is fine. Only you see the answer in "
        "Steady. If your work screen is recorded, use your phone or skip."
    )
    assert [it["text"]["text"] for it in message.blocks[1]["elements"]] == ["Answer", "Skip", "Pause or stop"]


def test_the_question_and_its_five_words():
    form = texts(views.answer_form("{}")["blocks"])
    assert "How heavy were this week's contacts?" in form
    for word in ("light", "fine", "heavy", "very heavy", "too much"):
        assert f'"{word}"' in form


def test_help_is_one_tap_away_in_every_window():
    kept = [Kept("2026-W48", Answer(Word.FINE, (), ""))]
    reset = next(it for it in LIBRARY.resets.values() if it.seconds == 60)
    windows = [
        views.schedule_form(NEWCOMER),
        views.schedule_form(STANDING),
        views.own_page(STANDING, PLAN),
        views.answer_form("{}"),
        views.saved_view(PLAN),
        views.pause_form(PLAN),
        views.nothing_to_stop(NEWCOMER),
        views.stopped_view(3, 90),
        views.trend_view([]),
        views.trend_view(kept),
        views.deleted_view(3),
        reset_views.modal(reset_views.lengths_blocks()),
        reset_views.modal(reset_views.stopped_blocks()),
        reset_views.modal(reset_views.reset_blocks(reset, At(reset.id, len(reset.steps) + 1, "n"))),
    ]
    assert [it["title"]["text"] for it in windows if Action.HELP_LINES not in texts(it)] == []


def test_what_was_masked_is_shown_before_it_is_kept_or_sent():
    form = views.answer_form("{}", Word.HEAVY, "His card is [card number]")
    assert "Not saved yet: something was masked here" in texts(form)
    assert form["blocks"][0]["element"]["initial_option"]["value"] == Word.HEAVY
    assert form["blocks"][1]["block_id"] != views.answer_form("{}")["blocks"][1]["block_id"]
    thanks = views.thank_form("UBEN", "ring [phone]")
    assert "Not sent yet" in texts(thanks)
    assert "UBEN" in texts(thanks)


@pytest.mark.parametrize("message", MESSAGES)
def test_a_lock_screen_shows_nothing_that_tells_and_all_that_is_there(message):
    shown = f"{message.text} {texts(message.blocks)}".lower()
    for word in (
        "heavy",
        "light",
        "how are you",
        "well-being",
        "wellbeing",
        "stress",
        "check-in",
        "help line",
    ):
        assert word not in shown
    assert message.text == message.blocks[0]["text"]["text"]
    assert len(message.text) < 300


def test_answered_and_skipped_leave_the_same_message():
    assert "answer" not in views.done_message(PLAN).text.lower()


def test_the_first_run_says_five_things_and_is_honest_about_the_rest():
    lines = views.first_lines(NEWCOMER).splitlines()
    assert len(lines) == 5
    asked, who, how_long, why, way_out = lines
    assert "How heavy" in asked
    assert "Only you see this in Steady" in who
    assert "Whoever runs the server" in who
    assert "recorded screen" in who
    assert "90 days" in how_long
    assert "export" in why
    assert "stop" in way_out
    unsealed = Standing(None, "America/New_York", 0, 90, is_sealed=False)
    assert views.UNSEALED in views.first_lines(unsealed)


def test_home_looks_the_same_for_everybody_and_warns_where_no_key_is_set():
    assert "STEADY_KEYS" in texts(views.home_blocks(is_sealed=False, is_admin=True))
    assert "No key is set" in texts(views.home_blocks(is_sealed=False, is_admin=False))
    assert "key" not in texts(views.home_blocks(is_sealed=True, is_admin=True))


def test_the_trend_is_words_and_bars_with_a_way_to_delete_each():
    kept = [
        Kept("2026-W48", Answer(Word.HEAVY, (Tick.COVER,), "*Two* <!channel> shouters")),
        Kept("2026-W47", None),
    ]
    view = views.trend_view(kept)
    said = texts(view["blocks"])
    assert "■■■□□ heavy" in said
    assert "Week of 23 Nov" in said
    assert "<!channel>" not in said
    assert "Sealed with a key" in said
    assert said.count('"Delete the week of') == 2
    assert not any(block["type"] == "image" for block in view["blocks"])


def test_a_year_of_answers_fits_a_window():
    kept = [Kept(f"2026-W{n:02}", Answer(Word.TOO_MUCH, tuple(Tick), "x" * 500)) for n in range(1, 53)]
    assert len(views.trend_view(kept)["blocks"]) <= 100


def test_stopping_says_what_is_kept_and_offers_to_delete_it():
    view = texts(views.stopped_view(3, 90)["blocks"])
    assert "3 answers" in view
    assert "90 days" in view
    assert "Delete my answers" in view
    assert "Delete my answers" not in texts(views.stopped_view(0, 90)["blocks"])


def test_nothing_is_deleted_before_slack_has_asked():
    kept = [Kept(f"2026-W{week}", Answer(Word.FINE, (), "")) for week in (47, 48)]
    for view in (views.stopped_view(2, 90), views.trend_view(kept)):
        deleting = [it for it in buttons(view) if it["text"]["text"].startswith("Delete")]
        assert deleting
        assert all("can't be brought back" in it["confirm"]["text"]["text"] for it in deleting)


def test_a_lead_can_not_tell_a_reset_s_cover_from_any_other():
    assert cover_message("UANA", 10, "AUX-7").text == "<@UANA>: Cover 10 min, code AUX-7"


def test_thanks_are_in_the_member_s_name_and_their_words_inert():
    message = views.thanks_message("UANA", "Ana", "for <!here> the\n*late* shift")
    assert message.text.startswith("Ana thanks you for your help this week.")
    assert "<!here>" not in texts(message.blocks)
    assert "<@UANA>" in texts(message.blocks)


def test_every_screen_has_help_within_a_tap():
    after = After("2026-W48", LIBRARY.nudges["hour_before"])
    assert "988" in texts(views.after_view(after, [views.b.section(views.escape("988"))]))
    for screen in (views.own_page(STANDING, PLAN), views.help_message().blocks):
        assert "help.lines" in texts(screen)


@pytest.mark.parametrize("seconds", [20, 60, 180, 300, 600])
def test_there_are_several_resets_of_each_length_and_all_can_be_walked_to_the_end(seconds):
    offered = [it for it in LIBRARY.resets.values() if it.seconds == seconds]
    assert len(offered) >= 2
    for reset in offered:
        at, shown = At(reset.id, 0, "n"), []
        while at.step <= len(reset.steps) + 1:
            blocks = reset_views.reset_blocks(reset, at)
            shown.append(reset_views.message(blocks).text)
            buttons = texts([block for block in blocks if block["type"] == "actions"])
            assert "checkins.reset_stop" in buttons or "Done" in buttons or at.step > len(reset.steps)
            at = At.decode(at.next.encode())
        for step in reset.steps:
            assert any(views.escape(step.do) in text for text in shown)
        assert shown[-1] == reset_views.DONE
        assert len(shown) <= 7


def test_between_two_calls_everything_is_shown_at_once():
    reset = next(it for it in LIBRARY.resets.values() if it.seconds == 20)
    text = reset_views.message(reset_views.reset_blocks(reset, At(reset.id, 0, "n"))).text
    assert all(views.escape(step.do) in text for step in reset.steps)


def test_asking_for_cover_names_the_status_and_who_was_asked():
    reset = LIBRARY.resets["walk_ten"]
    at = At(reset.id, 0, "n", has_cover=True)
    asked = texts(reset_views.reset_blocks(reset, at, Cover(10, "AUX-7", ("USAM",))))
    assert "Set your phone to *AUX-7*" in asked
    assert "<@USAM>" in asked
    nobody = texts(reset_views.reset_blocks(reset, at, Cover(10, "", ())))
    assert "nobody was asked" in nobody
    assert "Ask for cover" not in asked


@pytest.mark.parametrize("value", ["", "slow_six", "slow_six|x|n|0", "a|b|c|d|e"])
def test_an_old_button_of_a_reset_is_refused_kindly(value):
    with pytest.raises(GoneError):
        At.decode(value)
