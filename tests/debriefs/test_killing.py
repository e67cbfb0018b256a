"""A process killed while it logs: what it acknowledged is there, and nothing is half there."""

import asyncio
import random

from bot.storage.opening import open_database
from tests.debriefs.floor import seed
from tests.debriefs.killing import faults, kill_one

KILLS = 4


async def test_every_acknowledged_entry_survives_a_kill_and_none_is_half(database_url):
    database = await open_database(database_url)
    await database.write(seed)
    await database.close()
    dice, entries, debriefs = random.Random(7), set(), set()
    for number in range(KILLS):
        told = await asyncio.to_thread(kill_one, database_url, number, dice)
        entries |= told[0]
        debriefs |= told[1]
    database = await open_database(database_url)
    assert await database.read(lambda tx: faults(tx, entries, debriefs)) == []
    assert len(entries) >= KILLS
    await database.close()
