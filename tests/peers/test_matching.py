"""Whom to ask next: rules that hold whatever the roster looks like."""

import datetime as dt
import random
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.peers.matching import Candidate, Seeker, choose, has_room, may_ask
from bot.peers.model import ASKS_A_DAY_MOST, Load, Topic

NOW = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)
IDS = [f"U{number}" for number in range(8)]
some_ids = st.frozensets(st.sampled_from(IDS), max_size=3)
seekers = st.builds(
    Seeker,
    id=st.sampled_from(IDS),
    topic=st.sampled_from(Topic),
    not_with=some_ids,
    leads=some_ids,
    led=some_ids,
    already_asked=some_ids,
)
candidates = st.builds(
    Candidate,
    id=st.just(""),
    topics=st.frozensets(st.sampled_from(Topic), min_size=1),
    per_week=st.integers(1, 5),
    load=st.builds(
        Load,
        talks=st.integers(0, 6),
        asks_today=st.integers(0, 4),
        has_open_ask=st.booleans(),
        asked_at=st.none() | st.integers(0, 50).map(lambda hours: NOW - dt.timedelta(hours=hours)),
    ),
    is_present=st.booleans(),
    not_with=some_ids,
)
rosters = st.lists(candidates, max_size=len(IDS)).map(
    lambda people: [replace(person, id=IDS[at]) for at, person in enumerate(people)]
)
most = st.sampled_from([1, 3])
seeds = st.integers(0, 2**32)


def chosen(seeker, roster, at_once, seed):
    by_id = {person.id: person for person in roster}
    return [by_id[it] for it in choose(seeker, roster, at_once, random.Random(seed))]


@settings(max_examples=300)
@given(seekers, rosters, most, seeds)
def test_two_who_are_to_be_kept_apart_never_meet_in_either_direction(seeker, roster, at_once, seed):
    for person in chosen(seeker, roster, at_once, seed):
        assert person.id not in seeker.not_with
        assert seeker.id not in person.not_with
        assert person.id != seeker.id


@settings(max_examples=300)
@given(seekers, rosters, most, seeds)
def test_nobody_s_lead_is_asked_and_no_lead_asks_their_own_people(seeker, roster, at_once, seed):
    assert not {person.id for person in chosen(seeker, roster, at_once, seed)} & (seeker.leads | seeker.led)


@settings(max_examples=300)
@given(seekers, rosters, most, seeds)
def test_nobody_is_asked_beyond_what_they_offered(seeker, roster, at_once, seed):
    for person in chosen(seeker, roster, at_once, seed):
        assert person.load.talks < person.per_week
        assert not person.load.has_open_ask
        assert person.load.asks_today < ASKS_A_DAY_MOST
        assert seeker.topic in person.topics


@settings(max_examples=300)
@given(seekers, rosters, most, seeds)
def test_only_those_present_are_asked_and_nobody_twice_for_one_request(seeker, roster, at_once, seed):
    people = chosen(seeker, roster, at_once, seed)
    assert all(person.is_present and person.id not in seeker.already_asked for person in people)
    assert len({person.id for person in people}) == len(people) <= at_once


@settings(max_examples=300)
@given(seekers, rosters, most, seeds)
def test_somebody_is_asked_wherever_somebody_may_be(seeker, roster, at_once, seed):
    fitting = [person for person in roster if may_ask(seeker, person)]
    assert len(chosen(seeker, roster, at_once, seed)) == min(at_once, len(fitting))


@settings(max_examples=300)
@given(seekers, rosters, seeds)
def test_the_last_to_be_asked_is_not_asked_again_while_another_is_free(seeker, roster, seed):
    asked = [person.load.asked_at for person in roster if person.load.asked_at]
    for person in chosen(seeker, roster, 1, seed):
        if person.load.asked_at and person.load.asked_at == max(asked):
            others = [it for it in roster if may_ask(seeker, it) and it.id != person.id]
            assert all(it.load.asked_at == person.load.asked_at for it in others)


@given(seekers, rosters, most, seeds, st.randoms())
def test_the_same_dice_choose_alike_whatever_order_the_roster_comes_in(seeker, roster, at_once, seed, order):
    shuffled = list(roster)
    order.shuffle(shuffled)
    assert chosen(seeker, roster, at_once, seed) == chosen(seeker, shuffled, at_once, seed)


@given(seekers, rosters, most, seeds, some_ids)
def test_a_list_never_leads_to_anybody_s_being_asked_who_could_not_have_been(
    seeker, roster, at_once, seed, more
):
    kept_apart = replace(seeker, not_with=seeker.not_with | more)
    could = {person.id for person in roster if may_ask(seeker, person)}
    assert {person.id for person in chosen(kept_apart, roster, at_once, seed)} <= could - more


@settings(max_examples=30)
@given(st.integers(2, 8), seeds)
def test_turns_go_round_evenly(people, seed):
    dice, turns = random.Random(seed), Counter()
    roster = {it: Candidate(it, frozenset(Topic), 5) for it in IDS[:people]}
    before = None
    for number in range(people * 4):
        (who,) = choose(Seeker("UASKER", Topic.TEAM), list(roster.values()), 1, dice)
        assert who != before
        turns[who] += 1
        roster[who] = replace(roster[who], load=Load(asked_at=NOW + dt.timedelta(hours=number)))
        before = who
    assert set(turns.values()) == {4}


def test_an_open_ask_counts_as_the_talk_it_may_become():
    assert has_room(Candidate("U1", frozenset(Topic), 2, Load(talks=1)))
    assert not has_room(Candidate("U1", frozenset(Topic), 2, Load(talks=1, has_open_ask=True)))
