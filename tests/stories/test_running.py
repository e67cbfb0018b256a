"""Starting, refusing to start, and stopping, as whoever runs the bot sees it."""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
import yaml

from bot.doctor import behind_by
from bot.safeguards.sealing import new_key
from bot.shipped import shipped
from tests.driver import Driver, start_sandbox

SLACK = ("SLACK_", "STEADY_")


@pytest.fixture
async def sandbox():
    manifest = yaml.safe_load(shipped("manifest.yml").read_text("utf-8"))
    async with start_sandbox(manifest, retry_after_s=(0.0, 0.0, 0.0)) as running:
        yield running


@pytest.fixture
def settings(sandbox, tmp_path):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(SLACK)}
    return clean | {
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "STEADY_DATABASE_URL": f"sqlite:///{tmp_path / 'steady.db'}",
    }


async def steady(settings, *arguments):
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env=settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def said(process):
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, out.decode(), err.decode()


async def ready(process):
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    assert b"Steady is ready" in line, line


async def stop(process):
    process.send_signal(signal.SIGTERM)
    code, _, err = await said(process)
    return code, err


@pytest.mark.parametrize(
    ("change", "arguments", "complaint"),
    [
        ({"SLACK_APP_TOKEN": "xapp-1-WRONG"}, ["run"], "SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, ["run"], "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": ""}, ["run"], "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_APP_TOKEN": ""}, ["run"], "steady run --http"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, ["run"], "should start with xoxb-"),
        ({"SLACK_API_URL": "http://example.com/api/"}, ["run"], "must be https"),
        ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, ["run"], "could not be reached"),
        ({"STEADY_DATABASE_URL": "mysql://x"}, ["run"], "STEADY_DATABASE_URL"),
        ({"STEADY_PLAYBOOKS": "/nowhere/at/all"}, ["run"], "STEADY_PLAYBOOKS"),
        ({}, ["run", "--http", "0"], "SLACK_SIGNING_SECRET is not set"),
        ({}, ["sandbox", "--no-open"], "looks like a real installation"),
    ],
)
async def test_what_is_wrong_is_said_at_once_with_its_mend(settings, change, arguments, complaint):
    code, _, err = await said(await steady(settings | change, *arguments))
    assert code == 1
    assert complaint in err
    assert "Traceback" not in err
    assert settings["SLACK_BOT_TOKEN"] not in err


async def test_a_second_bot_on_one_sqlite_file_says_why_it_will_not_start(settings):
    first = await steady(settings, "run")
    await ready(first)
    code, _, err = await said(await steady(settings, "run"))
    assert code == 1
    assert "already running" in err
    assert (await stop(first))[0] == 0


@pytest.fixture
async def taken_out(sandbox, settings):
    """The workspace once the app was taken out while the bot, which had run before, was off."""
    process = await steady(settings, "run")
    await ready(process)
    await stop(process)
    async with Driver(sandbox.url) as workspace:
        await workspace.admin("uninstall")
        yield workspace


async def test_a_bot_that_was_off_when_the_app_was_taken_out_still_deletes_what_it_keeps(
    sandbox, settings, taken_out, tmp_path
):
    settings |= {"STEADY_CLOCK_URL": f"{sandbox.url}/sandbox/clock"}
    process = await steady(settings, "run")
    heard = await _hears(process, "account_inactive")
    _, advice, _ = await said(await steady(settings, "doctor"))
    assert "leave steady run running" in advice
    assert "is deleted at" in heard
    assert _rows(tmp_path / "steady.db") > 0
    await taken_out.pass_time(11 * 86_400)
    code, _, err = await said(process)
    assert code == 1
    assert "What Steady kept of the workspace is deleted" in err
    assert _rows(tmp_path / "steady.db") == 0
    code, _, err = await said(await steady(settings, "run"))
    assert code == 1
    assert "SLACK_BOT_TOKEN (account_inactive)" in err


@pytest.mark.usefixtures("taken_out")
async def test_a_bot_that_waits_to_delete_what_it_keeps_ends_when_asked(settings):
    process = await steady(settings, "run")
    await _hears(process, "is deleted at")
    assert (await stop(process))[0] == 0


@pytest.mark.usefixtures("taken_out")
async def test_over_http_it_is_seen_to_live_while_it_waits_to_delete_and_takes_no_work(settings):
    settings |= {"SLACK_SIGNING_SECRET": "a-signing-secret"}
    port = _free_port()
    process = await steady(settings, "run", "--http", str(port))
    await _hears(process, "is deleted at")
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        answers = [
            (await session.get("/healthz")).status,
            (await session.get("/readyz")).status,
            (await session.post("/slack/events")).status,
        ]
    assert answers == [200, 503, 503]
    assert (await stop(process))[0] == 0


