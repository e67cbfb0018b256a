"""What the seam promises, on both engines."""

import asyncio
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage.database import Database, Row, Transaction
from bot.storage.errors import ConflictError, DatabaseBusyError, StorageError
from bot.storage.opening import open_database

SAY = "INSERT INTO notes (id, said) VALUES (:id, :said)"


@pytest.fixture
async def notes(database: Database) -> Database:
    await database.write(
        lambda tx: tx.run("CREATE TABLE notes (id BIGINT PRIMARY KEY, said TEXT, score DOUBLE PRECISION)")
    )
    return database


def everything(tx: Transaction) -> list[Row]:
    return tx.all("SELECT id, said FROM notes ORDER BY id")


async def test_a_unit_of_work_that_fails_leaves_nothing(notes: Database) -> None:
    def half(tx: Transaction) -> None:
        tx.run(SAY, id=1, said="kept?")
        raise LookupError("changed my mind")

    with pytest.raises(LookupError, match="changed my mind"):
        await notes.write(half)
    assert await notes.read(everything) == []
    await notes.write(lambda tx: tx.run(SAY, id=1, said="kept"))
    assert await notes.read(everything) == [{"id": 1, "said": "kept"}]


async def test_a_table_made_in_a_failed_unit_of_work_is_gone_too(notes: Database) -> None:
    def half(tx: Transaction) -> None:
        tx.run("CREATE TABLE more (id INTEGER)")
        raise LookupError

    with pytest.raises(LookupError):
        await notes.write(half)
    await notes.write(lambda tx: tx.run("CREATE TABLE more (id INTEGER)"))


async def test_many_writers_at_once_lose_no_count(notes: Database, database_url: str) -> None:
    await notes.write(lambda tx: tx.run(SAY, id=0, said="0"))

    def count_up(tx: Transaction) -> None:
        row = tx.one("SELECT said FROM notes WHERE id = 0")
        assert row
        tx.run("UPDATE notes SET said = :said WHERE id = 0", said=str(int(row["said"]) + 1))

    other = await open_database(database_url)
    await asyncio.gather(*(each.write(count_up) for _ in range(30) for each in (notes, other)))
    await other.close()
    assert await notes.read(everything) == [{"id": 0, "said": "60"}]


async def test_of_many_who_claim_what_looks_free_one_wins(notes: Database, database_url: str) -> None:
    def claim_if_free(tx: Transaction, who: int) -> bool:
        if tx.all("SELECT id FROM notes"):
            return False
        tx.run(SAY, id=who, said="mine")
        return True

    other = await open_database(database_url)
    claims = [(notes, other)[n % 2].write(lambda tx, n=n: claim_if_free(tx, n)) for n in range(20)]
    won = await asyncio.gather(*claims)
    await other.close()
    assert sum(won) == 1
    assert len(await notes.read(everything)) == 1


async def test_a_reader_sees_one_snapshot_while_others_write(notes: Database) -> None:
    began, written = Event(), Event()

    def twice(tx: Transaction) -> tuple[list[Row], list[Row]]:
        before = everything(tx)
        began.set()
        assert written.wait(10)
        return before, everything(tx)

    reading = asyncio.create_task(notes.read(twice))
    await asyncio.to_thread(began.wait, 10)
    await notes.write(lambda tx: tx.run(SAY, id=1, said="meanwhile"))
    written.set()
    before, after = await reading
    assert before == after == []
    assert len(await notes.read(everything)) == 1


async def test_what_returning_gave_back_is_durable(notes: Database, database_url: str) -> None:
    row = await notes.write(lambda tx: tx.one(f"{SAY} RETURNING id, said", id=7, said="x"))
    assert row == {"id": 7, "said": "x"}
    other = await open_database(database_url)
    assert await other.read(everything) == [{"id": 7, "said": "x"}]
    await other.close()


async def test_run_says_how_many_rows_changed(notes: Database) -> None:
    await notes.write(lambda tx: tx.many(SAY, [{"id": n, "said": None} for n in range(5)]))
    assert await notes.write(lambda tx: tx.run("UPDATE notes SET said = 'x' WHERE id > :id", id=2)) == 2
    assert await notes.write(lambda tx: tx.run("DELETE FROM notes WHERE id > :id", id=9)) == 0
    assert await notes.write(lambda tx: tx.run("CREATE TABLE more (id INTEGER)")) == 0


