"""Exported whole, erased to the last byte, aged out class by class."""

import datetime as dt
import json
from pathlib import Path

import pytest

from bot.debriefs.holding import DebriefHolding
from bot.debriefs.model import Closing, Promised, Said, Step
from bot.kit.holding import KitHolding
from bot.kit.model import Change, Kind
from bot.kit.service import KitService
from bot.privacy.exporting import as_csv, as_json, merged
from bot.safeguards.visibility import Audience
from bot.scheduler import outbox
from bot.storage.opening import open_database
from tests.debriefs.floor import ANA, BEN, CHANNEL, GRACE, NOW, Floor, W, seed

SECRET = "Zylinderhut"
"""A word of Ana's, in everything she wrote."""


def holding(floor):
    return DebriefHolding(floor.teams.retention, floor.teams.team)


async def live_a_little(floor):
    """Ana and Ben each log, talk, learn, and answer in each other's debriefs."""
    ids = {}
    for me, other, word in ((ANA, BEN, SECRET), (BEN, ANA, "Regenschirm")):
        entry_id = await floor.log(
            me, happened=f"{word} one", helped=f"{word} two", ticket=f"T-{word}", audience=Audience.TEAM,
            promised=Promised(f"{word} by then", dt.date(2026, 12, 1)),
        )  # fmt: skip
        await floor.talking.begin(me, entry_id, CHANNEL, frozenset())
        await floor.sent("root")
        await floor.talking.answer(me, entry_id, Step.FACTS, f"a{me.id}", f"{word} three")
        await floor.talking.answer(other, entry_id, Step.FACTS, f"b{me.id}", f"{word} by the other")
        await floor.talking.me_too(other, entry_id)
        ids[me] = entry_id
    for me, word in ((ANA, SECRET), (BEN, "Regenschirm")):
        action = {"action": f"{word} five", "owner": GRACE.id, "due_on": dt.date(2026, 12, 1)}
        await floor.talking.close(me, ids[me], Closing(f"{word} summary", f"{word} lesson", **action))
    return ids


async def test_the_export_has_everything_i_wrote_and_nothing_else(floor):
    await live_a_little(floor)
    export = await floor.database.read(lambda tx: holding(floor).export(tx, ANA))
    whole = as_json(merged([export]))
    for written in ("one", "two", "three", "lesson", "summary", "five"):
        assert f"{SECRET} {written}" in whole
    assert "you, everyone in #looking-back and the team Late shift with its leads" in whole
    for others in ("Regenschirm one", "Regenschirm lesson", "Regenschirm three"):
        assert others not in whole
    assert json.loads(whole)["hard contacts"][0]["how hard"] == "Hard"
    assert as_csv(merged([export])).count(SECRET) >= 7


async def test_erasing_leaves_nothing_of_mine_in_any_table_and_others_untouched(floor):
    await live_a_little(floor)
    before = {row["id"]: row["contacts"] for row in await floor.rows("cause_counts")}

    def erase(tx):
        holding(floor).erase(tx, ANA)
        outbox.erase_member(tx, ANA)

    await floor.database.write(erase)
    for table in holding(floor).tables:
        rows = str(await floor.rows(table.name))
        assert SECRET not in rows, table.name
        assert "UANA" not in rows, table.name
    assert "Regenschirm one" in str(await floor.rows("entries"))
    assert (await floor.service.search(BEN, "Regenschirm")).lessons
    assert not (await floor.service.search(ANA, SECRET)).entries
    assert {row["id"]: row["contacts"] for row in await floor.rows("cause_counts")} == before
    export = await floor.database.read(lambda tx: holding(floor).export(tx, ANA))
    assert merged([export]) == {}


async def test_no_byte_of_an_erased_word_is_left_in_the_file(sqlite_url):
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    database = await open_database(sqlite_url)
    await database.write(seed)
    floor = Floor(database)
    await live_a_little(floor)
    for number in range(300):
        await floor.log(happened=f"{SECRET} {number} filler words to split the index over many segments")
    kit = KitService(database, floor.teams, floor.clock, lambda: "k1")
    await kit.keep(ANA, Change("k1", Kind.PHRASE, "any", f"{SECRET} in the kit"))
    needles = [SECRET.encode(), SECRET.lower().encode()]

    def present():
        return [p.name for p in folder.iterdir() for needle in needles if needle in p.read_bytes()]

    assert present()

    def erase(tx):
        holding(floor).erase(tx, ANA)
        KitHolding().erase(tx, ANA)
        outbox.erase_member(tx, ANA)
        # Ana's answer in Ben's debrief and Ben's in hers are gone with her; what Ben wrote of his own stays.

    await database.write(erase)
    await database.compact()
    assert present() == []
    assert (await floor.service.own(BEN)).entries
    await database.close()


