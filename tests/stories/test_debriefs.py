"""A hard contact logged, talked through in a private channel, and its lesson on a colleague's card."""

import pytest

from tests.stories.turns import add_team, all_known

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASK = "/deescalate late refund 3rd call screaming"
LESSON = "Say which day the trace runs; it ends the guessing."


@pytest.fixture
def ana(workspace):
    return workspace.person("ana")


@pytest.fixture
def ben(workspace):
    return workspace.person("ben")


@pytest.fixture
def sam(workspace):
    return workspace.person("sam")


@pytest.fixture
def grace(workspace):
    """Works here, but is not in the channel."""
    return workspace.person("grace")


@pytest.fixture(scope="module")
def said():
    """What one turn of the story leaves for a later one."""
    return {}


async def log(person, *, about=None, hardness="Hard", **more):
    """Three taps."""
    await person.slash("/debrief")
    form = await person.sees_modal("How hard was it on you?")
    if about:
        await form.choose("What was it about?", about)
    await form.choose("How hard was it on you?", hardness)
    return form


async def set_up(workspace):
    """The admin makes a team with a channel, and Steady is invited there."""
    await all_known(workspace)
    sam = workspace.person("sam")
    await sam.act("create_channel", name="looking-back", private=True)
    for who in ("@ana", "@ben", "app"):
        await sam.act("invite", **{"in": "#looking-back"}, who=who)
    await sam.act("invite", **{"in": "#debriefs"}, who="app")
    await add_team(
        workspace.person("omar"),
        "Late shift",
        ["@ana", "@ben"],
        ["@sam"],
        Debrief_channel_of_this_team="#looking-back",
    )


async def test_ana_logs_a_hard_call_from_its_card_in_three_taps(workspace, ana, ben):
    await set_up(workspace)
    await ana.slash(ASK)
    card = await ana.sees_ephemeral("Late refund")
    await card.click("…")
    card = await card.becomes("Send to my DM")
    await card.click("Log it")
    form = await ana.sees_modal("How hard was it on you?")
    assert "Only you see this in Steady" in form.words
    assert "Count it, without my name, in the team's causes" in form.words
    await form.choose("How hard was it on you?", "Hard")
    await form.submit()
    kept = await ana.sees_modal("Kept. Thank you")
    await kept.click("Copy CRM note")
    note = await ana.sees_modal("contact about refund missing, late or refused")
    await note.close()
    await ben.sees_nothing("Kept. Thank you")


async def test_cover_is_asked_for_without_a_reason(workspace, ana, sam):
    kept = await ana.sees_modal("Kept. Thank you")
    await kept.click("10 min off, with cover")
    cover = await ana.sees_modal("without a reason")
    told = await sam.at("@app").sees_message("Cover 10 min")
    assert "refund" not in told.words.lower()
    assert "hard" not in told.words.lower()
    await cover.close()


async def test_she_opens_a_debrief_and_colleague_and_lead_answer(workspace, ana, ben, sam, grace):
    kept = await ana.sees_modal("Kept. Thank you")
    await kept.click("Talk it through")
    start = await ana.sees_modal("Show at the top")
    await start.choose("Choose a channel", "#debriefs")
    start = await start.becomes("#debriefs is public")
    await start.choose("Choose a channel", "#looking-back")
    start = await start.becomes("everyone in #looking-back")
    assert "is public" not in start.words
    await start.choose("Show at the top", "How hard it was on me")
    await start.submit()
    await ana.sees_modal("Your debrief opens now")

    in_debriefs = ben.at("#looking-back")
    root = await in_debriefs.sees_message("would like to talk through")
    assert "On me: hard" in root.words
    await in_debriefs.sees_message("What happened, in two or three sentences?")
    await root.click("I've had this too")
    await root.becomes("A colleague has had this too")
    await in_debriefs.say("Same on Monday, the trace number calmed them", thread=root)
    await sam.at("#looking-back").say("Call me next time, my mobile is 212-555-0123", thread=root)
    told = await sam.sees_ephemeral("this is masked: 1 phone")
    assert "212-555" not in told.words
    await ben.sees_nothing("this is masked")


