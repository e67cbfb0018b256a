"""A simulation's worker, in a process of its own so that it can be killed: python -m bot.simulate.worker."""

import asyncio
import contextlib
import json
import logging
import signal
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta

import aiohttp

from bot.scheduler.clocks import FollowedClock, RealClock
from bot.scheduler.means import Means, Pace, Patience
from bot.scheduler.worker import Worker
from bot.simulate.plan import find_plan
from bot.slack.clients import OneWorkspace
from bot.slack.notifier import Notifier
from bot.storage.lock import only_runner
from bot.storage.opening import open_database

HTTP_TIMEOUT_S = 1.0
PATIENCE = Patience(
    lease_for=timedelta(seconds=3),
    settle_after=timedelta(seconds=2),
    fresh_for=timedelta(seconds=0.5),
    unreached_for=timedelta(seconds=0.3),
    retry_after=timedelta(seconds=0.3),
    poll_every=timedelta(seconds=0.3),
)
"""As in earnest, shortened together: the pretend Slack carries a call out at once or never."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is told on its standard input."""

    database_url: str
    api_url: str
    clock_url: str
    token: str
    plan: str
    per_second: float

    def line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self)) + "\n"


async def work(orders: Orders) -> None:
    """Work until terminated or killed."""
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    plan = find_plan(orders.plan)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(only_runner(orders.database_url))
        database = await open_database(orders.database_url)
        stack.push_async_callback(database.close)
        timeout = aiohttp.ClientTimeout(total=HTTP_TIMEOUT_S)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=timeout))
        clients = OneWorkspace(orders.token, orders.api_url, session)
        intent = FollowedClock(orders.clock_url, session)
        await intent.start()
        following = asyncio.create_task(intent.follow())
        stack.callback(following.cancel)
        means = Means(
            database=database,
            clients=clients,
            notifier=Notifier(clients),
            handlers=plan.handlers(database, intent),
            rules_for=plan.rules_for,
            intent=intent,
            real=RealClock(),
            pace=Pace(per_second=orders.per_second),
            patience=PATIENCE,
        )
        worker = Worker(means)
        working = asyncio.create_task(worker.run())
        await ending.wait()
        await worker.stop()
        await working


if __name__ == "__main__":
    logging.basicConfig(level=logging.CRITICAL)
    asyncio.run(work(Orders(**json.loads(sys.stdin.readline()))))
