"""What is kept of an answer, who can open it, and when it goes; on both engines."""

import dataclasses
import datetime as dt
import json
import logging

from bot.checkins import views
from bot.checkins.holding import CheckinsHolding
from bot.checkins.model import Tick, Word
from bot.checkins.nudging import REPEATED_AFTER
from bot.checkins.service import CheckinService
from bot.safeguards.sealing import KeyedSeals, Unsealed, new_key
from tests.checkins.conftest import ANA, BEN, MONDAY, W

NOTE = "Zweibrücken queue, three shouters"
NINETY_DAYS = dt.timedelta(days=90)


def holding(floor):
    return CheckinsHolding(floor.seals, lambda tx, workspace: NINETY_DAYS)


async def rows(floor, table="checkin_answers"):
    return await floor.database.read(lambda tx: tx.all(f"SELECT * FROM {table}"))


def with_seals(floor, seals):
    return CheckinService(dataclasses.replace(floor.service._means, seals=seals))


async def test_an_answer_is_kept_with_ticks_and_note_and_its_giver_reads_it_back(floor):
    after, _ = await floor.answer(ANA, Word.TOO_MUCH, NOTE)
    await floor.service.tick(ANA, after.week, (Tick.COVER, Tick.CAUSE))
    (kept,) = await floor.service.trend(ANA)
    assert (kept.week, kept.answer.word, kept.answer.note) == ("2026-W48", Word.TOO_MUCH, NOTE)
    assert kept.answer.ticks == (Tick.COVER, Tick.CAUSE)
    assert await floor.service.trend(BEN) == []


async def test_a_second_answer_in_a_week_takes_the_place_of_the_first_and_keeps_its_ticks(floor):
    after, _ = await floor.answer(ANA, Word.LIGHT)
    await floor.service.tick(ANA, after.week, (Tick.TALK,))
    again, _ = await floor.answer(ANA, Word.HEAVY)
    assert again.ticks == (Tick.TALK,)
    assert again.nudge == after.nudge
    (kept,) = await floor.service.trend(ANA)
    assert kept.answer.word is Word.HEAVY


async def test_rows_show_no_word_tick_or_note_and_all_five_words_look_alike(floor):
    for number, word in enumerate(Word):
        after, _ = await floor.answer(ANA, word, week=f"2026-W{40 + number}")
        await floor.service.tick(ANA, after.week, (Tick.COVER,))
    await floor.answer(ANA, Word.HEAVY, NOTE)
    kept = await rows(floor)
    said = json.dumps(kept)
    for words in (*Word, *Tick, "Zweibr", "shouters", "note"):
        assert f'"{words}"' not in said
        assert f"{words} " not in said
    assert len({len(row["sealed"]) for row in kept if row["week"] != "2026-W48"}) == 1


async def test_a_row_copied_to_a_colleague_does_not_open_there(floor):
    await floor.answer(ANA, Word.TOO_MUCH)
    await floor.database.write(
        lambda tx: tx.run(
            "UPDATE checkin_answers SET member_id = :ben WHERE member_id = :ana", ben=BEN.id, ana=ANA.id
        )
    )
    (kept,) = await floor.service.trend(BEN)
    assert kept.answer is None


async def test_without_the_key_the_trend_says_so_and_can_still_be_deleted(floor):
    await floor.answer(ANA, Word.TOO_MUCH)
    other = with_seals(floor, KeyedSeals.from_keys([new_key()]))
    (kept,) = await other.trend(ANA)
    assert kept.answer is None
    assert "no longer set" in str(views.trend_view([kept]))
    assert await other.delete(ANA, kept.week) == []


async def test_after_the_nightly_errand_an_old_key_can_be_retired(floor):
    old, new = new_key(), new_key()
    before = with_seals(floor, KeyedSeals.from_keys([old]))
    for number in range(40, 46):
        await before.answer(ANA, f"2026-W{number}", Word.HEAVY, NOTE)
    await with_seals(floor, Unsealed()).answer(BEN, "2026-W40", Word.LIGHT, "")
    await with_seals(floor, KeyedSeals.from_keys([new, old])).reseal(W)
    after = with_seals(floor, KeyedSeals.from_keys([new]))
    assert [kept.answer.note for kept in await after.trend(ANA)] == [NOTE] * 6
    assert [kept.answer.word for kept in await after.trend(BEN)] == [Word.LIGHT]
    assert not any(row["sealed"].startswith("unsealed") for row in await rows(floor))


async def test_one_answer_or_all_can_be_deleted(floor):
    for week in ("2026-W45", "2026-W46", "2026-W47"):
        await floor.answer(ANA, week=week)
    await floor.answer(BEN)
    left = await floor.service.delete(ANA, "2026-W46")
    assert [kept.week for kept in left] == ["2026-W47", "2026-W45"]
    assert await floor.service.delete_all(ANA) == 2
    assert await floor.service.trend(ANA) == []
    assert len(await floor.service.trend(BEN)) == 1


