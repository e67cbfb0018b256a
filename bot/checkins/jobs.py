"""What check-ins put on the schedule; a question's key is person and week, so that no week asks twice."""

import datetime as dt
from dataclasses import replace
from enum import StrEnum

from bot.checkins.model import DAY_ENDS, Plan, week_of
from bot.scheduler import outbox
from bot.scheduler.model import Job, State
from bot.scheduler.recurrence import later_same_day, next_run
from bot.storage.database import Transaction
from bot.storage.stamps import from_stamp, to_stamp

LOST_AFTER = dt.timedelta(days=1)
_PENDING = frozenset({State.DUE, State.LEASED, State.SENDING})
_OUT = frozenset({State.SENDING, State.SENT})


class Kind(StrEnum):
    """Kinds of message."""

    QUESTION = "checkins.question"
    COVER = "checkins.cover"


def ask_next(tx: Transaction, plan: Plan, after: dt.datetime, now: dt.datetime, runs: int = 1) -> Plan:
    """Schedule the question so many runs after a moment, in the first week that has had none yet."""
    moment = after
    for _ in range(runs):
        moment = next_run(plan.intent, moment)
    while moment <= now or not _add(tx, plan, moment):
        moment = next_run(plan.intent, moment)
    return replace(plan, asks_at=moment)


def met(tx: Transaction, plan: Plan, now: dt.datetime) -> Plan:
    """Answered or skipped, perhaps before the sending was written down: then the next is scheduled already.

    Slack's answer may get lost, and a question that was met meanwhile would count as ignored.
    """
    if plan.asks_at is None:
        return plan.met()
    found = outbox.find(tx, plan.member.workspace, Kind.QUESTION, key_of(plan, plan.asks_at))
    if found is None or found[1] is not State.SENDING:
        return plan.met()
    asked = plan.asked(week_of(plan.asks_at, plan.zone))
    return ask_next(tx, asked.met(), plan.asks_at, now, runs=plan.every_weeks)


def take_back(tx: Transaction, plan: Plan) -> None:
    """Unschedule the next question; one on its way arrives."""
    if plan.asks_at is None:
        return
    key = key_of(plan, plan.asks_at)
    found = outbox.find(tx, plan.member.workspace, Kind.QUESTION, key)
    if found and found[1] not in _OUT:
        outbox.forget(tx, plan.member.workspace, Kind.QUESTION, key)


def is_lost(tx: Transaction, plan: Plan, now: dt.datetime) -> bool:
    """Whether the next question should long have come and isn't on the schedule any more."""
    if plan.asks_at is None or plan.asks_at > now - LOST_AFTER:
        return False
    found = outbox.find(tx, plan.member.workspace, Kind.QUESTION, key_of(plan, plan.asks_at))
    return found is None or found[1] not in _PENDING


def key_of(plan: Plan, moment: dt.datetime) -> str:
    """Person and ISO week: "U0123:2026-W48"."""
    return f"{plan.member.id}:{week_of(moment, plan.zone)}"


def week_in(job: Job) -> str:
    """Which week's question a job is."""
    return job.key.rpartition(":")[2]


def slot_of(job: Job) -> dt.datetime:
    """The moment that was meant, whenever it is due by now."""
    return from_stamp(str(job.payload["slot_at"]))


def _add(tx: Transaction, plan: Plan, moment: dt.datetime) -> bool:
    workspace, key = plan.member.workspace, key_of(plan, moment)
    found = outbox.find(tx, workspace, Kind.QUESTION, key)
    if found and found[1] not in _OUT:
        # Taken back or withheld before: that week has not been asked.
        outbox.forget(tx, workspace, Kind.QUESTION, key)
    job = Job(
        workspace=workspace,
        kind=Kind.QUESTION,
        key=key,
        recipient=plan.member.id,
        due_at=moment,
        grace_until=later_same_day(moment, plan.zone, DAY_ENDS),
        about=plan.member.id,
        payload={"slot_at": to_stamp(moment)},
    )
    return outbox.add(tx, job)
