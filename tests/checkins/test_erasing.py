"""Erase me: no row, index, job or log line with my id or words remains; on both engines."""

import asyncio
import logging
from pathlib import Path

from bot.checkins.holding import CheckinsHolding
from bot.checkins.model import Tick, Word
from bot.privacy.ground import DirectoryHolding, ScheduleHolding
from bot.privacy.service import PrivacyService
from bot.safeguards.sealing import Unsealed
from bot.settings.holding import SettingsHolding
from bot.slack.tasks import Tasks
from tests.checkins.conftest import ANA, BEN

NOTE = "zebrastripes all day"


def everywhere(tx):
    """Every value of every table."""
    if tx.engine == "sqlite":
        names = [row["name"] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    else:
        names = [
            row["tablename"] for row in tx.all("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
    return {name: [str(dict(row)) for row in tx.all(f'SELECT * FROM "{name}"')] for name in names}


async def test_nothing_of_me_is_left_anywhere(floor, database_url, caplog):
    caplog.set_level(logging.DEBUG)
    for member in (ANA, BEN):
        await floor.join(member)
        after, _ = await floor.answer(member, Word.TOO_MUCH, NOTE)
        await floor.service.tick(member, after.week, (Tick.TIME_OFF,))
        await floor.service.cover(member, 10, f"nonce{member.id}")
    await floor.days(9)
    assert floor.got(ANA)
    taken = []

    async def take_back(message):
        taken.append(message)
        return "messages"

    tasks = Tasks()
    kept = [
        ScheduleHolding(),
        CheckinsHolding(Unsealed(), lambda tx, workspace: None),
        DirectoryHolding(),
        SettingsHolding(),
    ]
    privacy = PrivacyService(floor.database, kept, None, tasks, take_back)
    before = await floor.database.read(everywhere)
    own = {"checkin_plans", "checkin_answers", "checkin_nudges"}
    shared = {"jobs", "posted_messages", "dm_channels", "people"}
    assert {name for name, rows in before.items() if any(ANA.id in row for row in rows)} >= own | shared

    await privacy.erase(ANA)
    await tasks.drain(20)
    await asyncio.sleep(0)
    after = await floor.database.read(everywhere)
    assert {name: row for name, rows in after.items() for row in rows if ANA.id in row} == {}
    assert any(BEN.id in row for row in after["checkin_answers"])
    assert {message.recipient for message in taken} == {ANA.id, "USAM"}
    for words in (ANA.id, "zebrastripes", "too_much", "Ana"):
        assert words not in caplog.text
    if database_url.startswith("sqlite"):
        await floor.database.compact()  # as the night's retention does
        path = Path(database_url.removeprefix("sqlite:///"))
        raw = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        assert ANA.id.encode() not in raw
        assert BEN.id.encode() in raw
        assert b"zebrastripes" not in raw

    await floor.days(15)
    assert [it for it in floor.got(ANA) if it.at > floor.clock.now()] == []
    assert ANA.id not in str(await floor.database.read(everywhere))
