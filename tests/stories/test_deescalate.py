"""An agent asks for words while somebody shouts."""

import asyncio
import datetime as dt
import itertools

import pytest

from bot.phrasing.card import Choice
from bot.phrasing.deciding import Words
from bot.phrasing.finder import build_finder
from bot.playbooks.loading import load, shipped_playbooks
from bot.playbooks.model import Channel, Kind
from tests.stories.conftest import floor

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK = "/deescalate late refund 3rd call screaming"


@pytest.fixture
def ana(workspace):
    return workspace.person("ana")


@pytest.fixture(scope="module")
def close_call(memory):
    """A line between two situations, found by joining a signal of one to a signal of the other."""
    folders = (shipped_playbooks(),)
    library = load(folders).library
    words = Words(library, build_finder(library, folders, memory))
    causes = library.by_kind()[Kind.CAUSE]
    lines = (
        f"{one.signals.shorthand[n]} {other.signals.shorthand[n]}"
        for one, other in itertools.combinations(causes, 2)
        for n in range(3)
    )
    today = dt.date(2026, 11, 21)
    return next(
        line
        for line in lines
        if isinstance(words.look_up(line, Channel.VOICE, seed="", today=today)[1], Choice)
    )


@pytest.fixture
def ben(workspace):
    return workspace.person("ben")


async def test_ana_asks_reads_and_asks_for_other_words_and_nobody_else_sees_any_of_it(workspace, ana, ben):
    answered = await ana.slash(ASK)
    assert answered["delivery"]["outcome"] == "ok"
    card = await ana.sees_ephemeral("Late refund · 3rd contact · shouting")
    before = card.words
    assert "Say: “" in before
    assert "Next:" in before

    await card.click("Another way")
    card = await card.becomes("Late refund · 3rd contact · shouting")
    assert card.words != before

    await card.click("Not this")
    card = await card.becomes("Not this")
    assert "Late refund" not in card.words
    await ben.sees_nothing("Late refund · 3rd contact")


async def test_the_answer_travels_in_the_ack_itself(workspace, ana):
    before = len(await workspace.record("call"))
    await ana.slash("/deescalate wrong size trousers, refuses to send them back")
    delivery = (await workspace.record("delivery"))[-1]
    assert "Say" in str(delivery["response"])
    assert not [c for c in (await workspace.record("call"))[before:] if c["method"].startswith("chat.")]


async def test_the_menu_makes_it_shorter_and_to_write_and_sends_it_to_her_messages(workspace, ana, ben):
    await ana.slash("/deescalate charged twice for the same month")
    card = await ana.sees_ephemeral("Wrong charge")
    await card.click("…")
    card = await card.becomes("Send to my DM")
    await card.click("Shorter")
    card = await card.becomes("Next:")
    await card.click("…")
    card = await card.becomes("To write")
    await card.click("To write")
    card = await card.becomes("Next:")
    assert any(block["type"] == "rich_text" for block in (await card.again()).body["blocks"])

    await ana.slash("/deescalate charged twice for the same month")
    remembered = await ana.sees_ephemeral("Wrong charge")
    assert any(block["type"] == "rich_text" for block in remembered.body["blocks"])
    await remembered.click("…")
    menu = await remembered.becomes("To say")
    await menu.click("To say")
    card = await menu.becomes("Say: “")

    await card.click("…")
    card = await card.becomes("Send to my DM")
    await asyncio.gather(card.click("Send to my DM"), card.click("Send to my DM"))
    sent = await ana.at("@app").sees("That helped")
    await workspace.settle()
    posted = [it for it in await workspace.record("call") if it["method"] == "chat.postMessage"]
    assert len(posted) == 1, "a double click sends one"
    await sent.click("That helped")
    await sent.becomes("Counted for these words")
    await ben.sees_nothing("Wrong charge")


async def test_what_she_may_offer_and_whom_to_ask_open_on_top(ana):
    await ana.slash(ASK)
    card = await ana.sees_ephemeral("Late refund")
    await card.click("I may offer")
    offer = await ana.sees_modal("What we usually give")
    await offer.close()
    await card.click("Get help")
    help_ = await ana.sees_modal("Ask, in this order")
    assert "988" in help_.words
    assert "Nobody is reading this live" in help_.words
    await help_.close()


async def test_the_steps_are_walked_one_at_a_time(ana):
    await ana.slash(ASK)
    card = await ana.sees_ephemeral("Late refund")
    await card.click("…")
    card = await card.becomes("Steps")
    await card.click("Steps")
    steps = await ana.sees_modal("step 1 of")
    await steps.click("Next")
    steps = await ana.sees_modal("step 2 of")
    await steps.click("Back")
    await ana.sees_modal("step 1 of")
    await steps.choose("Another memory aid", "leap")
    steps = await ana.sees_modal("LEAP")
    await steps.close()


