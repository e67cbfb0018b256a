"""A small app against the pretend Slack."""

import aiohttp
import pytest

from bot.slack.app import build_app
from bot.slack.blocks import modal, section
from bot.slack.clients import OneWorkspace
from bot.slack.ids import Command, View
from bot.slack.listening import Listening
from bot.slack.replies import Filling, Notice
from bot.slack.response_urls import ResponseUrls
from bot.slack.tasks import Tasks
from bot.slack.text import escape
from tests.driver import start_sandbox

MANIFEST = {
    "display_information": {"name": "Steady"},
    "features": {
        "bot_user": {"display_name": "Steady"},
        "slash_commands": [{"command": "/deescalate", "description": "Words"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "settings": {"interactivity": {"is_enabled": True}, "socket_mode_enabled": True},
}


SKELETON = modal(View.NOTICE, "Steady", [section(escape("One moment."))])


@pytest.fixture
async def sandbox():
    async with start_sandbox(MANIFEST, retry_after_s=(0.0, 0.0, 0.0)) as running:
        yield running


@pytest.fixture
async def app(sandbox):
    """An app that says what it heard, and fills a modal when told to."""
    async with aiohttp.ClientSession() as session:
        clients = OneWorkspace(sandbox.bot_token, sandbox.api_url, session)
        built = build_app(clients, "")
        tasks = Tasks()
        listening = Listening(built, clients, tasks, ResponseUrls(session))

        async def answer(command):
            return Filling(SKELETON, fill) if command.text == "fill" else Notice(f"heard {command.text}")

        async def fill():
            return modal(View.NOTICE, "Steady", [section(escape("Here you are."))])

        listening.command(Command.DEESCALATE, answer)
        listening.catch_the_rest()
        built.steady_client = clients.client
        yield built
        await tasks.drain(2)
