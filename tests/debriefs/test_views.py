"""What a debrief shows: to whom it says so, what a lock screen gives away, and help within reach."""

from dataclasses import replace

import pytest

from bot.debriefs import entry_views, talk_views, views
from bot.debriefs.model import Closing, Debrief, Details, Draft, Entry, Origin, Promised, Room, Said, Step
from bot.safeguards.visibility import Audience, Place, Scope
from bot.slack.ids import Action
from tests.debriefs.floor import ANA, CHANNEL, LIBRARY, NOW
from tests.debriefs.floor import draft as drafted

ID = "0" * 32
PLACE = Place(channel="#looking-back", counted_in="the team's causes")
ORIGIN = Origin(ID)
WORDS = "He shouted for ten minutes"


def entry(**fields) -> Entry:
    draft: Draft = drafted(about="vulnerable_hardship", happened=WORDS, **fields)
    return Entry(
        ID, Scope(ANA), draft.about, draft.conduct, draft.hardness, draft.is_counted, draft.details, NOW
    )


def debrief(*, alone: bool = False, step: Step = Step.FACTS) -> Debrief:
    scope = Scope(ANA) if alone else Scope(ANA, Audience.CHANNEL, CHANNEL)
    return Debrief(ID, scope, "vulnerable_hardship", frozenset(), step, True, NOW, NOW, summary=WORDS)


def messages(held: Debrief):
    prompts = LIBRARY.prompts
    said = Said("key", ANA, WORDS, NOW, Step.FACTS)
    return [
        talk_views.root_message(LIBRARY, entry(), held, 0),
        *(talk_views.prompt_message(prompts[step], held, is_current=True) for step in Step),
        talk_views.reply_message(prompts[Step.FACTS], held, said),
        talk_views.closed_message(held, "Say which day", None),
    ]


def modals():
    log = {"with_promise": True}
    severe = entry(hardness=5)
    prompt = LIBRARY.prompts[Step.FACTS]
    return {
        "the form": views.log_form(LIBRARY, Draft(), ORIGIN, PLACE, **log),
        "the whole form": views.log_form(LIBRARY, Draft(), replace(ORIGIN, is_expanded=True), PLACE, **log),
        "saved": views.logged(entry(), [], may_talk=True),
        "cover": views.cover_view(10, "AUX-7", []),
        "the note": entry_views.crm_view("A note"),
        "the list": entry_views.entries_view(LIBRARY, [], is_shared=False, before=None),
        "what was found": entry_views.found_view(LIBRARY, "refund", [entry()] * 60, [], []),
        "an entry of mine": entry_views.entry_view(LIBRARY, entry(), None, PLACE, is_mine=True),
        "somebody else's": entry_views.entry_view(LIBRARY, entry(), None, None, is_mine=False),
        "deleted": entry_views.deleted_view(has_messages=True),
        "where to talk": talk_views.start_form(LIBRARY, entry(), Room(CHANNEL, "looking-back")),
        "where to talk after a severe one": talk_views.start_form(LIBRARY, severe, None, alone=True),
        "opened": talk_views.started_view(),
        "an answer": talk_views.answer_form(prompt, debrief(), PLACE, "nonce"),
        "closing": talk_views.closing_form(LIBRARY, debrief(), PLACE, Closing("")),
        "closed": talk_views.closed_view(),
    }


@pytest.mark.parametrize("name", modals())
def test_help_is_one_tap_away_in_every_screen_of_a_debrief(name):
    assert Action.HELP_LINES in str(modals()[name])


def test_calm_comes_first_after_a_severe_one_and_says_so_without_a_verdict():
    shown = str(modals()["where to talk after a severe one"])
    assert shown.index(Action.RESET) < shown.index(Action.COVER) < shown.index(Action.TALK_WHERE)


def test_a_debrief_alone_gives_nothing_away_on_a_lock_screen_and_says_where_its_words_stand():
    assert {message.text for message in messages(debrief(alone=True))} == {talk_views.ALONE_TEXT}
    for form in (
        talk_views.start_form(LIBRARY, entry(), None, alone=True),
        talk_views.answer_form(LIBRARY.prompts[Step.FACTS], debrief(alone=True), Place(), "nonce"),
    ):
        assert "owners can export" in str(form)


def test_a_question_that_was_answered_keeps_its_answer_button_alone():
    shown = str(talk_views.prompt_message(LIBRARY.prompts[Step.FACTS], debrief(), is_current=False).blocks)
    assert Action.ANSWER in shown
    assert not {it for it in (Action.SKIP, Action.CLOSE, Action.HELP_LINES) if it in shown}


@pytest.mark.parametrize("is_counted", [True, False])
def test_an_entry_says_that_it_counts_only_if_it_does(is_counted):
    shown = entry_views.entry_view(LIBRARY, entry(is_counted=is_counted), None, PLACE, is_mine=True)
    assert ("It counts in the team's causes" in str(shown)) is is_counted


def test_what_was_masked_is_said_under_the_field_it_was_masked_in():
    form = views.log_form(
        LIBRARY,
        Draft(),
        replace(ORIGIN, is_expanded=True),
        PLACE,
        with_promise=True,
        masked="1 phone",
        masked_in={Action.LOG_HELPED},
    )
    hinted = {it["label"]["text"] for it in form["blocks"] if views.MASKED_HERE in str(it.get("hint"))}
    assert hinted == {"What helped"}


def test_a_public_channel_is_warned_of_once():
    shown = str(talk_views.start_form(LIBRARY, entry(), Room(CHANNEL, "debriefs", is_public=True)))
    assert shown.count("anyone in the workspace") == 1


def test_words_that_grew_when_they_were_masked_still_fit_their_box():
    long = "[e-mail address] " * 200
    whole = Draft(details=Details(ticket=long, happened=long, helped=long), promised=Promised(long))
    forms = (
        views.log_form(LIBRARY, whole, replace(ORIGIN, is_expanded=True), PLACE, with_promise=True),
        entry_views.found_view(LIBRARY, long, [], [], []),
        talk_views.answer_form(LIBRARY.prompts[Step.FACTS], debrief(), PLACE, "nonce", text=long),
        talk_views.closing_form(LIBRARY, debrief(), PLACE, Closing(long, long, action=long)),
    )
    boxes = [
        it["element"] for form in forms for it in form["blocks"] if "max_length" in it.get("element", {})
    ]
    assert len(boxes) == 9
    assert all(len(box["initial_value"]) <= box["max_length"] for box in boxes)


def test_a_search_without_words_asks_for_some():
    assert entry_views.LOOK_FOR in str(entry_views.found_view(LIBRARY, "", [], [], []))


def test_a_command_in_our_own_sentences_can_be_copied():
    assert "`/debrief`" in str(entry_views.entries_view(LIBRARY, [], is_shared=False, before=None))
    absent = Room(CHANNEL, trouble="not_in_channel")
    assert "`/invite @Steady`" in str(talk_views.start_form(LIBRARY, entry(), absent))
    assert "`/invite @Steady`" in str(talk_views.stopped_message("not_in_channel").blocks)
