"""A workspace that takes the app out is stopped at once and gone from every table and index in 14 days."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from bot.directory import store as directory
from bot.directory.model import Person
from bot.people import Member
from bot.privacy.data_map import data_map
from bot.privacy.ground import purge_leavers
from bot.privacy.leaving import SILENT_FOR, Leaving
from bot.sandbox.server import Sandbox
from bot.scheduler import outbox
from bot.scheduler.model import Job
from bot.settings.queries import Answers
from bot.slack.clients import OneWorkspace, open_session
from bot.storage.errors import DatabaseBusyError
from bot.storage.opening import open_database
from bot.wiring import everything_kept

GONE, STAYS = "TGONE4WORKSPACE", "TSTAYS4WORKSPACE"
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MANIFEST = Path(__file__).parents[2] / "manifest.yml"
STAMP = "2026-11-21T12:00:00.000000Z"


class StoppedClock:
    """Intent time that a test moves by hand."""

    def __init__(self, now=NOW):
        self.time = now

    def now(self):
        return self.time

    async def sleep_until(self, moment, *, at_most):
        self.time = moment


class Nowhere:
    """Clients of no workspace: the app is installed in none."""

    def of(self, workspace):
        raise KeyError(workspace)


class Compacting:
    """How often somebody tried to rewrite the files, and how many of the first tries fail."""

    times = 0
    fails = 0


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def leaving(database, clock):
    return Leaving(database, everything_kept(Answers("US")), clock, Nowhere())


def columns(tx, table):
    """A table's columns and whether they are numbers; without those the engine counts up by itself."""
    if tx.engine == "sqlite":
        rows = tx.all(f"PRAGMA table_info({table})")
        return {
            row["name"]: "INT" in row["type"] or "DOUBLE" in row["type"]
            for row in rows
            if not (row["pk"] and row["type"] == "INTEGER" and sum(bool(it["pk"]) for it in rows) == 1)
        }
    rows = tx.all(
        "SELECT column_name, data_type, is_identity FROM information_schema.columns "
        "WHERE table_name = :table",
        table=table,
    )
    return {
        row["column_name"]: row["data_type"] in ("integer", "bigint", "double precision")
        for row in rows
        if row["is_identity"] == "NO"
    }


def value_for(column, is_number, workspace):
    if is_number:
        return 1
    if column == "workspace_id":
        return workspace
    return STAMP if column.endswith("_at") else f"{workspace}-{column}"


def fill(tx, workspace):
    """Put a row of the workspace into every table that any holding answers for."""
    names = [table.name for holding in everything_kept(Answers("US")) for table in holding.tables]
    for name in names:
        row = {column: value_for(column, number, workspace) for column, number in columns(tx, name).items()}
        if name == "deletions":
            continue
        tx.run(
            f"INSERT INTO {name} ({', '.join(row)}) VALUES ({', '.join(f':{column}' for column in row)})",
            **row,
        )
    return names


def counts(tx, names, workspace):
    return {
        name: tx.one(f"SELECT count(*) AS n FROM {name} WHERE workspace_id = :w", w=workspace)["n"]
        for name in names
    }


async def test_nothing_more_is_sent_from_the_moment_it_leaves(database, leaving):
    job = Job(GONE, "promises.reminder", "1", "U1", NOW, NOW + dt.timedelta(hours=8))
    await database.write(lambda tx: outbox.add(tx, job))
    await leaving.left(GONE, "app_uninstalled")
    health = await database.read(lambda tx: outbox.health(tx, GONE, NOW))
    assert health.stopped == "app_uninstalled"


async def test_its_data_goes_within_14_days_and_the_others_stay(database, leaving, clock):
    names = await database.write(lambda tx: (fill(tx, GONE), fill(tx, STAYS))[0])
    await leaving.left(GONE, "app_uninstalled")
    clock.time = NOW + dt.timedelta(days=6, hours=23)
    assert await leaving.sweep() == []
    clock.time = NOW + dt.timedelta(days=8)
    assert await leaving.sweep() == [GONE]
    assert clock.time < NOW + dt.timedelta(days=14)
    gone = await database.read(lambda tx: counts(tx, names, GONE))
    stays = await database.read(lambda tx: counts(tx, names, STAYS))
    assert set(gone.values()) == {0}
    assert {name for name, count in stays.items() if count == 0} == {"deletions"}
    assert await leaving.sweep() == []


