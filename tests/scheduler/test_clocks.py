"""The two clocks."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from bot.scheduler.clocks import FollowedClock, RealClock
from tests.scheduler.conftest import eventually


@pytest.fixture
async def clock(sandbox: Sandbox) -> AsyncIterator[FollowedClock]:
    async with aiohttp.ClientSession() as session:
        followed = FollowedClock(f"{sandbox.url}/sandbox/clock", session)
        await followed.start()
        following = asyncio.create_task(followed.follow())
        yield followed
        following.cancel()


async def test_moving_the_sandboxs_clock_wakes_who_sleeps_on_it(
    sandbox: Sandbox, clock: FollowedClock
) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    sleeping = asyncio.create_task(clock.sleep_until(tomorrow, at_most=3600))
    await asyncio.sleep(0)
    sandbox.world.clock.move_by(86_400)
    await asyncio.wait_for(sleeping, 5)
    assert clock.now() >= tomorrow


async def test_moves_one_after_another_are_all_heard_of(sandbox: Sandbox, clock: FollowedClock) -> None:
    began = clock.now()
    for _ in range(5):
        sandbox.world.clock.move_by(3_600)

    async def is_there() -> bool:
        return clock.now() - began >= timedelta(hours=5)

    await eventually(is_there)


async def test_sleeping_ends_at_its_bound_whatever_intent_time_says(clock: FollowedClock) -> None:
    for kept in (clock, RealClock()):
        await asyncio.wait_for(kept.sleep_until(kept.now() + timedelta(days=1), at_most=0.01), 5)
        await asyncio.wait_for(kept.sleep_until(kept.now() - timedelta(days=1), at_most=60), 5)


def test_real_time_is_aware() -> None:
    assert abs(RealClock().now() - datetime.now(UTC)) < timedelta(seconds=5)


async def test_a_clock_that_is_not_there_is_said_at_once() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await FollowedClock("http://127.0.0.1:9/clock", session).start()
