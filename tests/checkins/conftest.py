"""People who are asked, with the real schedule and a clock that the test moves; only Slack is a notebook."""

import asyncio
import contextlib
import datetime as dt
from dataclasses import dataclass, field, replace

import pytest

from bot.checkins import composing, store
from bot.checkins.model import Choice, Word, week_of
from bot.checkins.service import CheckinService, Means
from bot.directory import store as directory
from bot.directory.model import Person
from bot.people import Member
from bot.playbooks.loading import load, shipped_playbooks
from bot.safeguards.pii import Guard
from bot.safeguards.sealing import KeyedSeals, new_key
from bot.scheduler import claims
from bot.scheduler.clocks import RealClock
from bot.scheduler.means import Means as WorkerMeans
from bot.scheduler.means import Pace, Patience
from bot.scheduler.worker import Worker
from bot.settings import store as settings
from bot.settings.model import TeamForm
from bot.settings.queries import Answers

W = "T1"
ANA, BEN, PRIYA, JACK, SAM, TONI = (
    Member(W, it) for it in ("UANA", "UBEN", "UPRIYA", "UJACK", "USAM", "UTONI")
)
PEOPLE = (
    Person(ANA, "Ana", "America/New_York"),
    Person(BEN, "Ben", "Europe/London"),
    Person(PRIYA, "Priya", "Asia/Kolkata"),
    Person(JACK, "Jack", "Australia/Sydney"),
    Person(SAM, "Sam", "America/New_York", is_admin=True),
    Person(TONI, "Toni", "America/Chicago", is_guest=True),
)
MONDAY = dt.datetime(2026, 11, 23, 14, tzinfo=dt.UTC)
"""09:00 in New York, in week 48."""
TUESDAY_AT_THREE = Choice(2, dt.time(15))
QUICK = Patience(
    lease_for=dt.timedelta(seconds=3),
    retry_after=dt.timedelta(seconds=0.1),
    poll_every=dt.timedelta(seconds=0.1),
)


class Hands:
    """Intent time that stands still until a test moves it."""

    def __init__(self):
        self.time = MONDAY
        self._moved = asyncio.Event()

    def now(self):
        return self.time

    async def sleep_until(self, moment, *, at_most):
        if moment > self.time:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), at_most)

    def move_to(self, moment):
        self.time = max(self.time, moment)
        self._moved.set()
        self._moved = asyncio.Event()


@dataclass(frozen=True)
class Came:
    """A message that somebody got."""

    member: str
    at: dt.datetime
    text: str
    blocks: list


class Notebook:
    """Stands in for Slack: writes down who got what, and when."""

    def __init__(self, clock):
        self._clock = clock
        self.came = []

    def of(self, workspace):
        """The workspace has the app."""
        return self

    async def deliver(self, workspace, recipient, message, thread_ts=None):
        self.came.append(Came(recipient, self._clock.now(), message.text, list(message.blocks)))
        return f"D{recipient}", f"{len(self.came)}.0"


@dataclass
class Floor:
    """Everything a test needs."""

    database: object
    clock: Hands
    seals: object
    service: CheckinService
    notebook: Notebook
    worker: Worker
    distress: set = field(default_factory=set)

    async def join(self, member, choice=TUESDAY_AT_THREE):
        return await self.service.join(member, choice)

    async def plan(self, member):
        return await self.database.read(lambda tx: store.plan_of(tx, member))

    async def know(self, member, **changes):
        person = await self.database.read(lambda tx: directory.get(tx, member))
        changed = replace(person, changed_s=person.changed_s + 1, **changes)
        await self.database.write(lambda tx: directory.save(tx, [changed]))

    async def until(self, moment):
        """Let time pass from one due moment to the next, as it does in life, up to a moment."""
        async with asyncio.timeout(20):
            await self._until(moment)

    async def _until(self, moment):
        while True:
            due_at, busy = await self.database.read(_ahead)
            if busy or (due_at is not None and due_at <= self.clock.now()):
                self.worker.wake()
                await asyncio.sleep(0.002)
            elif due_at is None or due_at > moment:
                break
            else:
                self.clock.move_to(due_at)
        self.clock.move_to(moment)

    async def at_once(self, moment):
        """Jump there: the machine was off meanwhile."""
        self.clock.move_to(moment)
        await self.until(moment)

    async def days(self, number):
        await self.until(self.clock.now() + dt.timedelta(days=number))

    def got(self, member):
        return [it for it in self.notebook.came if it.member == member.id]

    async def answer(self, member, word=Word.HEAVY, note="", week=None):
        return await self.service.answer(member, week or await self.service.this_week(member), word, note)

    def week(self, zone="America/New_York"):
        return week_of(self.clock.now(), zone)


def _ahead(tx):
    held = tx.one("SELECT 1 AS held FROM jobs WHERE held_until IS NOT NULL LIMIT 1")
    due = [standing.due_at for standing in claims.standings(tx) if standing.due_at]
    return min(due, default=None), held is not None


@pytest.fixture(scope="session")
def library():
    return load([shipped_playbooks()]).library


@pytest.fixture
async def floor(database, library):
    def seed(tx):
        directory.save(tx, PEOPLE)
        team = TeamForm("t1", "Late shift", people=(ANA.id, BEN.id), leads=(SAM.id,))
        settings.save_team(tx, W, team)

    await database.write(seed)
    clock, seals, teams = Hands(), KeyedSeals.from_keys([new_key()]), Answers("US")
    distress = {"want to die"}
    notebook = Notebook(clock)
    worker = Worker(
        WorkerMeans(
            database,
            clients=notebook,
            notifier=notebook,
            handlers=composing.handlers(database, teams, clock),
            rules_for=lambda tx, job: teams.quiet_rules(tx, job.workspace),
            intent=clock,
            real=RealClock(),
            pace=Pace(per_second=1000, per_channel_s=0),
            patience=QUICK,
        )
    )
    means = Means(
        database,
        teams,
        seals,
        lambda text, country: Guard(country).mask(text).text,
        lambda text: any(words in text for words in distress),
        lambda: library,
        clock,
        worker.wake,
    )
    working = asyncio.create_task(worker.run())
    yield Floor(database, clock, seals, CheckinService(means), notebook, worker, distress)
    await worker.stop(within=2)
    await asyncio.wait_for(working, 5)