async def test_a_statement_that_returns_no_rows_returns_none(notes: Database) -> None:
    assert await notes.write(lambda tx: tx.one(SAY, id=1, said="x")) is None
    assert await notes.write(lambda tx: tx.all("DELETE FROM notes")) == []
    await notes.write(lambda tx: tx.many(SAY, []))
    assert await notes.read(everything) == []


async def test_a_snapshot_can_not_be_written_to(notes: Database) -> None:
    with pytest.raises(StorageError):
        await notes.read(lambda tx: tx.run(SAY, id=1, said="x"))
    assert await notes.read(everything) == []


HOSTILE = {
    "nul": ("a\x00b", "a\ufffdb"),
    "lone surrogate": ("a\ud83db\udc00", "a\ufffdb\ufffd"),
    "percent": ("100% %s %(x)s %%", "100% %s %(x)s %%"),
    "quotes": ("Robert'); DROP TABLE notes;--", "Robert'); DROP TABLE notes;--"),
    "colon": (":id ::text $1 ? ?1", ":id ::text $1 ? ?1"),
    "emoji and right-to-left": ("👩‍👧 שלום \u202e", "👩‍👧 שלום \u202e"),
    "backslash": ("\\x00 \\' \\", "\\x00 \\' \\"),
    "empty": ("", ""),
    "long": ("é" * 100_000, "é" * 100_000),
}


