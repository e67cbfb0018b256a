"""Who may see an entry: the check, the SQL and the sentence say the same, for whoever looks."""

import re
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people import Member
from bot.safeguards.visibility import (
    Audience,
    Place,
    Scope,
    Viewer,
    choices,
    condition,
    may_change,
    may_see,
    sentence,
    who,
)

ids = st.sampled_from(["1", "2", "3"])
members = st.builds(Member, workspace=st.sampled_from(["T1", "T2"]), id=ids)
some_ids = st.frozensets(ids, max_size=3)
viewers = st.builds(
    Viewer, member=members, teams=some_ids, leads=some_ids, channels=some_ids, is_outsider=st.booleans()
)
scopes = st.builds(
    Scope,
    author=members,
    audience=st.sampled_from(Audience),
    channel=st.none() | ids,
    team=st.none() | ids,
)
places = st.builds(
    Place,
    channel=st.sampled_from(["", "#debriefs"]),
    team=st.sampled_from(["", "Billing"]),
    channel_is_public=st.booleans(),
    counted_in=st.sampled_from(["", "the team's causes"]),
)

ANA = Member("T1", "ANA")
SHOWN = Scope(ANA, channel="C1", team="billing")
HERE = Place(channel="#debriefs", team="Billing")
BEN = Viewer(Member("T1", "BEN"))

PEOPLE = {
    "(people|everyone) in #debriefs": replace(BEN, channels=frozenset({"C1"})),
    "everyone in #debriefs": replace(BEN, channels=frozenset({"C1"}), leads=frozenset({"other"})),
    "the team Billing": replace(BEN, teams=frozenset({"billing"})),
    "Billing with its leads": replace(BEN, leads=frozenset({"billing"})),
}
"""What the sentence calls somebody, and somebody who is nothing else."""


@given(scopes, viewers)
def test_an_author_always_sees_their_own_and_nobody_else_may_change_it(scope: Scope, viewer: Viewer) -> None:
    assert may_see(replace(viewer, member=scope.author), scope)
    assert may_change(viewer, scope) == (viewer.member == scope.author)


@given(viewers, scopes)
def test_only_me_means_only_me(viewer: Viewer, scope: Scope) -> None:
    assert may_see(viewer, replace(scope, audience=Audience.ONLY_ME)) == (viewer.member == scope.author)


@given(viewers, scopes)
def test_guests_and_other_workspaces_see_nothing_of_others(viewer: Viewer, scope: Scope) -> None:
    if viewer.member != scope.author:
        assert not may_see(replace(viewer, is_outsider=True), scope)
        assert not may_see(replace(viewer, member=Member("elsewhere", viewer.member.id)), scope)


@given(viewers, scopes)
def test_widening_shuts_nobody_out(viewer: Viewer, scope: Scope) -> None:
    seen = [may_see(viewer, replace(scope, audience=audience)) for audience in Audience]
    assert seen == sorted(seen)


@given(viewers, scopes)
def test_who_leaves_every_channel_and_team_sees_nothing_of_others(viewer: Viewer, scope: Scope) -> None:
    gone = Viewer(viewer.member)
    assert may_see(gone, scope) == (viewer.member == scope.author)


@given(viewers, scopes)
def test_leading_opens_the_own_team_once_it_is_shared_and_no_other(viewer: Viewer, scope: Scope) -> None:
    agent = replace(viewer, leads=frozenset())
    gained = may_see(viewer, scope) and not may_see(agent, scope)
    if gained:
        by_team = scope.audience is Audience.TEAM and scope.team in viewer.leads
        assert by_team
    without = replace(scope, audience=Audience.CHANNEL_WITHOUT_LEADS)
    if viewer.leads and viewer.member != scope.author:
        assert not may_see(viewer, without)


@pytest.fixture(scope="module")
def entries() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE entries (workspace_id, author_id, audience, channel_id, team_id)")
    return db


@given(viewer=viewers, shown=st.lists(scopes, max_size=8))
def test_the_sql_of_a_list_lets_through_exactly_what_the_check_does(
    entries: sqlite3.Connection, viewer: Viewer, shown: list[Scope]
) -> None:
    entries.execute("DELETE FROM entries")
    entries.executemany(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?)",
        [(it.author.workspace, it.author.id, it.audience, it.channel, it.team) for it in shown],
    )
    sql, params = condition(viewer, "entries")
    rows = entries.execute(f"SELECT rowid FROM entries WHERE {sql} ORDER BY rowid", params).fetchall()
    first = entries.execute("SELECT min(rowid) FROM entries").fetchone()[0] or 0
    assert [row[0] - first for row in rows] == [at for at, it in enumerate(shown) if may_see(viewer, it)]


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("called", PEOPLE)
def test_the_sentence_names_exactly_those_the_check_lets_in(audience: Audience, called: str) -> None:
    named = re.search(called, sentence(audience, HERE)) is not None
    assert named == may_see(PEOPLE[called], replace(SHOWN, audience=audience))


@given(st.sampled_from(Audience), places)
def test_every_sentence_is_honest_about_the_rest(audience: Audience, place: Place) -> None:
    said = sentence(audience, place)
    assert "Whoever runs the server" in said
    assert "recorded screen" in said
    assert ("It counts in" in said) == bool(place.counted_in)
    assert ("Only you" in said) == (who(audience, place) == "you")
    assert ("joins later" in said) == (who(audience, place) != "you")
    assert "anonym" not in said


@given(st.sampled_from(Audience), places)
def test_no_sentence_is_longer_than_one_reads_while_filling_in_a_form(
    audience: Audience, place: Place
) -> None:
    assert len(sentence(audience, place).split()) <= 50
    assert len(sentence(audience, replace(place, counted_in="", channel_is_public=False)).split()) <= 35


def test_without_leads_still_says_that_leads_read_the_thread() -> None:
    said = sentence(Audience.CHANNEL_WITHOUT_LEADS, replace(HERE, channel_is_public=True))
    assert said == (
        "Seen by you and people in #debriefs, without leads; also by whoever joins later. "
        "Leads there can read the thread itself. Anyone here can open #debriefs. "
        "Whoever runs the server could look, and a recorded screen shows it."
    )


def test_one_answer_in_a_debrief_needs_two_short_sentences() -> None:
    assert sentence(Audience.CHANNEL, HERE) == (
        "Seen by you and everyone in #debriefs; also by whoever joins later. "
        "Whoever runs the server could look, and a recorded screen shows it."
    )


@given(places)
def test_only_what_there_is_can_be_chosen_and_the_narrowest_comes_first(place: Place) -> None:
    offered = choices(place)
    assert offered[0] is Audience.ONLY_ME
    assert (Audience.CHANNEL in offered) == bool(place.channel)
    assert (Audience.TEAM in offered) == bool(place.team)
    assert all(who(audience, place) != "you" for audience in offered[1:])
