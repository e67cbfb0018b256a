"""What workers do to the outbox; every step repeats the state that it starts from."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.scheduler.model import Job, State
from bot.scheduler.outbox import job_of
from bot.storage.database import Row, Transaction
from bot.storage.stamps import from_stamp, to_stamp

SLOTS_REACH = timedelta(minutes=5)
"""No replica takes slots further ahead: what is, is left from a clock that has been set back since."""
_LONG_AGO = "1970-01-01T00:00:00.000000Z"

_STANDINGS = """
SELECT w.workspace_id, p.next_at, p.paused_until,
       (SELECT min(j.due_at) FROM jobs j WHERE j.workspace_id = w.workspace_id AND j.state = 'due') AS due_at
FROM scheduled_workspaces w LEFT JOIN paces p ON p.workspace_id = w.workspace_id
WHERE w.stopped_reason IS NULL
ORDER BY w.workspace_id
"""
# Without what nobody may settle: it would have every look end in a write that changes nothing.
_EXPIRED = """
SELECT 1 AS expired FROM jobs
WHERE held_until <= :real_now AND (state <> 'sending' OR workspace_id NOT IN (
    SELECT workspace_id FROM scheduled_workspaces WHERE stopped_reason IS NOT NULL))
LIMIT 1
"""

# By the row's address: joined by key, PostgreSQL read every due row for each claim; `IN (SELECT … LIMIT)` it
# may run again for each row, and take more than asked. The state is asked for twice, because another worker
# may have taken a row since the inner SELECT saw it.
_CLAIM = {
    "sqlite": """
UPDATE jobs SET state = 'leased', holder = :holder, held_until = :held_until
WHERE state = 'due' AND rowid IN (
    SELECT rowid FROM jobs WHERE workspace_id = :workspace AND state = 'due' AND due_at <= :now
    ORDER BY due_at LIMIT :most)
RETURNING *
""",
    "postgresql": """
UPDATE jobs SET state = 'leased', holder = :holder, held_until = :held_until
WHERE state = 'due' AND ctid = ANY (ARRAY(
    SELECT ctid FROM jobs WHERE workspace_id = :workspace AND state = 'due' AND due_at <= :now
    ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED))
RETURNING *
""",
}
# Two claims at once read the same rows and one is thrown away, so on PostgreSQL only one claims at a time in
# a workspace; who comes second goes away empty instead of waiting. The first number is ours, chosen by dice.
_MY_TURN = "SELECT pg_try_advisory_xact_lock(1958043671, hashtext(:workspace)) AS is_mine"
_RELEASE_EXPIRED = """
UPDATE jobs SET state = 'due', holder = NULL, held_until = NULL
WHERE state = 'leased' AND held_until <= :real_now
"""
_CLAIM_UNSETTLED = """
UPDATE jobs SET holder = :holder, held_until = :held_until
WHERE state = 'sending' AND held_until <= :real_now AND workspace_id NOT IN (
    SELECT workspace_id FROM scheduled_workspaces WHERE stopped_reason IS NOT NULL)
RETURNING *
"""
_BEGIN = """
UPDATE jobs SET state = 'sending', marker = :marker, attempt_at = :real_now, held_until = :held_until
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key
  AND state = 'leased' AND holder = :holder AND held_until > :real_now
"""
_HOLD = """
UPDATE jobs SET held_until = :held_until
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key AND holder = :holder
  AND state IN ('leased', 'sending')
"""
_END_LEASED = """
UPDATE jobs SET state = :state, reason = :reason, ended_at = :now, holder = NULL, held_until = NULL
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key AND state = 'leased' AND holder = :holder
"""
_END_SENDING = """
UPDATE jobs SET state = :state, reason = :reason, ended_at = :now, holder = NULL, held_until = NULL
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key AND state = 'sending' AND marker = :marker
"""
_POSTPONE = """
UPDATE jobs SET state = 'due', due_at = :due_at, holder = NULL, held_until = NULL
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key AND state = 'leased' AND holder = :holder
"""
_GIVE_BACK = """
UPDATE jobs SET state = 'due', holder = NULL, held_until = NULL
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key AND state = 'leased' AND holder = :holder
"""
_TRY_LATER = """
UPDATE jobs SET attempts = attempts + 1, held_until = :held_until
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key AND state = 'leased' AND holder = :holder
"""
_UNSENT = """
UPDATE jobs SET state = 'leased', marker = NULL, attempt_at = NULL, attempts = attempts + :tries,
                held_until = :held_until
