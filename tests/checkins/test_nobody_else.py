"""Nobody but me: whatever somebody does here, a lead's, admin's, peer's and guest's world stays the same."""

import asyncio
import dataclasses
import datetime as dt
import json
import logging
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.access import AccessLog
from bot.checkins.listeners import CheckinListeners
from bot.checkins.model import Choice, Tick, Word
from bot.checkins.service import CheckinService, Means
from bot.directory import store as directory
from bot.errors import SteadyError
from bot.people import Member
from bot.safeguards.sealing import KeyedSeals
from bot.settings import store as set_up
from bot.settings.model import TeamForm
from bot.settings.queries import Answers
from bot.slack.help_lines import HelpChoice
from bot.slack.ids import Action, View
from bot.slack.payloads import Action as Click
from bot.slack.payloads import Command as Slash
from bot.slack.payloads import FormState, OpenView, Submission, Surface
from bot.slack.replies import Filling, Later
from bot.storage.opening import open_database
from bot.wiring import everything_kept
from tests.checkins.conftest import ANA, BEN, JACK, MONDAY, PEOPLE, SAM, TONI, W

VIEWERS = {"lead": SAM, "peer": BEN, "guest": TONI, "colleague elsewhere": JACK}
"""Sam leads Ana's team and is the workspace's admin, too."""
KEY = "Xk3Jd0m9vZ1hQ0yZ5b1xq8uT7nW4sC6eR2aP9fL0iG8="
SECRET = "zebrastripes"


class Stopped:
    def now(self):
        return MONDAY


class Heard:
    """Stands in for the registrar, to know every listener there is."""

    def __init__(self):
        self.actions, self.submissions = {}, {}

    def command(self, name, listener):
        self.slash = listener

    def action(self, name, listener):
        self.actions[name] = listener

    def submission(self, name, listener):
        self.submissions[name] = listener


class NoTasks:
    def start(self, work):
        work.close()


class Room:
    """One world: a database, the service on it, and every surface."""

    def __init__(self, database, library):
        self.database = database
        self.seals = KeyedSeals.from_keys([KEY])
        self.teams = Answers("US")
        means = Means(
            database,
            self.teams,
            self.seals,
            lambda text, _: text,
            lambda _: False,
            lambda: library,
            Stopped(),
            lambda: None,
        )
        self.service = CheckinService(means)

        async def help_for(_):
            return HelpChoice("US")

        self.listeners = CheckinListeners(
            self.service, lambda: library, help_for, None, NoTasks(), lambda: "nonce"
        )
        self.heard = Heard()
        self.listeners.register(self.heard)

    async def live(self, acts):
        for act in acts:
            await act(self.service)

    async def seen_by(self, viewer, value, metadata):
        """Everything a person can make Steady say, and everything it keeps about them."""
        seen = [await self.listeners.home_section(viewer, {})]
        for text in ("", "help", "reset", "join", "answer", "trend", "pause", "stop", "what"):
            seen.append(await said(self.heard.slash(Slash(viewer, text, "C1", "t", ""))))
        for surface in Surface:
            for name, listener in sorted(self.heard.actions.items()):
                seen.append(await said(listener(click(viewer, name, value, surface, metadata))))
        seen.append(await said(self.heard.submissions[View.CHECKIN_AFTER](submission(viewer, metadata))))
        for holding in everything_kept(self.teams, self.seals):
            seen.append(await self.database.read(lambda tx, h=holding: h.export(tx, viewer)))
        return json.dumps(seen, default=str, sort_keys=True)


def all_bytes(folder):
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def said(reply):
    try:
        answer = await reply
        if isinstance(answer, Filling):
            answer = await answer.fill()
        if isinstance(answer, Later):
            answer = await answer.reply()
    except SteadyError as refusal:
        return refusal.sentence
    return dataclasses.asdict(answer) if dataclasses.is_dataclass(answer) else answer


def view(metadata):
    return OpenView("V1", "modal", View.CHECKIN_AFTER, metadata, "", "V1", ())


def click(viewer, name, value, surface, metadata):
    on = None if surface is Surface.MESSAGE else view(metadata)
    return Click(viewer, name, "", value, surface, "t", "", "D1", "1.0", "", on, FormState())


