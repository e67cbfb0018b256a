"""Kills a process that logs, and looks at what it left behind: shared by the tests and the benchmark."""

import random
import subprocess
import sys
import time
from pathlib import Path

ACTOR = Path(__file__).with_name("actor.py")
ROOT = Path(__file__).parents[2]


def kill_one(url: str, seed: int, dice: random.Random) -> tuple[set[str], set[str]]:
    """Start a process, kill it at a random moment; gives the entries and debriefs it acknowledged."""
    command = [sys.executable, str(ACTOR), url, str(seed)]
    environ = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        first = process.stdout.readline()
        time.sleep(dice.uniform(0.02, 0.3))  # the moment of the kill, not a wait for an effect
        process.kill()
        told = (first + process.stdout.read()).splitlines()
    # The last line may be cut by the kill.
    said = [line.split(" ") for line in told if len(line.split(" ")) == 2]
    whole = [(kind, id_) for kind, id_ in said if len(id_) == 32]
    return {id_ for kind, id_ in whole if kind == "entry"}, {id_ for kind, id_ in whole if kind == "debrief"}


def faults(tx, entries: set[str], debriefs: set[str]) -> list[str]:
    """What is missing or half there."""
    kept = {row["entry_id"] for row in tx.all("SELECT entry_id FROM entries")}
    talks = {row["debrief_id"] for row in tx.all("SELECT debrief_id FROM debriefs")}
    roots = {row["job_key"] for row in tx.all("SELECT job_key FROM jobs WHERE kind = 'debriefs.root'")}
    table = "debrief_search_rows" if tx.engine == "sqlite" else "debrief_search"
    found = {row["thing_id"] for row in tx.all(f"SELECT thing_id FROM {table}")}
    counted = tx.one("SELECT sum(contacts) AS n FROM cause_counts WHERE what = 'about'")["n"]
    wrong = [f"missing entry {it}" for it in entries - kept]
    wrong += [f"missing debrief {it}" for it in debriefs - talks]
    wrong += [f"entry without its words in the index {it}" for it in kept ^ found]
    wrong += [f"debrief without its message {it}" for it in talks ^ roots]
    wrong += [f"counted {counted} of {len(kept)}"] if counted != len(kept) else []
    return wrong
