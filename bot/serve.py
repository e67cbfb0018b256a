"""Staying up: Socket Mode or HTTP, the playbook watcher, and an orderly end."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError

from bot.config import Config
from bot.errors import ConfigError
from bot.playbooks.loading import shipped_playbooks
from bot.playbooks.watching import Shelf, Watcher
from bot.scheduler.clocks import FollowedClock, IntentClock, RealClock
from bot.slack.app import quieten_loggers
from bot.slack.clients import OneWorkspace, open_session
from bot.slack.errors import error_name
from bot.slack.http import EVENTS_PATH, build_web
from bot.slack.socket import Socket
from bot.storage.lock import only_runner
from bot.storage.opening import open_database
from bot.wiring import Bot, build_bot

log = logging.getLogger(__name__)

IDENTIFY_WITHIN = 15.0
DRAIN_WITHIN = 8.0
"""Seconds for work in hand once the end is asked for; orchestrators kill after ten to thirty."""
LOOKS_WITHIN = timedelta(minutes=1)

TAKEN_OUT = (
    "Slack refused SLACK_BOT_TOKEN (%s): the app was taken out, or its token revoked. Nothing is sent. Leave "
    "this running: what Steady keeps is deleted at %s. To keep it, install the app again, set the "
    "new token and start Steady before then."
)


async def run(config: Config, *, http: tuple[str, int] | None) -> None:
    """Serve until told to stop; raises ConfigError when it can't start as set up."""
    quieten_loggers()
    ending = _ending()
    async with AsyncExitStack() as stack:
        with lasting():
            bot = await stack.enter_async_context(_opened(config))
        door, is_in = await stack.enter_async_context(AsyncExitStack()), asyncio.Event()
        # Open before Slack lets us in: whoever watches the process must see it live while it waits to delete.
        where = await door.enter_async_context(_http(config, bot, http, is_in)) if http else ""
        if not await _unless(ending, _let_in(bot)):
            return
        is_in.set()
        await stack.enter_async_context(_working(bot))
        stack.push_async_callback(door.aclose)
        where = where or await door.enter_async_context(_socket(config, bot))
        # With its end of line in one piece: a sandbox beside us writes to the same place, perhaps unbuffered.
        print(f"Steady is ready: {where}\n", end="", flush=True)  # noqa: T201  # whoever started it waits for this line
        await ending.wait()
        log.info("stopping: no new work is taken in")


