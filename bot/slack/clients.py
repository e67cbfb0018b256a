"""Web clients by workspace, all over one pooled HTTP session."""

import ssl
from typing import Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigError

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
"""Seconds for one call to Slack; the outbox settles what a timeout leaves open."""


def open_session() -> aiohttp.ClientSession:
    """Open the one HTTP session of the process; without it the SDK opens one for every call."""
    return aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=100))


class Clients(Protocol):
    """Finds the client that may speak in a workspace."""

    def of(self, workspace: str) -> AsyncWebClient:
        """Return the workspace's client; raises KeyError where the app is not installed."""
        ...

    async def authorize(self) -> AuthorizeResult:
        """Tell Bolt who the bot is."""
        ...


class OneWorkspace:
    """The app as a company installs it for itself: one token, one workspace."""

    def __init__(self, token: str, api_url: str, session: aiohttp.ClientSession) -> None:
        # No retry handlers: the SDK's default re-sends a POST whose connection broke, which may post twice.
        self.client = AsyncWebClient(
            token=token, base_url=api_url, session=session, retry_handlers=[], ssl=_tls(api_url)
        )
        self._identity: AuthorizeResult | None = None

    def of(self, workspace: str) -> AsyncWebClient:
        """Return the one client there is, for the workspace it was installed in."""
        if self._identity and workspace != self._identity.team_id:
            raise KeyError(workspace)
        return self.client

    async def identify(self) -> AuthorizeResult:
        """Ask Slack once who this token is; raises what the SDK raises when it is refused."""
        answer = await self.client.auth_test()
        self._identity = AuthorizeResult.from_auth_test_response(
            bot_token=self.client.token,
            auth_test_response=answer,
        )
        return self._identity

    async def authorize(self) -> AuthorizeResult:
        """Answer from memory: asking Slack on every request would put a network call before each ack."""
        return self._identity or await self.identify()

    @property
    def workspace(self) -> str:
        """The workspace's id, once identified."""
        if not self._identity or not self._identity.team_id:
            raise ConfigError("The workspace is not known yet: the bot token was never checked.")
        return self._identity.team_id

    @property
    def bot_user(self) -> str:
        """The bot's own user id, once identified."""
        return (self._identity.bot_user_id if self._identity else None) or ""


def _tls(api_url: str) -> ssl.SSLContext | None:
    return ssl.create_default_context() if api_url.startswith("https:") else None
