"""A small seeded chaos run, and proof that its counting would notice."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.errors import ConfigError
from bot.scheduler.model import State
from bot.simulate.driver import KINDS, Setting, run, simulate
from bot.simulate.figures import Moves, Slot, tally

MORNING = datetime(2027, 3, 1, 9, tzinfo=UTC)


async def test_a_week_of_messages_in_many_zones_is_accounted_for() -> None:
    text, code = await simulate(60, 1, False, 0, True, seed=3)
    told = json.loads(text)
    assert code == 0
    assert told["due"] == 60
    assert told["sent"] + told["withheld"] == told["due"]
    assert told["sent"] > 45
    assert told["withheld"] > 0
    assert {"lost", "sent_twice", "late_p50_s", "late_p99_s"} <= told.keys()


@pytest.mark.timeout(240)
async def test_with_faults_and_killed_workers_nothing_is_lost_or_sent_twice(postgresql_url: str) -> None:
    """Two workers on PostgreSQL; the sandbox's own conversations are counted, not our books."""
    setting = Setting(
        people=240,
        faults=True,
        kills=3,
        plan="bot.simulate.plan:ONE_HOUR",
        database_url=postgresql_url,
        workers=2,
        seed=11,
        start_at=MORNING,
    )
    figures = await run(setting)
    assert (figures.lost, figures.sent_twice, figures.kills) == (0, 0, 3)
    assert figures.due == 240 == figures.sent + figures.withheld
    assert "too_late" not in figures.withheld_why
    assert figures.faults > 0


@pytest.mark.timeout(240)
async def test_one_worker_on_sqlite_survives_kills_as_well() -> None:
    setting = Setting(
        people=100, faults=True, kills=3, plan="bot.simulate.plan:ONE_HOUR", seed=5, start_at=MORNING
    )
    figures = await run(setting)
    assert figures.is_flawless
    assert figures.kills == 3


def test_the_count_notices_what_was_lost_and_what_came_twice() -> None:
    at = MORNING.timestamp()
    sent, withheld = Slot(State.SENT, MORNING), Slot(State.WITHHELD, MORNING, "away")
    dead = Slot(State.DEAD, MORNING, "never_arrived")
    kept = {"once": sent, "twice": sent, "held": withheld, "only-in-our-books": sent, "given-up": dead}
    shown: dict[str, Sequence[float]] = {"once": [at + 3], "twice": [at + 1, at + 9], "nobody-was-due": [at]}
    due = ["once", "twice", "held", "only-in-our-books", "given-up", "forgotten"]
    counts, late = tally(due, shown, kept, Moves())
    assert counts == {"due": 6, "sent": 2, "sent_twice": 2, "withheld": 1, "lost": 3}
    assert late == [1.0, 3.0]


def test_lateness_is_intent_time_wherever_the_clock_stood() -> None:
    moves = Moves()
    moves.add(100.0, 1_000.0)
    moves.add(200.0, 5_000.0)
    assert [moves.intent_s(at) for at in (50.0, 150.0, 250.0)] == [50.0, 1_150.0, 5_250.0]


@pytest.mark.parametrize(("people", "more"), [(0, {}), (5, {"workers": 2})])
def test_a_setting_that_can_not_be_played_is_refused(people: int, more: dict[str, int]) -> None:
    with pytest.raises(ConfigError):
        asyncio.run(simulate(people, 1, False, 0, False, **more))


async def test_the_real_weekly_question_is_played_and_each_person_s_weeks_add_up() -> None:
    text, code = await simulate(40, 3, False, 0, True, seed=3, plan=KINDS["checkins"])
    told = json.loads(text)
    assert code == 0
    assert told["due"] >= 3 * 36
    assert told["sent"] > 0.8 * told["due"]
    assert told["sent"] + told["withheld"] == told["due"]