@contextmanager
def lasting() -> Iterator[None]:
    """Search what is made meanwhile for garbage neither then nor later: nearly all of it stays to the end.

    That saves a tenth of the start, and pauses of some 40 ms while members wait. Playbooks that a reload
    replaces go all the same: nothing in them refers back to itself, so counting references is enough.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@asynccontextmanager
async def _opened(config: Config) -> AsyncIterator[Bot]:
    """Open everything that a running bot holds, and let go of it in the reverse order."""
    async with AsyncExitStack() as stack:
        stack.enter_context(only_runner(config.database_url))
        database = await open_database(config.database_url)
        stack.push_async_callback(database.close)
        session = await stack.enter_async_context(open_session())
        shelf = await asyncio.to_thread(Shelf, (shipped_playbooks(), *config.playbooks), _now)
        clock = await stack.enter_async_context(_intent_clock(config, session))
        bot = build_bot(config, database, shelf, session, clock)
        stack.push_async_callback(_drain, bot)
        watcher = Watcher(shelf.paths, shelf.reload)
        watching = asyncio.create_task(watcher.run())
        stack.push_async_callback(_finish, watching)
        stack.callback(watcher.stop)
        yield bot


@asynccontextmanager
async def _intent_clock(config: Config, session: aiohttp.ClientSession) -> AsyncIterator[IntentClock]:
    """The clock that says when things are due: the machine's own, or the sandbox's."""
    if not config.clock_url:
        yield RealClock()
        return
    clock = FollowedClock(config.clock_url, session)
    await clock.start()
    following = asyncio.create_task(clock.follow())
    try:
        yield clock
    finally:
        following.cancel()
        await _finish(following)


@asynccontextmanager
async def _working(bot: Bot) -> AsyncIterator[None]:
    """Send what is due, and delete what workspaces that left have behind them."""
    await bot.begin()
    sweeping = asyncio.create_task(bot.leaving.run())
    working = asyncio.create_task(bot.worker.run())
    try:
        yield
    finally:
        sweeping.cancel()
        if cut := await bot.worker.stop(DRAIN_WITHIN):
            log.warning("%s messages were cut off; they will be settled", cut)
        for task in (sweeping, working):
            await _finish(task)


@asynccontextmanager
async def _http(config: Config, bot: Bot, at: tuple[str, int], is_in: asyncio.Event) -> AsyncIterator[str]:
    host, port = at
    if not config.signing_secret:
        raise ConfigError(
            "SLACK_SIGNING_SECRET is not set. Copy it from Basic Information; "
            "without it anybody could pose as Slack."
        )
    runner = web.AppRunner(build_web(bot.app, lambda: _is_ready(bot), is_in.is_set), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigError(
            f"Port {port} on {host} can't be used ({error.strerror}). Choose another."
        ) from None
    try:
        bound = runner.addresses[0][1]
        yield f"http://{host}:{bound}{EVENTS_PATH}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _socket(config: Config, bot: Bot) -> AsyncIterator[str]:
    if not config.app_token:
        raise ConfigError(
            "SLACK_APP_TOKEN is not set. Make an app-level token with connections:write for Socket Mode, "
            "or serve HTTP: steady run --http 3000"
        )
    socket = Socket(bot.app, config.app_token, bot.clients.client)
    await socket.start()
    try:
        yield "connected to Slack over Socket Mode"
    finally:
        await socket.stop()


async def _let_in(bot: Bot) -> None:
    """Learn who we are; where the app was taken out meanwhile, stay until what is kept has been deleted."""
    try:
        await _identify(bot.clients)
    except SlackApiError as error:
        goes_at = await bot.leaving.refused(error_name(error))
        if goes_at is None:
            raise _refusal(error) from None
        log.warning(TAKEN_OUT, error_name(error), f"{goes_at:%Y-%m-%d %H:%M} UTC")
        await bot.leaving.see_out()
        await _identify_again(bot.clients)


async def _identify(clients: OneWorkspace) -> None:
    try:
        async with asyncio.timeout(IDENTIFY_WITHIN):
            await clients.identify()
    except (aiohttp.ClientError, OSError, TimeoutError):
        raise ConfigError(
            f"Slack could not be reached at {clients.client.base_url}. Is there a network?"
        ) from None


async def _identify_again(clients: OneWorkspace) -> None:
    try:
        await _identify(clients)
    except SlackApiError as error:
        raise _refusal(error, "What Steady kept of the workspace is deleted. ") from None


def _refusal(error: SlackApiError, before: str = "") -> ConfigError:
    name = error_name(error)
    return ConfigError(f"{before}Slack refused SLACK_BOT_TOKEN ({name}). Install the app again and copy it.")


async def _unless(ending: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Do something that may take long; False where the end was asked for first."""
    working, waiting = asyncio.create_task(work), asyncio.create_task(ending.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    for task in (working, waiting):
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
    return not ending.is_set()


async def _drain(bot: Bot) -> None:
    if cut := await bot.tasks.drain(DRAIN_WITHIN):
        log.warning("%s pieces of work did not finish in time", cut)


async def _finish(task: asyncio.Task[None]) -> None:
    with contextlib.suppress(asyncio.CancelledError, TimeoutError):
        await asyncio.wait_for(task, 2)


async def _is_ready(bot: Bot) -> bool:
    """Slack reaches us whenever this server answers at all; but what is due must go out as well."""
    return is_recent(bot.worker.looked_at, _now())


def is_recent(looked_at: datetime | None, now: datetime) -> bool:
    """Whether the schedule was looked at lately; it is every few seconds where all is well."""
    return looked_at is not None and now - looked_at < LOOKS_WITHIN


def _ending() -> asyncio.Event:
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ending.set)
    return ending


def _now() -> datetime:
    return datetime.now(UTC)
