"""How fast `/deescalate` answers, beside two empty Bolt apps on the same server in the same run.

    python tests/benchmarks/deescalate.py [--seconds 5]

Prints requests per second, processor time per request and p50/p99 over signed HTTP in alternating rounds,
then what each stage of an answer costs, the time from start to ready, and resident memory. On a machine that
others use too, compare by processor time: waiting for a turn is not in it. Run it where nothing but Steady's
own dependencies is installed: sqlite-utils imports numpy where it finds one, which is 16 MB.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

SECRET = "benchmark"
TEXTS = (
    "late refund 3rd call screaming",
    "cx wants mgr rn, charged twice for the same month",
    "parcel marked delivered but nothing came, third time he writes about it and he is very angry",
    "crying, husband died, account still in his name",
)
CONCURRENT = 8
ROUNDS = 3


def empty_app(*, process_before_response: bool) -> AsyncApp:
    """An app whose only listener acks: what Bolt itself costs."""
    app = AsyncApp(
        token="xoxb-benchmark", signing_secret=SECRET, process_before_response=process_before_response
    )

    @app.command("/deescalate")
    async def answer(ack) -> None:  # type: ignore[no-untyped-def]
        await ack("ok")

    return app


async def serve_empty(port: int, api: str, *, process_before_response: bool) -> None:
    from bot.slack.http import build_web

    app = empty_app(process_before_response=process_before_response)
    app.client.base_url = api

    async def ready() -> bool:
        return True

    runner = web.AppRunner(build_web(app, ready, lambda: True), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


async def fake_slack() -> tuple[web.AppRunner, str]:
    """Enough of Slack to start beside: who the token is, and nothing that is ever drawn."""

    async def method(request: web.Request) -> web.Response:
        return web.json_response(
            {
                "ok": True,
                "team_id": "T1",
                "team": "t",
                "user_id": "U0",
                "bot_id": "B1",
                "user": "steady",
                "url": "",
            }
        )

    application = web.Application()
    application.router.add_route("*", "/api/{method}", method)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/api/"


def signed(text: str) -> tuple[bytes, dict[str, str]]:
    body = urlencode(
        {
            "command": "/deescalate",
            "text": text,
            "team_id": "T1",
            "user_id": "U1",
            "channel_id": "C1",
            "trigger_id": "1.2.3",
            "response_url": "http://127.0.0.1:9/",
        }
    )
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    return body.encode(), {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature or "",
    }


async def load(url: str, seconds: float, connections: int = CONCURRENT) -> list[float]:
    """Send commands for a while from some connections; returns each one's seconds."""
    took: list[float] = []
    until = time.perf_counter() + seconds
    async with aiohttp.ClientSession() as session:

        async def sender(n: int) -> None:
            while time.perf_counter() < until:
                body, headers = signed(TEXTS[(len(took) + n) % len(TEXTS)])
                began = time.perf_counter()
                async with session.post(url, data=body, headers=headers) as response:
                    await response.read()
                    assert response.status == 200, response.status
                took.append(time.perf_counter() - began)

        await asyncio.gather(*(sender(n) for n in range(connections)))
    return took


Served = tuple[asyncio.subprocess.Process, float]


@contextlib.asynccontextmanager
async def server(command: list[str], port: int, env: dict[str, str]) -> AsyncIterator[Served]:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(*command, env=env, stdout=subprocess.DEVNULL)
    try:
        ready = await _wait(port, process, began)
        yield process, ready
    finally:
        process.terminate()
        await process.wait()


