"""A floor with a stopped clock, on which what is due is done by hand: nothing is sent, everything is seen."""

import datetime as dt
import random
from dataclasses import dataclass, field

import pytest

from bot.directory import store as directory
from bot.directory.model import Person
from bot.peers import errands
from bot.peers.holding import PeersHolding
from bot.peers.model import Asking, Offer, Topic, Wish
from bot.peers.not_with import NotWith
from bot.peers.service import Means, PeerService
from bot.people import Member
from bot.playbooks.loading import load, shipped_playbooks
from bot.safeguards.sealing import new_key, read_keys
from bot.scheduler.composing import Errand
from bot.scheduler.outbox import job_of
from bot.settings import store as settings
from bot.settings.model import TeamForm
from bot.settings.queries import Answers
from bot.slack.blocks import Message

W = "T1"
ANA, BEN, PRIYA, SAM, TONI = (Member(W, it) for it in ("UANA", "UBEN", "UPRIYA", "USAM", "UTONI"))
MONDAY = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)
"""Ten in the morning in New York, three in the afternoon in London."""
ANY_TIME = Offer(asked_from=dt.time(0), asked_until=dt.time(0))


class StoppedClock:
    def __init__(self):
        self.time = MONDAY

    def now(self):
        return self.time


@dataclass
class Seen:
    """A message that went out, or took another's place; `at` is intent time."""

    at: dt.datetime
    kind: str
    recipient: str
    message: Message
    ts: str


class Board:
    """Stands in for Slack's side of amending: keeps what was put where."""

    def __init__(self, floor):
        self._floor = floor

    async def amend(self, workspace, channel, ts, message):
        self._floor.seen.append(Seen(self._floor.clock.now(), "amended", channel, message, ts))


class OpenedConversations:
    """Stands in for the one call that opens a conversation; `refusal` is what Slack says instead."""

    def __init__(self):
        self.refusal = None
        self.opened = []

    def of(self, workspace):
        return self

    async def conversations_open(self, users):
        if self.refusal:
            raise self.refusal
        self.opened.append(users)
        return {"channel": {"id": "GBOTH"}}


@dataclass
class Floor:
    """The real service, store and messages; time passes and jobs are done when the test says so."""

    database: object
    clock: StoppedClock
    service: PeerService
    holding: PeersHolding
    not_with: NotWith
    slack: OpenedConversations = field(default_factory=OpenedConversations)
    seen: list = field(default_factory=list)
    count: int = 0

    def __post_init__(self):
        library = load([shipped_playbooks()]).library
        self.handlers = errands.handlers(
            self.database, Answers("US"), self.service, self.slack, Board(self), lambda: library
        )

    async def pass_time(self, **by):
        """Move on, doing what falls due on the way at its own moment."""
        until = self.clock.time + dt.timedelta(**by)
        while job := await self._next(until):
            self.clock.time = max(self.clock.time, job.due_at)
            await self._see_to(job)
        self.clock.time = until

    async def _next(self, until):
        rows = await self.database.read(
            lambda tx: tx.all("SELECT * FROM jobs WHERE state = 'due' ORDER BY due_at, kind DESC, job_key")
        )
        return next((job for job in map(job_of, rows) if job.due_at <= until), None)

    async def _see_to(self, job):
        handler = self.handlers[job.kind]
        if isinstance(handler, Errand):
            await handler.run(job)
            await self._ended(job, "sent", lambda tx: handler.on_done(tx, job))
            return
        said = await handler.compose(job)
        if not isinstance(said, Message):
            await self._ended(job, "withheld", lambda tx: handler.on_withheld(tx, job, said.reason))
            return
        self.count += 1
        channel, ts = f"D{job.recipient}", f"{self.count}.0"
        self.seen.append(Seen(self.clock.now(), job.kind, channel, said, ts))
        await self._ended(job, "sent", lambda tx: handler.on_sent(tx, job, channel, ts))

    async def _ended(self, job, state, after):
        def end(tx):
            tx.run(
                "UPDATE jobs SET state = :state, ended_at = :at WHERE kind = :kind AND job_key = :key",
                state=state,
                at=self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                kind=job.kind,
                key=job.key,
            )
            after(tx)

        await self.database.write(end)

    def to(self, member, kind=None):
        """What somebody got, in order."""
        return [
            it for it in self.seen if it.recipient == f"D{member.id}" and (kind is None or it.kind == kind)
        ]

    async def asks(self, member=ANA, wish=Wish.BREAK, topic=Topic.HARD_CONTACT, **more):
        return await self.service.ask(member, Asking(topic, wish, **more))

    async def listens(self, *members, offer=ANY_TIME):
        for member in members:
            await self.service.offer(member, offer)
            await self.service.go_on_floor(member)

    async def asked_of(self, member):
        """The ids of the questions a supporter has."""
        rows = await self.database.read(
            lambda tx: tx.all(
                "SELECT ask_id FROM peer_asks WHERE member_id = :m ORDER BY asked_at, ask_id", m=member.id
            )
        )
        return [row["ask_id"] for row in rows]


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def seals():
    return read_keys(new_key())


def service_of(database, clock, not_with, seed=1):
    number = iter(range(10_000))
    return PeerService(
        Means(
            database,
            Answers("US"),
            not_with,
            clock,
            random.Random(seed),
            lambda: f"id{next(number):05}",
            lambda: None,
        )
    )


async def opened_floor(database, clock, seals, seed=1):
    def people(tx):
        directory.save(
            tx,
            [
                Person(ANA, "Ana", "America/New_York"),
                Person(BEN, "Ben", "Europe/London"),
                Person(PRIYA, "Priya", "Asia/Kolkata"),
                Person(SAM, "Sam", "America/New_York"),
                Person(TONI, "Toni", "America/Chicago", is_guest=True),
            ],
        )
        settings.save_team(tx, W, TeamForm("t1", "Late shift", people=(ANA.id, BEN.id), leads=(SAM.id,)))

    await database.write(people)
    not_with = NotWith(seals)
    service = service_of(database, clock, not_with, seed)
    holding = PeersHolding(not_with, lambda tx, workspace: dt.timedelta(days=30))
    return Floor(database, clock, service, holding, not_with)


@pytest.fixture
async def floor(database, clock, seals):
    return await opened_floor(database, clock, seals)
