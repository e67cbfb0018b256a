"""The whole product at work: the real bot as its own process, beside a pretend Slack."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
import yaml

from bot.safeguards.sealing import SETTING, new_key
from bot.shipped import shipped
from bot.tryout import SECRETS, bot_beside
from tests.driver import Driver, start_sandbox


@asynccontextmanager
async def floor(*, http: bool = False, **environ: str) -> AsyncIterator[Driver]:
    """Open a workspace with the bot in it."""
    manifest = yaml.safe_load(shipped("manifest.yml").read_text("utf-8"))
    clean = {k: v for k, v in os.environ.items() if k not in SECRETS and not k.startswith("STEADY_")}
    with tempfile.TemporaryDirectory(prefix="steady-story-") as folder:
        async with (
            start_sandbox(manifest, retry_after_s=(0.0, 0.0, 0.0)) as sandbox,
            bot_beside(sandbox, Path(folder), {SETTING: new_key()} | clean | environ, http=http),
            Driver(sandbox.url) as driver,
        ):
            yield driver


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def workspace() -> AsyncIterator[Driver]:
    """One workspace for the stories of a module, over Socket Mode."""
    async with floor() as driver:
        yield driver