async def test_events_that_come_twice_keep_the_first_date(database, leaving, clock):
    await leaving.left(GONE, "tokens_revoked")
    clock.time = NOW + dt.timedelta(days=5)
    await leaving.left(GONE, "app_uninstalled")
    clock.time = NOW + dt.timedelta(days=7, minutes=1)
    assert await leaving.sweep() == [GONE]


async def test_one_that_comes_back_in_time_keeps_everything(database, leaving, clock):
    names = await database.write(lambda tx: fill(tx, GONE))
    await leaving.left(GONE, "app_uninstalled")
    assert await leaving.came_back(GONE)
    assert not await leaving.came_back(STAYS)
    clock.time = NOW + dt.timedelta(days=30)
    assert await leaving.sweep() == []
    kept = await database.read(lambda tx: counts(tx, names, GONE))
    assert {name for name, count in kept.items() if count == 0} == {"deletions"}
    assert (await database.read(lambda tx: outbox.health(tx, GONE, NOW))).stopped is None


async def test_one_that_comes_back_while_the_sweep_is_under_way_keeps_everything(
    database, leaving, clock, monkeypatch
):
    names = await database.write(lambda tx: fill(tx, GONE))
    await leaving.left(GONE, "app_uninstalled")
    clock.time = NOW + dt.timedelta(days=8)
    read = database.read

    async def read_and_come_back(fn):
        found = await read(fn)
        if found == [GONE]:
            assert await leaving.came_back(GONE)
        return found

    monkeypatch.setattr(database, "read", read_and_come_back)
    assert await leaving.sweep() == []
    kept = await read(lambda tx: counts(tx, names, GONE))
    assert {name for name, count in kept.items() if count == 0} == {"deletions"}


@pytest.mark.parametrize(
    ("reason", "goes"), [("token_revoked", True), ("not_installed", True), ("invalid_auth", False)]
)
async def test_one_whose_leaving_no_event_told_goes_within_14_days_too(
    database, leaving, clock, reason, goes
):
    await database.write(lambda tx: outbox.stop_workspace(tx, GONE, reason, NOW))
    clock.time = NOW + SILENT_FOR - dt.timedelta(minutes=1)
    assert await leaving.sweep() == []
    clock.time = NOW + dt.timedelta(days=13)
    assert await leaving.sweep() == ([GONE] if goes else [])
    assert (await database.read(lambda tx: outbox.health(tx, GONE, NOW))).stopped == (
        None if goes else reason
    )


@pytest.mark.parametrize("before", ["", "invalid_auth", "not_installed"])
async def test_a_token_refused_at_the_start_sets_the_day_once_for_what_that_token_was_for(
    database, leaving, clock, before
):
    job = Job(GONE, "promises.reminder", "1", "U1", NOW, NOW + dt.timedelta(hours=8))
    await database.write(lambda tx: outbox.add(tx, job))
    if before:
        await database.write(lambda tx: outbox.stop_workspace(tx, GONE, before, NOW))
    goes_at = await leaving.refused("account_inactive")
    clock.time = NOW + dt.timedelta(days=3)
    assert await leaving.refused("account_inactive") == goes_at
    assert goes_at == NOW + SILENT_FOR


async def test_a_mistyped_token_or_an_empty_database_sets_no_day(database, leaving):
    assert await leaving.refused("account_inactive") is None
    await database.write(lambda tx: fill(tx, STAYS))
    assert await leaving.refused("invalid_auth") is None
    assert (await database.read(lambda tx: outbox.stopped(tx)))[STAYS][0] != "invalid_auth"


