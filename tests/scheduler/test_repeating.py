"""When an errand comes round again."""

from datetime import timedelta

from bot.scheduler.model import Job
from bot.scheduler.repeating import Repeating
from bot.storage.database import Database
from bot.storage.stamps import to_stamp
from tests.scheduler.conftest import MONDAY, Hands


async def test_one_that_fails_after_it_asked_to_go_on_soon_comes_back_at_its_usual_time(
    database: Database,
) -> None:
    answers: list[timedelta | Exception] = [timedelta(minutes=1), OSError()]

    async def work(_: str) -> timedelta | None:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    errand = Repeating("nightly.sweep", timedelta(days=1), work, Hands())
    job = Job("T1", errand.kind, "1", "T1", MONDAY, MONDAY + timedelta(days=2))
    for _ in range(2):
        try:
            await errand.run(job)
        except OSError:
            await database.write(lambda tx: errand.on_withheld(tx, job, "failed"))
        else:
            await database.write(lambda tx: errand.on_done(tx, job))
    due = await database.read(lambda tx: tx.all("SELECT due_at FROM jobs ORDER BY due_at"))
    assert [row["due_at"] for row in due] == [
        to_stamp(MONDAY + timedelta(minutes=1)),
        to_stamp(MONDAY + timedelta(days=1)),
    ]
