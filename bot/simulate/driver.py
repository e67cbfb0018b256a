"""The simulation: people, a clock that jumps from one due moment to the next, faults, and kill -9.

The clock moves on only when nothing is due or in hand any more, so lateness is what a message really took.
The pretend Slack's rate limits run on real time and would make a month last a month; so they are off,
messages go at `RATE` a second, and "too much at once" comes as a fault instead.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import yaml

from bot.directory import store as directory
from bot.directory.filling import Filling
from bot.directory.model import Person
from bot.errors import ConfigError
from bot.people import Member
from bot.sandbox.server import Sandbox
from bot.scheduler import claims
from bot.scheduler.model import State
from bot.shipped import shipped
from bot.simulate.figures import Figures, Moves, Slot, books, percentile, tally
from bot.simulate.plan import Period, Plan, find_plan
from bot.simulate.worker import Orders
from bot.slack.clients import OneWorkspace
from bot.storage.database import Database, Transaction
from bot.storage.opening import open_database

RATE = 150.0
"""Messages a second: fifty times what Slack takes, as a month has to fit into minutes."""
FAULT_EVERY = 40
"""Messages between two faults, on average."""
STALLED_AFTER_S = 60.0
LOOK_EVERY_S = 0.01
SCOPES = ("chat:write", "im:write", "im:history", "users:read", "dnd:read")
ZONES = (
    *("America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "America/St_Johns", "Europe/London"),
    *("Europe/Berlin", "Africa/Cairo", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Manila", "Asia/Tokyo"),
    *("Australia/Adelaide", "Australia/Sydney", "Pacific/Auckland"),
)
KINDS = {"checkins": "bot.simulate.checkins:CHECKINS", "plain": "bot.simulate.plan:WEEKLY"}
"""What can be played, by name: the real weekly question, or a message of no content."""
FAULTS: tuple[dict[str, Any], ...] = (
    {"fault": "ratelimited", "method": "chat.postMessage", "retry_after": 1},
    {"fault": "server_error", "method": "chat.postMessage"},
    {"fault": "error", "method": "chat.postMessage", "error": "internal_error"},
    {"fault": "hang", "method": "chat.postMessage", "for_s": 5, "effect": True},
    {"fault": "hang", "method": "chat.postMessage", "for_s": 5},
    {"fault": "slow", "method": "chat.postMessage", "for_s": 0.5},
    {"fault": "server_error", "method": "conversations.history"},
    {"fault": "hang", "method": "conversations.history", "for_s": 5},
)


@dataclass
class Setting:
    """What to simulate."""

    people: int
    weeks: int = 1
    faults: bool = False
    kills: int = 0
    plan: str = "bot.simulate.plan:WEEKLY"
    database_url: str = ""
    workers: int = 1
    seed: int = 1
    per_second: float = RATE
    start_at: datetime | None = None


async def simulate(
    people: int, weeks: int, faults: bool, kills: int, as_json: bool, **more: Any
) -> tuple[str, int]:
    """Run a simulation; returns what to print, and 1 if anything was lost or came twice.

    `more` are the other fields of `Setting`: `plan`, `database_url`, `workers`, `seed`.
    """
    if people < 1 or weeks < 1 or kills < 0:
        raise ConfigError("A simulation needs at least one person and one week, and no fewer than 0 kills.")
    setting = Setting(people=people, weeks=weeks, faults=faults, kills=kills, **more)
    figures = await run(setting)
    return figures.text(as_json=as_json), 0 if figures.is_flawless else 1


async def run(setting: Setting) -> Figures:
    """Set everything up, play the period through, count."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steady-simulate-")))
        url = setting.database_url or f"sqlite:///{folder / 'simulate.db'}"
        if url.startswith("sqlite") and setting.workers != 1:
            raise ConfigError("One SQLite file takes one worker: name a PostgreSQL database for more.")
        database = await open_database(url)
        stack.push_async_callback(database.close)
        sandbox = Sandbox(manifest(), rates=False)
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        return await Simulation(setting, sandbox, database, session, url).play()


