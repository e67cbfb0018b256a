"""What is past its age goes: rows, and the bot's own messages in Slack."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.scheduler import posted, retention
from bot.scheduler.model import State
from bot.scheduler.recurrence import EVERY_DAY, next_working_day
from bot.scheduler.repeating import Repeating
from bot.scheduler.retention import Retention
from bot.storage.database import Transaction
from bot.storage.errors import DatabaseBusyError
from bot.storage.stamps import to_stamp
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
    stuck = await scene.database.read(lambda tx: posted.stuck(tx, scene.workspace))
    assert stuck == {"cant_delete_message": 1}


async def test_what_slack_never_deletes_is_shown_for_a_while_but_an_erased_members_for_one_night(
    scene: Scene,
) -> None:
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    sent = {"1.1": MONDAY - timedelta(days=31), "1.2": long_ago}
    plain = posted.Posted(scene.workspace, "C0", "", "backup.request", "C0", MONDAY)
    old = [replace(plain, ts=ts, sent_at=sent_at) for ts, sent_at in sent.items()]
    await scene.database.write(lambda tx: [posted.remember(tx, message) for message in old])
    for _ in sent:
        await scene.fault(fault="error", method="chat.delete", error="cant_delete_message")
    stuck = []
    for nights in (0, 1, 90):
        scene.intent.move(days=nights)
        await of_scene(scene).run(scene.workspace)
        stuck.append(await scene.database.read(lambda tx: posted.stuck(tx, scene.workspace)))
    assert stuck == [{"cant_delete_message": 2}, {"cant_delete_message": 1}, {}]


async def test_the_night_takes_deleted_words_out_of_the_files_once_all_is_deleted(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST_MESSAGES", 1)
    compacted: list[datetime] = []

    async def compact() -> None:
        compacted.append(scene.intent.now())
        if len(compacted) == 1:
            raise DatabaseBusyError

    monkeypatch.setattr(scene.database, "compact", compact)
    old = posted.Posted(scene.workspace, "C0", "1.1", "backup.request", "UANA", MONDAY - timedelta(days=31))
    await scene.database.write(lambda tx: posted.remember(tx, old))
    assert await of_scene(scene).run(scene.workspace) == retention.AGAIN_AFTER
    assert compacted == []
    scene.intent.move(minutes=1)
    assert await of_scene(scene).run(scene.workspace) is None
    run = await scene.database.read(lambda tx: retention.last_run(tx, scene.workspace))
    assert run
    assert run.removed == {"failed rewriting of the files": 1}
    scene.intent.move(days=1)
    await of_scene(scene).run(scene.workspace)
    run = await scene.database.read(lambda tx: retention.last_run(tx, scene.workspace))
    assert run
    assert run.removed == {}
    assert len(compacted) == 2


async def test_a_slack_that_always_wants_fewer_calls_does_not_hold_up_the_night(scene: Scene) -> None:
    old = [
        posted.Posted(scene.workspace, "C0", f"1.{n}", "backup.request", "UANA", MONDAY - timedelta(days=31))
        for n in range(3)
    ]
    await scene.database.write(lambda tx: [posted.remember(tx, message) for message in old])
    for _ in range(retention.MOST_WAITS):
        await scene.fault(fault="ratelimited", method="chat.delete", retry_after=0)
    await of_scene(scene).run(scene.workspace)
    run = await scene.database.read(lambda tx: retention.last_run(tx, scene.workspace))
    assert run
    assert run.removed == {}
    assert len(await scene.database.read(lambda tx: of_scene(scene)._old(tx, scene.workspace, MONDAY))) == 3


async def test_an_errand_with_a_time_of_its_own_waits_for_it_from_the_start(scene: Scene) -> None:
    async def work(workspace: str) -> None:
        return None

    def by_night(tx: Transaction, workspace: str, after: datetime) -> datetime:
        return next_working_day(after, "America/New_York", retention.NIGHT_AT, EVERY_DAY)

    errand = Repeating(retention.KIND, by_night, work, scene.intent)
    await scene.database.write(lambda tx: errand.ensure(tx, scene.workspace, MONDAY))
    worker = scene.start(handlers={errand.kind: errand})
    due = "SELECT due_at FROM jobs WHERE state = 'due'"
    first = datetime(2026, 11, 24, 8, tzinfo=UTC)  # Tuesday, 03:00 in New York
    assert await scene.database.read(lambda tx: tx.all(due)) == [{"due_at": to_stamp(first)}]
    scene.intent.move(days=3)
    await scene.until_count(worker, "done")
    [row] = await scene.database.read(lambda tx: tx.all(due))
    assert row["due_at"] == to_stamp(first + timedelta(days=3))


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

    errand = Repeating(retention.KIND, timedelta(days=1), work, scene.intent)
    await scene.database.write(lambda tx: errand.ensure(tx, scene.workspace, MONDAY))
    worker = scene.start(handlers={errand.kind: errand})
    await scene.until_count(worker, "done")
    scene.intent.move(minutes=1)
    await scene.until_count(worker, "done", 2)
    left = await scene.database.read(lambda tx: tx.all("SELECT kind FROM jobs WHERE state = 'due'"))
    assert left == [{"kind": retention.KIND}]


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
