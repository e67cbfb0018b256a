"""The outbox on both engines: what features ask, and what workers do to it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.people import Member
from bot.scheduler import claims, outbox, posted
from bot.scheduler.model import Job, State
from bot.storage.database import Database, Transaction

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def job(key: str, recipient: str = "UANA", **changes: object) -> Job:
    plain = Job("T1", "promises.reminder", key, recipient, NOW, NOW + HOUR, payload={"promise": key, "n": 3})
    return replace(plain, **changes)  # type: ignore[arg-type]


async def add(database: Database, *jobs: Job) -> None:
    await database.write(lambda tx: [outbox.add(tx, one) for one in jobs])


async def take(database: Database, holder: str = "me", most: int = 10, real: datetime = NOW) -> list[Job]:
    until = real + HOUR
    held = await database.write(
        lambda tx: claims.claim(tx, "T1", holder, now=NOW, held_until=until, most=most)
    )
    return [one.job for one in held]


async def test_a_job_comes_back_as_it_was_added(database: Database) -> None:
    wanted = job("p1", about="UBEN", is_personal=False, thread_ts="1.2")
    await add(database, wanted)
    assert await take(database) == [wanted]


async def test_a_feature_whose_work_fails_has_scheduled_nothing(database: Database) -> None:
    def half(tx: Transaction) -> None:
        outbox.add(tx, job("p1"))
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(half)
    assert await take(database) == []


async def test_the_longest_due_are_claimed_first(database: Database) -> None:
    await add(database, *(job(f"p{n}", due_at=NOW - n * HOUR) for n in (1, 3, 2)))
    assert [one.key for one in await take(database, most=2)] == ["p3", "p2"]
    assert [one.key for one in await take(database)] == ["p1"]


async def test_many_claimers_take_each_job_once(database: Database) -> None:
    await add(database, *(job(f"p{n:04}") for n in range(400)))

    async def claimer(name: str) -> list[str]:
        taken: list[str] = []
        while [one for one in await database.read(claims.standings) if one.due_at]:
            # An empty claim is not an empty queue: another may have been at it.
            taken += [one.key for one in await take(database, name, most=7)]
        return taken

    everything = await asyncio.gather(*(claimer(f"w{n}") for n in range(6)))
    assert sorted(key for taken in everything for key in taken) == [f"p{n:04}" for n in range(400)]


async def test_a_lease_that_runs_out_makes_a_job_due_but_never_one_being_sent(database: Database) -> None:
    await add(database, job("held"), job("sending"))
    held, sending = sorted(await take(database), key=lambda one: one.key)

    def begin(tx: Transaction) -> bool:
        return claims.begin(tx, sending, "me", "s-1", real_now=NOW, settle_at=NOW + HOUR)

    assert await database.write(begin)
    released = await database.write(lambda tx: claims.release_expired(tx, NOW + 2 * HOUR))
    assert released == 1
    assert await take(database, "other") == [held]
    unsettled = await database.write(
        lambda tx: claims.claim_unsettled(tx, "other", real_now=NOW + 2 * HOUR, held_until=NOW + 3 * HOUR)
    )
    assert [(one.job, one.marker, one.attempt_at) for one in unsettled] == [(sending, "s-1", NOW)]
    again = await database.write(
        lambda tx: claims.claim_unsettled(tx, "third", real_now=NOW + 2 * HOUR, held_until=NOW + 3 * HOUR)
    )
    assert again == []


async def test_who_lost_the_lease_can_neither_begin_nor_end(database: Database) -> None:
    await add(database, job("p1"))
    [mine] = await take(database, "slow")
    await database.write(lambda tx: claims.release_expired(tx, NOW + HOUR))
    assert await take(database, "quick", real=NOW + HOUR) == [mine]

    def late(tx: Transaction) -> tuple[bool, bool]:
        began = claims.begin(tx, mine, "slow", "s-1", real_now=NOW + HOUR, settle_at=NOW + 2 * HOUR)
        return began, claims.end_leased(tx, mine, "slow", State.WITHHELD, "x", NOW)

    assert await database.write(late) == (False, False)


async def test_an_ending_is_kept_once(database: Database) -> None:
    await add(database, job("p1"))
    [mine] = await take(database)

    def end(tx: Transaction) -> bool:
        return claims.end_sending(tx, mine, "s-1", State.SENT, None, NOW)

    await database.write(lambda tx: claims.begin(tx, mine, "me", "s-1", real_now=NOW, settle_at=NOW + HOUR))
    assert await database.write(end)
    assert not await database.write(end)


async def test_what_is_being_sent_can_no_longer_be_cancelled(database: Database) -> None:
    await add(database, job("p1"))
    [mine] = await take(database)
    await database.write(lambda tx: claims.begin(tx, mine, "me", "s-1", real_now=NOW, settle_at=NOW + HOUR))
    assert not await database.write(lambda tx: outbox.cancel(tx, "T1", mine.kind, "p1", NOW))


async def test_cancelling_a_claimed_job_takes_it_out_of_the_workers_hands(database: Database) -> None:
    await add(database, job("p1"), job("p3", recipient="UBEN"))
    held = await take(database, most=1)
    assert await database.write(lambda tx: outbox.cancel(tx, "T1", held[0].kind, "p1", NOW))
    assert not await database.write(
        lambda tx: claims.begin(tx, held[0], "me", "s-1", real_now=NOW, settle_at=NOW + HOUR)
    )
    assert [one.key for one in await take(database, "other")] == ["p3"]


async def test_a_forgotten_key_may_be_used_again(database: Database) -> None:
    await add(database, job("p1"))
    assert await database.write(lambda tx: outbox.forget(tx, "T1", "promises.reminder", "p1"))
    assert await database.write(lambda tx: outbox.add(tx, job("p1")))


async def test_slots_of_a_workspace_never_overlap(database: Database) -> None:
    second = timedelta(seconds=1)

    async def some(count: int) -> list[datetime]:
        first = await database.write(lambda tx: claims.reserve(tx, "T1", count, real_now=NOW, every=second))
        return [first + n * second for n in range(count)]

    slots = [slot for taken in await asyncio.gather(*(some(n) for n in (3, 1, 4, 2))) for slot in taken]
    assert sorted(slots) == [NOW + n * second for n in range(10)]
    other = await database.write(lambda tx: claims.reserve(tx, "T2", 1, real_now=NOW, every=second))
    assert other == NOW


async def test_a_late_refusal_changes_neither_why_nor_since_when_a_workspace_is_stopped(
    database: Database,
) -> None:
    await database.write(lambda tx: outbox.stop_workspace(tx, "T1", "app_uninstalled", NOW))
    await database.write(lambda tx: outbox.stop_workspace(tx, "T1", "token_revoked", NOW + HOUR))
    assert await database.read(outbox.stopped) == {"T1": ("app_uninstalled", NOW)}


async def test_what_a_stopped_workspace_was_sending_waits_without_a_write_until_it_is_back(
    database: Database,
) -> None:
    await add(database, job("sending"), job("held"))
    sending = next(one for one in await take(database) if one.key == "sending")
    later = NOW + 2 * HOUR

    def begin_and_stop(tx: Transaction) -> None:
        claims.begin(tx, sending, "me", "s-1", real_now=NOW, settle_at=NOW + HOUR)
        outbox.stop_workspace(tx, "T1", "token_revoked", NOW)

    await database.write(begin_and_stop)
    assert await database.read(lambda tx: claims.has_expired(tx, later))
    assert await database.write(lambda tx: claims.release_expired(tx, later)) == 1
    assert not await database.read(lambda tx: claims.has_expired(tx, later))
    await database.write(lambda tx: outbox.resume_workspace(tx, "T1"))
    assert await database.read(lambda tx: claims.has_expired(tx, later))


async def test_a_stopped_workspace_is_not_looked_at_and_a_paused_one_knows_until_when(
    database: Database,
) -> None:
    await add(database, job("p1"), job("p1", workspace="T2"), job("p1", workspace="T3"))

    def change(tx: Transaction) -> None:
        outbox.stop_workspace(tx, "T2", "token_revoked", NOW)
        claims.pause(tx, "T3", NOW + HOUR)
        claims.pause(tx, "T3", NOW)  # a shorter pause doesn't end a longer one

    await database.write(change)
    found = {one.workspace: one for one in await database.read(claims.standings)}
    assert set(found) == {"T1", "T3"}
    assert found["T3"].paused_until == NOW + HOUR
    assert await database.write(lambda tx: outbox.resume_workspace(tx, "T2"))
    assert not await database.write(lambda tx: outbox.resume_workspace(tx, "T2"))


async def test_health_tells_what_waits_what_is_late_and_what_was_not_sent(database: Database) -> None:
    await add(database, job("late", due_at=NOW - HOUR), job("now"), job("w1"), job("w2"), job("d1"))

    def end(tx: Transaction) -> None:
        held = {one.job.key: one.job for one in claims.claim(tx, "T1", "me", now=NOW, held_until=NOW, most=9)}
        claims.give_back(tx, [held["late"], held["now"]], "me")
        for key, state, reason in (
            ("w1", State.WITHHELD, "quiet_hours"),
            ("w2", State.WITHHELD, "quiet_hours"),
            ("d1", State.DEAD, "invalid_blocks"),
        ):
            assert claims.end_leased(tx, held[key], "me", state, reason, NOW)

    await database.write(end)
    await add(database, job("an errand for nobody", recipient="T1", due_at=NOW - HOUR))
    health = await database.read(lambda tx: outbox.health(tx, "T1", NOW))
    assert (health.waiting, health.late, health.stopped) == (2, 1, None)
    assert health.withheld == {"quiet_hours": 2}
    assert health.dead == {"invalid_blocks": 1}


async def test_erasing_a_member_leaves_no_row_with_their_id(database: Database) -> None:
    await add(database, job("p1"), job("p2", recipient="C1", about="UANA"), job("p3", recipient="UBEN"))

    def more(tx: Transaction) -> None:
        posted.remember(tx, posted.Posted("T1", "D1", "1.1", "k", "UANA", NOW))
        posted.remember(tx, posted.Posted("T1", "C1", "1.2", "k", "C1", NOW, about="UANA"))
        claims.remember_dm(tx, "T1", "UANA", "D1")
        outbox.erase_member(tx, Member("T1", "UANA"))

    await database.write(more)
    assert "UANA" not in await everything(database)
    assert "UBEN" in await everything(database)


async def test_erasing_a_workspace_leaves_no_row_of_it_in_any_table(database: Database) -> None:
    await add(database, job("p1"), job("p1", workspace="T2"))

    def more(tx: Transaction) -> None:
        for workspace in ("T1", "T2"):
            posted.remember(tx, posted.Posted(workspace, "D1", "1.1", "k", "UANA", NOW))
            claims.remember_dm(tx, workspace, "UANA", "D1")
            claims.pause(tx, workspace, NOW)
        outbox.erase_workspace(tx, "T1")

    await database.write(more)
    found = await everything(database)
    assert "T1" not in found
    assert "T2" in found


async def everything(database: Database) -> set[object]:
    """Every value in every table of the scheduler."""
    tables = ("jobs", "scheduled_workspaces", "paces", "dm_channels", "posted_messages", "retention_runs")
    rows = await database.read(
        lambda tx: [row for table in tables for row in tx.all(f"SELECT * FROM {table}")]
    )
    return {value for row in rows for value in row.values()}


def test_a_job_without_a_zone_or_withheld_before_it_is_due_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        job("p1", due_at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="grace_until"):
        job("p1", grace_until=NOW - HOUR)