async def test_the_prompts_come_one_at_a_time_and_one_is_skipped(workspace, ana, ben):
    await (await ana.sees_modal()).close(everything=True)
    prompt = await ana.sees_message("What happened, in two or three sentences?")
    await ana.sees_nothing("What helped, even a little?")
    refused = await prompt.again()
    await (await ben.sees_message("What happened, in two or three sentences?")).click("Skip")
    await ben.sees("Only who opened the debrief can do that")

    await refused.click("Answer")
    box = await ana.sees_modal("Posted in the thread, with your name")
    await box.type(
        "What happened, in two or three sentences?", "Third call about a refund. Card 4111 1111 1111 1111."
    )
    await box.submit()
    box = await ana.sees_modal("Not saved yet. This was masked first: 1 card number")
    assert "4111" not in str(box.body)
    await box.submit()
    await ben.sees_message("Third call about a refund.")

    prompt = await ana.sees_message("What helped, even a little?")
    await prompt.click("Skip")
    prompt = await ana.sees_message("What would spare the next person this?")
    await prompt.click("Answer")
    box = await ana.sees_modal("Posted in the thread")
    await box.type("What would spare the next person this?", "A status page for refunds")
    await box.submit()

    prompt = await ana.sees_message("How are you now? Only if you like.")
    await prompt.click("Answer")
    box = await ana.sees_modal("Only you see this in Steady")
    await box.type("How are you now? Only if you like.", "tired but fine")
    await box.submit()
    await ana.sees_message("Close it when you like")
    await ben.sees_nothing("tired but fine")


async def test_she_closes_it_and_keeps_a_lesson_that_names_nobody(workspace, ana, ben, grace):
    prompt = await ana.sees_message("Close it when you like")
    await prompt.click("Close it")
    form = await ana.sees_modal("A lesson for others")
    assert "What to change: A status page for refunds" in str(form.body)
    assert "tired" not in str(form.body)
    await form.type("A lesson for others", "Ben knows how the trace works")
    refused = await form.submit()
    assert "names Ben" in str(refused["errors"])
    await form.type("A lesson for others", LESSON)
    await form.type("Something to change about the cause", "Put refund status on the site")
    await form.choose("Who owns it", "@grace")
    await form.choose("By when", "2031-03-04")
    await form.submit()
    await ana.sees_modal("Closed. Nothing more comes of it")
    await ben.at("#looking-back").sees_message(LESSON)


async def test_the_lesson_stands_on_a_colleagues_card_and_on_nobody_elses(workspace, ben, grace):
    await ben.slash(ASK)
    card = await ben.sees_ephemeral("What helped others")
    assert LESSON in card.words
    await grace.slash(ASK)
    await grace.sees_ephemeral("Late refund")
    await grace.sees_nothing(LESSON)


async def test_search_finds_it_for_those_in_the_channel_alone(workspace, ana, ben, grace):
    await (await ana.sees_modal()).close(everything=True)
    for person, finds in ((ana, True), (ben, True), (grace, False)):
        await person.slash("/debrief search trace")
        view = await person.sees_modal("Lessons" if finds else "Nothing with these words")
        assert (LESSON in view.words) is finds
        await view.close()
    await grace.slash("/debrief list")
    mine = await grace.sees_modal("Nothing yet")
    await mine.click("Shared with me")
    await grace.sees_modal("Nothing is shared with you yet.")
    await (await grace.sees_modal()).close()


async def test_she_widens_her_entry_herself_and_only_then_ben_finds_it(workspace, ana, ben, grace):
    await ben.slash("/debrief list")
    view = await ben.sees_modal("Shared with me")
    await view.click("Shared with me")
    view = await view.becomes("Nothing is shared with you yet.")
    await view.close()

    await ana.slash("/debrief list")
    view = await ana.sees_modal("Refund missing, late or refused")
    await view.click("Open")
    entry = await ana.sees_modal("Who can see it?")
    await entry.choose("debriefs.entry_audience", "The debrief channel, with leads")
    await entry.becomes("everyone in #looking-back")
    await (await ana.sees_modal()).close(everything=True)

    await ben.slash("/debrief list")
    view = await ben.sees_modal("Shared with me")
    await view.click("Shared with me")
    view = await view.becomes("Refund missing, late or refused")
    await view.click("Open")
    entry = await ben.sees_modal("· Hard")
    assert "Delete" not in entry.words
    await (await ben.sees_modal()).close(everything=True)
    await grace.sees_nothing("Refund missing, late or refused")


