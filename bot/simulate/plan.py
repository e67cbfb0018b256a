"""What a simulation sends: the plan says who is due when, and tells its messages apart in what people see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from importlib import import_module
from random import Random
from typing import Protocol

from bot.directory.model import Person
from bot.people import Member
from bot.scheduler import outbox
from bot.scheduler.availability import QuietRules
from bot.scheduler.clocks import IntentClock
from bot.scheduler.composing import Handlers, Withhold
from bot.scheduler.model import Job
from bot.scheduler.recurrence import WeeklyIntent, later_same_day, next_run
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.text import escape
from bot.storage.database import Database, Transaction
from bot.storage.stamps import from_stamp, to_stamp

KIND = "simulate.weekly"
_TIMES = tuple(time(hour, minute) for hour in range(8, 18) for minute in (0, 30))
_WEEKEND_OF_A_HUNDRED = 3


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when, in intent time; the end is not part of it."""

    start_at: datetime
    end_at: datetime


class Plan(Protocol):
    """A kind of message to simulate. A slot is one message's natural key: the key of its job."""

    def handlers(self, database: Database, intent: IntentClock) -> Handlers:
        """Who composes, in a worker's process."""

    def rules_for(self, tx: Transaction, job: Job) -> QuietRules:
        """When to leave a member in peace."""

    def enrol(self, tx: Transaction, person: Person, period: Period, dice: Random) -> Sequence[str]:
        """Have a person sign up; returns every slot of theirs that is due within the period."""

    def slot_of(self, shown: Sequence[Block]) -> str | None:
        """Which slot a message in Slack is for, from its blocks; None if it is another kind of message."""


def some_weekly_time(dice: Random) -> tuple[int, time]:
    """A working day and a time of day by dice; for a few a day of the weekend, which is then withheld."""
    weekend = dice.randrange(100) < _WEEKEND_OF_A_HUNDRED
    weekday = dice.choice((6, 7)) if weekend else dice.randint(1, 5)
    return weekday, dice.choice(_TIMES)


def find_plan(name: str) -> Plan:
    """Load a plan by "module:attribute", so that a worker in a process of its own finds the same one."""
    module, _, attribute = name.partition(":")
    plan: Plan = getattr(import_module(module), attribute)
    return plan


class WeeklyMessages:
    """One message a week at everybody's own day and time; each one adds the next, sent or not."""

    def handlers(self, database: Database, intent: IntentClock) -> Handlers:  # noqa: ARG002 - it needs neither
        """Who composes."""
        return {KIND: self}

    def rules_for(self, tx: Transaction, job: Job) -> QuietRules:  # noqa: ARG002 - the same for everybody
        """The defaults."""
        return QuietRules()

    def enrol(self, tx: Transaction, person: Person, period: Period, dice: Random) -> Sequence[str]:
        """Choose when by dice."""
        intent = WeeklyIntent(*some_weekly_time(dice), person.zone or "UTC")
        slot_at = next_run(intent, period.start_at - timedelta(seconds=1))
        outbox.add(tx, _job(person.member, intent, slot_at))
        slots: list[str] = []
        while slot_at < period.end_at:
            slots.append(_key(person.member, slot_at))
            slot_at = next_run(intent, slot_at)
        return slots

    def slot_of(self, shown: Sequence[Block]) -> str | None:
        """Its text is its slot."""
        return str(shown[0].get("text", {}).get("text", "")) if shown else None

    async def compose(self, job: Job) -> Message | Withhold:
        """Say which slot it is."""
        return Message(escape(job.key), [blocks.section(escape(job.key))])

    def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:  # noqa: ARG002 - any place will do
        """Come again next week."""
        slot_at = from_stamp(str(job.payload["slot_at"]))
        intent = WeeklyIntent(
            int(job.payload["weekday"]),
            time.fromisoformat(str(job.payload["time"])),
            str(job.payload["zone"]),
        )
        outbox.add(tx, _job(Member(job.workspace, job.recipient), intent, next_run(intent, slot_at)))

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:  # noqa: ARG002 - any reason is the same
        """Come again next week all the same."""
        self.on_sent(tx, job, "", "")


WEEKLY = WeeklyMessages()


def _job(member: Member, intent: WeeklyIntent, slot_at: datetime) -> Job:
    return Job(
        workspace=member.workspace,
        kind=KIND,
        key=_key(member, slot_at),
        recipient=member.id,
        about=member.id,
        due_at=slot_at,
        grace_until=later_same_day(slot_at, intent.zone, time(20)),
        payload={
            "slot_at": to_stamp(slot_at),
            "weekday": intent.weekday,
            "time": intent.time.isoformat(),
            "zone": intent.zone,
        },
    )


def _key(member: Member, slot_at: datetime) -> str:
    return f"{member.id} {slot_at:%Y-%m-%dT%H:%M}"


class OneHour(WeeklyMessages):
    """Everybody's message within one hour on a working day, for the worst Monday morning."""

    def enrol(self, tx: Transaction, person: Person, period: Period, dice: Random) -> Sequence[str]:
        """Spread over the first hour of the period by dice, minute by minute, in one zone."""
        minute = period.start_at + timedelta(minutes=dice.randrange(60))
        intent = WeeklyIntent(minute.isoweekday(), minute.time(), "UTC")
        outbox.add(tx, replace(_job(person.member, intent, minute), is_personal=False))
        return [_key(person.member, minute)]


ONE_HOUR = OneHour()
