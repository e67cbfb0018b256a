"""Processes of their own: python actors.py ROLE URL …; each number a writer prints is a promise."""

import asyncio
import json
import sys
import time

from bot.errors import BusyError
from bot.storage.database import Database, Transaction
from bot.storage.opening import open_database

PAIRS = """
CREATE TABLE pairs (writer TEXT, number INTEGER, side TEXT, body TEXT, PRIMARY KEY (writer, number, side))
"""
PAIR = "INSERT INTO pairs (writer, number, side, body) VALUES (:writer, :number, :side, :body)"


def write_pair(tx: Transaction, writer: str, number: int) -> None:
    """Two rows that belong together."""
    tx.run(PAIR, writer=writer, number=number, side="left", body="x" * 100)
    tx.run(PAIR, writer=writer, number=number, side="right", body="x" * 100)


def counts(tx: Transaction) -> dict[str, int]:
    """Left and right sides counted by two statements; unequal in one snapshot means half a unit was seen."""
    sides = ("left", "right")
    rows = [tx.one("SELECT count(*) AS n FROM pairs WHERE side = :side", side=side) for side in sides]
    return {side: row["n"] for side, row in zip(sides, rows, strict=True) if row}


async def write(database: Database, writer: str, how_many: int) -> None:
    """Write pairs one after another; print each number once it is acknowledged."""
    print("ready", flush=True)
    sys.stdin.readline()
    took, busy = [], 0
    for number in range(how_many):
        began = time.perf_counter()
        while True:
            try:
                await database.write(lambda tx, number=number: write_pair(tx, writer, number))
                break
            except BusyError:
                busy += 1
        took.append(time.perf_counter() - began)
        print(number, flush=True)
    print(json.dumps({"busy": busy, "took": took}), flush=True)


async def main(role: str, url: str, *rest: str) -> None:
    """Open the database, which migrates it, and play the role."""
    if role == "migrate":
        print("ready", flush=True)
        sys.stdin.readline()
    database = await open_database(url)
    if role == "write":
        await write(database, rest[0], int(rest[1]))
    await database.close()
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
