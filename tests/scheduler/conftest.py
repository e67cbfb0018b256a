"""A worker against the pretend Slack, on a real database, with an intent clock that the test moves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from bot.directory import store as directory
from bot.directory.model import Person
from bot.people import Member
from bot.sandbox.server import Sandbox
from bot.scheduler import outbox
from bot.scheduler.availability import QuietRules
from bot.scheduler.clocks import RealClock
from bot.scheduler.composing import Withhold
from bot.scheduler.means import Means, Pace, Patience
from bot.scheduler.model import Job, State
from bot.scheduler.worker import Worker
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.clients import OneWorkspace
from bot.slack.notifier import Notifier
from bot.slack.text import escape
from bot.storage.database import Database, Transaction

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
SCOPES = ("im:write", "im:history", "channels:history", "users:read", "dnd:read")
EVENTS = ("user_change", "team_join", "dnd_updated_user")

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
"""10:00 in New York, 15:00 in London, 20:30 in Kolkata."""

QUICK = Patience(
    lease_for=timedelta(seconds=3),
    settle_after=timedelta(seconds=0.6),
    unreached_for=timedelta(seconds=0.2),
    retry_after=timedelta(seconds=0.2),
    poll_every=timedelta(seconds=0.2),
)
"""Real patience shortened: the sandbox carries a call out at once or never."""
FAST = Pace(per_second=200, per_channel_s=0)


class Hands:
    """Intent time that stands still until a test moves it."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self._at = at
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self._at

    async def sleep_until(self, moment: datetime, *, at_most: float) -> None:
        if moment > self._at:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), at_most)

    def move(self, **by: float) -> None:
        self._at += timedelta(**by)
        self._moved.set()
        self._moved = asyncio.Event()


@dataclass
class Letters:
    """A feature that writes its job's key, and keeps what it was told."""

    says: Callable[[Job], Message | Withhold] | None = None
    sent: list[str] = field(default_factory=list)
    unsent: list[tuple[str, str]] = field(default_factory=list)

    async def compose(self, job: Job) -> Message | Withhold:
        return self.says(job) if self.says else letter(job)

    def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        self.sent.append(job.key)

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        self.unsent.append((job.key, reason))


async def eventually(is_so: Callable[[], Awaitable[bool]], within: float = 10) -> None:
    """Wait for an effect in the database or in Slack, which have no event to wait for."""
    async with asyncio.timeout(within):
        while not await is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def letter(job: Job) -> Message:
    return Message(escape(job.key), [blocks.section(escape(job.key))])


def manifest() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    scopes: list[str] = told["oauth_config"]["scopes"]["bot"]
    scopes += [scope for scope in SCOPES if scope not in scopes]
    heard: list[str] = told["settings"]["event_subscriptions"]["bot_events"]
    heard += [event for event in EVENTS if event not in heard]
    return told


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    running = Sandbox(manifest(), rates=False)
    await running.start()
    yield running
    await running.stop()


@dataclass
class Scene:
    """Everything a story about sending needs."""

    sandbox: Sandbox
    session: aiohttp.ClientSession
    clients: OneWorkspace
    database: Database
    intent: Hands
    letters: Letters
    means: Means
    rules: dict[str, QuietRules] = field(default_factory=dict)
    workers: list[tuple[Worker, asyncio.Task[None]]] = field(default_factory=list)

    @property
    def workspace(self) -> str:
        return self.clients.workspace

    def id_of(self, handle: str) -> str:
        person = self.sandbox.world.default.find_person(handle)
        assert person
        return person.id

    def member(self, handle: str) -> Member:
        return Member(self.workspace, self.id_of(handle))

    def job(self, key: str, to: str = "ana", **changes: Any) -> Job:
        due_at = changes.pop("due_at", self.intent.now())
        plain = Job(
            workspace=self.workspace,
            kind="letters",
            key=key,
            recipient=self.id_of(to) if to.islower() else to,
            due_at=due_at,
            grace_until=due_at + timedelta(hours=10),
        )
        return replace(plain, **changes)

    async def add(self, *jobs: Job) -> None:
        await self.database.write(lambda tx: [outbox.add(tx, job) for job in jobs])
        for worker, _ in self.workers:
            worker.wake()

    def start(self, **changes: Any) -> Worker:
        worker = Worker(replace(self.means, **changes) if changes else self.means)
        self.workers.append((worker, asyncio.create_task(worker.run())))
        return worker

    async def state(self, key: str, kind: str = "letters") -> State | None:
        found = await self.database.read(lambda tx: outbox.find(tx, self.workspace, kind, key))
        return found[1] if found else None

    async def reason(self, key: str) -> str | None:
        row = await self.database.read(
            lambda tx: tx.one("SELECT reason FROM jobs WHERE job_key = :key", key=key)
        )
        return row["reason"] if row else None

    async def until_state(self, key: str, state: State, kind: str = "letters") -> None:
        async def is_there() -> bool:
            return await self.state(key, kind) is state

        await eventually(is_there)

    async def until_count(self, worker: Worker, name: str, least: int = 1) -> None:
        async def counted() -> bool:
            return worker.counts.get(name, 0) >= least

        await eventually(counted)

    def inbox(self, handle: str = "ana") -> list[str]:
        """What the person's DM with the bot shows."""
        world = self.sandbox.world
        dm = world.dm_with_bot(world.default, self.id_of(handle))
        return [message.text for message in dm.timeline()]

    async def fault(self, **request: Any) -> None:
        async with self.session.post(f"{self.sandbox.url}/sandbox/faults", json=request) as answer:
            assert answer.status == 200, await answer.text()

    async def act(self, do: str, **request: Any) -> None:
        async with self.session.post(f"{self.sandbox.url}/sandbox/act", json={"do": do, **request}) as answer:
            assert answer.status == 200, await answer.text()

    async def know(self, handle: str, **what: Any) -> None:
        """Put somebody into the directory."""
        person = Person(Member(self.workspace, self.id_of(handle)), name=handle, **what)
        await self.database.write(lambda tx: directory.save(tx, [person]))

    def calls(self, method: str) -> list[dict[str, Any]]:
        return [e for e in self.sandbox.world.record.after(0, "call") if e["method"] == method]


@pytest.fixture
async def scene(sandbox: Sandbox, database: Database) -> AsyncIterator[Scene]:
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.4))
    clients = OneWorkspace(sandbox.bot_token, sandbox.api_url, session)
    await clients.identify()
    intent, letters = Hands(), Letters()
    rules: dict[str, QuietRules] = {}
    means = Means(
        database=database,
        clients=clients,
        notifier=Notifier(clients),
        handlers={"letters": letters},
        rules_for=lambda tx, job: rules.get(job.recipient, QuietRules(zone="America/New_York")),
        intent=intent,
        real=RealClock(),
        pace=FAST,
        patience=QUICK,
    )
    made = Scene(sandbox, session, clients, database, intent, letters, means, rules)
    yield made
    for worker, task in made.workers:
        await worker.stop(within=2)
        await asyncio.wait_for(task, 5)
    await session.close()
