"""The night's retention: rows past their age, and the bot's own messages in Slack of the same age."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.scheduler import claims, posted
from bot.scheduler.clocks import Clock
from bot.scheduler.posted import Posted
from bot.scheduler.posting import OF_WORKSPACE, PERHAPS_DONE, error_name, retry_after_s
from bot.slack.clients import Clients
from bot.storage.database import Database, Transaction
from bot.storage.errors import StorageError
from bot.storage.stamps import from_stamp, to_stamp

log = logging.getLogger(__name__)

KIND = "retention.nightly"
NIGHT_AT = time(3)
"""Local time of the workspace: rewriting the files holds up who writes meanwhile."""
FOR_ANOTHER_DAY = PERHAPS_DONE | OF_WORKSPACE | {"missing_scope"}
"""Refusals that may pass: Slack's own trouble, or a token that an admin may renew."""
AGAIN_AFTER = timedelta(minutes=1)
"""Where one run was not enough to delete all old messages from Slack."""
MOST_MESSAGES = 600
"""One run's, at Slack's tier 3 of fifty a minute: well within the time an errand has."""
MOST_ROUNDS = 100
"""Of one purger in one run, should it never say that nothing is left."""
BETWEEN_S = 1.25
DELETING_FOR_S = 15 * 60.0
"""Of an errand's twenty minutes."""
MOST_WAITS = 5
"""For one message, when Slack wants fewer calls."""
LEFT_FOR_NEXT = "messages for the next run"
JOBS_KEPT_FOR = timedelta(days=30)
RUNS_KEPT_FOR = timedelta(days=400)
STUCK_KEPT_FOR = timedelta(days=90)
"""Past their age, for admins to see; those of an erased member are past every age, and go after a night."""

Purger = Callable[[Transaction, str, datetime], Mapping[str, int]]
"""Removes what is past its age in one workspace, and counts it by what it is: {"debrief texts": 3}.

It is asked again until it removes nothing more, so that one unit of work need not hold up others for long.
"""

KeepFor = Callable[[Transaction, str, str], timedelta]
"""How long a kind of message stays in Slack, as the workspace set it: (tx, workspace, kind)."""

_RECORD = """
INSERT INTO retention_runs (workspace_id, ran_at, removed) VALUES (:workspace, :ran_at, :removed)
ON CONFLICT (workspace_id, ran_at) DO NOTHING
"""
_LAST = """
SELECT ran_at, removed FROM retention_runs WHERE workspace_id = :workspace ORDER BY ran_at DESC LIMIT 1
"""
_FORGET_RUNS = "DELETE FROM retention_runs WHERE workspace_id = :workspace AND ran_at < :before"


@dataclass(frozen=True, slots=True)
class Run:
    """What one run removed, by what it was; `stuck` counts messages that Slack would not delete."""

    ran_at: datetime
    removed: Mapping[str, int]


def last_run(tx: Transaction, workspace: str) -> Run | None:
    """The last run, for the Home of admins."""
    row = tx.one(_LAST, workspace=workspace)
    return Run(from_stamp(row["ran_at"]), json.loads(row["removed"])) if row else None


