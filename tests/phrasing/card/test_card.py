"""What a card promises, on the shipped playbooks and on a small one of its own."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from bot.errors import GoneError
from bot.phrasing.card import ALONE, CUED_MOST, WORDS_MOST, CardAnswer, Recipe, Style, compose
from bot.phrasing.deciding import Words
from bot.phrasing.finder import build_finder
from bot.phrasing.views import DEFAULT_FRAMEWORK, card_message, card_text
from bot.playbooks.loading import load, shipped_playbooks
from bot.playbooks.model import Channel, Fill, State

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def library():
    return load((shipped_playbooks(),)).library


@pytest.fixture(scope="module")
def words(library, memory):
    return Words(library, build_finder(library, memory=memory))


@pytest.fixture(scope="module")
def situations(library):
    return library.situations


def test_every_situation_makes_a_card_that_can_be_read_in_five_seconds(situations):
    for id_ in situations:
        for states in ((), (State.SHOUTING,), (State.CRYING,), (State.INSULTING, State.SHOUTING)):
            card = compose(Recipe(lead=id_, states=states), situations, seed="x")
            assert card.words() <= WORDS_MOST, (id_, states, card.words())


def test_no_card_ever_shows_an_open_blank(situations):
    for id_ in situations:
        for channel in Channel:
            for turn in range(12):
                card = compose(Recipe(lead=id_, channel=channel, turn=turn), situations, seed="x")
                assert not [s for s in card.sayings if "{" in s.text], id_


def test_what_was_plainly_said_fills_the_blanks(situations):
    recipe = Recipe(lead="refund_problem", beside=("repeat_contact",), fills={Fill.TIMES: "third"})
    said = {
        saying.text
        for turn in range(8)
        for saying in compose(
            Recipe(**{f: getattr(recipe, f) for f in Recipe.__slots__} | {"turn": turn}), situations, seed="x"
        ).sayings
    }
    assert any("Third" in text or "third" in text for text in said)


def test_a_phrase_made_for_a_repeat_contact_is_not_said_on_a_first_one(situations):
    for turn in range(20):
        card = compose(Recipe(lead="refund_problem", turn=turn), situations, seed="x")
        phrases = {p.id: p for p in situations["refund_problem"].phrases}
        for saying in card.sayings:
            assert not phrases[saying.phrase_id.partition(".")[2]].alongside


def test_another_way_is_another_way(situations):
    for id_ in situations:
        first = compose(Recipe(lead=id_), situations, seed="ana")
        second = compose(Recipe(lead=id_).next_turn(), situations, seed="ana")
        assert first.sayings != second.sayings, id_


def test_two_people_get_other_ways_in_an_order_of_their_own(situations):
    def ways(seed):
        return [
            compose(Recipe(lead="refund_problem", turn=turn), situations, seed=seed).sayings
            for turn in range(1, 6)
        ]

    assert len({tuple(ways(f"member-{n}")) for n in range(8)}) > 1
    assert ways("ana") == ways("ana")


def test_formal_words_come_after_the_plain_ones_but_for_an_email(situations):
    shipped = situations["abusive_language"]
    plain, formal = (
        next(it for it in shipped.phrases if it.id == id_) for id_ in ("names_first", "formal_ask")
    )
    more = tuple(plain.model_copy(update={"id": f"plain_{n}"}) for n in range(3))
    rest = tuple(it for it in shipped.phrases if it.role not in ("acknowledge", "boundary"))
    made = {shipped.id: shipped.model_copy(update={"phrases": (plain, formal, *more, *rest)})}

    def place(channel, seed):
        recipe = Recipe(shipped.id, channel=channel)
        ways = [compose(replace(recipe, turn=turn), made, seed=seed).sayings[0] for turn in range(5)]
        return [it.phrase_id for it in ways].index("abusive_language.formal_ask")

    assert {place(Channel.VOICE, seed) for seed in "abcdef"} == {4}
    assert min(place(Channel.EMAIL, seed) for seed in "abcdef") < 4


def test_shorter_is_one_line_and_firmer_begins_otherwise_where_it_can(situations):
    shorter = compose(Recipe(lead="abusive_language", style=Style.SHORTER), situations, seed="x")
    assert len(shorter.sayings) == 1
    firmer = compose(Recipe(lead="abusive_language", style=Style.FIRMER), situations, seed="x")
    boundary = {
        f"abusive_language.{p.id}" for p in situations["abusive_language"].phrases if p.role == "boundary"
    }
    assert firmer.sayings[0].phrase_id in boundary


def test_the_title_names_what_was_heard(situations):
    card = compose(
        Recipe(
            lead="refund_problem",
            beside=("repeat_contact",),
            states=(State.SHOUTING,),
            fills={Fill.TIMES: "third"},
        ),
        situations,
        seed="x",
    )
    assert card.title == ("Late refund", "3rd contact", "shouting")


def test_written_words_stand_alone_to_be_copied(situations):
    recipe = Recipe(lead="refund_problem", channel=Channel.CHAT)
    card = compose(recipe, situations, seed="x")
    blocks = card_message(card, recipe).blocks
    copied = [block["elements"][0]["elements"][0]["text"] for block in blocks if block["type"] == "rich_text"]
    assert copied == [saying.text for saying in card.sayings]


def test_what_to_mind_in_writing_stands_below_the_buttons_and_how_to_sound_nowhere(situations):
    for channel in (Channel.CHAT, Channel.EMAIL):
        recipe = Recipe(lead="refund_problem", channel=channel, states=(State.SHOUTING,))
        card = compose(recipe, situations, seed="x")
        assert card.tone_cue == situations["refund_problem"].by_channel[channel]
        *before, below = card_message(card, recipe).blocks
        assert card.tone_cue in json.dumps(below)
        assert card.tone_cue not in json.dumps(before)
        assert "Let them finish" not in card_text(card)


def test_how_to_stand_is_said_face_to_face_where_there_is_room(situations):
    said = {
        id_: compose(Recipe(lead=id_, channel=Channel.IN_PERSON, style=Style.SHORTER), situations, seed="x")
        for id_ in situations
    }
    told = [id_ for id_, it in said.items() if it.tone_cue == situations[id_].by_channel[Channel.IN_PERSON]]
    assert len(told) > len(situations) / 2
    assert all(it.words() <= WORDS_MOST for it in said.values())


def test_the_text_a_screen_reader_hears_holds_the_whole_card(situations):
    card = compose(Recipe(lead="billing_dispute"), situations, seed="x")
    text = card_text(card)
    for part in (*card.title, *(s.text for s in card.sayings), card.tone_cue, card.next_step):
        assert part in text


def test_a_recipe_survives_its_button_and_fits_it():
    recipe = Recipe(
        lead="refund_problem",
        beside=("repeat_contact", "angry_venting", "confused"),
        others=("policy_no", "billing_dispute", "delivery_problem", "price_value"),
        states=tuple(State),
        fills={Fill.AMOUNT: "£40", Fill.TIMES: "third", Fill.DURATION: "three weeks", Fill.DATE: "Monday"},
        cued=("refund_problem.amount_chased",) * CUED_MOST,
        nonce="0" * 16,
    )
    assert Recipe.decode(recipe.encode()) == recipe
    assert len(recipe.encode()) < 1000


@pytest.mark.parametrize("value", ["", "{}", "null", "[]", "card-v0", '{"l": 1}', '{"l":"x","b":3}'])
def test_a_button_of_an_older_release_gets_a_polite_answer(value):
    with pytest.raises(GoneError, match="fresh one"):
        Recipe.decode(value)


def test_a_button_from_before_cues_still_works():
    older = json.loads(Recipe(lead="refund_problem").encode())
    del older["p"]
    assert Recipe.decode(json.dumps(older)) == Recipe(lead="refund_problem")


def named(situations):
    return [
        (f"{it.id}.{phrase.id}", it, phrase)
        for it in situations.values()
        for phrase in it.phrases
        if phrase.cues
    ]


def test_every_cue_of_the_shipped_phrases_is_met_when_somebody_types_it(situations, words):
    for id_, _, phrase in named(situations):
        for cue in phrase.cues:
            typed = " ".join(it.split("/")[0] for it in cue.split() if it != "…")
            assert id_ in words.finder.find(typed).cued, (id_, cue)


def test_a_phrase_that_names_a_thing_is_said_where_it_was_named_and_only_there(situations):
    for id_, situation, phrase in named(situations):
        if phrase.alongside or phrase.states or phrase.channels or phrase.blanks:
            continue
        said = [
            it.phrase_id for it in compose(Recipe(situation.id, cued=(id_,)), situations, seed="x").sayings
        ]
        assert id_ in said
        for turn in range(len(situation.phrases)):
            card = compose(Recipe(situation.id, turn=turn), situations, seed="x")
            assert id_ not in [it.phrase_id for it in card.sayings]


def test_what_was_named_comes_before_who_they_are_and_how_they_are(situations):
    """Even a phrase for two things beside it and a state gives way, as its counterpart with a cue shows."""
    made = situations["wont_end_contact"]
    phrase = next(it for it in made.phrases if it.id == "want_be_sure")
    rival = phrase.model_copy(
        update={"id": "named", "cues": ("the form",), "alongside": (), "states": (), "spoken": "The form."}
    )
    both = made.model_copy(update={"phrases": (*made.phrases, rival)})
    recipe = Recipe(
        made.id,
        beside=("confused", "access_needs"),
        states=(State.CONFUSED,),
        cued=("wont_end_contact.named",),
    )
    card = compose(recipe, {**situations, made.id: both}, seed="x")
    assert card.sayings[0].phrase_id == "wont_end_contact.named"


def test_naming_the_thing_leaves_room_for_what_happens_next(situations):
    for id_, situation, _ in named(situations):
        for channel in Channel:
            card = compose(Recipe(situation.id, cued=(id_,), channel=channel), situations, seed="x")
            assert len(card.sayings) == 2, (id_, channel)


@pytest.mark.parametrize(
    ("text", "person", "cause"),
    [
        ("widow, boiler broken three days", "vulnerable_hardship", "product_fault"),
        ("wants a manager, washing machine leaking since monday", "supervisor_demand", "product_fault"),
    ],
)
def test_the_thing_is_named_by_the_cause_beside_whoever_leads(words, text, person, cause):
    _, answer = words.look_up(text, Channel.VOICE, seed="x", today=TODAY)
    opening, following = answer.card.sayings
    assert opening.phrase_id.startswith(person + ".")
    assert following.phrase_id.startswith(cause + ".")
    assert answer.card.words() <= WORDS_MOST


@pytest.mark.parametrize("lead", sorted(ALONE))
def test_nothing_is_said_of_the_parcel_where_somebody_is_at_risk_or_harassed(situations, lead):
    cause = situations["product_fault"]
    named = tuple(f"{cause.id}.{it.id}" for it in cause.phrases if it.cues)[:CUED_MOST]
    card = compose(Recipe(lead=lead, beside=(cause.id,), cued=named), situations, seed="x")
    assert all(it.phrase_id.startswith(lead + ".") for it in card.sayings)


def test_what_was_typed_decides_what_is_named_and_goes_no_further_than_an_id(words):
    _, answer = words.look_up("charged twice for one order", Channel.VOICE, seed="x", today=TODAY)
    assert isinstance(answer, CardAnswer)
    assert answer.card.sayings[0].phrase_id in answer.recipe.cued
    assert "order" not in answer.recipe.encode()


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ("Why is my bill £112? Nobody has explained it and I've rung twice.", False),
        ("bill wrong, told us twice", False),
        ("charged me £40 twice", True),
        ("twice charged for one order", True),
        ("payment went out twice", True),
        ("£19 direct debit taken twice this month", True),
    ],
)
def test_who_rang_twice_was_not_charged_twice(words, text, doubled):
    assert ("billing_dispute.gone_twice" in words.finder.find(text).cued) is doubled


def test_a_situation_taken_out_of_the_playbooks_is_said_to_be_gone(situations):
    with pytest.raises(GoneError):
        compose(Recipe(lead="was_here_once"), situations, seed="x")


def test_a_title_says_nothing_twice(situations):
    recipe = Recipe(lead="supervisor_demand", states=(State.DEMANDING, State.SHOUTING))
    title = compose(recipe, situations, seed="x").title
    assert "shouting" in title
    assert "demanding" not in title


@pytest.mark.parametrize("person", ["confused", "language_barrier"])
def test_a_title_that_says_they_are_lost_says_it_once(situations, person):
    recipe = Recipe(lead="account_access", beside=(person,), states=(State.CONFUSED, State.CRYING))
    assert compose(recipe, situations, seed="x").title[2:] == ("crying",)


def test_nobody_reads_of_their_own_mistake_who_told_of_none(words):
    found, answer = words.look_up("can i hang up on him hes swearing", Channel.VOICE, seed="x", today=TODAY)
    assert isinstance(answer, CardAnswer)
    assert "my_mistake" in [it.situation for it in found.matches]
    assert "my_mistake" not in answer.recipe.beside


def test_steps_begin_with_leap(library):
    assert DEFAULT_FRAMEWORK in library.frameworks
    assert next(iter(library.frameworks)) != DEFAULT_FRAMEWORK, "the order of files doesn't decide it"