WHERE workspace_id = :workspace AND kind = :kind AND job_key = :key AND state = 'sending' AND marker = :marker
"""
_PACE = "SELECT next_at FROM paces WHERE workspace_id = :workspace"
_RESERVE = """
INSERT INTO paces (workspace_id, next_at, paused_until) VALUES (:workspace, :next_at, :long_ago)
ON CONFLICT (workspace_id) DO UPDATE SET next_at = excluded.next_at
"""
_PAUSE = """
INSERT INTO paces (workspace_id, next_at, paused_until) VALUES (:workspace, :long_ago, :until)
ON CONFLICT (workspace_id) DO UPDATE SET paused_until = excluded.paused_until
WHERE excluded.paused_until > paces.paused_until
"""
_DM = "SELECT channel_id FROM dm_channels WHERE workspace_id = :workspace AND member_id = :member"
_REMEMBER_DM = """
INSERT INTO dm_channels (workspace_id, member_id, channel_id) VALUES (:workspace, :member, :channel)
ON CONFLICT (workspace_id, member_id) DO UPDATE SET channel_id = excluded.channel_id
WHERE dm_channels.channel_id <> excluded.channel_id
"""
_FORGET_ENDED = "DELETE FROM jobs WHERE workspace_id = :workspace AND ended_at < :before"


@dataclass(frozen=True, slots=True)
class Standing:
    """One workspace that may send: its first due moment, and in real time its next slot and pause."""

    workspace: str
    due_at: datetime | None
    next_at: datetime
    paused_until: datetime

    def free_at(self, real_now: datetime, ahead_for: timedelta) -> datetime:
        """From when on its jobs may be claimed, so much ahead of the next slot."""
        return max(self.paused_until, _next_slot(self.next_at, real_now) - ahead_for)


@dataclass(frozen=True, slots=True)
class Held:
    """A job in this worker's hands."""

    job: Job
    attempts: int


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A job that may or may not have been sent."""

    job: Job
    marker: str
    attempt_at: datetime
    attempts: int


def standings(tx: Transaction) -> list[Standing]:
    """Every workspace that is not stopped; costs one look at an index each, however many jobs wait."""
    return [_standing(row) for row in tx.all(_STANDINGS)]


def has_expired(tx: Transaction, real_now: datetime) -> bool:
    """Whether somebody held a job for longer than they may, and it can be recovered."""
    return tx.one(_EXPIRED, real_now=to_stamp(real_now)) is not None


def claim(
    tx: Transaction, workspace: str, holder: str, *, now: datetime, held_until: datetime, most: int
) -> list[Held]:
    """Take due jobs, the longest due first; none may mean that another worker was quicker."""
    if tx.engine == "postgresql" and not (tx.one(_MY_TURN, workspace=workspace) or {}).get("is_mine"):
        return []
    rows = tx.all(
        _CLAIM[tx.engine],
        workspace=workspace,
        holder=holder,
        now=to_stamp(now),
        held_until=to_stamp(held_until),
        most=most,
    )
    return sorted((Held(job_of(row), row["attempts"]) for row in rows), key=lambda held: held.job.due_at)


def release_expired(tx: Transaction, real_now: datetime) -> int:
    """Make jobs due again whose worker died before it tried to send them."""
    return tx.run(_RELEASE_EXPIRED, real_now=to_stamp(real_now))


def claim_unsettled(
    tx: Transaction, holder: str, *, real_now: datetime, held_until: datetime
) -> list[Unsettled]:
    """Take the jobs whose sending was begun long enough ago that Slack has or hasn't got them."""
    rows = tx.all(
        _CLAIM_UNSETTLED, holder=holder, real_now=to_stamp(real_now), held_until=to_stamp(held_until)
    )
    return [
        Unsettled(job_of(row), row["marker"], from_stamp(row["attempt_at"]), row["attempts"]) for row in rows
    ]