async def test_her_own_words_bring_help_first_and_nothing_says_so_elsewhere(workspace, ana, sam):
    form = await log(ana, about="policy_no", hardness="As hard as it gets")
    await form.click("More")
    form = await form.becomes("At which step of their journey?")
    await form.type("What happened", "They kept at it. I want to kill myself after this week.")
    await form.submit()
    kept = await ana.sees_modal("What you wrote sounds heavy")
    assert kept.words.index("988") < kept.words.index("Kept. Thank you")
    assert "15 min off, with cover" in kept.words
    await kept.click("Talk it through")
    start = await ana.sees_modal("Calm comes first")
    await start.close()
    await (await ana.sees_modal()).close(everything=True)
    await sam.sees_nothing("sounds heavy")


async def test_what_would_be_masked_is_shown_before_anything_is_kept(workspace, ana):
    await ana.slash("/debrief")
    form = await ana.sees_modal("How hard was it on you?")
    await form.choose("What was it about?", "billing_dispute")
    await form.choose("How hard was it on you?", "A little hard")
    await form.click("More")
    form = await form.becomes("At which step of their journey?")
    await form.type("What happened", "He read out 4111 1111 1111 1111 twice")
    await form.type("Ticket id", "the tall man from Leeds")
    refused = await form.submit()
    assert "Only the ticket's id" in str(refused["errors"])
    await form.type("Ticket id", "CS-1234")
    await form.submit()
    form = await ana.sees_modal("This was masked first: 1 card number")
    assert "4111" not in str(form.body)
    await form.submit()
    await ana.sees_modal("Kept. Thank you")
    await (await ana.sees_modal()).close(everything=True)


async def test_a_promise_in_the_log_is_kept_by_promises(workspace, ana):
    form = await log(ana, about="delivery_problem")
    await form.click("More")
    form = await form.becomes("I promised")
    await form.type("I promised", "Ring back about the depot")
    refused = await form.submit()
    assert "by when" in str(refused["errors"]).lower()
    await form.choose("By when", "2027-03-05")
    await form.choose("Remind at", "22:30")
    refused = await form.submit()
    assert "Steady is quiet" in str(refused["errors"])
    await form.choose("Remind at", "11:15")
    await form.submit()
    await ana.sees_modal("Kept. Thank you")
    await (await ana.sees_modal()).close(everything=True)
    await ana.open_home()
    home = await ana.sees_home("Ring back about the depot")
    assert "By Fri 5 Mar, 11:15" in home.words


async def test_shared_channels_are_refused_and_alone_is_alone(workspace, ana, sam):
    await sam.act("invite", **{"in": "#partner-brightship"}, who="app")
    form = await log(ana, about="policy_no")
    await form.submit()
    kept = await ana.sees_modal("Kept. Thank you")
    await kept.click("Talk it through")
    start = await ana.sees_modal("Show at the top")
    await start.choose("Choose a channel", "#support-floor")
    start = await start.becomes("Invite it there first")
    await start.submit()
    start = await ana.sees_modal("Invite it there first")
    await start.choose("Where?", "Alone, in my messages")
    start = await start.becomes("Only you see this in Steady")
    await start.submit()
    await ana.sees_modal("Your debrief opens now")
    await (await ana.sees_modal()).close(everything=True)
    await ana.at("@app").sees_message("your own look back, only here")
    await ana.at("@app").sees_message("What happened, in two or three sentences?")
    await sam.sees_nothing("your own look back")


async def test_deleting_takes_the_bots_messages_out_of_slack_and_says_what_it_cannot(workspace, ana, ben):
    await ana.slash("/debrief search refund")
    found = await ana.sees_modal("Contacts")
    await found.click("Open")
    entry = await ana.sees_modal("Who can see it?")
    await entry.click("Delete", confirm=True)
    gone = await ana.sees_modal("It can't delete what colleagues wrote in the thread")
    await gone.close()
    await ana.sees_no_modal()
    await workspace.recorded(lambda e: e.get("method") == "chat.delete")
    await ben.sees_nothing("What happened, in two or three sentences?")
    await ben.slash("/debrief search trace")
    await ben.sees_modal("Nothing with these words")
    await (await ben.sees_modal()).close()