@pytest.mark.parametrize(("typed", "kept"), HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_come_back_as_they_were_or_harmless(
    notes: Database, typed: str, kept: str
) -> None:
    await notes.write(lambda tx: tx.run(SAY, id=1, said=typed))
    assert await notes.read(everything) == [{"id": 1, "said": kept}]
    assert await notes.read(lambda tx: tx.one("SELECT id FROM notes WHERE said = :said", said=typed)) == {
        "id": 1
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(alphabet=st.characters(exclude_categories=()), max_size=50))
async def test_any_text_is_kept_the_same_on_both_engines(
    sqlite_url: str, postgresql_url: str, typed: str
) -> None:
    kept = []
    for url in (sqlite_url, postgresql_url):
        database = await open_database(url)
        kept.append(
            await database.write(lambda tx: tx.one("SELECT CAST(:typed AS TEXT) AS said", typed=typed))
        )
        await database.close()
    assert kept[0] == kept[1]


class Kind(StrEnum):
    CAUSE = "cause"


async def test_values_come_back_in_the_same_types_from_both_engines(notes: Database) -> None:
    await notes.write(
        lambda tx: tx.run(
            "INSERT INTO notes VALUES (:id, :said, :score)", id=True, said=Kind.CAUSE, score=0.1
        )
    )
    row = await notes.read(
        lambda tx: tx.one(
            "SELECT id, said, score, sum(id) AS total, count(*) AS n, max(id) = 1 AS truth FROM notes "
            "GROUP BY id, said, score"
        )
    )
    assert row == {"id": 1, "said": "cause", "score": 0.1, "total": 1, "n": 1, "truth": 1}
    assert [type(value) for value in row.values()] == [int, str, float, int, int, int]


async def test_a_time_is_refused_as_a_value_since_the_engines_would_write_it_differently(
    notes: Database,
) -> None:
    with pytest.raises(TypeError, match="to_stamp"):
        await notes.write(lambda tx: tx.run(SAY, id=1, said=datetime(2026, 1, 1, tzinfo=UTC)))


async def test_statements_with_percent_signs_strings_and_comments_mean_the_same(notes: Database) -> None:
    await notes.write(lambda tx: tx.many(SAY, [{"id": 1, "said": "50% off :id"}, {"id": 2, "said": "late"}]))
    rows = await notes.read(
        lambda tx: tx.all(
            """
            SELECT id, ':not % a parameter' AS "is:it" -- :nor 100% this
            FROM notes WHERE said LIKE '%\\% off :id%' ESCAPE '\\' AND id = :id /* nor :that % */
            """,
            id=1,
        )
    )
    assert rows == [{"id": 1, "is:it": ":not % a parameter"}]


async def test_a_taken_key_is_a_conflict_and_nothing_of_the_unit_is_kept(notes: Database) -> None:
    def twice(tx: Transaction) -> None:
        tx.run(SAY, id=1, said="first")
        tx.run(SAY, id=1, said="second")

    with pytest.raises(ConflictError):
        await notes.write(twice)
    assert await notes.read(everything) == []


async def test_a_swallowed_failure_still_keeps_nothing(notes: Database) -> None:
    def stubborn(tx: Transaction) -> None:
        tx.run(SAY, id=1, said="first")
        with suppress(ConflictError):
            tx.run(SAY, id=1, said="second")

    with pytest.raises(ConflictError):
        await notes.write(stubborn)
    assert await notes.read(everything) == []


async def test_nothing_more_happens_after_a_failed_statement(notes: Database) -> None:
    def stubborn(tx: Transaction) -> None:
        try:
            tx.run("INSERT INTO no_such_table VALUES (1)")
        except StorageError:
            tx.run(SAY, id=1, said="after")

    with pytest.raises(StorageError, match="nothing more can happen"):
        await notes.write(stubborn)
    assert await notes.read(everything) == []


async def test_a_transaction_is_of_no_use_outside_its_unit_of_work(notes: Database) -> None:
    escaped = await notes.write(lambda tx: tx)
    with pytest.raises(StorageError, match="over"):
        escaped.run(SAY, id=1, said="late")


async def test_an_error_never_quotes_what_was_stored_or_typed(notes: Database) -> None:
    secret = "Mrs Robinson's card 4111"
    await notes.write(lambda tx: tx.run("CREATE TABLE words (said TEXT PRIMARY KEY)"))

    def twice(tx: Transaction) -> None:
        for _ in range(2):
            tx.run("INSERT INTO words (said) VALUES (:said)", said=secret)

    def wrong_kind(tx: Transaction) -> None:
        tx.run("UPDATE notes SET id = CAST(:said AS BIGINT) / 0 + abs(:said)", said=secret)
        raise ConflictError("SQLite takes it for a number")

    for work in (twice, wrong_kind):
        with pytest.raises(StorageError) as caught:
            await notes.write(work)
        assert "Robinson" not in "".join(traceback.format_exception(caught.value))


async def test_an_error_in_the_statement_says_which_and_why(notes: Database) -> None:
    with pytest.raises(StorageError, match=r"no_such_column.*SELECT no_such_column FROM notes"):
        await notes.read(lambda tx: tx.one("SELECT no_such_column FROM notes"))


async def test_whoever_waits_too_long_for_another_program_is_told_kindly(
    notes: Database, database_url: str
) -> None:
    await notes.write(lambda tx: tx.run(SAY, id=1, said="x"))
    other = await open_database(database_url)
    began, over = Event(), Event()

    def hold(tx: Transaction) -> None:
        tx.run("UPDATE notes SET said = 'held' WHERE id = 1")
        began.set()
        assert over.wait(10)

    holding = asyncio.create_task(other.write(hold))
    await asyncio.to_thread(began.wait, 10)
    started = asyncio.get_running_loop().time()
    with pytest.raises(DatabaseBusyError, match="try again in a moment"):
        await notes.write(lambda tx: tx.run("UPDATE notes SET said = 'y' WHERE id = 1"))
    assert asyncio.get_running_loop().time() - started < 2
    over.set()
    await holding
    await other.close()
    await notes.write(lambda tx: tx.run("UPDATE notes SET said = 'y' WHERE id = 1"))
    assert await notes.read(everything) == [{"id": 1, "said": "y"}]


async def test_a_caller_who_gives_up_leaves_the_work_whole(notes: Database, database_url: str) -> None:
    began, over = Event(), Event()

    def slow(tx: Transaction) -> None:
        tx.run(SAY, id=1, said="left")
        began.set()
        assert over.wait(10)
        tx.run(SAY, id=2, said="right")

    task = asyncio.create_task(notes.write(slow))
    await asyncio.to_thread(began.wait, 10)
    task.cancel()
    over.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await notes.close()  # waits for what has begun
    again = await open_database(database_url)
    assert len(await again.read(everything)) == 2
    await again.close()


async def test_closing_lets_begun_work_finish_and_refuses_the_next(
    notes: Database, database_url: str
) -> None:
    writing = [
        asyncio.create_task(notes.write(lambda tx, n=n: tx.run(SAY, id=n, said="x"))) for n in range(5)
    ]
    await asyncio.sleep(0)
    await notes.close()
    await asyncio.gather(*writing)
    with pytest.raises(StorageError, match="closed"):
        await notes.write(everything)
    with pytest.raises(StorageError, match="closed"):
        await notes.read(everything)
    await notes.close()
    again = await open_database(database_url)
    assert len(await again.read(everything)) == 5
    await again.close()


async def test_the_transaction_says_its_engine(database: Database, database_url: str) -> None:
    assert database_url.startswith(database.engine)
    assert await database.read(lambda tx: tx.engine) == database.engine
