"""What is past its age goes: rows, and the bot's own messages in Slack."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.scheduler import outbox, posted, retention
from bot.scheduler.model import State
from bot.scheduler.repeating import Repeating
from bot.scheduler.retention import Retention
from bot.storage.database import Transaction
from tests.scheduler.conftest import MONDAY, Letters, Scene

AGES = {"checkins.question": timedelta(days=90), "backup.request": timedelta(days=30)}


def of_scene(scene: Scene, *purgers: retention.Purger) -> Retention:
    return Retention(
        scene.database,
        scene.clients,
        purgers,
        lambda tx, workspace, kind: AGES[kind],
        scene.intent,
        between_s=0,
    )


async def test_messages_are_deleted_from_slack_at_the_age_of_their_kind(scene: Scene) -> None:
    kinds = {kind: Letters() for kind in AGES}
    scene.start(handlers=kinds)
    await scene.add(*(scene.job("old", kind=kind) for kind in AGES))
    for kind in AGES:
        await scene.until_state("old", State.SENT, kind=kind)
    scene.intent.move(days=60)
    assert await of_scene(scene).run(scene.workspace) is None
    left = await scene.database.read(lambda tx: posted.kinds(tx, scene.workspace))
    assert left == ["checkins.question"]
    assert len(scene.inbox()) == 1
    run = await scene.database.read(lambda tx: retention.last_run(tx, scene.workspace))
    assert run
    assert run.ran_at == MONDAY + timedelta(days=60)
    assert run.removed == {"ended jobs": 2, "messages": 1}


async def test_what_slack_refuses_to_delete_is_listed_once_and_what_is_gone_is_forgotten(
    scene: Scene,
) -> None:
    def messages(tx: Transaction) -> None:
        for ts in ("1.1", "1.2", "1.3"):
            posted.remember(
                tx,
                posted.Posted(
                    scene.workspace, "C0", ts, "backup.request", "UANA", MONDAY - timedelta(days=31)
                ),
            )

    await scene.database.write(messages)
    await scene.fault(fault="error", method="chat.delete", error="message_not_found")
    await scene.fault(fault="error", method="chat.delete", error="cant_delete_message")
    await scene.fault(fault="ratelimited", method="chat.delete", retry_after=1)
    await scene.fault(fault="error", method="chat.delete", error="internal_error")
    await of_scene(scene).run(scene.workspace)
    run = await scene.database.read(lambda tx: retention.last_run(tx, scene.workspace))
    assert run
    assert run.removed == {"messages for the next run": 1, "messages gone before": 1, "messages stuck": 1}
    [stuck] = await scene.database.read(lambda tx: posted.stuck(tx, scene.workspace))
    assert stuck.stuck_reason == "cant_delete_message"


async def test_one_features_trouble_does_not_keep_anothers_rows(scene: Scene) -> None:
    def broken(tx: Transaction, workspace: str, now: datetime) -> Mapping[str, int]:
        raise LookupError

    left = iter([3, 0])

    def works(tx: Transaction, workspace: str, now: datetime) -> Mapping[str, int]:
        return {"debrief texts": next(left)}

    await of_scene(scene, broken, works).run(scene.workspace)
    run = await scene.database.read(lambda tx: retention.last_run(tx, scene.workspace))
    assert run
    assert run.removed == {"debrief texts": 3, "failed purges": 1}


async def test_a_purger_that_takes_a_few_at_a_time_leaves_none_for_the_next_night(scene: Scene) -> None:
    old = [f"text {n}" for n in range(5)]

    def two_at_a_time(tx: Transaction, workspace: str, now: datetime) -> Mapping[str, int]:
        gone = len(old[:2])
        del old[:2]
        return {"debrief texts": gone, "lessons": 0}

    await of_scene(scene, two_at_a_time).run(scene.workspace)
    run = await scene.database.read(lambda tx: retention.last_run(tx, scene.workspace))
    assert run
    assert run.removed == {"debrief texts": 5}


async def test_a_long_backlog_is_gone_on_with_soon(scene: Scene) -> None:
    waits = iter([timedelta(minutes=1), None])

    async def work(workspace: str) -> timedelta | None:
        return next(waits)

    errand = Repeating(retention.KIND, retention.EVERY, work, scene.intent)
    await scene.database.write(lambda tx: errand.ensure(tx, scene.workspace, MONDAY))
    worker = scene.start(handlers={errand.kind: errand})
    await scene.until_count(worker, "done")
    scene.intent.move(minutes=1)
    await scene.until_count(worker, "done", 2)
    health = await scene.database.read(lambda tx: outbox.health(tx, scene.workspace, MONDAY))
    assert health.waiting == 1


@pytest.mark.parametrize(("refused", "goes_on"), [(3, False), (2, True)])
async def test_a_backlog_that_slack_refuses_as_a_whole_waits_for_the_next_day(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, refused: int, goes_on: bool
) -> None:
    monkeypatch.setattr(retention, "MOST_MESSAGES", 3)
    old = [
        posted.Posted(scene.workspace, "C0", f"1.{n}", "backup.request", "UANA", MONDAY - timedelta(days=31))
        for n in range(5)
    ]
    await scene.database.write(lambda tx: [posted.remember(tx, message) for message in old])
    for _ in range(refused):
        await scene.fault(fault="error", method="chat.delete", error="missing_scope")
    again_after = await of_scene(scene).run(scene.workspace)
    assert again_after == (retention.AGAIN_AFTER if goes_on else None)


async def test_a_job_still_waiting_is_not_an_old_one(scene: Scene) -> None:
    await scene.add(
        replace(
            scene.job("far"), due_at=MONDAY + timedelta(days=400), grace_until=MONDAY + timedelta(days=401)
        )
    )
    scene.intent.move(days=300)
    await of_scene(scene).run(scene.workspace)
    assert await scene.state("far") is State.DUE
