"""What has been seen before."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.storage.database import Database
from bot.storage.deliveries import first_time, forget_before

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def test_a_delivery_is_new_once(database: Database) -> None:
    assert await database.write(lambda tx: first_time(tx, "C1:1700000000.1", NOON))
    assert not await database.write(lambda tx: first_time(tx, "C1:1700000000.1", NOON + timedelta(minutes=1)))
    assert await database.write(lambda tx: first_time(tx, "C1:1700000000.2", NOON))


async def test_of_ten_at_once_one_is_first(database: Database) -> None:
    seen = await asyncio.gather(*(database.write(lambda tx: first_time(tx, "same", NOON)) for _ in range(10)))
    assert sum(seen) == 1


async def test_old_deliveries_are_forgotten_and_young_ones_kept(database: Database) -> None:
    await database.write(lambda tx: first_time(tx, "old", NOON - timedelta(days=8)))
    await database.write(lambda tx: first_time(tx, "young", NOON))
    assert await database.write(lambda tx: forget_before(tx, NOON - timedelta(days=7))) == 1
    assert await database.write(lambda tx: first_time(tx, "old", NOON))
    assert not await database.write(lambda tx: first_time(tx, "young", NOON))
