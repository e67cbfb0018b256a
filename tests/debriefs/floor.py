"""A floor to test on: people, a team, a channel, and the services over a real database."""

import datetime as dt
import secrets

from bot.debriefs import rooms
from bot.debriefs.composing import Composing
from bot.debriefs.model import Details, Draft, Origin, Room
from bot.debriefs.rooms import Rooms
from bot.debriefs.service import DebriefService, Means
from bot.debriefs.talking import Talking
from bot.directory import store as directory
from bot.directory.model import Person
from bot.people import Member
from bot.playbooks.loading import load, shipped_playbooks
from bot.privacy.access_log import KeptAccessLog
from bot.settings import store as settings
from bot.settings.model import TeamForm
from bot.settings.queries import Answers

W = "T1"
ANA, BEN, PRIYA, SAM, LENA, GRACE, OMAR, TONI, RHEA = (
    Member(W, f"U{name}") for name in ("ANA", "BEN", "PRIYA", "SAM", "LENA", "GRACE", "OMAR", "TONI", "RHEA")
)
STRANGER = Member("T2", "UANA")
CHANNEL, OTHER_CHANNEL = "CLATE", "COTHER"
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
LIBRARY = load((shipped_playbooks(),)).library

PEOPLE = (
    Person(ANA, "Ana"),
    Person(BEN, "Ben"),
    Person(PRIYA, "Priya"),
    Person(SAM, "Sam"),
    Person(LENA, "Lena"),
    Person(GRACE, "Grace"),
    Person(OMAR, "Omar", is_admin=True),
    Person(TONI, "Toni", is_guest=True),
    Person(RHEA, "Rhea", is_active=False),
)
IN_CHANNEL = frozenset({ANA.id, BEN.id, SAM.id, LENA.id, OMAR.id})
"""Sam leads the late shift, Lena another team; Omar runs the workspace and is an ordinary colleague here."""


class StoppedClock:
    """Tells the time a test sets."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> dt.datetime:
        return self.time


class NoSlack:
    """Slack must not be asked: what a test needs to know of channels is in the database."""

    def of(self, workspace: str):
        raise AssertionError(f"Slack was asked about {workspace}")


def seed(tx, in_channel: frozenset[str] = IN_CHANNEL) -> None:
    """People, two teams, a channel."""
    directory.save(tx, PEOPLE)
    settings.save_team(
        tx,
        W,
        TeamForm("late", "Late shift", people=(ANA.id, BEN.id, PRIYA.id), leads=(SAM.id,), channel=CHANNEL),
    )
    settings.save_team(tx, W, TeamForm("early", "Early shift", people=(GRACE.id,), leads=(LENA.id,)))
    rooms.save(tx, W, Room(CHANNEL, "looking-back", people=in_channel), NOW)


class Floor:
    """The services, as one process has them."""

    def __init__(self, database, *, promised=None, clock=None) -> None:
        self.database = database
        self.clock = clock or StoppedClock()
        self.teams = Answers("US")
        self.promised = [] if promised is None else promised
        self.votes: list[tuple[str, bool]] = []
        self.means = Means(
            database,
            self.clock,
            self.teams,
            Rooms(database, NoSlack(), self.clock),
            lambda text: "end it all" in text,
            KeptAccessLog(lambda: secrets.token_hex(8)),
            lambda: None,
            lambda tx, entry, promised: self.promised.append((entry.id, promised)),
            self._vote,
        )
        self.service = DebriefService(self.means)
        self.talking = Talking(self.means, self.service)
        self.composing = Composing(self.means, NoSlack(), lambda: LIBRARY)

    async def _vote(self, member, recipe, helped) -> None:
        self.votes.append((recipe, helped))

    async def log(self, member=ANA, *, origin=None, **fields) -> str:
        """Log something; gives its id."""
        origin = origin or new_origin()
        return (await self.service.log(member, origin, draft(**fields))).entry.id

    async def rows(self, table: str, where: str = "1 = 1"):
        """What a table holds."""
        return await self.database.read(lambda tx: tx.all(f"SELECT * FROM {table} WHERE {where}"))

    async def refusals(self) -> list[str]:
        """Who was refused something, by the access log."""
        return [row["member_id"] for row in await self.rows("access_log", "what LIKE 'tried%'")]

    async def sent(self, kind: str):
        """Let the schedule send what is due of a kind, in a thread of a pretend Slack; gives the messages."""
        rows = await self.rows("jobs", f"kind = 'debriefs.{kind}' AND state = 'due'")
        handler = self.composing.handlers()[f"debriefs.{kind}"]
        from bot.scheduler.composing import Withhold
        from bot.scheduler.outbox import job_of

        messages = []
        for number, row in enumerate(rows):
            job = job_of(row)
            message = await handler.compose(job)
            if not isinstance(message, Withhold):
                messages.append(message)
                ts = f"1795000000.{abs(hash(job.kind + job.key)) % 10**6:06d}"
                await self.database.write(
                    lambda tx, job=job, ts=ts: handler.on_sent(tx, job, job.recipient, ts)
                )
            await self.database.write(
                lambda tx, job=job: tx.run(
                    "UPDATE jobs SET state = 'sent' WHERE kind = :kind AND job_key = :key",
                    kind=job.kind,
                    key=job.key,
                )
            )
            assert number < 50
        return messages


def new_origin(**fields) -> Origin:
    return Origin(secrets.token_hex(16), **fields)


def draft(*, about="refund_problem", hardness=3, **fields) -> Draft:
    details = {it: fields.pop(it) for it in list(fields) if it in Details.__dataclass_fields__}
    return Draft(about=about, hardness=hardness, details=Details(**details), **fields)