async def test_a_tap_is_enough_and_the_cause_is_an_optional_second_one(ana):
    await ana.slash("/deescalate")
    menu = await ana.sees_ephemeral("What is happening?")
    await menu.click("Shouting")
    card = await menu.becomes("Next:")
    await card.choose("What is it about? (optional)", "Refund missing, late or refused")
    card = await card.becomes("Late refund")
    assert "shouting" in card.words


async def test_the_whole_list_with_states_and_channel_is_a_modal_away(ana):
    await ana.slash("/deescalate")
    menu = await ana.sees_ephemeral("What is happening?")
    await menu.click("More choices")
    picker = await ana.sees_modal("How are they?")
    refused = await picker.submit()
    assert refused["result"] == "incomplete"
    await picker.choose("What is happening?", "delivery_problem")
    await picker.choose("How are they? Tick any.", "crying", "confused")
    await picker.submit()
    card = await ana.sees_modal("Missing delivery")
    await card.click("Another way")
    await ana.sees_modal("Missing delivery")
    await card.close()


async def test_where_nothing_fits_it_says_so_and_offers_the_list(ana):
    await ana.slash("/deescalate what are your opening hours on sunday")
    shown = await ana.sees_ephemeral("a wrong card is worse than none")
    await shown.choose("All situations", "policy_no")
    await shown.becomes("Next:")


async def test_two_that_are_close_are_left_to_her_with_a_line_that_is_safe_for_both(ana, close_call):
    await ana.slash(f"/deescalate {close_call}")
    choice = await ana.sees_ephemeral("Two things fit")
    assert "Say now: “" in choice.words
    first = next(e for _, e in choice.elements() if e["action_id"].startswith("phrasing.choose:"))
    await choice.click(first["action_id"])
    await choice.becomes("Next:")


async def test_a_customer_s_message_in_a_channel_is_answered_to_the_one_who_asked(ana, ben):
    await ben.say("Customer writes: I have been charged twice for the same month and nobody answers")
    message = await ana.sees_message("charged twice for the same month")
    await message.message_shortcut("phrasing.deescalate_message")
    await ana.sees_ephemeral("Wrong charge")
    await ben.sees_nothing("Say: “")


async def test_home_has_the_same_box_keeps_the_card_and_takes_a_vote(workspace, ben):
    priya = workspace.person("priya")
    await priya.open_home()
    home = await priya.sees_home("What is happening?")
    await home.type("What is happening?", "parcel marked delivered but nothing came", enter=True)
    home = await priya.sees_home("Missing delivery")
    assert "That helped" not in home.words
    await home.click("Another way")
    home = await home.becomes("Missing delivery")
    await home.click("…")
    await priya.sees_home("That helped")
    await priya.open_home()
    home = await priya.sees_home("Missing delivery")
    await home.click("That helped")
    home = await priya.sees_home("Counted for these words")
    await home.click("Help lines")
    lines = await priya.sees_modal("Nobody is reading this live")
    await lines.choose("Another country", "GB")
    lines = await priya.sees_modal("Samaritans")
    await lines.close()
    await ben.open_home()
    await ben.sees_home("What is happening?")
    await ben.sees_nothing("Missing delivery")


async def test_the_card_of_a_command_waits_on_home_too(ana):
    await ana.slash("/deescalate water leak, product smokes when plugged in")
    await ana.sees_ephemeral("Unsafe product")
    await ana.sees_home("Unsafe product")


HOSTILE = [
    "<!channel> late refund <@U1> <http://x|bank> *b* & third call",
    "late refund " + "x" * 10_000,
    "😡😡 refund 😡 late ‮ evil \x00 \ud800 tail",
    "استرداد متأخر refund late",
    "late refund card 4111 1111 1111 1111",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_comes_back_inert_and_bounded(workspace, ana, text):
    sent = text.encode("utf-8", "replace").decode()
    answered = await ana.slash(f"/deescalate {sent}")
    assert answered["delivery"]["outcome"] == "ok"
    response = str((await workspace.record("delivery"))[-1]["response"])
    for live in ("<!channel>", "<@U1>", "<http", "4111", "\x00", "‮"):
        assert live not in response
    assert len(response) < 12_000


@pytest.mark.parametrize("transport", ["http"])
async def test_the_same_over_signed_http(transport):
    async with floor(http=True) as workspace:
        ana, ben = workspace.person("ana"), workspace.person("ben")
        answered = await ana.slash(ASK)
        assert answered["delivery"]["transport"] == transport
        card = await ana.sees_ephemeral("Late refund · 3rd contact · shouting")
        await card.click("Another way")
        await card.becomes("Next:")
        await ana.open_home()
        await workspace.settle()
        home = await ana.sees_home("Late refund")
        await home.click("Pick from the list")
        await ana.sees_modal("How are they?")
        await ben.sees_nothing("Late refund · 3rd contact")
