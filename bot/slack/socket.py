"""Socket Mode with a watchdog: a socket that goes deaf is replaced, a bad token fails at once."""

import asyncio
import contextlib
import logging

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigError
from bot.slack.errors import error_name

log = logging.getLogger(__name__)

CHECK_EVERY = 5.0
CONNECT_WITHIN = 15.0
CLOSE_WITHIN = 3.0
PING_EVERY = 10.0
"""Seconds; the SDK calls a socket stale after four of these without a pong."""


class Socket:
    """One live connection at a time, watched."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        *,
        check_every: float = CHECK_EVERY,
        connect_within: float = CONNECT_WITHIN,
        ping_every: float = PING_EVERY,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._check_every = check_every
        self._connect_within = connect_within
        self._ping_every = ping_every
        self._handler: AsyncSocketModeHandler | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, or raise ConfigError within seconds where the SDK would retry a bad token for ever."""
        await self._check_token()
        # An address is good for one handshake: where that failed, a second one may do.
        if not (await self._connect() or await self._connect()):
            raise ConfigError("Slack took the app token but its socket did not open. Is a proxy in the way?")
        self._watch = asyncio.create_task(self._keep_connected())

    async def is_connected(self) -> bool:
        """True while Slack can reach us."""
        return self._handler is not None and await self._handler.client.is_connected()

    async def stop(self) -> None:
        """Stop taking anything in."""
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._close()

    async def _check_token(self) -> None:
        try:
            async with asyncio.timeout(self._connect_within):
                await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            raise ConfigError(_refusal(error)) from None
        except (OSError, TimeoutError):
            raise ConfigError(
                f"Slack could not be reached at {self._client.base_url}. Is there a network?"
            ) from None

    async def _connect(self) -> bool:
        await self._close()
        self._handler = AsyncSocketModeHandler(
            self._app, self._app_token, web_client=self._client, ping_interval=self._ping_every
        )
        try:
            async with asyncio.timeout(self._connect_within):
                await self._handler.connect_async()  # type: ignore[no-untyped-call]  # the SDK left it so
        except (OSError, TimeoutError, SlackApiError):
            return False
        return await self.is_connected()

    async def _keep_connected(self) -> None:
        """The SDK may retry one spent address for ever; a new handler asks Slack for a new one."""
        while True:
            await asyncio.sleep(self._check_every)
            if not await self.is_connected():
                log.warning("the socket is down: opening another")
                connected = await self._connect()
                log.warning("the socket is back" if connected else "the socket is still down")

    async def _close(self) -> None:
        handler, self._handler = self._handler, None
        if handler:
            with contextlib.suppress(TimeoutError, OSError):
                closing = handler.client.close()  # type: ignore[no-untyped-call]  # the SDK left it so
                await asyncio.wait_for(closing, CLOSE_WITHIN)


def _refusal(error: SlackApiError) -> str:
    return (
        f"Slack refused SLACK_APP_TOKEN ({error_name(error)}). Make an app-level token with the scope "
        "connections:write under Basic Information, and check that it belongs to this app."
    )