async def test_a_kit_is_saved_from_a_card_said_her_way_and_comes_second(workspace, ana, ben):
    await ana.slash("/deescalate charged twice for the same month")
    card = await ana.sees_ephemeral("Wrong charge")
    await card.click("…")
    card = await card.becomes("Save to my kit")
    await card.click("Save to my kit")
    await ana.sees("Saved to your kit")
    await ana.open_home()
    home = await ana.sees_home("saved")
    await home.click("Open my kit")
    kit = await ana.sees_modal("Only you see your kit")
    await kit.click("Edit")
    form = await ana.sees_modal("The words")
    await form.type("The words", "Two charges, one month. I'm taking one of them back now.")
    await form.choose("For others, too?", "Offer it to my team")
    await form.submit()
    saved = await ana.sees_modal("Saved to your kit.")
    await saved.click("My kit")
    await (await saved.becomes("Two charges, one month")).close()
    await ana.sees_no_modal()

    await ana.slash("/deescalate charged twice for the same month")
    card = await ana.sees_ephemeral("Wrong charge")
    for _ in range(2):
        await card.click("Another way")
        card = await card.becomes("Wrong charge")
        await workspace.settle()
    seen = await card.again()
    await ben.slash("/deescalate charged twice for the same month")
    offered = await ben.sees_ephemeral("Wrong charge")
    await offered.click("Another way")
    await offered.becomes("Two charges, one month")
    assert seen


async def test_help_and_home_lead_to_the_same_form(ana):
    await ana.slash("/debrief help")
    shown = await ana.sees_ephemeral("log it in three taps")
    await shown.click("Log a hard contact")
    await (await ana.sees_modal("How hard was it on you?")).close()
    await ana.shortcut("debriefs.log_contact")
    await (await ana.sees_modal("How hard was it on you?")).close()
    await ana.open_home()
    await ana.workspace.settle()
    home = await ana.sees_home("After a hard contact")
    await home.click("Log a hard contact")
    await (await ana.sees_modal("How hard was it on you?")).close()


async def test_a_message_brings_its_words_into_the_form_and_nothing_is_kept_without_saving(ana, ben):
    await ben.say("Customer writes: charged twice for the same month, get me your manager")
    message = await ana.sees_message("charged twice for the same month")
    await message.message_shortcut("debriefs.debrief_message")
    form = await ana.sees_modal("At which step of their journey?")
    assert "get me your manager" in str(form.body)
    await form.close()
    await ana.slash("/debrief search manager")
    await ana.sees_modal("Nothing with these words")
    await (await ana.sees_modal()).close()


async def test_the_last_step_of_ideal_offers_to_look_back(ana):
    await ana.slash(ASK)
    card = await ana.sees_ephemeral("Late refund")
    await card.click("…")
    card = await card.becomes("Steps")
    await card.click("Steps")
    steps = await ana.sees_modal("step 1 of")
    await steps.choose("Another memory aid", "ideal")
    steps = await steps.becomes("IDEAL · step 1 of 5")
    for number in range(2, 6):
        await steps.click("Next")
        steps = await steps.becomes(f"IDEAL · step {number} of 5")
    await steps.click("Log it, and talk it through if you like")
    form = await ana.sees_modal("How hard was it on you?")
    await form.close(everything=True)


async def test_help_is_one_tap_away_even_three_modals_deep(ana):
    form = await log(ana, about="long_wait", hardness="Very hard")
    await form.submit()
    kept = await ana.sees_modal("Kept. Thank you")
    await kept.click("See it again")
    entry = await ana.sees_modal("Who can see it?")
    await entry.click("Talk it through")
    talk = await ana.sees_modal("Calm comes first")
    await talk.click("Help for me")
    await ana.sees_modal("Nobody is reading this live")
    await (await ana.sees_modal()).close(everything=True)


async def test_the_owner_of_the_cause_is_asked_in_her_own_working_hours(workspace, grace):
    await workspace.jump("Monday 10:00", as_="grace")
    asked = await grace.at("@app").sees_message("Put refund status on the site")
    assert "by 04 Mar 2031" in asked.words
    await asked.click("Done")
    await grace.sees("Whoever asked for it sees that it is done")
