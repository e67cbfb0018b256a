"""What promises say of their own accord, written right before it is sent."""

from bot.directory import store as directory
from bot.people import Member
from bot.promises import store, views
from bot.promises.jobs import Kind
from bot.promises.model import News, Promise, State
from bot.promises.service import KEEPER_OFF, PromiseService
from bot.scheduler.composing import Withhold
from bot.scheduler.model import Job
from bot.slack.blocks import Message
from bot.storage.database import Database, Transaction
from bot.teams import Teams

SETTLED = Withhold("settled_meanwhile")
OFF = Withhold(KEEPER_OFF)


class PromiseMessages:
    """Composes each kind; what is no longer true is not sent."""

    def __init__(self, database: Database, teams: Teams, service: PromiseService) -> None:
        self._database = database
        self._teams = teams
        self._service = service

    async def compose(self, job: Job) -> Message | Withhold:
        """Say it, from how the promise stands right now."""
        return await self._database.read(lambda tx: self._compose(tx, job))

    def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        """Nothing follows: the outcome is asked once."""

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        """A reminder finds another day or another keeper; of a question not asked the keeper is told."""
        promise_id, turn = str(job.payload["promise"]), int(job.payload["turn"])
        if job.kind == Kind.REMINDER:
            self._service.not_sent(tx, job.workspace, promise_id, turn, reason)
        elif job.kind == Kind.OFFER:
            self._service.not_asked(tx, job.workspace, promise_id, turn)

    def _compose(self, tx: Transaction, job: Job) -> Message | Withhold:
        promise = store.get(tx, job.workspace, str(job.payload["promise"]))
        if promise is None:
            return SETTLED
        if job.kind == Kind.NEWS:
            return self._news(tx, promise, job)
        if promise.turn != job.payload["turn"] or not _concerns(promise, job):
            return SETTLED
        zone = self._teams.zone_of(tx, Member(job.workspace, job.recipient))
        match job.kind:
            case Kind.REMINDER:
                return OFF if self._service.is_off_today(tx, promise) else views.reminder(promise, zone)
            case Kind.OFF:
                return views.day_off_question(promise, zone)
            case Kind.OFFER:
                return views.offer(promise, self._name(tx, promise, promise.keeper), zone)
        team = self._teams.team(tx, job.workspace, promise.team or "")
        return views.queued(promise, team.name if team else "your team", zone)

    def _news(self, tx: Transaction, promise: Promise, job: Job) -> Message:
        colleague = self._name(tx, promise, str(job.payload.get("colleague") or ""))
        return views.news(promise, News(str(job.payload["news"])), colleague)

    def _name(self, tx: Transaction, promise: Promise, member: str | None) -> str:
        person = directory.get(tx, Member(promise.workspace, member)) if member else None
        return person.name if person and person.name else "A colleague"


def _concerns(promise: Promise, job: Job) -> bool:
    if job.kind == Kind.QUEUE:
        return promise.state is State.QUEUED
    wanted = promise.asked if job.kind == Kind.OFFER else promise.keeper
    return promise.state is State.OPEN and wanted == job.recipient
