"""How fast messages go out, and that one workspace's pause is nobody else's."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.scheduler import claims, outbox
from bot.scheduler.means import Pace
from bot.scheduler.model import State
from bot.slack.notifier import Notifier
from tests.scheduler.conftest import FAST, Scene, eventually


def times(scene: Scene) -> list[float]:
    """When each message of the bot came, over all DMs."""
    return sorted(
        float(message.ts)
        for conversation in scene.sandbox.world.default.conversations.values()
        if conversation.kind == "dm"
        for message in conversation.messages.values()
        if message.bot_id
    )


async def all_sent(scene: Scene, count: int) -> None:
    async def are_there() -> bool:
        return len(times(scene)) == count

    await eventually(are_there, within=20)


async def test_one_conversation_gets_its_messages_one_after_another(scene: Scene) -> None:
    await scene.add(*(scene.job(f"m{n}") for n in range(4)))
    scene.start(pace=replace(FAST, per_channel_s=0.3))
    await all_sent(scene, 4)
    at = times(scene)
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert min(gaps) > 0.2


async def test_two_workers_keep_one_pace_between_them(scene: Scene) -> None:
    people = ("ana", "ben", "priya", "marisol", "jack", "sam", "lena", "grace")
    await scene.add(*(scene.job(f"for-{name}", to=name, is_personal=False) for name in people))
    pace = Pace(per_second=8, batch=2)
    for holder in ("one", "two"):
        scene.start(pace=pace, holder=holder, counts=Counter())
    await all_sent(scene, len(people))
    at = times(scene)
    assert at[-1] - at[0] > 0.8 * (len(people) - 1) / 8


async def test_slacks_own_limits_are_kept_to_without_a_single_refusal(scene: Scene) -> None:
    """The sandbox enforces Slack's rates in real time; a burst to one channel is what breaks them first."""
    scene.sandbox.world.rates._enforced = True
    await scene.add(*(scene.job(f"m{n}", to=name) for n, name in enumerate(["ana"] * 3 + ["sam"] * 3)))
    worker = scene.start(pace=Pace())
    await all_sent(scene, 6)
    assert worker.counts.get("limited", 0) == 0


class TwoWorkspaces:
    """The app installed in two companies."""

    def __init__(self, clients: dict[str, AsyncWebClient]) -> None:
        self._clients = clients

    def of(self, workspace: str) -> AsyncWebClient:
        return self._clients[workspace]

    async def authorize(self) -> AuthorizeResult:
        raise NotImplementedError


@pytest.mark.parametrize("trouble", ["ratelimited", "token_revoked"])
async def test_trouble_in_one_workspace_does_not_hold_up_another(scene: Scene, trouble: str) -> None:
    world = scene.sandbox.world
    other = world.workspaces["brightship"]
    token = world.install(other).token
    theirs = AsyncWebClient(
        token=token, base_url=scene.sandbox.api_url, session=scene.session, retry_handlers=[]
    )
    clients = TwoWorkspaces({scene.workspace: scene.clients.client, other.id: theirs})
    noor = other.find_person("noor")
    assert noor
    if trouble == "ratelimited":
        await scene.fault(fault="ratelimited", method="chat.postMessage", retry_after=30)
    else:
        await scene.fault(fault="error", method="chat.postMessage", error=trouble)
    await scene.add(scene.job("ours"))
    worker = scene.start(clients=clients, notifier=Notifier(clients))
    await scene.until_count(worker, "limited" if trouble == "ratelimited" else "stopped")
    await scene.add(replace(scene.job("theirs", to=noor.id, is_personal=False), workspace=other.id))

    async def has_come() -> bool:
        return [m.text for m in world.dm_with_bot(other, noor.id).timeline()] == ["theirs"]

    await eventually(has_come)
    assert scene.inbox() == []
    assert await scene.state("ours") in (State.LEASED, State.DUE)


async def test_a_workspace_without_a_token_is_stopped_and_loses_nothing(scene: Scene) -> None:
    await scene.add(scene.job("elsewhere", workspace="TELSEWHERE"), scene.job("here"))
    worker = scene.start()
    await all_sent(scene, 1)
    await scene.until_count(worker, "stopped")
    health = await scene.database.read(lambda tx: outbox.health(tx, "TELSEWHERE", scene.intent.now()))
    assert (health.stopped, health.waiting) == ("not_installed", 1)


async def test_slots_left_from_a_clock_that_was_set_back_hold_nothing_up(scene: Scene) -> None:
    an_hour_fast = datetime.now(UTC) + timedelta(hours=1)
    second = timedelta(seconds=1)
    await scene.database.write(
        lambda tx: claims.reserve(tx, scene.workspace, 3, real_now=an_hour_fast, every=second)
    )
    await scene.add(scene.job("on-time"))
    scene.start()
    await all_sent(scene, 1)


async def test_a_pause_ends_by_itself(scene: Scene) -> None:
    await scene.fault(fault="ratelimited", method="chat.postMessage", retry_after=1)
    await scene.add(scene.job("a"), scene.job("b", due_at=scene.intent.now() + timedelta(seconds=1)))
    worker = scene.start()
    await scene.until_count(worker, "limited")
    scene.intent.move(seconds=1)
    await all_sent(scene, 2)