def _free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


async def _hears(process, words):
    """The first line on standard error with these words."""
    async with asyncio.timeout(30):
        while line := (await process.stderr.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"it ended without saying {words!r}")


def _rows(file):
    """How many rows of any workspace the schedule keeps."""
    with closing(sqlite3.connect(file)) as db:
        return db.execute(
            "SELECT (SELECT count(*) FROM jobs) + count(*) FROM scheduled_workspaces"
        ).fetchone()[0]


async def test_it_answers_what_it_has_begun_before_it_ends(sandbox, settings):
    process = await steady(settings, "run")
    await ready(process)
    async with Driver(sandbox.url) as workspace:
        ana = workspace.person("ana")
        await ana.slash("/deescalate late refund")
        card = await ana.sees_ephemeral("Late refund")
        await workspace.fault("slow", method="views.open", for_s=1)
        await card.click("I may offer")
        code, err = await stop(process)
        await ana.sees_modal("What we usually give")
    assert code == 0
    assert "Traceback" not in err


async def test_ending_the_sandbox_ends_the_bot_beside_it(settings):
    alone = {k: v for k, v in settings.items() if not k.startswith(SLACK)}
    process = await steady(alone, "sandbox", "--no-open")
    await _address(process)
    bots = [int(p) for p in _children(process.pid)]
    assert bots
    code, err = await stop(process)
    assert code == 0, err
    assert not [pid for pid in bots if _is_alive(pid)]


async def test_a_bot_that_crashes_is_started_again_while_the_page_stays_and_says_so(settings):
    alone = {k: v for k, v in settings.items() if not k.startswith(SLACK)}
    process = await steady(alone, "sandbox", "--no-open")
    async with Driver(await _address(process)) as workspace:
        ana = workspace.person("ana")
        await _log_something(ana)
        [bot] = _children(process.pid)
        os.kill(int(bot), signal.SIGKILL)
        await _is_connected(ana, False)
        await _is_connected(ana, True)
        assert _children(process.pid) != [bot]
        await ana.slash("/debrief list")
        await ana.sees_modal("Refund missing, late or refused")
    code, err = await stop(process)
    assert code == 0, err


async def _log_something(person):
    await person.slash("/debrief late refund")
    form = await person.sees_modal("How hard was it on you?")
    await form.choose("How hard was it on you?", "Hard")
    await form.submit()
    await (await person.sees_modal("Kept. Thank you")).close()


async def _is_connected(person, wanted):
    """Wait until the page shows the app so."""
    seen = await person.look()
    async with asyncio.timeout(30):
        while seen["app"]["connected"] is not wanted:
            seen = await person.workspace.look(person.handle, after=seen["sequence"], wait=1)


async def _address(process):
    """Where the page is, once it says that it is ready."""
    ready_line = b"Sandbox ready: "
    async with asyncio.timeout(40):
        while not (line := await process.stdout.readline()).startswith(ready_line + b"http://127.0.0.1:"):
            assert line, "the sandbox ended"
    return line.removeprefix(ready_line).decode().strip()


def _children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_doctor_finds_a_well_set_up_bot_well(settings):
    code, out, _ = await said(await steady(settings, "doctor"))
    assert code == 0, out
    assert out.count("ok  ") == 5
    assert "note keys: STEADY_KEYS is not set" in out


async def test_the_doctor_changes_nothing_in_the_database_it_looks_at(settings, tmp_path):
    file = tmp_path / "steady.db"
    _, out, _ = await said(await steady(settings, "doctor"))
    assert "database: sqlite, not there yet" in out
    assert not file.exists()
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE older (id INTEGER)")
    _, out, _ = await said(await steady(settings, "doctor"))
    assert "note database: sqlite, reachable, behind by" in out
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("older",)]


def test_the_doctor_counts_migrations():
    assert [behind_by(count) for count in (1, 2)] == ["behind by 1 migration", "behind by 2 migrations"]


async def test_the_doctor_is_content_with_a_key(settings):
    code, out, _ = await said(await steady(settings | {"STEADY_KEYS": new_key()}, "doctor"))
    assert code == 0, out
    assert "ok   keys: " in out
    assert "note keys" not in out


async def test_the_doctor_names_every_ill_with_its_mend(settings):
    ill = settings | {"SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_APP_TOKEN": "xapp-wrong"}
    code, out, _ = await said(await steady(ill, "doctor"))
    assert code == 1
    assert out.count("FAIL") == 2
    assert "invalid_auth" in out
