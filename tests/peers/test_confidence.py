"""A no, no answer, a list, a full week and an empty floor look the same to everybody, also in timing."""

import json
import random
import shutil
from dataclasses import replace

import pytest

from bot.peers import views
from bot.peers.jobs import Kind
from bot.peers.model import AskState, Wish
from bot.people import Member
from bot.privacy.ground import ScheduleHolding
from bot.storage.opening import open_database
from tests.driver import words_in
from tests.peers.conftest import ANA, ANY_TIME, BEN, PRIYA, SAM, StoppedClock, W, opened_floor

ONLOOKERS = (ANA, PRIYA, SAM)


async def says_no(floor):
    await floor.listens(BEN)


async def never_answers(floor):
    await floor.listens(BEN)


async def keeps_away_from_ana(floor):
    await floor.service.keep_apart(BEN, [ANA.id])
    await floor.listens(BEN)


async def ana_keeps_away_from_ben(floor):
    await floor.listens(BEN)
    await floor.service.keep_apart(ANA, [BEN.id])


async def has_a_full_week(floor):
    await floor.listens(BEN, offer=replace(ANY_TIME, per_week=1))
    await floor.database.write(
        lambda tx: tx.run(
            """
            INSERT INTO peer_asks (workspace_id, ask_id, request_id, member_id, state, asked_at)
            VALUES (:w, 'before', NULL, :ben, :talk, '2026-11-22T15:00:00.000000Z')
            """,
            w=W,
            ben=BEN.id,
            talk=AskState.TALK,
        )
    )


async def is_off(floor):
    await floor.listens(BEN)
    await floor.service.go_off_floor(BEN)


async def nobody_offers(floor):
    """An empty roster."""


CASES = [
    never_answers,
    says_no,
    keeps_away_from_ana,
    ana_keeps_away_from_ben,
    has_a_full_week,
    is_off,
    nobody_offers,
]
ASKED = (never_answers, says_no)


async def everything_shown(floor):
    """What each onlooker could look at in this minute: Home, the status, all that an export would give."""
    shown = [floor.clock.now().isoformat()]
    for member in ONLOOKERS:
        mine = await floor.service.mine(member)
        shown += words_in(views.home_blocks(mine))
        if mine.request:
            shown += words_in(views.status_modal(mine.request, mine.zone))
        for holding in (ScheduleHolding(), floor.holding):
            exported = await floor.database.read(
                lambda tx, holding=holding, member=member: dict(holding.export(tx, member))
            )
            exported.pop("whom you are not to be brought together with", None)
            shown.append(json.dumps({k: [dict(row) for row in v] for k, v in exported.items()}))
    return shown


async def trace(case, wish, template, folder, seals):
    """Everything anybody but Ben could see or measure, from asking to the end."""
    path = shutil.copy(template, folder / f"{case.__name__}-{wish}.db")
    database = await open_database(f"sqlite:///{path}")
    floor = await opened_floor(database, StoppedClock(), seals)
    try:
        await case(floor)
        await floor.asks(wish=wish)
        await floor.pass_time(seconds=1)
        shown = [await everything_shown(floor)]
        if case is says_no:
            await floor.pass_time(seconds=59)
            (ask,) = await floor.asked_of(BEN)
            await floor.service.decline(BEN, ask)
            await floor.pass_time(seconds=1)
        else:
            await floor.pass_time(minutes=1)
        for _ in range(14):
            await floor.pass_time(minutes=30 if wish is Wish.AFTER_SHIFT else 10)
            shown.append(await everything_shown(floor))
        posted = [
            (it.at, it.kind, it.recipient, it.message.text, [*words_in(list(it.message.blocks))])
            for it in floor.seen
            if it.recipient != f"D{BEN.id}"
        ]
        due = await database.read(
            lambda tx: tx.all(
                "SELECT kind, recipient_id, about_id, state, due_at, grace_until FROM jobs "
                "WHERE recipient_id <> :ben ORDER BY due_at, kind",
                ben=BEN.id,
            )
        )
        asked = [it for it in floor.to(BEN) if it.kind == Kind.OFFER]
        return shown, posted, due, len(asked)
    finally:
        await database.close()


@pytest.mark.parametrize("wish", Wish)
async def test_nobody_can_tell_a_list_from_a_no_a_full_week_or_an_empty_floor(
    wish, sqlite_template, tmp_path, seals
):
    expected = await trace(CASES[0], wish, sqlite_template, tmp_path, seals)
    assert any(kind == Kind.NOBODY for _, kind, *_ in expected[1])
    assert len(expected[2]) > 5
    for case in CASES[1:]:
        shown, posted, due, asked = await trace(case, wish, sqlite_template, tmp_path, seals)
        assert shown == expected[0], case.__name__
        assert posted == expected[1], case.__name__
        assert due == expected[2], case.__name__
        assert asked == (1 if case in ASKED else 0), case.__name__


async def test_a_blocked_pair_never_meets_in_a_hundred_requests(sqlite_url, seals):
    database = await open_database(sqlite_url)
    floor = await opened_floor(database, StoppedClock(), seals, seed=7)
    await floor.service.keep_apart(BEN, [ANA.id])
    await floor.listens(BEN, PRIYA, offer=replace(ANY_TIME, per_week=5))
    dice = random.Random(3)
    for number in range(100):
        asker = dice.choice([ANA, SAM])
        await floor.asks(asker, wish=dice.choice([*Wish]))
        await floor.pass_time(hours=8)
        if number % 2:
            await floor.service.go_on_floor(BEN)
            await floor.service.go_on_floor(PRIYA)
    rows = await database.read(
        lambda tx: tx.all(
            "SELECT DISTINCT a.member_id AS supporter, r.member_id AS asker FROM peer_asks a "
            "JOIN peer_requests r ON r.request_id = a.request_id"
        )
    )
    pairs = {(row["supporter"], row["asker"]) for row in rows}
    assert (PRIYA.id, ANA.id) in pairs
    assert (BEN.id, ANA.id) not in pairs
    await database.close()


async def test_a_list_that_can_t_be_opened_keeps_its_owner_from_everybody(floor):
    await floor.listens(BEN, PRIYA)
    await floor.database.write(
        lambda tx: tx.run(
            "INSERT INTO peer_not_with (workspace_id, member_id, sealed) VALUES (:w, :m, 'gone')",
            w=W,
            m=BEN.id,
        )
    )
    await floor.asks()
    await floor.pass_time(hours=3)
    assert not floor.to(BEN)
    assert floor.to(PRIYA, Kind.OFFER)


async def test_no_list_can_be_read_in_the_database_s_files(sqlite_url, seals, tmp_path):
    database = await open_database(sqlite_url)
    floor = await opened_floor(database, StoppedClock(), seals)
    stranger = Member(W, "UNOBODYKNOWSTHIS")
    await floor.service.keep_apart(ANA, [stranger.id])
    assert await floor.service.not_with(ANA) == {stranger.id}
    await database.close()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert ANA.id.encode() in written
    assert stranger.id.encode() not in written