def submission(viewer, metadata):
    return Submission(viewer, view(metadata), FormState(), "t")


words, weeks = st.sampled_from(Word), st.sampled_from(["2026-W48", "2026-W47", "2026-W40"])
acts = st.one_of(
    st.builds(
        lambda d, h: lambda s: s.join(ANA, Choice(d, dt.time(h))), st.integers(1, 5), st.integers(9, 18)
    ),
    st.builds(lambda w, k: lambda s: s.answer(ANA, k, w, f"{SECRET} again"), words, weeks),
    st.builds(
        lambda k, t: lambda s: s.tick(ANA, k, tuple(t)), weeks, st.lists(st.sampled_from(Tick), max_size=3)
    ),
    st.builds(lambda k: lambda s: s.delete(ANA, k), weeks),
    st.just(lambda s: s.pause(ANA, None)),
    st.just(lambda s: s.start_again(ANA)),
    st.just(lambda s: s.stop(ANA)),
    st.just(lambda s: s.skip(ANA)),
)
forged = st.sampled_from(
    ["UANA:2026-W48", "2026-W48", "2026-W48|hour_before", "yes", "ask", "slow_six|1|nonce|0", "60", ""]
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("nobody") / "steady.db"

    async def make():
        database = await open_database(f"sqlite:///{path}")

        def seed(tx):
            directory.save(tx, PEOPLE)
            set_up.save_team(tx, W, TeamForm("t1", "Late shift", people=(ANA.id, BEN.id), leads=(SAM.id,)))

        await database.write(seed)
        await database.close()

    asyncio.run(make())
    return path


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    history=st.lists(acts, min_size=1, max_size=8),
    viewer=st.sampled_from(sorted(VIEWERS)),
    value=forged,
    metadata=st.sampled_from(["2026-W48", "2026-W40", '{"week": "2026-W48", "channel": "D1", "ts": ""}']),
)
def test_what_one_does_changes_nothing_that_others_see(
    template, library, caplog, history, viewer, value, metadata
):
    async def play():
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(shutil.copy(template, Path(folder) / f"{number}.db")) for number in range(2)]
            databases = [await open_database(f"sqlite:///{path}") for path in paths]
            lived, still = (Room(database, library) for database in databases)
            await lived.live(history)
            seen = [await room.seen_by(VIEWERS[viewer], value, metadata) for room in (lived, still)]
            for database in databases:
                await database.close()
            return seen, await asyncio.to_thread(all_bytes, Path(folder))

    caplog.set_level(logging.DEBUG)
    (with_it, without), raw = asyncio.run(play())
    assert with_it == without
    assert SECRET not in with_it
    assert SECRET.encode() not in raw
    for word in ("very_heavy", "too_much", '"heavy"', '"light"', '"fine"', "time_off"):
        assert word.encode() not in raw
    assert SECRET not in caplog.text
    assert ANA.id not in caplog.text


async def test_the_same_look_does_show_her_own_to_ana_herself(template, library, tmp_path):
    seen = []
    for number in range(2):
        database = await open_database(f"sqlite:///{shutil.copy(template, tmp_path / f'{number}.db')}")
        room = Room(database, library)
        if number:
            await room.service.answer(ANA, "2026-W48", Word.HEAVY, f"{SECRET} again")
        seen.append(await room.seen_by(ANA, "2026-W47", "2026-W47"))
        await database.close()
    assert seen[0] != seen[1]
    assert SECRET in seen[1]


async def test_somebody_else_s_question_can_be_neither_answered_nor_skipped(template, library, tmp_path):
    database = await open_database(f"sqlite:///{shutil.copy(template, tmp_path / 'one.db')}")
    room = Room(database, library)
    await room.service.join(ANA, Choice(2, dt.time(15)))
    for name in (Action.CHECKIN_ANSWER, Action.CHECKIN_SKIP):
        reply = await said(room.heard.actions[name](click(BEN, name, "UANA:2026-W48", Surface.MESSAGE, "")))
        assert reply == "That question was somebody else's."
    await database.close()


def test_the_access_log_has_no_line_for_check_ins():
    """Nobody can look, so there is nothing to log: check-ins are not even handed the log."""
    assert AccessLog not in {field.type for field in dataclasses.fields(Means)}
    assert isinstance(ANA, Member)
