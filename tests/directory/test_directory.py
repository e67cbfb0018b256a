"""The directory against the pretend Slack: in bulk, and by events over a real socket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.directory import filling, store
from bot.directory.filling import GOES_ON_AFTER, Filling
from bot.directory.listeners import DirectoryListeners
from bot.directory.model import Person
from bot.people import Member
from bot.sandbox.server import Sandbox
from bot.slack.app import build_app
from bot.slack.clients import OneWorkspace, open_session
from bot.slack.listening import Listening
from bot.slack.response_urls import ResponseUrls
from bot.slack.socket import Socket
from bot.slack.tasks import Tasks
from bot.storage.database import Database, Transaction
from tests.scheduler.conftest import eventually, manifest


@dataclass
class Town:
    """The pretend workspace, and what the directory knows of it."""

    sandbox: Sandbox
    clients: OneWorkspace
    database: Database

    def member(self, handle: str) -> Member:
        person = self.sandbox.world.default.find_person(handle)
        assert person
        return Member(self.clients.workspace, person.id)

    async def known(self, handle: str) -> Person | None:
        member = self.member(handle)
        return await self.database.read(lambda tx: store.get(tx, member))

    async def act(self, do: str, **request: object) -> None:
        await self._post("act", {"do": do, **request})

    async def fault(self, **fault: object) -> None:
        await self._post("faults", fault)

    async def _post(self, what: str, told: dict[str, object]) -> None:
        session = self.clients.client.session
        assert session
        async with session.post(f"{self.sandbox.url}/sandbox/{what}", json=told) as answer:
            assert answer.status == 200, await answer.text()

    def calls(self, method: str) -> int:
        return sum(e["method"] == method for e in self.sandbox.world.record.after(0, "call"))


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    sandbox = Sandbox(manifest(), rates=False)
    await sandbox.start()
    session = open_session()
    clients = OneWorkspace(sandbox.bot_token, sandbox.api_url, session)
    await clients.identify()
    yield Town(sandbox, clients, database)
    await session.close()
    await sandbox.stop()


async def test_a_refresh_knows_everybody_and_asks_for_nobody_in_particular(town: Town) -> None:
    for number in range(120):
        await town.act("add_person", handle=f"agent{number}", name=f"Agent {number}", tz="Asia/Manila")
    await town.act("set_dnd", who="agent7", minutes=60)
    await Filling(town.database, town.clients, between_s=0).refresh(town.clients.workspace)
    ana, rhea, toni, busy = [await town.known(name) for name in ("ana", "rhea", "toni", "agent7")]
    assert ana
    assert (ana.name, ana.zone, ana.is_active) == ("Ana", "America/New_York", True)
    assert rhea
    assert not rhea.is_active
    assert toni
    assert toni.is_guest
    assert busy
    assert busy.dnd_until
    assert busy.dnd_until > datetime.now(UTC)
    # 130 colleagues: one page of people, three batches of fifty, nothing per person.
    assert (town.calls("users.list"), town.calls("dnd.teamInfo"), town.calls("users.info")) == (1, 3, 0)


async def test_a_refresh_that_runs_out_of_time_goes_on_where_it_was(town: Town) -> None:
    for number in range(120):
        await town.act("add_person", handle=f"agent{number}", name=f"Agent {number}", tz="Asia/Manila")
    slow = Filling(town.database, town.clients, between_s=0, at_most_s=0)
    waits = [await slow.refresh(town.clients.workspace) for _ in range(4)]
    assert waits == [GOES_ON_AFTER, GOES_ON_AFTER, GOES_ON_AFTER, None]
    assert (town.calls("users.list"), town.calls("dnd.teamInfo")) == (1, 3)


async def test_a_workspace_too_large_for_one_turn_is_paged_through_in_several(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "PAGE", 4)
    slow = Filling(town.database, town.clients, between_s=0, at_most_s=0)
    assert await slow.refresh(town.clients.workspace) == GOES_ON_AFTER
    assert (town.calls("users.list"), town.calls("dnd.teamInfo")) == (1, 0)
    while await slow.refresh(town.clients.workspace) is not None:
        pass
    everybody = len(town.sandbox.world.default.people)
    assert town.calls("users.list") == -(-everybody // 4)
    assert await town.known("toni")


async def test_a_page_that_slack_no_longer_knows_begins_the_list_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "PAGE", 4)
    slow = Filling(town.database, town.clients, between_s=0, at_most_s=0)
    await slow.refresh(town.clients.workspace)
    await town.fault(fault="error", method="users.list", error="invalid_cursor")
    assert await slow.refresh(town.clients.workspace) == GOES_ON_AFTER
    while await slow.refresh(town.clients.workspace) is not None:
        pass
    everybody = len(town.sandbox.world.default.people)
    assert town.calls("users.list") == 2 + -(-everybody // 4)


async def test_a_refresh_waits_when_slack_says_so_and_does_without_a_declined_scope(town: Town) -> None:
    await town.fault(fault="ratelimited", method="users.list", retry_after=1)
    await town.fault(fault="error", method="dnd.teamInfo", error="missing_scope")
    await Filling(town.database, town.clients, between_s=0).refresh(town.clients.workspace)
    assert await town.known("ana")


async def test_events_keep_it_up_to_date(town: Town) -> None:
    tasks = Tasks()
    app = build_app(town.clients, town.sandbox.signing_secret)
    session = town.clients.client.session
    assert session
    listening = Listening(app, town.clients, tasks, ResponseUrls(session))
    DirectoryListeners(town.database).register(listening)
    socket = Socket(app, town.sandbox.app_token, town.clients.client)
    await socket.start()
    try:
        await town.act("add_person", handle="newcomer", name="New Comer", tz="Asia/Kolkata")
        await town.act("set_profile", who="ana", tz="Europe/Berlin", status_emoji=":palm_tree:")
        await town.act("deactivate", who="ben")
        await town.act("set_dnd", who="newcomer", minutes=30)

        async def is_known() -> bool:
            newcomer, ana, ben = [await town.known(name) for name in ("newcomer", "ana", "ben")]
            return bool(
                newcomer
                and newcomer.zone == "Asia/Kolkata"
                and newcomer.dnd_until
                and ana
                and ana.is_away
                and ana.zone == "Europe/Berlin"
                and ben
                and not ben.is_active
            )

        await eventually(is_known)
    finally:
        await socket.stop()


async def test_an_older_event_does_not_undo_a_newer_one(database: Database) -> None:
    member = Member("T1", "UANA")
    moved = Person(member, zone="Europe/Berlin", changed_s=20)
    before = Person(member, zone="America/New_York", changed_s=10)
    await database.write(lambda tx: store.save(tx, [moved, before]))
    known = await database.read(lambda tx: store.get(tx, member))
    assert known == moved


async def test_what_a_refresh_does_not_tell_it_leaves_alone(database: Database) -> None:
    member = Member("T1", "UANA")
    dnd = store.Dnd(
        datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=1)
    )

    def twice(tx: object) -> None:
        store.save(tx, [Person(member)])  # type: ignore[arg-type]
        store.save_dnd(tx, "T1", {member.id: dnd})  # type: ignore[arg-type]
        store.mark_unreachable(tx, member, "user_disabled")  # type: ignore[arg-type]
        store.save(tx, [Person(member, name="Ana")])  # type: ignore[arg-type]

    await database.write(twice)
    known = await database.read(lambda tx: store.get(tx, member))
    assert known
    assert (known.name, known.dnd_until, known.unreachable) == ("Ana", dnd.end_at, "user_disabled")


async def test_who_is_back_may_be_written_to_though_the_event_of_it_was_missed(database: Database) -> None:
    member = Member("T1", "UBEN")
    left = Person(member, "Ben", changed_s=10)
    back = replace(left, changed_s=30)

    def leave(tx: Transaction) -> None:
        store.save(tx, [left])
        store.mark_unreachable(tx, member, "user_disabled")

    await database.write(leave)
    await database.write(lambda tx: store.save(tx, [left]))
    known = await database.read(lambda tx: store.get(tx, member))
    assert known
    assert known.unreachable == "user_disabled"
    await database.write(lambda tx: store.save(tx, [back]))
    assert await database.read(lambda tx: store.get(tx, member)) == back


async def test_guests_belong_and_strangers_do_not(database: Database) -> None:
    people = [
        Person(Member("T1", "U1")),
        Person(Member("T1", "U2"), is_active=False),
        Person(Member("T1", "U3"), is_bot=True),
        Person(Member("T1", "U4"), is_stranger=True),
        Person(Member("T1", "U5"), is_guest=True),
        Person(Member("T2", "U6")),
    ]
    await database.write(lambda tx: store.save(tx, people))
    assert await database.read(lambda tx: store.belonging(tx, "T1", "", 9)) == ["U1", "U5"]
    assert await database.read(lambda tx: store.belonging(tx, "T1", "U1", 1)) == ["U5"]
    await database.write(lambda tx: store.erase_workspace(tx, "T1"))
    assert await database.read(lambda tx: store.get(tx, Member("T1", "U1"))) is None
    assert await database.read(lambda tx: store.get(tx, Member("T2", "U6"))) == Person(Member("T2", "U6"))


async def test_the_name_of_someone_who_left_goes_in_time_and_slack_s_telling_it_again_does_not_bring_it_back(
    database: Database,
) -> None:
    left_at = datetime(2026, 8, 1, tzinfo=UTC)
    member, changed_s = Member("T1", "UBEN"), int(left_at.timestamp())
    here = Person(member, "Ben", zone="Europe/London", changed_s=changed_s - 1)
    left = Person(member, "Ben", is_active=False, changed_s=changed_s)
    stranger = Person(Member("T1", "UOLD"), "Gone before", is_active=False)

    async def known() -> Person | None:
        return await database.read(lambda tx: store.get(tx, member))

    async def forget(before: datetime) -> int:
        return await database.write(lambda tx: store.forget_gone(tx, "T1", before))

    await database.write(lambda tx: store.save(tx, [here, left, stranger]))
    assert await known() == left
    assert await forget(left_at) == 0
    assert await forget(left_at + timedelta(seconds=1)) == 1
    await database.write(lambda tx: store.save(tx, [left, stranger]))
    assert await known() == replace(left, name="")
    assert await forget(left_at + timedelta(seconds=1)) == 0
    never_met = await database.read(lambda tx: store.get(tx, stranger.member))
    assert never_met == replace(stranger, name="")
    back = replace(here, changed_s=changed_s + 1)
    await database.write(lambda tx: store.save(tx, [back]))
    assert await known() == back
