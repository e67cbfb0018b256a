"""Logging a contact: once, guarded, bounded, and nobody else's business."""

import asyncio
import secrets

import pytest

from bot.debriefs import entry_views, views
from bot.debriefs.listeners import DebriefListeners, Surroundings
from bot.debriefs.model import CardHelped, Journey, Origin, Outcome, Promised, is_ticket
from bot.debriefs.service import DebriefService
from bot.errors import GoneError, InvalidError, NotAllowedError
from bot.safeguards.visibility import Audience, Place
from bot.sandbox.validation import check_view
from bot.slack.ids import Action
from bot.slack.payloads import Command
from bot.slack.replies import Filling
from tests.debriefs.floor import ANA, BEN, LIBRARY, NOW, SAM, STRANGER, Floor, draft, new_origin, seed

HOSTILE = "<!channel> <@U1> <http://x|bank> *b* \u202e \x00 \ud800 'quoted' %s :name " + "x" * 20_000


async def test_a_double_click_or_a_retried_form_makes_one_entry(floor):
    origin = new_origin()
    logged = await asyncio.gather(*(floor.log(origin=origin, helped="a pause") for _ in range(8)))
    assert set(logged) == {origin.nonce}
    assert len(await floor.rows("entries")) == 1
    assert [row["contacts"] for row in await floor.rows("cause_counts")] == [1]
    assert len((await floor.service.own(ANA)).entries) == 1


async def test_two_processes_make_one_entry(database_url, database, floor):
    from bot.storage.opening import open_database

    other = await open_database(database_url)
    origin = new_origin()
    floors = [floor, Floor(other)]
    await asyncio.gather(*(it.log(origin=origin) for it in floors * 4))
    assert len(await floor.rows("entries")) == 1
    assert [row["contacts"] for row in await floor.rows("cause_counts")] == [1]
    await other.close()


async def test_what_is_not_to_be_counted_is_not(floor):
    await floor.log(is_counted=False)
    assert await floor.rows("cause_counts") == []


async def test_what_is_counted_names_nobody(floor):
    details = {"outcome": Outcome.SETTLED, "journey": Journey.PAYING}
    for member in (ANA, BEN):
        await floor.log(member, conduct=("supervisor_demand",), **details)
    rows = {(row["what"], row["id"]): row for row in await floor.rows("cause_counts")}
    assert {key: row["contacts"] for key, row in rows.items()} == {
        ("about", "refund_problem"): 2,
        ("conduct", "supervisor_demand"): 2,
        ("outcome", "settled"): 2,
        ("journey", "paying"): 2,
    }
    assert not any(value in (ANA.id, BEN.id) for row in rows.values() for value in row.values())


async def test_the_original_of_what_is_masked_is_written_nowhere(floor):
    await floor.log(happened="Card 4111 1111 1111 1111, mail ana@example.com", helped="Call 212-555-0123")
    for table in ("entries", "jobs", "access_log"):
        stored = str(await floor.rows(table))
        for personal in ("4111", "ana@example.com", "555-0123"):
            assert personal not in stored
    assert (await floor.service.search(ANA, "4111")).entries == []


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"about": ""}, Action.LOG_ABOUT),
        ({"hardness": 0}, Action.LOG_HARDNESS),
        ({"hardness": 6}, Action.LOG_HARDNESS),
        ({"ticket": "the tall man"}, Action.LOG_TICKET),
        ({"ticket": "x" * 41}, Action.LOG_TICKET),
        ({"audience": Audience.TEAM}, Action.LOG_AUDIENCE),
        ({"promised": Promised("call back")}, Action.LOG_PROMISE_BY),
    ],
)
async def test_a_form_that_cannot_be_kept_names_the_field(floor, broken, field):
    with pytest.raises(InvalidError) as refused:
        await floor.service.log(STRANGER, new_origin(), draft(**broken))
    assert refused.value.field == field
    assert await floor.rows("entries") == []


async def test_somebody_elses_id_pasted_anywhere_is_refused_and_in_the_access_log(floor):
    entry_id = await floor.log(happened="only mine")
    service, talking = floor.service, floor.talking
    attempts = [
        service.log(BEN, Origin(entry_id), draft(happened="mine now")),
        service.entry(BEN, entry_id),
        service.mine(BEN, entry_id),
        service.show_to(BEN, entry_id, Audience.TEAM),
        service.delete(BEN, entry_id),
        service.cover(BEN, entry_id, 10),
        talking.start(BEN, entry_id),
        talking.begin(BEN, entry_id, None, frozenset()),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowedError):
            await attempt
    assert await floor.refusals() == [BEN.id] * len(attempts)
    entry, _ = await service.entry(ANA, entry_id)
    assert entry.details.happened == "only mine"
    assert entry.scope.audience is Audience.ONLY_ME


async def test_an_id_of_another_workspace_is_not_there(floor):
    entry_id = await floor.log()
    with pytest.raises(GoneError):
        await floor.service.entry(STRANGER, entry_id)


@pytest.mark.parametrize(
    "metadata", ["", "{}", "[]", "null", '{"n": "short"}', '{"n": 7}', '{"n":"' + "z" * 32 + '"}']
)
def test_stale_or_forged_metadata_is_said_to_be_old(metadata):
    with pytest.raises(GoneError):
        Origin.decode(metadata)