async def test_personal_data_in_a_note_is_masked_before_it_is_sealed(floor):
    await floor.answer(ANA, note="She said write to jane.doe@example.com or 4111 1111 1111 1111")
    (kept,) = await floor.service.trend(ANA)
    assert "jane.doe" not in kept.answer.note
    assert "4111" not in kept.answer.note


async def test_words_of_danger_bring_help_first_and_leave_no_trace_anywhere(floor, caplog):
    caplog.set_level(logging.DEBUG)
    plain, _ = await floor.answer(ANA, Word.HEAVY, "a long queue again", week="2026-W47")
    dark, _ = await floor.answer(ANA, Word.HEAVY, "I want to die", week="2026-W46")
    assert (plain.help_first, dark.help_first) == (False, True)
    lengths = {len(row["sealed"]) for row in await rows(floor)}
    assert len(lengths) == 1
    assert floor.notebook.came == []
    assert await rows(floor, "jobs") == []
    assert "die" not in caplog.text

    help_blocks = [views.b.header("Help for you: US")]
    assert views.has_help_first(views.after_view(dark, help_blocks)["blocks"])
    assert not views.has_help_first(views.after_view(plain, help_blocks)["blocks"])


async def test_the_same_screen_follows_every_answer(floor):
    screens = set()
    for word in Word:
        after, _ = await floor.answer(ANA, word, week="2026-W47")
        screens.add(json.dumps(views.after_view(after, [])))
    assert len(screens) == 1


async def test_the_export_opens_one_s_own_answers_and_nothing_of_others(floor):
    await floor.join(ANA)
    after, _ = await floor.answer(ANA, Word.VERY_HEAVY, NOTE)
    await floor.service.tick(ANA, after.week, (Tick.RULES,))
    await floor.answer(BEN, Word.TOO_MUCH, "Ben's own")
    told = await floor.database.read(lambda tx: holding(floor).export(tx, ANA))
    (answer,) = told["check-in answers"]
    assert answer == {
        "week": "2026-W48",
        "answer": "very heavy",
        "what would help": "Clearer rules on what I may offer",
        "note": NOTE,
    }
    assert told["weekly question"][0]["weekday"] == 2
    assert len(told["nudges"]) == 1
    assert "Ben" not in json.dumps([dict(it) for part in told.values() for it in part])


async def test_erasing_takes_everything_of_one_and_nothing_of_others(floor):
    for member in (ANA, BEN):
        await floor.join(member)
        await floor.answer(member, note=NOTE)
    await floor.database.write(lambda tx: holding(floor).erase(tx, ANA))
    for table in ("checkin_plans", "checkin_answers", "checkin_nudges"):
        assert [row["member_id"] for row in await rows(floor, table)] == [BEN.id]
    await floor.database.write(lambda tx: holding(floor).erase_workspace(tx, W))
    for table in ("checkin_plans", "checkin_answers", "checkin_nudges"):
        assert await rows(floor, table) == []


async def test_no_answer_outlives_ninety_days_and_none_goes_more_than_a_week_before(floor):
    for days in range(0, 120, 7):
        at = MONDAY - dt.timedelta(days=days)
        year, week, _ = at.isocalendar()
        await floor.answer(ANA, week=f"{year}-W{week:02}")
    removed = await floor.database.write(lambda tx: holding(floor).purge(tx, W, MONDAY))
    left = [kept.week for kept in await floor.service.trend(ANA)]
    assert removed["check-in answers"] == 18 - len(left)
    oldest = dt.date.fromisocalendar(int(left[-1][:4]), int(left[-1][6:]), 1)
    assert NINETY_DAYS - dt.timedelta(days=13) < MONDAY.date() - oldest < NINETY_DAYS


async def test_nudges_seen_long_ago_are_forgotten_and_unwanted_ones_are_not(floor):
    old, _ = await floor.answer(ANA, week="2026-W20")
    await floor.service.not_helpful(ANA, "2026-W20", old.nudge.id)
    other, _ = await floor.answer(ANA, week="2026-W21")
    assert other.nudge.id != old.nudge.id
    now = dt.datetime(2026, 5, 22, tzinfo=dt.UTC) + REPEATED_AFTER + dt.timedelta(weeks=2)
    await floor.database.write(lambda tx: holding(floor).purge(tx, W, now))
    assert [row["nudge_id"] for row in await rows(floor, "checkin_nudges")] == [old.nudge.id]


async def test_a_nudge_found_not_helpful_gives_way_to_another_and_never_comes_back(floor):
    seen = set()
    after, _ = await floor.answer(ANA)
    nudge = after.nudge
    while nudge:
        assert nudge.id not in seen
        seen.add(nudge.id)
        nudge = await floor.service.not_helpful(ANA, after.week, nudge.id)
    assert len(seen) >= 30
    assert seen <= set(floor.service._means.library().nudges)
