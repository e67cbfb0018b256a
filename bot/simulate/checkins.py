"""The real weekly question as a simulation's message: `steady simulate` unless another kind is asked for.

Composing, scheduling and the decisions in between are the product's; only Slack and the people are pretended.
Everybody meets their question at once, or nobody's would come weekly for long.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from bot.checkins import jobs, store
from bot.checkins.composing import Questions
from bot.checkins.jobs import Kind
from bot.checkins.model import Plan
from bot.directory.model import Person
from bot.people import Member
from bot.scheduler.availability import QuietRules
from bot.scheduler.clocks import IntentClock
from bot.scheduler.composing import Handlers
from bot.scheduler.model import Job
from bot.scheduler.recurrence import next_run
from bot.settings.queries import Answers
from bot.simulate.plan import Period, some_weekly_time
from bot.slack.blocks import Block
from bot.storage.database import Database, Transaction

_TEAMS = Answers("US")


class MetQuestions(Questions):
    """The question, met as soon as it is there."""

    def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        """Schedule the next as in earnest, then meet this one."""
        super().on_sent(tx, job, channel, ts)
        if plan := store.plan_of(tx, Member(job.workspace, job.recipient)):
            store.save_plan(tx, plan.met())


class WeeklyQuestions:
    """Everybody joins, at a day and time of their own; a few choose a weekend day, which is then withheld."""

    def handlers(self, database: Database, intent: IntentClock) -> Handlers:
        """Who composes."""
        return {Kind.QUESTION: MetQuestions(database, _TEAMS, intent)}

    def rules_for(self, tx: Transaction, job: Job) -> QuietRules:
        """As set-up has them; nobody has set anything up."""
        return _TEAMS.quiet_rules(tx, job.workspace)

    def enrol(self, tx: Transaction, person: Person, period: Period, dice: Random) -> Sequence[str]:
        """Keep a plan and its first question; returns the keys of all that are due within the period."""
        plan = Plan(person.member, *some_weekly_time(dice), _TEAMS.zone_of(tx, person.member))
        before = period.start_at - timedelta(seconds=1)
        store.save_plan(tx, jobs.ask_next(tx, plan, before, before))
        slots: list[str] = []
        moment = next_run(plan.intent, before)
        while moment < period.end_at:
            slots.append(jobs.key_of(plan, moment))
            moment = next_run(plan.intent, moment)
        # Who has left is found out at their first question, and not asked again.
        return slots if person.is_active else slots[:1]

    def slot_of(self, shown: Sequence[Block]) -> str | None:
        """What the Skip button says; None for another kind of message."""
        elements = (element for block in shown for element in block.get("elements", ()))
        return next((element["value"] for element in elements if element.get("value")), None)


CHECKINS = WeeklyQuestions()
