"""A sandbox and a manifest of an app that is not Steady."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.driver import Driver, start_sandbox

SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "dnd:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users.profile:read",
    "users:read",
    "users:read.email",
    "metadata.message:read",
]

EVENTS = [
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_created",
    "dnd_updated_user",
    "file_shared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "message_metadata_posted",
    "reaction_added",
    "reaction_removed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
]

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Teapot", "description": "A small app of the tests' own"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Teapot"},
        "slash_commands": [
            {"command": "/tea", "description": "Pour tea", "usage_hint": "[kind]"},
            {"command": "/brew", "description": "Brew", "should_escape": True},
        ],
        "shortcuts": [
            {"type": "global", "name": "Pour", "callback_id": "pour", "description": "Pour"},
            {"type": "message", "name": "Steep", "callback_id": "steep", "description": "Steep"},
        ],
    },
    "oauth_config": {
        "redirect_urls": ["http://127.0.0.1/oauth"],
        "scopes": {"bot": SCOPES},
    },
    "settings": {
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": EVENTS},
    },
}


@asynccontextmanager
async def api(sandbox: Sandbox, token: str | None = None) -> AsyncIterator[AsyncWebClient]:
    """Slack's own client, without retries, on one session."""
    async with aiohttp.ClientSession() as session:
        url = sandbox.api_url
        given = sandbox.bot_token if token is None else token
        yield AsyncWebClient(token=given, base_url=url, session=session, retry_handlers=[])


@pytest.fixture
def manifest() -> dict[str, Any]:
    return MANIFEST


@pytest.fixture
async def sandbox(manifest: dict[str, Any]) -> AsyncIterator[Sandbox]:
    async with start_sandbox(manifest, retry_after_s=(0.0, 0.0, 0.0)) as running:
        yield running


@pytest.fixture
async def workspace(sandbox: Sandbox) -> AsyncIterator[Driver]:
    async with Driver(sandbox.url) as driver:
        yield driver
