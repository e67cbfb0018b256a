"""The bot beside a pretend Slack: what `steady sandbox` runs."""

import asyncio
import contextlib
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import yaml

from bot.errors import ConfigError
from bot.safeguards.sealing import SETTING, new_key
from bot.sandbox.server import Sandbox
from bot.shipped import shipped
from bot.slack.http import EVENTS_PATH

READY_WITHIN = 30.0
STOP_WITHIN = 12.0
AGAIN_AFTER = 1.0
"""Seconds before a bot that ended is started again: long enough to see on the page that it is gone."""
SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_API_URL")


def refuse_real_settings(environ: Mapping[str, str]) -> None:
    """Raise ConfigError beside a real token or database: playing must never touch either."""
    present = [name for name in (*SECRETS, "STEADY_DATABASE_URL") if environ.get(name)]
    if present:
        raise ConfigError(
            f"{', '.join(present)} is set, so this looks like a real installation. "
            f"The sandbox makes its own: unset {' '.join(present)} first."
        )


async def play(*, port: int, http: bool, open_page: bool, environ: Mapping[str, str]) -> None:
    """Run sandbox and bot until interrupted."""
    refuse_real_settings(environ)
    # One key for as long as the sandbox runs: a bot that is started again opens what the one before sealed.
    environ = {SETTING: new_key(), **environ}
    ending = _ending()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="steady-sandbox-"))
        sandbox = await stack.enter_async_context(_sandbox(port))
        async with bot_beside(sandbox, Path(folder), environ, http=http) as bot:
            print(f"Sandbox ready: {sandbox.url}\n", end="", flush=True)  # noqa: T201  # whoever started it waits for this line
            if open_page:
                await asyncio.to_thread(webbrowser.open, sandbox.url)
            code = await _first(ending, bot)
        while code is not None and not await _within(AGAIN_AFTER, ending):
            print(f"The bot stopped (exit code {code}); starting it again.\n", end="", flush=True)  # noqa: T201  # the page says so, too
            async with bot_beside(sandbox, Path(folder), environ, http=http) as bot:
                code = await _first(ending, bot)


def _ending() -> asyncio.Event:
    """Hear Ctrl-C and SIGTERM from the beginning, so that the bot never outlives its sandbox."""
    ending = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ending.set)
    return ending


async def _first(ending: asyncio.Event, bot: asyncio.subprocess.Process) -> int | None:
    """Wait until the end is asked for, then None; the bot's exit code where it ends first."""
    asked, ended = asyncio.create_task(ending.wait()), asyncio.create_task(bot.wait())
    done, pending = await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return None if asked in done else ended.result()


async def _within(seconds: float, ending: asyncio.Event) -> bool:
    """Whether the end is asked for within so many seconds."""
    try:
        await asyncio.wait_for(ending.wait(), seconds)
    except TimeoutError:
        return False
    return True


@asynccontextmanager
async def _sandbox(port: int) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(yaml.safe_load(shipped("manifest.yml").read_text("utf-8")), port=port)
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


@asynccontextmanager
async def bot_beside(
    sandbox: Sandbox, folder: Path, environ: Mapping[str, str], *, http: bool = False
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the real bot as a process of its own, connected to the sandbox; stopped by its pid."""
    port = _free_port() if http else None
    command = [sys.executable, "-m", "bot", "run", *(["--http", str(port)] if port else [])]
    process = await asyncio.create_subprocess_exec(*command, env=_environment(sandbox, folder, environ))
    try:
        if port:
            await _answering(port, process)
            sandbox.request_url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
        else:
            await _connected(sandbox, process)
        yield process
    finally:
        await _stop(process)


def _environment(sandbox: Sandbox, folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    return dict(environ) | {
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "STEADY_DATABASE_URL": f"sqlite:///{folder / 'sandbox.db'}",
        "STEADY_CLOCK_URL": f"{sandbox.url}/sandbox/clock",
    }


async def _connected(sandbox: Sandbox, process: asyncio.subprocess.Process) -> None:
    waiting = asyncio.create_task(sandbox.wait_for_bot(READY_WITHIN))
    ended = asyncio.create_task(process.wait())
    done, pending = await asyncio.wait({waiting, ended}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if ended in done:
        raise ConfigError("The bot could not start beside the sandbox; what it printed above says why.")
    await waiting


async def _answering(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(READY_WITHIN):
        while process.returncode is None:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.05)
    raise ConfigError("The bot could not start beside the sandbox; what it printed above says why.")


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
