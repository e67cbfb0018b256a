"""Reading a conversation back, to learn whether a message whose answer was lost is in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.scheduler import claims
from bot.scheduler.claims import Unsettled
from bot.scheduler.means import Means
from bot.scheduler.model import Job
from bot.scheduler.posting import Limited, Refused, Sent, Whose, is_person, outcome_of
from bot.scheduler.recording import Recorder

CLOCKS_APART = timedelta(minutes=5)
"""How far Slack's clock and ours may differ; messages are looked for from so long before the attempt."""
PAGE = 200


@dataclass(frozen=True, slots=True)
class Found:
    """The message is there."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The message is not there."""

    channel: str


async def look(
    client: AsyncWebClient, job: Job, channel: str | None, marker: str, attempt_at: datetime
) -> Found | Absent:
    """Look for the marker; raises what the SDK raises. A DM that isn't known yet is opened, which is free."""
    where = channel or await _conversation(client, job)
    async for message in _since(client, where, job.thread_ts, attempt_at - CLOCKS_APART):
        if any(block.get("block_id") == marker for block in message.get("blocks") or ()):
            return Found(where, str(message["ts"]))
    return Absent(where)


async def _conversation(client: AsyncWebClient, job: Job) -> str:
    if not is_person(job.recipient):
        return job.recipient
    answer = await client.conversations_open(users=job.recipient)
    channel: dict[str, Any] = answer["channel"]
    return str(channel["id"])


async def _since(
    client: AsyncWebClient, channel: str, thread_ts: str | None, oldest: datetime
) -> AsyncIterator[dict[str, Any]]:
    """Every message of a conversation, or of a thread in it, since then, page by page."""
    cursor = ""
    while True:
        asked: dict[str, Any] = {
            "oldest": f"{oldest.timestamp():.6f}",
            "limit": PAGE,
            "cursor": cursor or None,
        }
        if thread_ts:
            answer = await client.conversations_replies(channel=channel, ts=thread_ts, **asked)
        else:
            answer = await client.conversations_history(channel=channel, **asked)
        for message in answer.get("messages") or ():
            yield message
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


class Settler:
    """Finds out what became of attempts whose answer was lost."""

    def __init__(self, means: Means, recorder: Recorder) -> None:
        self._means = means
        self._recorder = recorder

    async def settle(self, lost: Unsettled) -> None:
        """Read back and end the job, or make it due again; where Slack can't be read, look later."""
        job = lost.job
        try:
            client = self._means.clients.of(job.workspace)
        except KeyError:
            return
        channel = await self._means.database.read(
            lambda tx: claims.dm_channel(tx, job.workspace, job.recipient)
        )
        try:
            found = await look(client, job, channel, lost.marker, lost.attempt_at)
        except SlackApiError as error:
            await self._refused(lost, error)
        except (aiohttp.ClientError, OSError, TimeoutError):
            # The lease runs out and somebody looks again.
            return
        else:
            await self._settled(lost, found)

    async def _settled(self, lost: Unsettled, found: Found | Absent) -> None:
        if isinstance(found, Absent):
            await self._remember(lost.job, found.channel)
            await self._recorder.never_arrived(lost.job, lost.marker, lost.attempts)
            return
        self._means.counts["settled_found"] += 1
        await self._recorder.attempted(lost.job, lost.marker, Sent(found.channel, found.ts))

    async def _remember(self, job: Job, channel: str) -> None:
        """Keep where the DM is: opening it takes longer than reading it."""
        if is_person(job.recipient):
            await self._recorder.write(
                lambda tx: claims.remember_dm(tx, job.workspace, job.recipient, channel)
            )

    async def _refused(self, lost: Unsettled, error: SlackApiError) -> None:
        match outcome_of(error, lost.job):
            case Limited(seconds):
                until = self._means.real.now() + self._means.jittered(timedelta(seconds=seconds))
                await self._recorder.write(lambda tx: claims.hold(tx, lost.job, self._means.holder, until))
            case Refused(name, Whose.WORKSPACE):
                # Whether it was sent stays open, and is looked up once we may speak there again.
                await self._recorder.stop(lost.job.workspace, name)
            case Refused():
                # It can't be told and never will be; sending again might be sending twice.
                await self._recorder.attempted(lost.job, lost.marker, Refused("unsettled", Whose.JOB))
            case _:
                return