class Retention:
    """Removes what is past its age; run it by `Repeating(KIND, …, retention.run, …)`."""

    def __init__(
        self,
        database: Database,
        clients: Clients,
        purgers: Sequence[Purger],
        keep_for: KeepFor,
        intent: Clock,
        *,
        between_s: float = BETWEEN_S,
    ) -> None:
        self._database = database
        self._clients = clients
        self._purgers = (*purgers, self._forget_stuck, _own_rows)
        self._keep_for = keep_for
        self._intent = intent
        self._between_s = between_s

    async def run(self, workspace: str) -> timedelta | None:
        """Purge, delete, compact, record; returns after how long to go on where more can be deleted."""
        now = self._intent.now()
        removed: Counter[str] = Counter()
        for purger in self._purgers:
            removed.update(await self._purge(purger, workspace, now))
        old = await self._database.read(lambda tx: self._old(tx, workspace, now))
        became = await self._delete(old)
        removed.update(became)
        goes_on = len(old) == MOST_MESSAGES and became.total() > became[LEFT_FOR_NEXT]
        if not goes_on:
            removed["failed rewriting of the files"] += not await self._compact()
        told = json.dumps({what: count for what, count in sorted(removed.items()) if count})
        await self._database.write(
            lambda tx: tx.run(_RECORD, workspace=workspace, ran_at=to_stamp(now), removed=told)
        )
        return AGAIN_AFTER if goes_on else None

    async def _purge(self, purger: Purger, workspace: str, now: datetime) -> Counter[str]:
        """One feature's, until nothing is left; its trouble must not keep the others' rows."""
        removed: Counter[str] = Counter()
        try:
            for _ in range(MOST_ROUNDS):
                gone = await self._database.write(lambda tx: purger(tx, workspace, now))
                removed.update(gone)
                if not any(gone.values()):
                    break
        except Exception as error:  # noqa: BLE001  # a feature's own code
            log.error("a purger failed: %s", type(error).__name__)
            removed["failed purges"] += 1
        return removed

    async def _compact(self) -> bool:
        """Take what was deleted, now or by its owners since last night, out of the files as well."""
        try:
            await self._database.compact()
        except StorageError as error:
            log.warning("the files could not be rewritten, the next night they will: %s", error)
            return False
        return True

    def _forget_stuck(self, tx: Transaction, workspace: str, now: datetime) -> Mapping[str, int]:
        gone = 0
        for kind in posted.kinds(tx, workspace):
            before = now - self._keep_for(tx, workspace, kind) - STUCK_KEPT_FOR
            gone += posted.forget_stuck(tx, workspace, kind, before)
        return {"stuck messages forgotten": gone}

    def _old(self, tx: Transaction, workspace: str, now: datetime) -> list[Posted]:
        found: list[Posted] = []
        for kind in posted.kinds(tx, workspace):
            before = now - self._keep_for(tx, workspace, kind)
            found += posted.old(tx, workspace, kind, before, MOST_MESSAGES - len(found))
        return found

    async def _delete(self, messages: Sequence[Posted]) -> Counter[str]:
        counts: Counter[str] = Counter()
        try:
            async with asyncio.timeout(DELETING_FOR_S):
                for message in messages:
                    counts[await self.delete(message)] += 1
                    await asyncio.sleep(self._between_s)
        except (aiohttp.ClientError, OSError, TimeoutError):
            log.warning("Slack can't be reached or is too slow: the rest of the old messages waits")
        return counts

    async def delete(self, message: Posted) -> str:
        """Take one message out of Slack, or keep why that can't be; returns what to count it as.

        Raises TimeoutError where Slack wants fewer calls for too long.
        """
        for _ in range(MOST_WAITS):
            try:
                await self._clients.of(message.workspace).chat_delete(channel=message.channel, ts=message.ts)
            except SlackApiError as error:
                if (wait := retry_after_s(error)) is not None:
                    await asyncio.sleep(wait)
                    continue
                return await self._refused(message, error)
            await self._database.write(lambda tx: posted.forget(tx, message))
            return "messages"
        raise TimeoutError("Slack limits chat.delete for too long; the next night tries again.")

    async def _refused(self, message: Posted, error: SlackApiError) -> str:
        name = error_name(error)
        if name == "message_not_found":
            await self._database.write(lambda tx: posted.forget(tx, message))
            return "messages gone before"
        if not name or name in FOR_ANOTHER_DAY:
            return LEFT_FOR_NEXT
        await self._database.write(lambda tx: posted.give_up(tx, message, name))
        return "messages stuck"


def _own_rows(tx: Transaction, workspace: str, now: datetime) -> Mapping[str, int]:
    """What the scheduler itself keeps too long: ended jobs, records of old runs."""
    tx.run(_FORGET_RUNS, workspace=workspace, before=to_stamp(now - RUNS_KEPT_FOR))
    return {"ended jobs": claims.forget_ended(tx, workspace, now - JOBS_KEPT_FOR)}