@pytest.mark.parametrize(
    ("reason", "is_refused", "goes"),
    [
        ("account_inactive", True, True),
        ("account_inactive", False, False),
        ("app_uninstalled", False, True),
    ],
)
async def test_a_refusal_is_looked_into_before_any_data_goes_and_an_uninstalling_believed(
    database, clock, reason, is_refused, goes
):
    sandbox = Sandbox(yaml.safe_load(MANIFEST.read_text("utf-8")))
    await sandbox.start()
    async with open_session() as session:
        clients = OneWorkspace(sandbox.bot_token, sandbox.api_url, session)
        home = (await clients.identify()).team_id
        leaving = Leaving(database, everything_kept(Answers("US")), clock, clients)
        if reason == "app_uninstalled":
            await leaving.left(home, reason)
        else:
            await database.write(lambda tx: outbox.stop_workspace(tx, home, reason, NOW))
        clock.time = NOW + dt.timedelta(days=13)
        if is_refused:
            clients.client.token = "xoxb-of-nobody"
        assert await leaving.sweep() == ([home] if goes else [])
    await sandbox.stop()
    assert (await database.read(lambda tx: outbox.health(tx, home, NOW))).stopped is None


@pytest.fixture
def compacting(database, monkeypatch):
    """A database whose files are never rewritten; what a test sets fails first."""
    tried = Compacting()

    async def compact():
        tried.times += 1
        if tried.times <= tried.fails:
            raise DatabaseBusyError

    monkeypatch.setattr(database, "compact", compact)
    return tried


async def test_words_that_could_not_be_taken_off_the_disk_are_the_next_day(leaving, clock, compacting):
    compacting.fails = 1
    await leaving.left(GONE, "app_uninstalled")
    clock.time = NOW + dt.timedelta(days=8)
    with pytest.raises(DatabaseBusyError):
        await leaving.sweep()
    assert await leaving.sweep() == []
    assert await leaving.sweep() == []
    assert compacting.times == 2


async def test_words_that_one_process_left_on_the_disk_are_taken_off_by_the_next(
    database, leaving, clock, compacting
):
    compacting.fails = 1
    await leaving.left(GONE, "app_uninstalled")
    clock.time = NOW + dt.timedelta(days=8)
    with pytest.raises(DatabaseBusyError):
        await leaving.sweep()
    for _ in range(2):
        await Leaving(database, everything_kept(Answers("US")), clock, Nowhere()).sweep()
        assert compacting.times == 2


async def test_the_process_stays_until_the_words_are_off_the_disk(database, leaving, clock, compacting):
    await leaving.see_out()
    assert compacting.times == 0
    compacting.fails = 2
    await leaving.left(GONE, "app_uninstalled")
    clock.time = NOW + dt.timedelta(days=8)
    await leaving.see_out()
    assert compacting.times == 3
    assert await database.read(lambda tx: outbox.stopped(tx)) == {}


async def test_a_token_that_works_again_spares_its_own_workspace_alone(database, clock):
    sandbox = Sandbox(yaml.safe_load(MANIFEST.read_text("utf-8")))
    await sandbox.start()
    async with open_session() as session:
        home = (await OneWorkspace(sandbox.bot_token, sandbox.api_url, session).identify()).team_id
        never_identified = OneWorkspace(sandbox.bot_token, sandbox.api_url, session)
        leaving = Leaving(database, everything_kept(Answers("US")), clock, never_identified)
        for workspace in (home, GONE):
            await database.write(
                lambda tx, it=workspace: outbox.stop_workspace(tx, it, "account_inactive", NOW)
            )
        assert await leaving.sweep() == []
    await sandbox.stop()
    assert list(await database.read(lambda tx: outbox.stopped(tx))) == [GONE]


async def test_an_uninstalling_told_after_a_refusal_is_believed_and_puts_nothing_off(
    database, leaving, clock
):
    await database.write(lambda tx: outbox.stop_workspace(tx, GONE, "token_revoked", NOW))
    clock.time = NOW + dt.timedelta(days=9)
    await leaving.left(GONE, "app_uninstalled")
    assert (await database.read(lambda tx: outbox.stopped(tx)))[GONE][0] == "app_uninstalled"
    clock.time = NOW + SILENT_FOR
    assert await leaving.sweep() == [GONE]


