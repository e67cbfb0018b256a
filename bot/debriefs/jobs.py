"""What debriefs schedule; nothing that is in a job tells what a contact was about."""

import datetime as dt
from dataclasses import replace

from bot.debriefs import threads
from bot.debriefs.model import CauseAction, Debrief, Step
from bot.people import Member
from bot.scheduler import outbox
from bot.scheduler.model import Job
from bot.storage.database import Transaction

SENT_WITHIN = dt.timedelta(days=2)


def message(
    debrief: Debrief,
    kind: str,
    key: str,
    due_at: dt.datetime,
    *,
    recipient: str | None = None,
    payload: dict[str, str] | None = None,
) -> Job:
    """A message of a debrief, to where it is held; asked for just now, so no quiet hours hold it up."""
    return Job(
        workspace=debrief.scope.author.workspace,
        kind=f"debriefs.{kind}",
        key=key,
        recipient=recipient or debrief.posted_in or debrief.scope.channel or debrief.scope.author.id,
        due_at=due_at,
        grace_until=due_at + SENT_WITHIN,
        about=debrief.scope.author.id,
        payload={"debrief": debrief.id, **(payload or {})},
        is_personal=False,
        thread_ts=debrief.root_ts,
    )


def prompt(debrief: Debrief, step: Step, now: dt.datetime) -> Job:
    """One prompt: its key lets it be posted once."""
    return message(debrief, "prompt", f"{debrief.id}:{step}", now, payload={"step": step})


def tidy(debrief: Debrief, due_at: dt.datetime) -> Job:
    """The errand that closes a debrief nobody touches any more."""
    return replace(
        message(debrief, "tidy", f"{debrief.id}:{int(due_at.timestamp())}", due_at),
        recipient=debrief.scope.author.workspace,
        grace_until=due_at + dt.timedelta(days=365),
        thread_ts=None,
    )


def to_owner(action: CauseAction, kind: str, due_at: dt.datetime) -> Job:
    """A message to the owner of a cause, in their own working time."""
    return Job(
        workspace=action.owner.workspace,
        kind=f"debriefs.{kind}",
        key=action.id,
        recipient=action.owner.id,
        due_at=due_at,
        grace_until=due_at + dt.timedelta(days=7),
        about=action.author.id,
        payload={"action": action.id},
    )


def lift_later(tx: Transaction, member: Member, debrief_id: str, now: dt.datetime, key: str = "") -> bool:
    """Have the bot's messages of a talk taken out of Slack; False if there are none."""
    if not threads.messages(tx, member.workspace, debrief_id):
        return False
    return outbox.add(
        tx,
        Job(
            workspace=member.workspace,
            kind="debriefs.lift",
            key=key or debrief_id,
            recipient=member.workspace,
            due_at=now,
            grace_until=now + dt.timedelta(days=30),
            about=member.id,
            payload={"debrief": debrief_id},
            is_personal=False,
        ),
    )
