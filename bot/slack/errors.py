"""The one door through which errors leave: a kind sentence for the person, a reference for the log."""

import logging
import secrets
import traceback
from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from bot.errors import SteadyError

log = logging.getLogger(__name__)


def sentence_for(error: Exception) -> str:
    """Return what to tell the member; a surprise is logged under a reference they can quote."""
    if isinstance(error, SteadyError):
        return error.sentence
    reference = secrets.token_hex(3)
    log.error("reference %s: %s at %s", reference, type(error).__name__, _where(error))
    return (
        f"That didn't work, and it's our fault, not yours (reference {reference}). "
        "Please try once more; if it stays broken, give the reference to whoever runs Steady."
    )


def error_name(error: SlackApiError) -> str:
    """Slack's name for what went wrong; a gateway in between may answer with a page instead of JSON."""
    answer = error.response
    if isinstance(answer.data, Mapping):
        return str(answer.data.get("error", "unknown"))
    return f"http_{answer.status_code}"


def _where(error: Exception) -> str:
    """Name the places without the error's message, which may hold somebody's words."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
