"""One running bot per SQLite file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.errors import StorageError
from bot.storage.lock import only_runner

HOLD = """
import sys
from bot.storage.lock import only_runner
with only_runner(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_runner_is_told_who_and_why_and_what_to_do(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'steady.db'}"
    told = pytest.raises(StorageError, match=rf"process {os.getpid()}.*both send.*postgresql://")
    with only_runner(url), told, only_runner(url):
        pass
    with only_runner(url):
        pass


def test_another_name_for_the_same_file_is_the_same_file(tmp_path: Path) -> None:
    file, link = tmp_path / "steady.db", tmp_path / "link.db"
    file.touch()
    link.symlink_to(file)
    told = pytest.raises(StorageError, match="already running")
    with only_runner(f"sqlite:///{file}"), told, only_runner(f"sqlite:///{link}"):
        pass


def test_a_killed_runner_holds_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'steady.db'}"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StorageError, match=f"process {other.pid}"), only_runner(url):
            pass
        other.kill()
        other.wait()
    with only_runner(url):
        pass


def test_the_lock_is_its_owners_alone(tmp_path: Path) -> None:
    with only_runner(f"sqlite:///{tmp_path / 'steady.db'}"):
        assert (tmp_path / "steady.db.lock").stat().st_mode & 0o777 == 0o600


def test_several_may_run_on_postgresql() -> None:
    with only_runner("postgresql://localhost/steady"), only_runner("postgresql://localhost/steady"):
        pass
