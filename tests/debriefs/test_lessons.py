"""Lessons on cards: found without asking the database for what isn't there, gone when they are gone."""

import datetime as dt

import pytest

from bot.debriefs import rooms, topics
from bot.debriefs.model import Closing, Room
from bot.debriefs.topics import KNOWN_FOR, Topics
from bot.safeguards.visibility import Audience
from tests.debriefs.floor import ANA, BEN, CHANNEL, IN_CHANNEL, Floor, StoppedClock, W

LESSON = "Say the trace number first"


class Watched:
    """A database that counts how often it is read, and lets something happen before what it read is known."""

    def __init__(self, database) -> None:
        self._database = database
        self.reads = 0
        self.meanwhile = None

    async def read(self, fn):
        self.reads += 1
        found = await self._database.read(fn)
        if (happen := self.meanwhile) is not None:
            self.meanwhile = None
            await happen()
        return found

    def __getattr__(self, name):
        return getattr(self._database, name)


@pytest.fixture
def watched(database):
    return Watched(database)


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
async def here(floor, watched, clock):
    """The replica that Ben's cards come from; `floor` is there to lay the people out."""
    return Floor(watched, clock=clock)


@pytest.fixture
async def there(floor, database, clock):
    """The replica that Ana's clicks go to."""
    return Floor(database, clock=clock)


async def keep_lesson(floor, *, audience=Audience.CHANNEL) -> str:
    entry_id = await floor.log(ANA)
    await floor.talking.begin(ANA, entry_id, CHANNEL, frozenset())
    await floor.talking.close(ANA, entry_id, Closing("done", lesson=LESSON, lesson_audience=audience))
    return entry_id


async def test_cards_without_a_lesson_ask_the_database_once_a_minute(here, watched, clock):
    for member in (ANA, BEN) * 10:
        assert await here.service.lesson_for("refund_problem", member) == ""
        assert await here.service.lesson_for("policy_no", member) == ""
    assert watched.reads == 1
    clock.time += KNOWN_FOR
    await here.service.lesson_for("refund_problem", BEN)
    assert watched.reads == 2


async def test_a_lesson_of_one_situation_costs_the_cards_of_another_nothing(here, watched):
    await keep_lesson(here)
    await here.service.lesson_for("policy_no", BEN)
    before = watched.reads
    await here.service.lesson_for("policy_no", BEN)
    assert watched.reads == before


async def test_a_lesson_kept_here_is_on_the_next_card(here):
    assert await here.service.lesson_for("refund_problem", BEN) == ""
    await keep_lesson(here)
    assert await here.service.lesson_for("refund_problem", BEN) == LESSON


async def test_a_lesson_for_another_situation_is_on_the_next_card_of_that_one(here):
    assert await here.service.lesson_for("long_wait", BEN) == ""
    entry_id = await here.log(ANA)
    await here.talking.begin(ANA, entry_id, CHANNEL, frozenset())
    await here.talking.close(ANA, entry_id, Closing("done", lesson=LESSON, lesson_about="long_wait"))
    assert await here.service.lesson_for("long_wait", BEN) == LESSON
    assert await here.service.lesson_for("refund_problem", BEN) == ""


async def test_a_lesson_kept_while_a_card_looked_for_one_is_on_the_next_card(here, watched):
    watched.meanwhile = lambda: keep_lesson(here)
    await here.service.lesson_for("refund_problem", BEN)
    assert await here.service.lesson_for("refund_problem", BEN) == LESSON


async def test_a_lesson_kept_by_another_replica_shows_within_a_minute(here, there, clock):
    assert await here.service.lesson_for("refund_problem", BEN) == ""
    await keep_lesson(there)
    clock.time += KNOWN_FOR
    assert await here.service.lesson_for("refund_problem", BEN) == LESSON


async def test_a_lesson_deleted_by_another_replica_is_gone_from_the_next_card(here, there):
    entry_id = await keep_lesson(there)
    assert await here.service.lesson_for("refund_problem", BEN) == LESSON
    await there.service.delete(ANA, entry_id)
    assert await here.service.lesson_for("refund_problem", BEN) == ""


async def test_who_leaves_the_channel_loses_its_lessons_with_the_next_card(here, there):
    await keep_lesson(there)
    assert await here.service.lesson_for("refund_problem", BEN) == LESSON
    await there.service.followed(BEN, CHANNEL, joined=False)
    assert await here.service.lesson_for("refund_problem", BEN) == ""


async def test_a_channel_that_takes_in_guests_loses_its_lessons_with_the_next_card(here, there, clock):
    await keep_lesson(there)
    assert await here.service.lesson_for("refund_problem", BEN) == LESSON
    now = clock.now() + dt.timedelta(seconds=1)
    mixed = Room(CHANNEL, "looking-back", trouble="guests", people=IN_CHANNEL)
    await there.database.write(lambda tx: rooms.save(tx, W, mixed, now))
    assert await here.service.lesson_for("refund_problem", BEN) == ""


async def test_a_lesson_only_its_author_may_see_is_on_no_other_card(here):
    await keep_lesson(here, audience=Audience.ONLY_ME)
    assert await here.service.lesson_for("refund_problem", ANA) == LESSON
    assert await here.service.lesson_for("refund_problem", BEN) == ""


async def test_of_many_workspaces_those_longest_unread_are_forgotten(watched, clock, monkeypatch):
    monkeypatch.setattr(topics, "WORKSPACES_KNOWN_MOST", 3)
    known = Topics(watched, clock)
    for workspace in ("T1", "T2", "T3", "T4"):
        assert not await known.has(workspace, "refund_problem")
    reads = watched.reads
    for workspace in ("T2", "T3", "T4"):
        await known.has(workspace, "refund_problem")
    assert watched.reads == reads
    await known.has("T1", "refund_problem")
    assert watched.reads == reads + 1
