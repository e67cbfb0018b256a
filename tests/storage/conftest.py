"""Processes of their own, started and always ended."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ACTORS = Path(__file__).with_name("actors.py")

Actor = subprocess.Popen[str]


@pytest.fixture
def actor() -> Iterator[Callable[..., Actor]]:
    """Start one of the roles of actors.py and wait until it is ready; `go` sets it off."""
    started: list[Actor] = []

    def start(*args: str) -> Actor:
        process = subprocess.Popen(
            [sys.executable, str(ACTORS), *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def go(process: Actor) -> None:
    """Let an actor that waits begin."""
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()
