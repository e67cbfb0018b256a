"""What is kept about peers can be shown, forgotten on every side, and ages out."""

import datetime as dt

import pytest

from bot.errors import GoneError
from bot.peers.jobs import Kind
from bot.peers.not_with import NotWith
from bot.privacy.ground import ScheduleHolding
from bot.safeguards.sealing import Unsealed, new_key, read_keys
from bot.storage.opening import open_database
from tests.peers.conftest import ANA, BEN, MONDAY, PRIYA, StoppedClock, W, opened_floor

TABLES = ("peer_supporters", "peer_not_with", "peer_requests", "peer_asks", "jobs")


async def talked(floor):
    await floor.service.keep_apart(PRIYA, [ANA.id, BEN.id])
    await floor.listens(BEN)
    await floor.asks(ANA, wants_follow_up=True)
    await floor.pass_time(seconds=1)
    await floor.service.accept(BEN, (await floor.asked_of(BEN))[0])
    await floor.pass_time(seconds=1)


async def erase(floor, member):
    def forget(tx):
        for holding in (ScheduleHolding(), floor.holding):
            holding.erase(tx, member)

    await floor.database.write(forget)


async def everything(floor):
    return str(await floor.database.read(lambda tx: {it: tx.all(f"SELECT * FROM {it}") for it in TABLES}))


async def test_an_export_shows_what_is_mine_and_not_who_was_asked(floor):
    await talked(floor)
    await floor.service.keep_apart(ANA, [PRIYA.id])
    exported = await floor.database.read(lambda tx: floor.holding.export(tx, ANA))
    assert [row["state"] for row in exported["peers you asked for"]] == ["talk"]
    assert exported["whom you are not to be brought together with"] == [{"member": PRIYA.id}]
    assert BEN.id not in str(exported)
    his = await floor.database.read(lambda tx: floor.holding.export(tx, BEN))
    assert [row["talked"] for row in his["when you were asked as a peer"]] == ["yes"]
    assert ANA.id not in str(his)


@pytest.mark.parametrize("member", [ANA, BEN])
async def test_erasing_leaves_no_row_with_the_member_on_either_side_of_a_talk(floor, member):
    await talked(floor)
    assert member.id in await everything(floor)
    await erase(floor, member)
    assert member.id not in await everything(floor)
    lists = await floor.database.read(lambda tx: floor.not_with.of(tx, PRIYA))
    assert lists == {ANA.id, BEN.id} - {member.id}


async def test_an_asker_who_erases_everything_leaves_the_supporter_their_own_load(floor):
    await talked(floor)
    await erase(floor, ANA)
    assert (await floor.service.mine(BEN)).talks == 1


async def test_a_request_that_is_out_needs_nobody_once_its_asker_erased_everything(floor):
    await floor.listens(BEN, PRIYA)
    await floor.asks()
    await floor.pass_time(seconds=1)
    (asked,) = [it for it in (BEN, PRIYA) if floor.to(it)]
    await erase(floor, ANA)
    await floor.pass_time(hours=3)
    assert len([it for it in floor.seen if it.kind == Kind.OFFER]) == 1
    with pytest.raises(GoneError, match="quicker"):
        await floor.service.accept(asked, (await floor.asked_of(asked))[0])


async def test_without_a_key_an_erased_member_is_off_the_lists_in_the_file_too(sqlite_url, tmp_path):
    database = await open_database(sqlite_url)
    floor = await opened_floor(database, StoppedClock(), Unsealed())
    await floor.service.keep_apart(PRIYA, ["UERASED"])
    await database.write(lambda tx: floor.not_with.forget(tx, type(ANA)(W, "UERASED")))
    await database.compact()
    await database.close()
    assert not [it for it in tmp_path.iterdir() if it.is_file() and b"UERASED" in it.read_bytes()]


async def test_requests_go_after_thirty_days(floor):
    await talked(floor)
    later = MONDAY + dt.timedelta(days=29)
    assert (await floor.database.write(lambda tx: floor.holding.purge(tx, W, later)))["peer requests"] == 0
    removed = await floor.database.write(
        lambda tx: floor.holding.purge(tx, W, later + dt.timedelta(days=1, minutes=1))
    )
    assert removed == {"peer requests": 1, "times asked as a peer": 1}


async def test_the_night_brings_lists_under_the_newest_key(floor, database):
    old, new = new_key(), new_key()
    before, both, after = (NotWith(read_keys(it)) for it in (old, f"{new},{old}", new))
    await database.write(lambda tx: before.save(tx, ANA, [BEN.id]))
    assert await database.write(lambda tx: both.reseal(tx, W)) == 1
    assert await database.write(lambda tx: both.reseal(tx, W)) == 0
    assert await database.read(lambda tx: after.of(tx, ANA)) == {BEN.id}


async def test_a_list_copied_to_somebody_else_s_row_does_not_open_there(floor, database):
    await floor.service.keep_apart(ANA, [PRIYA.id])
    await database.write(
        lambda tx: tx.run(
            "INSERT INTO peer_not_with SELECT workspace_id, :ben, sealed FROM peer_not_with", ben=BEN.id
        )
    )
    lists = await database.read(lambda tx: floor.not_with.of_each(tx, W, {ANA.id, BEN.id}))
    assert lists == {ANA.id: {PRIYA.id}, BEN.id: None}