async def test_hostile_and_huge_text_in_every_field_is_kept_bounded_and_drawn_inert(floor):
    origin = new_origin()
    logged = await floor.service.log(
        ANA,
        origin,
        draft(
            happened=HOSTILE,
            helped=HOSTILE,
            outcome=Outcome.THEY_LEFT,
            card_helped=CardHelped.NO,
            conduct=("abusive_language",),
        ),
    )
    entry = logged.entry
    place = Place(channel="#looking-back", team="Late shift", counted_in="x")
    for view in (
        entry_views.entry_view(LIBRARY, entry, None, place, is_mine=True),
        views.logged(entry, [], may_talk=True),
        entry_views.crm_view(entry_views.crm_note(LIBRARY, entry, "Europe/London")),
        entry_views.entries_view(LIBRARY, [entry] * 20, is_shared=True, before=entry.logged_at),
    ):
        assert check_view(view, kinds=("modal",)) is None
        for live in ("<!channel>", "<@U1>", "<http", "\x00", "\u202e"):
            assert live not in str(view)
    found = await floor.service.search(ANA, HOSTILE)
    assert len(found.entries) <= 1


@pytest.mark.parametrize("masked", ["", "1 card number"])
@pytest.mark.parametrize("is_expanded", [False, True])
def test_the_form_is_one_that_slack_takes(masked, is_expanded):
    origin = new_origin(is_expanded=is_expanded, card="x" * 1500, round=3)
    place = Place(
        channel="#looking-back", team="Late shift", channel_is_public=True, counted_in="the team's causes"
    )
    full = draft(
        conduct=("abusive_language", "wont_end_contact"),
        happened="h" * 1500,
        helped="g",
        ticket="CS-1",
        outcome=Outcome.PARTLY,
        card_helped=CardHelped.YES,
        journey=Journey.USING,
        promised=Promised("call", keeper="UBEN"),
        audience=Audience.TEAM,
    )
    view = views.log_form(LIBRARY, full, origin, place, with_promise=True, masked=masked)
    assert check_view(view, kinds=("modal",)) is None
    assert Origin.decode(view["private_metadata"]) == origin


async def test_a_skeleton_opens_at_once_even_when_the_database_hangs(floor):
    class Hanging:
        async def read(self, fn):
            await asyncio.Event().wait()

        write = read

    hung = DebriefService(Floor(Hanging()).means)
    unused = dict.fromkeys(Surroundings.__dataclass_fields__)
    around = Surroundings(**unused | {"library": lambda: LIBRARY, "new_id": lambda: secrets.token_hex(16)})
    listeners = DebriefListeners(hung, around)
    async with asyncio.timeout(0.2):
        reply = await listeners.answer(Command(ANA, "", "C1", "trigger", ""))
    assert isinstance(reply, Filling)
    assert check_view(reply.skeleton, kinds=("modal",)) is None


async def test_leads_are_asked_for_cover_once_and_told_no_reason(floor):
    entry_id = await floor.log(hardness=5, happened="he threatened me")
    for _ in range(3):
        cover = await floor.service.cover(ANA, entry_id, 15)
    assert cover.leads == (SAM.id,)
    assert len(await floor.rows("jobs", "kind = 'debriefs.cover'")) == 1
    (message,) = await floor.sent("cover")
    assert message.text == "<@UANA>: Cover 15 min"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (Action.PROMISE_DAY, Action.LOG_PROMISE_BY),
        (Action.PROMISE_TIME, Action.LOG_PROMISE_AT),
        (Action.PROMISE_KEEPER, Action.LOG_KEEPER),
        (Action.PROMISE_WHAT, Action.LOG_PROMISE),
        (None, Action.LOG_PROMISE),
    ],
)
async def test_a_promise_that_cannot_be_kept_is_refused_under_its_own_field_and_nothing_is_logged(
    database, theirs, ours
):
    class Refusing(list):
        def append(self, _):
            raise InvalidError("Not so.", field=theirs)

    floor = Floor(database, promised=Refusing())
    await database.write(seed)
    with pytest.raises(InvalidError, match="Not so") as refused:
        await floor.log(promised=Promised("Call back", NOW.date()))
    assert refused.value.field == ours
    assert await floor.rows("entries") == []


async def test_a_promise_is_handed_over_with_the_entry_and_a_vote_counted(floor):
    import datetime as dt

    promised = Promised("Call back about the trace", dt.date(2026, 11, 24), BEN.id)
    origin = new_origin(card="recipe")
    entry_id = await floor.log(origin=origin, promised=promised, card_helped=CardHelped.YES)
    await floor.log(origin=origin, promised=promised, card_helped=CardHelped.YES)
    assert floor.promised == [(entry_id, promised)]
    assert floor.votes == [("recipe", True)]


async def test_own_words_that_ask_for_help_bring_it_first_and_the_match_is_kept_nowhere(floor):
    logged = await floor.service.log(ANA, new_origin(), draft(happened="I want to end it all"))
    assert logged.help_first
    calm = await floor.service.log(BEN, new_origin(), draft(happened="He wanted to end the call"))
    assert not calm.help_first
    rows = await floor.rows("entries")
    assert len({frozenset(row) for row in rows}) == 1
    assert await floor.rows("jobs") == []
    assert await floor.rows("access_log") == []


def test_a_ticket_is_an_id_and_nothing_about_a_customer():
    for good in ("CS-1234", "#881", "REF/2026/11", "a1b2_c3", "4711"):
        assert is_ticket(good)
    for bad in ("Mr Smith", "CS 1234 Smith", "<@U1>", "-", "x" * 41):
        assert not is_ticket(bad)


async def test_lists_go_on_where_they_stopped(floor):
    import datetime as dt

    for _ in range(45):
        floor.clock.time += dt.timedelta(minutes=1)
        await floor.log()
    seen, before = [], None
    while True:
        page = await floor.service.own(ANA, before)
        seen += [it.id for it in page.entries]
        if (before := page.before) is None:
            break
    assert len(seen) == len(set(seen)) == 45
