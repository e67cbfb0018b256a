"""What features ask of the schedule, in the same unit of work as their own writes."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.people import Member
from bot.scheduler.model import Health, Job, State
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

LATE_AFTER = timedelta(minutes=5)

_ADD = """
INSERT INTO jobs (workspace_id, kind, job_key, recipient_id, about_id, thread_ts, is_personal, payload, state,
                  due_at, grace_until)
VALUES (:workspace, :kind, :key, :recipient, :about, :thread_ts, :is_personal, :payload, 'due',
        :due_at, :grace_until)
ON CONFLICT (workspace_id, kind, job_key) DO NOTHING
"""
_KNOWN = "SELECT 1 AS known FROM scheduled_workspaces WHERE workspace_id = :workspace"
_KNOW = """
INSERT INTO scheduled_workspaces (workspace_id) VALUES (:workspace) ON CONFLICT (workspace_id) DO NOTHING
"""
_CANCEL = """
UPDATE jobs SET state = 'cancelled', ended_at = :now, holder = NULL, held_until = NULL
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key AND state IN ('due', 'leased')
"""
_FORGET = """
DELETE FROM jobs
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key AND state <> 'sending'
"""
_FIND = "SELECT * FROM jobs WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key"
_STOP = """
INSERT INTO scheduled_workspaces (workspace_id, stopped_reason, stopped_at) VALUES (:workspace, :reason, :now)
ON CONFLICT (workspace_id) DO UPDATE
SET stopped_reason = excluded.stopped_reason, stopped_at = excluded.stopped_at
WHERE scheduled_workspaces.stopped_reason IS NULL
"""
_RESUME = """
UPDATE scheduled_workspaces SET stopped_reason = NULL, stopped_at = NULL
WHERE workspace_id = :workspace AND stopped_reason IS NOT NULL
"""
_ALL_STOPPED = """
SELECT workspace_id, stopped_reason, stopped_at FROM scheduled_workspaces
WHERE stopped_reason IS NOT NULL ORDER BY workspace_id
"""
_RUNNING = "SELECT workspace_id FROM scheduled_workspaces WHERE stopped_reason IS NULL ORDER BY workspace_id"
_STOPPED = "SELECT stopped_reason FROM scheduled_workspaces WHERE workspace_id = :workspace"
_ERASE_MEMBER = (
    "DELETE FROM jobs WHERE workspace_id = :workspace AND recipient_id = :member",
    "DELETE FROM jobs WHERE workspace_id = :workspace AND about_id = :member",
    "DELETE FROM posted_messages WHERE workspace_id = :workspace AND recipient_id = :member",
    "DELETE FROM posted_messages WHERE workspace_id = :workspace AND about_id = :member",
    "DELETE FROM dm_channels WHERE workspace_id = :workspace AND member_id = :member",
)
_ERASE_WORKSPACE = (
    "DELETE FROM jobs WHERE workspace_id = :workspace",
    "DELETE FROM scheduled_workspaces WHERE workspace_id = :workspace",
    "DELETE FROM paces WHERE workspace_id = :workspace",
    "DELETE FROM dm_channels WHERE workspace_id = :workspace",
    "DELETE FROM posted_messages WHERE workspace_id = :workspace",
    "DELETE FROM retention_runs WHERE workspace_id = :workspace",
)
# Errands go to the workspace itself and always wait for their next round: no message to anybody.
_WAITING = """
SELECT count(*) AS n FROM jobs
WHERE workspace_id = :workspace AND recipient_id <> :workspace AND state = 'due'
"""
_LATE = f"{_WAITING} AND due_at < :late"
_UNSENT = """
SELECT state, reason, count(*) AS n FROM jobs
WHERE workspace_id = :workspace AND ended_at IS NOT NULL AND state IN ('withheld', 'dead')
GROUP BY state, reason ORDER BY state, reason
"""


def add(tx: Transaction, job: Job) -> bool:
    """Schedule a job; False if its key was scheduled before, whatever became of that one."""
    if tx.one(_KNOWN, workspace=job.workspace) is None:
        tx.run(_KNOW, workspace=job.workspace)
    return tx.run(_ADD, **_parameters(job)) == 1


def cancel(tx: Transaction, workspace: str, kind: str, key: str, now: datetime) -> bool:
    """Take a job back; False if there is none, or it is being sent at this moment or was already."""
    return tx.run(_CANCEL, workspace=workspace, kind=kind, key=key, now=to_stamp(now)) == 1


def forget(tx: Transaction, workspace: str, kind: str, key: str) -> bool:
    """Remove a job and with it its key, so that it could be added again; not while it is being sent."""
    return tx.run(_FORGET, workspace=workspace, kind=kind, key=key) == 1


def find(tx: Transaction, workspace: str, kind: str, key: str) -> tuple[Job, State] | None:
    """A job and where it stands."""
    row = tx.one(_FIND, workspace=workspace, kind=kind, key=key)
    return (job_of(row), State(row["state"])) if row else None


def stop_workspace(tx: Transaction, workspace: str, reason: str, now: datetime) -> None:
    """Send nothing more there; its jobs stay, and what outlives its grace meanwhile is never sent.

    One that is stopped already keeps its reason and its day: a late refusal must not put off its deletion.
    """
    tx.run(_STOP, workspace=workspace, reason=reason, now=to_stamp(now))


def resume_workspace(tx: Transaction, workspace: str) -> bool:
    """Send again, after the app was installed again; False if it was not stopped."""
    return tx.run(_RESUME, workspace=workspace) == 1


def running(tx: Transaction) -> list[str]:
    """Workspaces that are not stopped."""
    return [row["workspace_id"] for row in tx.all(_RUNNING)]


def stopped(tx: Transaction) -> Mapping[str, tuple[str, datetime]]:
    """Workspaces that are stopped, why, and since when."""
    rows = tx.all(_ALL_STOPPED)
    return {row["workspace_id"]: (row["stopped_reason"], from_stamp(row["stopped_at"])) for row in rows}


def erase_member(tx: Transaction, member: Member) -> None:
    """Remove every row about or to a member; take what the bot posted out of Slack first (`posted`)."""
    for statement in _ERASE_MEMBER:
        tx.run(statement, workspace=member.workspace, member=member.id)


def erase_workspace(tx: Transaction, workspace: str) -> None:
    """Remove every row of a workspace, the record of its retention runs included."""
    for statement in _ERASE_WORKSPACE:
        tx.run(statement, workspace=workspace)


def health(tx: Transaction, workspace: str, now: datetime) -> Health:
    """Count the messages that wait, those late by more than five minutes, and what ended unsent and why."""
    waiting = tx.one(_WAITING, workspace=workspace)
    late = tx.one(_LATE, workspace=workspace, late=to_stamp(now - LATE_AFTER))
    ended = tx.all(_UNSENT, workspace=workspace)
    stop = tx.one(_STOPPED, workspace=workspace)
    return Health(
        waiting=waiting["n"] if waiting else 0,
        late=late["n"] if late else 0,
        withheld={row["reason"]: row["n"] for row in ended if row["state"] == State.WITHHELD},
        dead={row["reason"]: row["n"] for row in ended if row["state"] == State.DEAD},
        stopped=stop["stopped_reason"] if stop else None,
    )


def job_of(row: Row) -> Job:
    """Read a row of `jobs`."""
    return Job(
        workspace=row["workspace_id"],
        kind=row["kind"],
        key=row["job_key"],
        recipient=row["recipient_id"],
        due_at=from_stamp(row["due_at"]),
        grace_until=from_stamp(row["grace_until"]),
        about=row["about_id"],
        payload=json.loads(row["payload"]),
        is_personal=bool(row["is_personal"]),
        thread_ts=row["thread_ts"],
    )


def _parameters(job: Job) -> dict[str, object]:
    return {
        "workspace": job.workspace,
        "kind": job.kind,
        "key": job.key,
        "recipient": job.recipient,
        "about": job.about,
        "thread_ts": job.thread_ts,
        "is_personal": job.is_personal,
        "payload": json.dumps(dict(job.payload), sort_keys=True),
        "due_at": to_stamp(job.due_at),
        "grace_until": to_stamp(job.grace_until),
    }
