"""Who may be written to right now, from one look at the database: nothing is asked of Slack."""

from collections.abc import Callable
from datetime import datetime

from bot.directory import store
from bot.people import Member
from bot.scheduler.availability import No, QuietRules, Yes, may_send
from bot.scheduler.model import Job
from bot.scheduler.posting import is_person
from bot.storage.database import Transaction

RulesFor = Callable[[Transaction, Job], QuietRules]
"""The quiet hours and working days that count for a job's message: as set-up has them, and its recipient."""

OF_ACCOUNT = frozenset({"deactivated", "bot", "stranger", "unreachable"})
"""Reasons that stop every message; the others are about peace and quiet."""


def check(tx: Transaction, job: Job, rules_for: RulesFor, at: datetime) -> Yes | No:
    """Whether a job's message may go to its recipient now; a channel is never quiet."""
    if not is_person(job.recipient):
        return Yes()
    member = Member(job.workspace, job.recipient)
    person = store.get(tx, member)
    answer = may_send(person, rules_for(tx, job), at)
    if not job.is_personal and isinstance(answer, No) and answer.reason not in OF_ACCOUNT:
        return Yes()
    return answer
