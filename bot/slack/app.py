"""The Bolt app, set up so that an answer travels in its ack."""

import logging

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.slack.clients import Clients

log = logging.getLogger(__name__)


def build_app(clients: Clients, signing_secret: str) -> AsyncApp:
    """Build the app; `clients` decides who the bot is, whatever SLACK_CLIENT_ID the environment holds."""

    async def authorize() -> AuthorizeResult:
        return await clients.authorize()

    return AsyncApp(
        name="steady",
        logger=logging.getLogger("bot.bolt"),
        authorize=authorize,
        signing_secret=signing_secret,
        # Bolt otherwise polls for the ack every 10 ms, and loses events whose listener fails.
        process_before_response=True,
    )


def quieten_loggers() -> None:
    """Keep payloads out of the log: Bolt prints bodies at INFO and WARNING, the SDK messages at DEBUG."""
    logging.getLogger("bot.bolt").setLevel(logging.ERROR)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    logging.getLogger("slack_sdk").setLevel(logging.ERROR)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
