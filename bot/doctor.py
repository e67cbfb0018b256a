"""`steady doctor`: what is well, what is not, and what to do about it."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import aiohttp
import yaml
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Config
from bot.errors import ConfigError, SteadyError
from bot.phrasing.proofing import proofread
from bot.playbooks.loading import shipped_playbooks
from bot.playbooks.report import lint_report
from bot.privacy.leaving import SILENT_FOR, TAKEN_OUT
from bot.safeguards.sealing import UNSEALED_WARNING
from bot.shipped import shipped
from bot.slack.clients import OneWorkspace, open_session
from bot.slack.errors import error_name
from bot.storage.errors import StorageError
from bot.storage.migrations import behind
from bot.storage.migrations import shipped as migrations
from bot.storage.opening import open_as_it_is, sqlite_path

ANSWER_WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: well or not, and the mend where it is not."""

    name: str
    is_well: bool
    says: str
    is_note: bool = False
    """Well enough to run, and worth knowing."""

    def __str__(self) -> str:
        word = "note" if self.is_note else "ok  " if self.is_well else "FAIL"
        return f"{word} {self.name}: {self.says}"


async def examine(environ: Mapping[str, str]) -> tuple[str, int]:
    """Look at everything; returns the report, and 1 where something is not well."""
    try:
        config = Config.from_env(environ)
    except ConfigError as error:
        return f"{Check('settings', False, error.sentence)}", 1
    async with open_session() as session:
        client = OneWorkspace(config.bot_token, config.api_url, session).client
        checks = [
            _settings(config),
            *[await _guarded(name, look) for name, look in _looks(config, client).items()],
            _keys(config),
        ]
    return "\n".join(map(str, checks)), int(any(not check.is_well for check in checks))


Look = Callable[[], Awaitable[Check]]


def _looks(config: Config, client: AsyncWebClient) -> dict[str, Look]:
    looks: dict[str, Look] = {
        "bot token": lambda: _bot_token(client),
        "database": lambda: _database(config),
        "playbooks": lambda: _playbooks(config),
    }
    if config.app_token:
        looks["app token"] = lambda: _app_token(client, config.app_token)
    return looks


async def _guarded(name: str, look: Look) -> Check:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            return await look()
    except SlackApiError as error:
        return Check(name, False, f"Slack refused it ({error_name(error)})")
    except (SteadyError, StorageError) as error:
        return Check(name, False, str(error))
    except (aiohttp.ClientError, OSError, TimeoutError):
        return Check(name, False, "no answer; check the network, a proxy, or SLACK_API_URL")


def _settings(config: Config) -> Check:
    if not config.bot_token:
        return Check("settings", False, "SLACK_BOT_TOKEN is not set; see README, Connect it to Slack")
    if config.app_token:
        return Check("settings", True, "Socket Mode (SLACK_APP_TOKEN is set)")
    if config.signing_secret:
        return Check(
            "settings", True, "HTTP (SLACK_SIGNING_SECRET is set): start with steady run --http PORT"
        )
    return Check("settings", False, "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP")


def _keys(config: Config) -> Check:
    if config.seals.is_set:
        return Check("keys", True, "check-in answers, notes and not-with lists are sealed")
    return Check("keys", True, UNSEALED_WARNING.replace("`", ""), is_note=True)


async def _bot_token(client: AsyncWebClient) -> Check:
    if not client.token:
        return Check("bot token", False, "not set")
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        return Check("bot token", False, f"Slack refused it ({error_name(error)}); {_refused(error)}")
    granted = set(str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(","))
    wanted = set(yaml.safe_load(shipped("manifest.yml").read_text("utf-8"))["oauth_config"]["scopes"]["bot"])
    if missing := sorted(wanted - granted):
        return Check(
            "bot token",
            False,
            f"scopes missing: {', '.join(missing)}; install the app again from manifest.yml",
        )
    return Check("bot token", True, f"valid for {answer.get('team')}, with every scope")


def _refused(error: SlackApiError) -> str:
    """The mend; where the app was taken out, what was kept has to go as well."""
    mend = "install the app again and copy its token"
    if error_name(error) not in TAKEN_OUT:
        return mend
    days = SILENT_FOR.days
    return f"{mend}, or leave steady run running, which then deletes what is kept within {days} days"


async def _app_token(client: AsyncWebClient, app_token: str) -> Check:
    await client.apps_connections_open(app_token=app_token)
    return Check("app token", True, "Slack opens a socket for it")


async def _database(config: Config) -> Check:
    path = sqlite_path(config.database_url)
    if path and not path.exists():
        return Check("database", True, "sqlite, not there yet: steady run makes it")
    database = await open_as_it_is(config.database_url)
    try:
        lacks = await database.read(lambda tx: behind(tx, migrations(database.engine)))
    finally:
        await database.close()
    says = f"{behind_by(len(lacks))}, which steady run applies" if lacks else "up to date"
    return Check("database", True, f"{database.engine}, reachable, {says}", is_note=bool(lacks))


def behind_by(count: int) -> str:
    """How far a database is behind."""
    return f"behind by {count} migration{'' if count == 1 else 's'}"


async def _playbooks(config: Config) -> Check:
    today = dt.datetime.now(dt.UTC).date()
    paths = [shipped_playbooks(), *config.playbooks]
    text, code = await asyncio.to_thread(lint_report, paths, False, today=today, proofreaders=[proofread])
    summary = text.splitlines()[-1]
    return Check("playbooks", code == 0, summary if code == 0 else f"{summary}; run steady lint")
