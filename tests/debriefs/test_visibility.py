"""Who sees what, over everybody, every audience and every surface; what is expected is written by hand."""

import json

import pytest

from bot.debriefs import rooms
from bot.debriefs.holding import DebriefHolding
from bot.debriefs.model import Closing, Room, Step
from bot.errors import SteadyError
from bot.safeguards.visibility import Audience
from tests.debriefs.floor import (
    ANA,
    BEN,
    CHANNEL,
    GRACE,
    IN_CHANNEL,
    LENA,
    OMAR,
    PRIYA,
    RHEA,
    SAM,
    STRANGER,
    TONI,
    Floor,
    W,
    seed,
)

COLLEAGUES_THERE = {BEN, OMAR}
LEADS_THERE = {SAM, LENA}
TEAM = {BEN, PRIYA}
SEEN_BY = {
    Audience.ONLY_ME: {ANA},
    Audience.CHANNEL_WITHOUT_LEADS: {ANA} | COLLEAGUES_THERE,
    Audience.CHANNEL: {ANA} | COLLEAGUES_THERE | LEADS_THERE,
    Audience.TEAM: {ANA} | COLLEAGUES_THERE | LEADS_THERE | TEAM | {SAM},
}
"""Toni is a guest in the channel, Rhea left the company, Grace is elsewhere, Omar runs the workspace."""
EVERYBODY = (ANA, BEN, PRIYA, SAM, LENA, GRACE, OMAR, TONI, RHEA, STRANGER)
WORD = "thundercloud"


@pytest.fixture
async def floor(database):
    people = IN_CHANNEL | {TONI.id, RHEA.id}
    await database.write(lambda tx: seed(tx, people))
    return Floor(database)


async def surfaces(floor, member, entry_id):
    """Where somebody finds an entry: by name of the surface."""
    service = floor.service
    found = {
        "mine": entry_id in [it.id for it in (await service.own(member)).entries],
        "shared": entry_id in [it.id for it in (await service.shared(member)).entries],
        "search": entry_id in [it.id for it in (await service.search(member, WORD)).entries],
    }
    try:
        found["opened"] = (await service.entry(member, entry_id))[0].id == entry_id
    except SteadyError:
        found["opened"] = False
    export = await floor.database.read(
        lambda tx: DebriefHolding(floor.teams.retention, floor.teams.team).export(tx, member)
    )
    found["export"] = WORD in json.dumps(export, default=str)
    return found


@pytest.mark.parametrize("audience", list(Audience))
async def test_an_entry_is_seen_by_whom_its_author_was_told_of_and_nobody_else(floor, audience):
    entry_id = await floor.log(happened=WORD, audience=audience)
    for member in EVERYBODY:
        may = member in SEEN_BY[audience]
        is_mine = member == ANA
        assert await surfaces(floor, member, entry_id) == {
            "mine": is_mine,
            "shared": may and not is_mine,
            "search": may,
            "opened": may,
            "export": is_mine,
        }, member


@pytest.mark.parametrize("audience", [Audience.CHANNEL_WITHOUT_LEADS, Audience.CHANNEL, Audience.TEAM])
async def test_a_lesson_stands_on_the_cards_of_those_it_is_for(floor, audience):
    entry_id = await floor.log()
    await floor.talking.begin(ANA, entry_id, CHANNEL, frozenset())
    await floor.talking.close(ANA, entry_id, Closing("done", lesson=WORD, lesson_audience=audience))
    for member in EVERYBODY:
        may = member in SEEN_BY[audience]
        assert (await floor.service.lesson_for("refund_problem", member) == WORD) is may, member
        assert bool((await floor.service.search(member, WORD)).lessons) is may, member
        assert await floor.service.lesson_for("policy_no", member) == ""


async def test_a_debrief_is_open_to_its_channel_and_to_nobody_else(floor):
    entry_id = await floor.log()
    await floor.talking.begin(ANA, entry_id, CHANNEL, frozenset())
    for member in EVERYBODY:
        attempt = floor.talking.answer(member, entry_id, Step.FACTS, f"key-{member.id}", "said")
        if member in SEEN_BY[Audience.CHANNEL]:
            assert (await attempt).is_new
        else:
            with pytest.raises(SteadyError):
                await attempt
    said = {row["author_id"] for row in await floor.rows("debrief_replies")}
    assert said == {it.id for it in SEEN_BY[Audience.CHANNEL]}
    alone = await floor.log(BEN)
    await floor.talking.begin(BEN, alone, None, frozenset())
    for member in set(EVERYBODY) - {BEN}:
        with pytest.raises(SteadyError):
            await floor.talking.look(member, alone, Step.FACTS)


async def test_a_channel_the_author_is_not_in_was_not_named_and_lets_nobody_in(floor):
    entry_id = await floor.log(PRIYA, happened=WORD, audience=Audience.TEAM)
    for member in EVERYBODY:
        seen = any((await surfaces(floor, member, entry_id)).values())
        assert seen is (member in {ANA, BEN, PRIYA, SAM}), member


async def test_who_joins_sees_and_who_leaves_no_longer_does(floor):
    entry_id = await floor.log(happened=WORD, audience=Audience.CHANNEL)
    await floor.service.followed(GRACE, CHANNEL, joined=True)
    assert (await surfaces(floor, GRACE, entry_id))["shared"]
    await floor.service.followed(GRACE, CHANNEL, joined=False)
    await floor.service.followed(BEN, CHANNEL, joined=False)
    for member in (GRACE, BEN):
        assert not any((await surfaces(floor, member, entry_id)).values())


async def test_a_channel_that_nobody_could_make_sure_of_opens_nothing(floor):
    """Memberships from before somebody left must not open words; only Slack's fresh word does."""
    entry_id = await floor.log(happened=WORD, audience=Audience.CHANNEL)
    floor.clock.time += rooms.FRESH_FOR * 2

    class Deaf:
        def of(self, workspace):
            raise TimeoutError

    floor.means.rooms._clients = Deaf()
    assert not any((await surfaces(floor, BEN, entry_id)).values())
    assert (await surfaces(floor, ANA, entry_id))["opened"]


async def test_a_channel_that_takes_in_guests_opens_nothing_any_more(floor):
    entry_id = await floor.log(happened=WORD, audience=Audience.CHANNEL)
    await floor.database.write(
        lambda tx: rooms.save(
            tx, W, Room(CHANNEL, "looking-back", trouble="guests", people=IN_CHANNEL), floor.clock.now()
        )
    )
    assert not any((await surfaces(floor, BEN, entry_id)).values())


async def test_only_the_author_widens_and_search_follows(floor):
    entry_id = await floor.log(happened=WORD)
    await floor.service.show_to(ANA, entry_id, Audience.CHANNEL)
    assert (await surfaces(floor, BEN, entry_id))["search"]
    await floor.service.show_to(ANA, entry_id, Audience.ONLY_ME)
    assert not any((await surfaces(floor, BEN, entry_id)).values())


async def test_opening_a_colleagues_entry_leaves_a_line_and_opening_ones_own_does_not(floor):
    entry_id = await floor.log(audience=Audience.CHANNEL)
    await floor.service.entry(ANA, entry_id)
    assert await floor.rows("access_log") == []
    await floor.service.entry(SAM, entry_id)
    (line,) = await floor.rows("access_log")
    assert line["member_id"] == SAM.id
    assert ANA.id not in line["what"]