def begin(
    tx: Transaction, job: Job, holder: str, marker: str, *, real_now: datetime, settle_at: datetime
) -> bool:
    """Write down that sending begins now; False if the job was moved, cancelled or lost meanwhile."""
    return (
        tx.run(
            _BEGIN,
            **_key(job),
            holder=holder,
            marker=marker,
            real_now=to_stamp(real_now),
            held_until=to_stamp(settle_at),
        )
        == 1
    )


def hold(tx: Transaction, job: Job, holder: str, held_until: datetime) -> bool:
    """Keep a job in hand for longer; False if it was lost meanwhile."""
    return tx.run(_HOLD, **_key(job), holder=holder, held_until=to_stamp(held_until)) == 1


def end_leased(
    tx: Transaction, job: Job, holder: str, state: State, reason: str | None, now: datetime
) -> bool:
    """End a job that was not tried, or an errand; False if it was no longer ours."""
    ended = tx.run(_END_LEASED, **_key(job), holder=holder, state=state, reason=reason, now=to_stamp(now))
    return ended == 1


def end_sending(
    tx: Transaction, job: Job, marker: str, state: State, reason: str | None, now: datetime
) -> bool:
    """End a job by what became of one attempt; False if another attempt or an erasure came between."""
    ended = tx.run(_END_SENDING, **_key(job), marker=marker, state=state, reason=reason, now=to_stamp(now))
    return ended == 1


def postpone(tx: Transaction, job: Job, holder: str, due_at: datetime) -> None:
    """Make it due later, within its grace."""
    tx.run(_POSTPONE, **_key(job), holder=holder, due_at=to_stamp(due_at))


def give_back(tx: Transaction, jobs: Collection[Job], holder: str) -> None:
    """Make jobs due again that this worker won't get round to."""
    tx.many(_GIVE_BACK, [{**_key(job), "holder": holder} for job in jobs])


def try_later(tx: Transaction, job: Job, holder: str, held_until: datetime) -> None:
    """Count a failed try and hold on to the job: when the lease runs out, it is due again."""
    tx.run(_TRY_LATER, **_key(job), holder=holder, held_until=to_stamp(held_until))


def unsent(tx: Transaction, job: Job, marker: str, held_until: datetime, *, tries: int) -> None:
    """Slack surely hasn't got it: due again from `held_until` on, with so many tries counted."""
    tx.run(_UNSENT, **_key(job), marker=marker, held_until=to_stamp(held_until), tries=tries)


def reserve(tx: Transaction, workspace: str, count: int, *, real_now: datetime, every: timedelta) -> datetime:
    """Take the workspace's next `count` slots, one every so often; returns the first."""
    row = tx.one(_PACE, workspace=workspace)
    start = _next_slot(from_stamp(row["next_at"]), real_now) if row else real_now
    tx.run(_RESERVE, workspace=workspace, next_at=to_stamp(start + count * every), long_ago=_LONG_AGO)
    return start


def pause(tx: Transaction, workspace: str, until: datetime) -> None:
    """Have every replica leave the workspace alone until then, in real time."""
    tx.run(_PAUSE, workspace=workspace, until=to_stamp(until), long_ago=_LONG_AGO)


def dm_channel(tx: Transaction, workspace: str, member: str) -> str | None:
    """The id of the bot's DM with somebody, once known."""
    row = tx.one(_DM, workspace=workspace, member=member)
    return row["channel_id"] if row else None


def remember_dm(tx: Transaction, workspace: str, member: str, channel: str) -> None:
    """Keep the id of the bot's DM with somebody."""
    tx.run(_REMEMBER_DM, workspace=workspace, member=member, channel=channel)


def forget_ended(tx: Transaction, workspace: str, before: datetime) -> int:
    """Remove jobs that ended before then; returns how many."""
    return tx.run(_FORGET_ENDED, workspace=workspace, before=to_stamp(before))


def _next_slot(next_at: datetime, real_now: datetime) -> datetime:
    return max(real_now, next_at) if next_at < real_now + SLOTS_REACH else real_now


def _key(job: Job) -> dict[str, object]:
    return {"workspace": job.workspace, "kind": job.kind, "key": job.key}


def _standing(row: Row) -> Standing:
    return Standing(
        workspace=row["workspace_id"],
        due_at=from_stamp(row["due_at"]) if row["due_at"] else None,
        next_at=from_stamp(row["next_at"] or _LONG_AGO),
        paused_until=from_stamp(row["paused_until"] or _LONG_AGO),
    )
