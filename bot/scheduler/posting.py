"""One attempt to post, and what can be known of it afterwards."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.scheduler.model import Job
from bot.slack.blocks import Block, Message
from bot.slack.notifier import Notifier

RETRY_AFTER_S = 30.0
"""When Slack says it was too much and not for how long."""

_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
OF_WORKSPACE = frozenset(
    {
        "account_inactive",
        "token_revoked",
        "token_expired",
        "invalid_auth",
        "not_authed",
        "team_access_not_granted",
    }
)
OF_PERSON = frozenset(
    {"user_disabled", "user_not_found", "user_not_visible", "cannot_dm_bot", "channel_not_found"}
)
# Slack's own warning about these: some part of the call may have been carried out.
PERHAPS_DONE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})


class Whose(Enum):
    """What a refusal concerns, and so what is given up."""

    WORKSPACE = "workspace"
    PERSON = "person"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Sent:
    """Slack has it."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack won't have it, under this error name."""

    error: str
    whose: Whose


@dataclass(frozen=True, slots=True)
class Limited:
    """Slack hasn't got it: too much at once; ask again after so many seconds."""

    retry_after_s: float


@dataclass(frozen=True, slots=True)
class NotReached:
    """No connection was made, so Slack can't have it."""


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Slack may have it or not; only reading the conversation tells."""


Outcome = Sent | Refused | Limited | NotReached | Perhaps


class NoPlaceError(ValueError):
    """A message without a block that could carry the marker."""


def marked(message: Message, marker: str) -> Message:
    """The same message, its first nameless block named by the marker, which Slack gives back in history."""
    blocks: list[Block] = list(message.blocks)
    for index, block in enumerate(blocks):
        # Slack doesn't keep the name of a markdown block.
        if "block_id" not in block and block.get("type") != "markdown":
            blocks[index] = {**block, "block_id": marker}
            return Message(message.text, blocks)
    raise NoPlaceError(
        "A scheduled message needs a block without a block_id of its own, to carry the marker."
    )


async def post(notifier: Notifier, job: Job, message: Message) -> Outcome:
    """Try once. To a person it goes by their id: Slack finds the conversation, and tells it in its answer."""
    try:
        channel, ts = await notifier.deliver(job.workspace, job.recipient, message, job.thread_ts)
    except Exception as error:  # noqa: BLE001  # whatever went wrong, the message may be out
        return outcome_of(error, job)
    return Sent(channel, ts)


def outcome_of(error: Exception, job: Job) -> Outcome:
    """What a failed attempt says about the message; whatever it doesn't rule out stays possible."""
    if isinstance(error, SlackApiError):
        return _answered(error, job)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return NotReached()
    return Perhaps()


def is_person(recipient: str) -> bool:
    """Whether a recipient is a member rather than a channel: Slack's member ids begin with U or W."""
    return recipient.startswith(("U", "W"))


def error_name(error: SlackApiError) -> str:
    """Slack's name for what went wrong, empty where the answer was no JSON."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def retry_after_s(error: SlackApiError) -> float | None:
    """For how long Slack asks to be left alone; None if it was not about too much at once."""
    if _status(error.response) != 429 and error_name(error) not in _LIMITED:
        return None
    told = str((getattr(error.response, "headers", None) or {}).get("Retry-After", ""))
    return float(told) if told.isdigit() else RETRY_AFTER_S


def _answered(error: SlackApiError, job: Job) -> Outcome:
    if (wait := retry_after_s(error)) is not None:
        return Limited(wait)
    name = error_name(error)
    if _status(error.response) >= 500 or name in PERHAPS_DONE or not name:
        return Perhaps()
    return Refused(name, _whose(name, job))


def _whose(name: str, job: Job) -> Whose:
    if name in OF_WORKSPACE:
        return Whose.WORKSPACE
    return Whose.PERSON if name in OF_PERSON and is_person(job.recipient) else Whose.JOB


def _status(response: Any) -> int:
    """The HTTP status; the SDK hands over either its own response or aiohttp's."""
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