@dataclass
class Simulation:
    """One run; the sandbox lives in this process, every worker in its own."""

    setting: Setting
    sandbox: Sandbox
    database: Database
    session: aiohttp.ClientSession
    url: str
    moves: Moves = field(default_factory=Moves)
    done: dict[str, int] = field(default_factory=lambda: {"kills": 0, "faults": 0})

    def __post_init__(self) -> None:
        self._dice = Random(self.setting.seed)  # noqa: S311 - a run that can be repeated, no secret
        self._plan: Plan = find_plan(self.setting.plan)
        self._clients = OneWorkspace(self.sandbox.bot_token, self.sandbox.api_url, self.session)
        self._workers: list[asyncio.subprocess.Process] = []
        self._seen = 0
        self._posts = 0

    async def play(self) -> Figures:
        """The whole run."""
        await self._clients.identify()
        await self._settle_in()
        period = await self._begin()
        due = await self._enrol(period)
        began = time.monotonic()
        async with self._working():
            await self._play_through(period, len(due))
        took_s = round(time.monotonic() - began, 1)
        kept = await self.database.read(lambda tx: books(tx, self._clients.workspace))
        counts, late = tally(due, self._shown(), kept, self.moves)
        return Figures(
            due=counts["due"],
            sent=counts["sent"],
            withheld=counts["withheld"],
            withheld_why=_reasons(due, kept),
            lost=counts["lost"],
            sent_twice=counts["sent_twice"],
            late_p50_s=percentile(late, 0.5),
            late_p99_s=percentile(late, 0.99),
            people=self.setting.people,
            weeks=self.setting.weeks,
            kills=self.done["kills"],
            faults=self.done["faults"],
            took_s=took_s,
            per_second=self.setting.per_second,
        )

    async def _settle_in(self) -> None:
        """Have the people join: nearly all ordinary members, some on holiday, some guests, some gone."""
        for number in range(self.setting.people):
            handle, fate = f"p{number}", self._dice.random()
            kind = "guest" if fate < 0.01 else "member"
            zone = self._dice.choice(ZONES)
            await self._act("add_person", handle=handle, name=f"Person {number}", tz=zone, kind=kind)
            if 0.01 <= fate < 0.03:
                await self._act("set_profile", who=handle, status_emoji=":palm_tree:")
            elif 0.03 <= fate < 0.04:
                await self._act("deactivate", who=handle)
        await Filling(self.database, self._clients, between_s=0).refresh(self._clients.workspace)

    async def _begin(self) -> Period:
        """Move the clock to the coming Monday, or to where the setting says."""
        now = self.sandbox.world.clock.time()
        monday = (now + timedelta(days=7 - now.weekday())).date()
        start_at = self.setting.start_at or datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
        self._move_to(start_at)
        return Period(start_at, start_at + timedelta(weeks=self.setting.weeks))

    async def _enrol(self, period: Period) -> list[str]:
        """Everybody the sandbox knows signs up, those who left as well: their messages are to be withheld."""
        workspace = self._clients.workspace
        known = [p.id for p in self.sandbox.world.default.people.values() if p.handle.startswith("p")]
        numbered = [i for i in known if self.sandbox.world.default.people[i].handle[1:].isdigit()]

        def enrol(tx: Transaction) -> list[str]:
            people = (directory.get(tx, Member(workspace, member)) for member in numbered)
            return [slot for person in people if person for slot in self._sign_up(tx, person, period)]

        return await self.database.write(enrol)

    def _sign_up(self, tx: Transaction, person: Person, period: Period) -> Sequence[str]:
        # Dice of their own, since PostgreSQL may run this twice.
        dice = Random(f"{self.setting.seed} {person.member.id}")  # noqa: S311 - as above
        return self._plan.enrol(tx, person, period, dice)

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        self._workers = [await self._start() for _ in range(self.setting.workers)]
        try:
            yield
        finally:
            for worker in self._workers:
                with contextlib.suppress(ProcessLookupError):
                    worker.terminate()
            for worker in self._workers:
                await worker.wait()

    async def _start(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.simulate.worker"), stdin=asyncio.subprocess.PIPE
        )
        orders = Orders(
            database_url=self.url,
            api_url=self.sandbox.api_url,
            clock_url=f"{self.sandbox.url}/sandbox/clock",
            token=self.sandbox.bot_token,
            plan=self.setting.plan,
            per_second=self.setting.per_second,
        )
        if process.stdin:
            process.stdin.write(orders.line().encode())
            await process.stdin.drain()
        return process

    async def _play_through(self, period: Period, expected: int) -> None:
        """Jump from one due moment to the next, with trouble at random points in between."""
        kills = sorted(self._dice.uniform(0, expected * 0.85) for _ in range(self.setting.kills))
        fault_at = self._dice.expovariate(1 / FAULT_EVERY) if self.setting.faults else float("inf")
        progress_at, before = time.monotonic(), ""
        while True:
            due_at, busy = await self.database.read(self._ahead)
            if due_at is None or due_at >= period.end_at:
                if not busy:
                    return
            elif not busy and due_at > self.sandbox.world.clock.time():
                self._move_to(due_at)
            self._count_posts()
            if kills and self._posts >= kills[0]:
                kills.pop(0)
                await self._kill_one()
            if self._posts >= fault_at:
                fault_at += self._dice.expovariate(1 / FAULT_EVERY)
                await self._trouble()
            if (standing := f"{due_at} {busy} {self._posts}") != before:
                progress_at, before = time.monotonic(), standing
            if time.monotonic() - progress_at > STALLED_AFTER_S:
                raise ConfigError("The simulation stands still; does a worker of its own print why?")
            if any(worker.returncode is not None for worker in self._workers):
                raise ConfigError("A worker of the simulation ended by itself; it printed why.")
            await asyncio.sleep(LOOK_EVERY_S)

    def _ahead(self, tx: Transaction) -> tuple[datetime | None, bool]:
        """The next due moment, and whether anything is in hand."""
        held = tx.one("SELECT 1 AS held FROM jobs WHERE held_until IS NOT NULL LIMIT 1")
        due = [standing.due_at for standing in claims.standings(tx) if standing.due_at]
        return min(due, default=None), held is not None

    def _move_to(self, moment: datetime) -> None:
        self.sandbox.world.clock.move_to(moment)
        self.moves.add(time.time(), self.sandbox.world.clock.offset_s)

    def _count_posts(self) -> None:
        for entry in self.sandbox.world.record.after(self._seen, "call"):
            self._seen = max(self._seen, entry["n"])
            self._posts += entry["method"] == "chat.postMessage"

    async def _kill_one(self) -> None:
        """kill -9, at no particular point of whatever it is doing, and a new one in its place."""
        await asyncio.sleep(self._dice.uniform(0, 0.05))
        index = self._dice.randrange(len(self._workers))
        victim = self._workers[index]
        with contextlib.suppress(ProcessLookupError):
            victim.kill()
        await victim.wait()
        self._workers[index] = await self._start()
        self.done["kills"] += 1

    async def _trouble(self) -> None:
        async with self.session.post(
            f"{self.sandbox.url}/sandbox/faults", json=self._dice.choice(FAULTS)
        ) as answer:
            answer.raise_for_status()
        self.done["faults"] += 1

    async def _act(self, do: str, **fields: str) -> None:
        async with self.session.post(f"{self.sandbox.url}/sandbox/act", json={"do": do, **fields}) as answer:
            answer.raise_for_status()

    def _shown(self) -> dict[str, list[float]]:
        """When each slot's messages came, as they stand in the DMs that people see."""
        shown: dict[str, list[float]] = defaultdict(list)
        for conversation in self.sandbox.world.default.conversations.values():
            if conversation.kind == "dm":
                for message in conversation.timeline():
                    slot = self._plan.slot_of(message.blocks) if message.bot_id else None
                    if slot:
                        shown[slot].append(float(message.ts))
        return shown


def _reasons(due: Sequence[str], kept: Mapping[str, Slot]) -> dict[str, int]:
    books = (kept[slot] for slot in sorted(due) if slot in kept)
    return dict(Counter(book.reason or "" for book in books if book.state is State.WITHHELD))


def manifest() -> dict[str, Any]:
    """Ours, with the scopes that sending and settling need."""
    told: dict[str, Any] = yaml.safe_load(shipped("manifest.yml").read_text("utf-8"))
    scopes: list[str] = told["oauth_config"]["scopes"]["bot"]
    scopes += [scope for scope in SCOPES if scope not in scopes]
    told["settings"]["event_subscriptions"]["bot_events"] = []
    return told