@pytest.mark.parametrize(("days", "stays"), [(89, True), (91, False)])
async def test_what_somebody_kept_goes_90_days_after_they_left_and_a_colleague_s_stays(database, days, stays):
    left, here = Member(STAYS, "ULEFT"), Member(STAYS, "UHERE")
    holdings = everything_kept(Answers("US"))
    tables = {it.name for holding in holdings for it in holding.tables if it.goes_with_leavers}
    assert {"kit_items", "checkin_plans", "peer_supporters", "team_people", "preferences"} <= tables

    def live(tx):
        for person in (left, here):
            for name in tables:
                row = {it: value_for(it, number, STAYS) for it, number in columns(tx, name).items()}
                row |= {it: f"{person.id}-{it}" for it in row if it in ("item_id", "origin")}
                row |= {"member_id": person.id}
                tx.run(
                    f"INSERT INTO {name} ({', '.join(row)}) VALUES ({', '.join(f':{c}' for c in row)})", **row
                )
        gone_s = int(NOW.timestamp())
        directory.save(tx, [Person(left, is_active=False, changed_s=gone_s), Person(here, changed_s=gone_s)])

    await database.write(live)
    purge = purge_leavers(holdings)
    removed = await database.write(lambda tx: purge(tx, STAYS, NOW + dt.timedelta(days=days)))
    assert removed == {"rows of people who left": 0 if stays else len(tables)}

    def whose(tx):
        return {
            name: {row["member_id"] for row in tx.all(f"SELECT member_id FROM {name}")} for name in tables
        }

    owners = {left.id, here.id} if stays else {here.id}
    assert await database.read(whose) == dict.fromkeys(tables, owners)


def test_the_data_map_says_what_becomes_of_what_leavers_kept():
    [line] = [
        it for it in data_map(everything_kept(Answers("US"))).splitlines() if it.startswith("peer_supporters")
    ]
    assert line.endswith("until you stop; 90 days after leaving")


async def leave_for_good(database):
    clock = StoppedClock()
    leaving = Leaving(database, everything_kept(Answers("US")), clock, Nowhere())
    await database.write(lambda tx: (fill(tx, GONE), fill(tx, STAYS)))
    await leaving.left(GONE, "app_uninstalled")
    clock.time = NOW + dt.timedelta(days=8)
    assert await leaving.sweep() == [GONE]


async def test_no_byte_of_it_is_left_in_sqlite_s_files(sqlite_url):
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    database = await open_database(sqlite_url)
    await leave_for_good(database)
    files = [path for path in folder.iterdir() if path.is_file()]
    assert any(STAYS.encode() in path.read_bytes() for path in files)
    assert not [path.name for path in files if GONE.encode() in path.read_bytes()]
    await database.close()


async def test_no_byte_of_it_is_left_in_a_table_or_index_of_postgresql(postgresql_url):
    import psycopg

    database = await open_database(postgresql_url)
    await leave_for_good(database)
    where = await database.read(
        lambda tx: tx.one(
            "SELECT current_setting('data_directory') AS root, "
            "(SELECT oid FROM pg_database WHERE datname = current_database()) AS base"
        )
    )
    await database.close()
    with psycopg.connect(postgresql_url, autocommit=True) as conn:
        conn.execute("CHECKPOINT")
    files = [path for path in (Path(where["root"]) / "base" / str(where["base"])).iterdir() if path.is_file()]
    assert any(STAYS.encode() in path.read_bytes() for path in files)
    assert not [path.name for path in files if GONE.encode() in path.read_bytes()]


async def test_erasing_one_member_leaves_no_byte_of_their_id_in_sqlite_s_files(sqlite_url):
    member = Member(STAYS, "UERASED4MEMBER")
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    database = await open_database(sqlite_url)

    def fill_member(tx):
        names = [table.name for holding in everything_kept(Answers("US")) for table in holding.tables]
        for name in names:
            found = columns(tx, name)
            if not {"member_id", "recipient_id", "about_id"} & set(found):
                continue
            row = {column: value_for(column, number, STAYS) for column, number in found.items()}
            row |= {
                column: member.id
                for column in row
                if column in ("member_id", "recipient_id", "about_id", "keeper_id")
            }
            tx.run(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({', '.join(f':{c}' for c in row)})", **row)

    await database.write(fill_member)

    def erase(tx):
        for holding in everything_kept(Answers("US")):
            holding.erase(tx, member)

    await database.write(erase)
    await database.compact()
    files = [path for path in folder.iterdir() if path.is_file()]
    assert not [path.name for path in files if member.id.encode() in path.read_bytes()]
    await database.close()