async def test_what_an_author_deletes_by_day_is_out_of_the_file_after_a_night_that_ages_nothing(sqlite_url):
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    database = await open_database(sqlite_url)
    await database.write(seed)
    floor = Floor(database)
    entry_id = await floor.log(ANA, happened=SECRET)
    for number in range(20):
        await floor.log(BEN, happened=f"umbrella {number}")
    await floor.service.delete(ANA, entry_id)
    gone = await database.write(lambda tx: holding(floor).purge(tx, W, NOW))
    await database.compact()
    assert not any(gone.values())
    assert [p.name for p in folder.iterdir() if SECRET.lower().encode() in p.read_bytes().lower()] == []
    assert (await floor.service.search(BEN, "umbrella")).entries
    await database.close()


async def test_no_table_file_of_postgresql_keeps_an_erased_word(postgresql_url):
    import psycopg

    database = await open_database(postgresql_url)
    await database.write(seed)
    floor = Floor(database)
    await live_a_little(floor)
    await database.write(lambda tx: (holding(floor).erase(tx, ANA), outbox.erase_member(tx, ANA)))
    await database.compact()
    where = await database.read(
        lambda tx: tx.one(
            "SELECT current_setting('data_directory') AS root, "
            "(SELECT oid FROM pg_database WHERE datname = current_database()) AS base"
        )
    )
    with psycopg.connect(postgresql_url, autocommit=True) as conn:
        conn.execute("CHECKPOINT")
    base = Path(where["root"]) / "base" / str(where["base"])
    found = [p.name for p in base.iterdir() if SECRET.lower().encode() in p.read_bytes().lower()]
    assert found == []
    await database.close()


async def test_erasing_a_workspace_leaves_nothing_of_it(floor):
    await live_a_little(floor)
    await floor.database.write(lambda tx: holding(floor).erase_workspace(tx, W))
    for table in holding(floor).tables:
        assert await floor.rows(table.name) == []
    assert await floor.rows("debrief_search") == []


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (179, {"texts": True, "entries": True, "talks": True, "lessons": True}),
        (181, {"texts": False, "entries": True, "talks": False, "lessons": True}),
        (366, {"texts": False, "entries": False, "talks": False, "lessons": False}),
    ],
)
async def test_words_age_out_first_then_talks_then_what_was_learned(floor, days, left):
    await live_a_little(floor)
    at = NOW + dt.timedelta(days=days)
    for _ in range(2):
        await floor.database.write(lambda tx: holding(floor).purge(tx, W, at))
    entries = await floor.rows("entries")
    assert {
        "texts": any(row["happened"] or row["helped"] or row["ticket"] for row in entries),
        "entries": bool(entries),
        "talks": bool(await floor.rows("debriefs")) or bool(await floor.rows("debrief_replies")),
        "lessons": bool(await floor.rows("lessons")),
    } == left
    assert bool(await floor.rows("cause_counts")) is left["entries"]
    floor.clock.time = at
    found = await floor.service.search(ANA, f"{SECRET} one")
    assert bool(found.entries) is left["texts"]


async def test_a_reply_of_mine_in_a_colleagues_debrief_goes_with_me(floor):
    entry_id = await floor.log(BEN)
    await floor.talking.begin(BEN, entry_id, CHANNEL, frozenset())
    await floor.sent("root")
    (row,) = await floor.rows("debriefs")
    said = Said("1795000500.000001", ANA, SECRET, NOW)
    await floor.talking.hear(W, CHANNEL, row["root_ts"], said)
    await floor.database.write(lambda tx: holding(floor).erase(tx, ANA))
    assert await floor.rows("debrief_replies") == []
    assert len(await floor.rows("debriefs")) == 1
