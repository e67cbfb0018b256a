"""What check-ins say of their own accord, written from what is true right before it is sent."""

from bot.checkins import jobs, store, views
from bot.checkins.jobs import Kind, slot_of, week_in
from bot.checkins.model import Plan, Turn
from bot.checkins.service import move
from bot.people import Member
from bot.scheduler.clocks import Clock
from bot.scheduler.composing import Withhold
from bot.scheduler.model import Job
from bot.slack.blocks import Message
from bot.slack.cover import cover_message
from bot.storage.database import Database, Transaction
from bot.teams import Teams

NOT_NEEDED = Withhold("not_needed")
"""One reason for all: it is counted for admins, and must not tell who answered, stopped or was silent."""
_LEFT = frozenset({"deactivated", "bot", "stranger", "user_disabled", "user_not_found"})


class Questions:
    """The weekly question; each one schedules the next, sent or not."""

    def __init__(self, database: Database, teams: Teams, clock: Clock) -> None:
        self._database = database
        self._teams = teams
        self._clock = clock

    async def compose(self, job: Job) -> Message | Withhold:
        """Ask, unless they stopped, answered already, moved, or have ignored it for a while."""
        return await self._database.read(lambda tx: self._compose(tx, job))

    def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:  # noqa: ARG002 - any place will do
        """Schedule the next one, or none after the one that says it is paused."""
        plan = _plan(tx, job)
        if plan is None:
            return
        if plan.turn is Turn.PAUSE:
            store.save_plan(tx, plan.paused())
            return
        asked = plan.asked(week_in(job))
        store.save_plan(tx, jobs.ask_next(tx, asked, slot_of(job), self._clock.now(), runs=plan.every_weeks))

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        """Nothing is made up for: the next one comes in its own week, unless they left."""
        plan = _plan(tx, job)
        if plan is None:
            return
        if reason in _LEFT:
            store.remove_plan(tx, plan.member)
            return
        now, zone = self._clock.now(), self._teams.zone_of(tx, plan.member)
        if plan.follows_slack and zone != plan.zone:
            move(tx, plan, zone, now)
            return
        runs = 1
        if reason == NOT_NEEDED.reason:
            if store.has_answered(tx, plan.member, week_in(job)):
                runs = plan.every_weeks
            elif plan.turn is Turn.SLOWER:
                plan = plan.slower()
        store.save_plan(tx, jobs.ask_next(tx, plan, slot_of(job), now, runs=runs))

    def _compose(self, tx: Transaction, job: Job) -> Message | Withhold:
        plan = _plan(tx, job)
        if plan is None or store.has_answered(tx, plan.member, week_in(job)) or plan.turn is Turn.SLOWER:
            return NOT_NEEDED
        if plan.follows_slack and self._teams.zone_of(tx, plan.member) != plan.zone:
            return NOT_NEEDED
        if plan.turn is Turn.PAUSE:
            return views.paused_message()
        return views.question(job.key, is_news=plan.is_news)


class Covers:
    """What a lead is told: who, how long, which code."""

    async def compose(self, job: Job) -> Message | Withhold:
        """Say it."""
        return cover_message(job.about or "", int(job.payload["minutes"]), str(job.payload["code"]))

    def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        """Nothing follows."""

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        """Nothing follows; the member set their phone anyway."""


def handlers(database: Database, teams: Teams, clock: Clock) -> dict[str, Questions | Covers]:
    """Who sees to which kind of job."""
    return {Kind.QUESTION: Questions(database, teams, clock), Kind.COVER: Covers()}


def _plan(tx: Transaction, job: Job) -> Plan | None:
    """The plan this question belongs to, if that still means the same moment."""
    plan = store.plan_of(tx, Member(job.workspace, job.recipient))
    return plan if plan and not plan.is_paused and plan.asks_at == slot_of(job) else None
