"""The same debrief by two bot processes on one PostgreSQL, while Slack delivers twice and out of order."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise

import pytest
import yaml

from bot.shipped import shipped
from bot.storage.opening import open_database
from tests.driver import Driver, start_sandbox

READY_WITHIN_S = 40


@asynccontextmanager
async def bot(sandbox, database_url):
    """One replica."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "STEADY_"))}
    environ = clean | {
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "STEADY_DATABASE_URL": database_url,
        "STEADY_CLOCK_URL": f"{sandbox.url}/sandbox/clock",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=environ, stdout=asyncio.subprocess.PIPE
    )
    try:
        line = await asyncio.wait_for(process.stdout.readline(), READY_WITHIN_S)
        assert b"ready" in line, line
        yield process
    finally:
        process.terminate()
        await process.communicate()


@pytest.fixture
async def workspace(postgresql_url):
    manifest = yaml.safe_load(shipped("manifest.yml").read_text("utf-8"))
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(start_sandbox(manifest, retry_after_s=(0.0, 0.0, 0.0)))
        for _ in range(2):
            await stack.enter_async_context(bot(sandbox, postgresql_url))
        yield await stack.enter_async_context(Driver(sandbox.url))


async def rows(url, statement):
    database = await open_database(url)
    try:
        return await database.read(lambda tx: tx.all(statement))
    finally:
        await database.close()


@pytest.mark.timeout(180)
async def test_nothing_is_kept_or_asked_twice(workspace, postgresql_url):
    ana, ben = workspace.person("ana").at("#debriefs"), workspace.person("ben").at("#debriefs")
    await ana.act("invite", **{"in": "#debriefs"}, who="app")
    await workspace.fault("duplicate", times=None)
    await workspace.fault("reorder", times=6, what="event")

    await ana.slash("/debrief")
    form = await ana.sees_modal("How hard was it on you?")
    await form.choose("What was it about?", "refund_problem")
    await form.choose("How hard was it on you?", "Hard")
    await form.submit()
    kept = await ana.sees_modal("Kept. Thank you")
    await kept.click("Talk it through")
    start = await ana.sees_modal("Alone, in my messages")
    await start.choose("Where?", "With colleagues, in a channel")
    start = await start.becomes("Choose a channel")
    await start.choose("Choose a channel", "#debriefs")
    start = await start.becomes("#debriefs is public")
    await start.submit()
    await ana.sees_modal("Your debrief opens now")
    await (await ana.sees_modal()).close(everything=True)

    root = await ben.sees_message("would like to talk through")
    asked = ["What happened, in", "What helped, even", "What would spare", "How are you now", "Close it when"]
    await ben.sees_message(asked[0])
    for word in ("first", "second", "third"):
        await ben.say(f"{word} thought", thread=root)
    for question, following in pairwise(asked):
        prompt = await ana.sees_message(question)
        await asyncio.gather(prompt.click("Skip"), prompt.click("Skip"), return_exceptions=True)
        await ana.sees_message(following)
    prompt = await ana.sees_message(asked[-1])
    await prompt.click("Close it")
    form = await ana.sees_modal("A lesson for others")
    await form.submit()
    await ana.sees_modal("Closed. Nothing more")
    await ben.sees_message("Closed. Thank you.")
    await workspace.settle()

    messages = [m for c in (await ben.look())["conversations"] for m in c["messages"] if m.get("bot_id")]
    for question in asked:
        assert len([m for m in messages if question in m["text"]]) == 1, question
    assert len(await rows(postgresql_url, "SELECT * FROM entries")) == 1
    said = await rows(postgresql_url, "SELECT body FROM debrief_replies ORDER BY body")
    assert [row["body"] for row in said] == ["first thought", "second thought", "third thought"]
    counted = await rows(postgresql_url, "SELECT contacts FROM cause_counts WHERE what = 'about'")
    assert counted == [{"contacts": 1}]
    delivered = [it for it in await workspace.record("delivery") if "first thought" in str(it)]
    assert len(delivered) > 1, "Slack delivered nothing twice, so this showed nothing"
