"""The `steady` commands: parse, call, print."""

import argparse
import asyncio
import datetime as dt
import gc
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import SteadyError
from bot.storage.errors import StorageError

Call = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, with refusals on standard error."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    call: Call = options.call
    try:
        return call(options)
    except (SteadyError, StorageError) as error:
        print(f"steady: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough; closing it here keeps Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="steady", description="A calm colleague in Slack for people who talk to customers all day."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="connect to Slack and stay up (settings: see README)")
    run.add_argument("--http", type=int, metavar="PORT", help="serve HTTP instead of Socket Mode")
    run.add_argument("--host", default="127.0.0.1", help="where to listen with --http (default: %(default)s)")
    run.set_defaults(call=_run)

    sandbox = commands.add_parser("sandbox", help="try the bot in a pretend Slack, in your browser")
    sandbox.add_argument("--port", type=int, default=0, help="of the page (default: any free one)")
    sandbox.add_argument("--no-open", action="store_true", help="don't open the browser")
    sandbox.add_argument("--http", action="store_true", help="bot over signed HTTP instead of Socket Mode")
    sandbox.set_defaults(call=_sandbox)

    ask = commands.add_parser("ask", help="print the card for a text, or for each line of standard input")
    ask.add_argument("text", nargs="?", help="what is happening; without it, a query a line is read")
    ask.add_argument("--json", action="store_true", help="one JSON object a query")
    ask.set_defaults(call=_ask)

    lint = commands.add_parser("lint", help="check playbooks: file, line, what to write instead")
    lint.add_argument("path", nargs="*", type=Path, help="folders or files (default: the shipped set)")
    lint.add_argument("--stats", action="store_true", help="count signals, phrases and techniques")
    lint.set_defaults(call=_lint)

    mask = commands.add_parser("mask", help="mask personal data in standard input, a line at a time")
    mask.add_argument("--region", type=_region, help="whose phone and id numbers (default: STEADY_COUNTRY)")
    mask.set_defaults(call=_mask)

    key = commands.add_parser("key", help="print a new key for STEADY_KEYS")
    key.set_defaults(call=_key)

    data_map = commands.add_parser("data-map", help="list what is kept: table, what, whose, for how long")
    data_map.set_defaults(call=_data_map)

    simulate = commands.add_parser(
        "simulate", help="play weeks of messages to many people against the sandbox, and count"
    )
    simulate.add_argument("--people", type=int, default=200, help="in many time zones (default: %(default)s)")
    simulate.add_argument("--weeks", type=int, default=4, help="(default: %(default)s)")
    simulate.add_argument(
        "--faults", action="store_true", help="429s, 500s, hangs and lost answers on the way"
    )
    simulate.add_argument("--kills", type=int, default=0, metavar="N", help="kill -9 the worker N times")
    simulate.add_argument(
        "--kind",
        choices=("checkins", "plain"),
        default="checkins",
        help="the real weekly question, or plain messages (default: %(default)s)",
    )
    simulate.add_argument("--json", action="store_true", help="the figures as one object")
    simulate.add_argument("--seed", type=int, default=7, help="the same dice again (default: %(default)s)")
    simulate.set_defaults(call=_simulate)

    doctor = commands.add_parser("doctor", help="check settings, Slack, database and playbooks")
    doctor.set_defaults(call=_doctor)
    return parser


def _region(value: str) -> str:
    if len(value) != 2 or not (value.isascii() and value.isalpha()):
        raise argparse.ArgumentTypeError("a two-letter country code is meant, such as US or GB")
    return value.upper()


# Each command imports what it needs when called: `steady ask` need not wait for a web server to load.


def _run(options: argparse.Namespace) -> int:
    from bot.config import Config
    from bot.serve import run

    http = (options.host, options.http) if options.http is not None else None
    asyncio.run(run(Config.from_env(os.environ), http=http))
    return 0


def _sandbox(options: argparse.Namespace) -> int:
    from bot.tryout import play

    asyncio.run(play(port=options.port, http=options.http, open_page=not options.no_open, environ=os.environ))
    return 0


def _ask(options: argparse.Namespace) -> int:
    from bot.asking import Asking
    from bot.config import Config
    from bot.phrasing.deciding import Words
    from bot.phrasing.finder import build_finder
    from bot.phrasing.memory import Memory
    from bot.playbooks.loading import load, shipped_playbooks

    config = Config.from_env(os.environ)
    folders = (shipped_playbooks(), *config.playbooks)
    library = load(folders).library
    finder = build_finder(library, folders, Memory(config.cache))
    asking = Asking(Words(library, finder), dt.datetime.now(dt.UTC).date())
    gc.freeze()  # nothing of it is garbage, and ten thousand answers would have it searched again and again
    answer = asking.line if options.json else asking.text
    if options.text is not None:
        print(answer(options.text))
        return 0
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    for line in sys.stdin:
        print(answer(line.rstrip("\r\n")), flush=True)
    return 0


def _lint(options: argparse.Namespace) -> int:
    from bot.phrasing.proofing import proofread
    from bot.playbooks.loading import shipped_playbooks
    from bot.playbooks.report import lint_report

    paths = options.path or [shipped_playbooks()]
    today = dt.datetime.now(dt.UTC).date()
    text, code = lint_report(paths, stats=options.stats, today=today, proofreaders=[proofread])
    print(text)
    return code


def _data_map(_: argparse.Namespace) -> int:
    from bot.config import Config
    from bot.privacy.data_map import data_map
    from bot.settings.queries import Answers
    from bot.wiring import everything_kept

    print(data_map(everything_kept(Answers(Config.from_env(os.environ).country))))
    return 0


def _mask(options: argparse.Namespace) -> int:
    from bot.config import Config
    from bot.masking import mask_lines

    region = options.region or Config.from_env(os.environ).country
    # Bytes that are no text, and line ends as they are, must pass through.
    sys.stdin.reconfigure(errors="replace", newline="\n")  # type: ignore[union-attr]
    sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]
    return mask_lines(sys.stdin, sys.stdout, sys.stderr, region)


def _key(_: argparse.Namespace) -> int:
    from bot.safeguards.sealing import new_key

    print(new_key())
    return 0


def _simulate(options: argparse.Namespace) -> int:
    from bot.simulate.driver import KINDS, simulate

    text, code = asyncio.run(
        simulate(
            options.people,
            options.weeks,
            options.faults,
            options.kills,
            options.json,
            seed=options.seed,
            plan=KINDS[options.kind],
        )
    )
    print(text)
    return code


def _doctor(_: argparse.Namespace) -> int:
    from bot.doctor import examine

    text, code = asyncio.run(examine(os.environ))
    print(text)
    return code