async def _wait(port: int, process: asyncio.subprocess.Process, began: float) -> float:
    while time.perf_counter() - began < 30:
        if process.returncode is not None:
            raise RuntimeError("a server ended at its start")
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return time.perf_counter() - began
        await asyncio.sleep(0.01)
    raise RuntimeError("a server did not start")


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processor_seconds(pid: int) -> float:
    """What a process has used of all processors so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


async def compare(seconds: float) -> None:
    runner, api = await fake_slack()
    folder = tempfile.TemporaryDirectory()
    env = os.environ | {
        "SLACK_API_URL": api,
        "SLACK_BOT_TOKEN": "xoxb-benchmark",
        "SLACK_SIGNING_SECRET": SECRET,
        "STEADY_DATABASE_URL": f"sqlite:///{folder.name}/bench.db",
    }
    ports = {"steady": free_port(), "empty, default": free_port(), "empty, answering first": free_port()}
    this = [sys.executable, __file__]
    commands = {
        "steady": [sys.executable, "-m", "bot", "run", "--http", str(ports["steady"])],
        "empty, default": [*this, "--serve", "default", str(ports["empty, default"]), api],
        "empty, answering first": [*this, "--serve", "first", str(ports["empty, answering first"]), api],
    }
    took: dict[str, list[float]] = {name: [] for name in commands}
    rates: dict[str, list[float]] = {name: [] for name in commands}
    used: dict[str, float] = dict.fromkeys(commands, 0.0)
    async with contextlib.AsyncExitStack() as stack:
        started = {
            name: await stack.enter_async_context(server(commands[name], ports[name], env))
            for name in commands
        }
        for port in ports.values():
            await load(f"http://127.0.0.1:{port}/slack/events", 1)
        for _ in range(ROUNDS):
            for name, port in ports.items():
                before = processor_seconds(started[name][0].pid)
                round_ = await load(f"http://127.0.0.1:{port}/slack/events", seconds)
                used[name] += processor_seconds(started[name][0].pid) - before
                took[name] += round_
                rates[name].append(len(round_) / seconds)
        process, ready = started["steady"]
        print(f"{CONCURRENT} connections, {ROUNDS} rounds of {seconds:.0f} s each")
        print(f"{'server':24} {'req/s':>8} {'cpu µs':>8} {'p50 ms':>8} {'p99 ms':>8}")
        for name, times in took.items():
            ordered = sorted(times)
            p50, p99 = ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.99)] * 1000
            each = used[name] / len(times) * 1e6
            print(f"{name:24} {statistics.median(rates[name]):8.0f} {each:8.0f} {p50:8.2f} {p99:8.2f}")
        print("one at a time:")
        for name, port in ports.items():
            alone = sorted(await load(f"http://127.0.0.1:{port}/slack/events", seconds, connections=1))
            p50, p99 = alone[len(alone) // 2] * 1000, alone[int(len(alone) * 0.99)] * 1000
            print(f"{name:24} {'':>8} {'':>8} {p50:8.2f} {p99:8.2f}")
        empty = "empty, answering first"
        ratio = statistics.median(rates["steady"]) / statistics.median(rates[empty])
        by_processor = (used[empty] / len(took[empty])) / (used["steady"] / len(took["steady"]))
        print(f"throughput, steady / {empty}: {ratio:.2f}; by processor time: {by_processor:.2f}")
        print(f"start to ready: {ready:.2f} s; resident after the load: {resident_mb(process.pid):.0f} MB")
    folder.cleanup()
    await runner.cleanup()


def per_call_us(call, repeat: int = 300) -> float:  # type: ignore[no-untyped-def]
    samples = []
    for _ in range(7):
        began = time.perf_counter()
        for _ in range(repeat):
            call()
        samples.append((time.perf_counter() - began) / repeat * 1e6)
    return statistics.median(samples)


def stages() -> None:
    from bot.phrasing.deciding import Words
    from bot.phrasing.finder import build_finder
    from bot.phrasing.views import card_message
    from bot.playbooks.loading import load as load_playbooks
    from bot.playbooks.loading import shipped_playbooks
    from bot.playbooks.model import Channel

    folders = (shipped_playbooks(),)
    began = time.perf_counter()
    library = load_playbooks(folders).library
    read = time.perf_counter()
    words = Words(library, build_finder(library, folders))
    built = time.perf_counter()
    short = "late refund, 3rd call today, customer is screaming at me now"[:60].ljust(60, "!")
    long = (
        "The customer says the parcel was marked delivered on Monday but nothing came, the neighbour has "
        "nothing, and nobody has answered two e-mails. They paid for next day delivery because it is a "
        "birthday present. They were told on the phone that somebody would call back within a day. Nobody "
        "did, and now they want a refund and to know whether it comes before Saturday, or they leave."
    )[:400]
    today = dt.date(2026, 11, 21)
    _, answer = words.look_up("late refund 3rd call screaming", Channel.VOICE, seed="x", today=today)
    recipe, card = answer.recipe, answer.card  # type: ignore[union-attr]
    message = card_message(card, recipe)
    print(f"playbooks read in {(read - began) * 1000:.0f} ms, finder built in {(built - read) * 1000:.0f} ms")
    rows = {
        f"finder, {len(short)} characters": lambda: words.finder.find(short),
        f"finder, {len(long)} characters": lambda: words.finder.find(long),
        "card": lambda: words.card(recipe, seed="x", today=today),
        "blocks": lambda: card_message(card, recipe),
        "JSON": lambda: json.dumps({"text": message.text, "blocks": message.blocks}),
    }
    for name, call in rows.items():
        print(f"{name:24} {per_call_us(call):8.0f} µs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--serve", nargs=3, metavar=("KIND", "PORT", "API"))
    options = parser.parse_args()
    if options.serve:
        kind, port, api = options.serve
        asyncio.run(serve_empty(int(port), api, process_before_response=kind == "first"))
        return
    stages()
    asyncio.run(compare(options.seconds))


if __name__ == "__main__":
    main()
