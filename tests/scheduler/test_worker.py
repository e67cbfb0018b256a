"""What a worker promises: nothing lost, nothing twice, nobody disturbed. Each on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.directory import store as directory
from bot.scheduler import claims, outbox, posted
from bot.scheduler.availability import QuietRules
from bot.scheduler.composing import Withhold
from bot.scheduler.model import Job, State
from bot.scheduler.repeating import Repeating
from bot.scheduler.worker import Worker
from bot.slack.blocks import Message, divider
from bot.slack.text import Mrkdwn
from bot.storage.database import Transaction
from tests.scheduler.conftest import MONDAY, QUICK, Hands, Letters, Scene, eventually, letter


async def test_a_due_message_is_sent_once_and_its_place_is_kept(scene: Scene) -> None:
    await scene.add(scene.job("promise-1", about=scene.id_of("ana")))
    scene.start()
    await scene.until_state("promise-1", State.SENT)
    assert scene.inbox() == ["promise-1"]
    assert scene.letters.sent == ["promise-1"]
    [kept] = await scene.database.read(lambda tx: posted.concerning(tx, scene.member("ana")))
    assert (kept.kind, kept.recipient, kept.sent_at) == ("letters", scene.id_of("ana"), MONDAY)
    assert kept.channel.startswith("D")


async def test_a_message_waits_for_its_moment_and_a_moved_clock_wakes_the_worker(scene: Scene) -> None:
    await scene.add(scene.job("later", due_at=MONDAY + timedelta(hours=1)))
    worker = scene.start(patience=replace(QUICK, poll_every=timedelta(hours=1)))

    async def has_looked() -> bool:
        return worker.looked_at is not None

    await eventually(has_looked)
    assert scene.inbox() == []
    scene.intent.move(hours=1)
    await scene.until_state("later", State.SENT)


async def test_what_falls_due_while_the_worker_looks_is_not_left_until_it_looks_again(scene: Scene) -> None:
    class Striking(Hands):
        """The hour strikes right after it was first asked for."""

        def now(self) -> datetime:
            at = super().now()
            if at == MONDAY:
                self.move(hours=1)
            return at

    await scene.add(scene.job("on-the-hour", due_at=MONDAY + timedelta(hours=1)))
    scene.start(intent=Striking(), patience=replace(QUICK, poll_every=timedelta(hours=1)))
    await scene.until_state("on-the-hour", State.SENT)


async def test_a_key_is_scheduled_once_whatever_became_of_it(scene: Scene) -> None:
    job = scene.job("slot-48")
    await scene.add(job)
    scene.start()
    await scene.until_state("slot-48", State.SENT)
    assert not await scene.database.write(lambda tx: outbox.add(tx, job))
    assert scene.inbox() == ["slot-48"]


async def test_a_cancelled_message_is_not_sent(scene: Scene) -> None:
    await scene.add(scene.job("taken-back"), scene.job("kept"))
    assert await scene.database.write(
        lambda tx: outbox.cancel(tx, scene.workspace, "letters", "taken-back", MONDAY)
    )
    scene.start()
    await scene.until_state("kept", State.SENT)
    assert scene.inbox() == ["kept"]
    assert await scene.state("taken-back") is State.CANCELLED


async def test_what_follows_is_kept_with_the_sending(scene: Scene) -> None:
    class Weekly(Letters):
        def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
            week = timedelta(days=7)
            outbox.add(
                tx,
                replace(job, key=f"{job.key}+", due_at=job.due_at + week, grace_until=job.grace_until + week),
            )

    await scene.add(scene.job("week"))
    scene.start(handlers={"letters": Weekly()})
    await scene.until_state("week", State.SENT)
    assert await scene.state("week+") is State.DUE
    scene.intent.move(days=7)
    await scene.until_state("week+", State.SENT)
    assert scene.inbox() == ["week", "week+"]


async def test_a_feature_that_fails_to_follow_up_does_not_have_its_message_sent_again(scene: Scene) -> None:
    class Clumsy(Letters):
        def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
            raise KeyError(job.key)

    await scene.add(scene.job("once"))
    scene.start(handlers={"letters": Clumsy()})
    await scene.until_state("once", State.SENT)
    assert scene.inbox() == ["once"]


async def test_sql_that_fails_in_a_follow_up_does_not_leave_its_message_unsettled(scene: Scene) -> None:
    class Mistaken(Letters):
        def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
            tx.run("INSERT INTO nowhere (what) VALUES (:what)", what=job.key)

    await scene.add(scene.job("once"))
    scene.start(handlers={"letters": Mistaken()})
    await scene.until_state("once", State.SENT)
    assert scene.inbox() == ["once"]


async def test_a_feature_may_decide_against_sending_at_the_last_moment(scene: Scene) -> None:
    scene.letters.says = lambda job: Withhold("already_kept")
    await scene.add(scene.job("kept"))
    scene.start()
    await scene.until_state("kept", State.WITHHELD)
    assert scene.letters.unsent == [("kept", "already_kept")]
    health = await scene.database.read(lambda tx: outbox.health(tx, scene.workspace, MONDAY))
    assert health.withheld == {"already_kept": 1}


async def test_a_message_that_fails_to_compose_is_tried_again_then_given_up(scene: Scene) -> None:
    asked = []

    def fail(job: Job) -> Message:
        asked.append(job.key)
        raise LookupError

    scene.letters.says = fail
    await scene.add(scene.job("broken"), scene.job("whole", kind="others"))
    quick = replace(QUICK, retry_after=timedelta(seconds=0.01))
    scene.start(handlers={"letters": scene.letters, "others": Letters()}, patience=quick)
    await scene.until_state("whole", State.SENT, kind="others")
    await scene.until_state("broken", State.DEAD)
    assert len(asked) > 3
    assert scene.letters.unsent == [("broken", "composing_failed")]


async def test_a_message_without_a_place_for_the_marker_is_refused_before_it_is_sent(scene: Scene) -> None:
    scene.letters.says = lambda job: Message(Mrkdwn("x"), [{**divider(), "block_id": "mine"}])
    await scene.add(scene.job("nameless"))
    scene.start()
    await scene.until_state("nameless", State.DEAD)
    assert scene.inbox() == []


# Peace and quiet


async def test_in_quiet_hours_a_message_waits_until_morning_if_its_grace_allows(scene: Scene) -> None:
    await scene.know("priya", zone="Asia/Kolkata")  # 20:30 there
    await scene.add(scene.job("morning", to="priya", grace_until=MONDAY + timedelta(hours=24)))
    await scene.add(scene.job("tonight-only", to="priya"))
    scene.start()
    await scene.until_state("tonight-only", State.WITHHELD)
    assert await scene.reason("tonight-only") == "quiet_hours"
    assert scene.inbox("priya") == []
    scene.intent.move(hours=11, minutes=29)
    await scene.add(scene.job("witness", is_personal=False))
    await scene.until_state("witness", State.SENT)
    assert scene.inbox("priya") == []
    scene.intent.move(minutes=1)  # 08:00 in Kolkata
    await scene.until_state("morning", State.SENT)


async def test_what_outlived_its_grace_is_withheld_never_queued_up(scene: Scene) -> None:
    await scene.add(*(scene.job(f"day-{n}", due_at=MONDAY - timedelta(days=n)) for n in range(1, 6)))
    await scene.add(scene.job("today"))
    scene.start()
    await scene.until_state("today", State.SENT)
    for n in range(1, 6):
        await scene.until_state(f"day-{n}", State.WITHHELD)
        assert await scene.reason(f"day-{n}") == "too_late"
    assert scene.inbox() == ["today"]


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"is_active": False}, "deactivated"),
        ({"is_guest": True}, "guest"),
        ({"is_stranger": True}, "stranger"),
        ({"is_away": True}, "away"),
        ({"is_away": True, "away_until": MONDAY + timedelta(days=7)}, "away"),
    ],
)
async def test_who_is_absent_is_left_alone(scene: Scene, known: dict[str, object], reason: str) -> None:
    await scene.know("ana", zone="America/New_York", **known)
    await scene.add(scene.job("unwanted"))
    scene.start()
    await scene.until_state("unwanted", State.WITHHELD)
    assert await scene.reason("unwanted") == reason
    assert scene.inbox() == []


async def test_do_not_disturb_holds_a_message_back_until_it_ends(scene: Scene) -> None:
    await scene.know("ana", zone="America/New_York")
    dnd = directory.Dnd(MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=2))
    await scene.database.write(lambda tx: directory.save_dnd(tx, scene.workspace, {scene.id_of("ana"): dnd}))
    await scene.add(scene.job("after-focus"))
    worker = scene.start()
    await scene.until_count(worker, "postponed")
    assert scene.inbox() == []
    scene.intent.move(hours=2)
    await scene.until_state("after-focus", State.SENT)


async def test_a_day_off_set_by_the_team_counts(scene: Scene) -> None:
    scene.rules[scene.id_of("ana")] = QuietRules(
        zone="America/New_York", days_off=frozenset({date(2026, 11, 23)}), quiet_until=time(9)
    )
    await scene.add(scene.job("holiday"), scene.job("wait", grace_until=MONDAY + timedelta(days=2)))
    scene.start()
    await scene.until_state("holiday", State.WITHHELD)
    assert await scene.reason("holiday") == "day_off"
    scene.intent.move(hours=23)  # Tuesday, 09:00 in New York
    await scene.until_state("wait", State.SENT)


async def test_what_is_not_personal_goes_out_at_night_but_not_to_someone_who_left(scene: Scene) -> None:
    await scene.know("priya", zone="Asia/Kolkata")
    await scene.know("ben", is_active=False)
    await scene.add(
        scene.job("urgent", to="priya", is_personal=False), scene.job("gone", to="ben", is_personal=False)
    )
    scene.start()
    await scene.until_state("urgent", State.SENT)
    await scene.until_state("gone", State.WITHHELD)


# Trouble on the way


async def test_a_lost_answer_is_settled_by_reading_back_and_nothing_is_sent_twice(scene: Scene) -> None:
    await scene.fault(fault="hang", method="chat.postMessage", for_s=60, effect=True)
    await scene.add(scene.job("ambiguous"))
    worker = scene.start()
    await scene.until_state("ambiguous", State.SENT)
    assert worker.counts["settled_found"] == 1
    assert scene.inbox() == ["ambiguous"]
    assert scene.letters.sent == ["ambiguous"]


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "hang", "for_s": 60},
        {"fault": "server_error"},
        {"fault": "error", "error": "internal_error"},
    ],
    ids=lambda fault: fault.get("error", fault["fault"]),
)
async def test_what_slack_never_got_is_sent_after_looking(scene: Scene, fault: dict[str, object]) -> None:
    await scene.fault(method="chat.postMessage", **fault)
    await scene.add(scene.job("resent"))
    worker = scene.start()
    await scene.until_state("resent", State.SENT)
    assert worker.counts["settled_absent"] == 1
    assert scene.inbox() == ["resent"]


async def test_a_token_revoked_before_the_message_was_looked_for_does_not_have_it_sent_twice(
    scene: Scene,
) -> None:
    await scene.fault(fault="hang", method="chat.postMessage", for_s=60, effect=True)
    await scene.fault(fault="error", method="conversations.history", error="token_revoked")
    await scene.add(scene.job("ambiguous"))
    worker = scene.start()
    await scene.until_count(worker, "stopped")
    assert await scene.state("ambiguous") is State.SENDING
    await scene.database.write(lambda tx: outbox.resume_workspace(tx, scene.workspace))
    await scene.until_state("ambiguous", State.SENT)
    assert worker.counts["settled_found"] == 1
    assert scene.inbox() == ["ambiguous"]


async def test_a_reply_in_a_thread_is_looked_for_in_its_thread(scene: Scene) -> None:
    general = scene.sandbox.world.default.find_channel("general")
    assert general
    await scene.act("invite", **{"as": "omar", "in": "#general", "who": "app"})
    root = general.timeline()[0].ts
    await scene.fault(fault="hang", method="chat.postMessage", for_s=60, effect=True)
    await scene.add(scene.job("in-thread", to=general.id, thread_ts=root))
    scene.start()
    await scene.until_state("in-thread", State.SENT)
    assert [message.text for message in general.replies(root)] == ["in-thread"]


async def test_trouble_while_settling_only_delays_it(scene: Scene) -> None:
    await scene.fault(fault="hang", method="chat.postMessage", for_s=60, effect=True)
    await scene.fault(fault="ratelimited", method="conversations.history", retry_after=1)
    await scene.fault(fault="server_error", method="conversations.history")
    await scene.add(scene.job("patient"))
    scene.start(patience=replace(QUICK, lease_for=timedelta(seconds=0.5)))
    await scene.until_state("patient", State.SENT)
    assert scene.inbox() == ["patient"]


async def test_a_lease_that_runs_out_never_releases_what_is_being_sent(scene: Scene) -> None:
    """A worker died between writing down its attempt and the answer; the message is out."""
    now = scene.means.real.now()
    await scene.add(scene.job("out"))
    job = scene.job("out")

    def die_half_way(tx: Transaction) -> None:
        [held] = claims.claim(
            tx, scene.workspace, "dead", now=MONDAY, held_until=now + timedelta(seconds=1), most=1
        )
        assert claims.begin(
            tx, held.job, "dead", "s-marker", real_now=now, settle_at=now + timedelta(seconds=0.2)
        )

    await scene.database.write(die_half_way)
    message = letter(job)
    await scene.clients.client.chat_postMessage(
        channel=job.recipient, text="out", blocks=[{**message.blocks[0], "block_id": "s-marker"}]
    )
    worker = scene.start()
    await scene.until_state("out", State.SENT)
    assert worker.counts["settled_found"] == 1
    assert scene.inbox() == ["out"]


async def test_a_worker_that_froze_after_writing_down_its_attempt_does_not_make_it(scene: Scene) -> None:
    class Thawing:
        """Real time that jumps ahead by ten seconds the first time it is asked after an attempt began."""

        def __init__(self) -> None:
            self.frozen = timedelta()
            self.begun = False

        def now(self) -> datetime:
            if self.begun:
                self.frozen, self.begun = self.frozen + timedelta(seconds=10), False
            return datetime.now(UTC) + self.frozen

    clock = Thawing()
    scene.letters.says = letter
    await scene.add(scene.job("late-riser"))
    posted_before: list[int] = []
    worker = scene.start(real=clock)
    begin = claims.begin

    def begin_and_freeze(*args: object, **named: object) -> bool:
        begun = begin(*args, **named)  # type: ignore[arg-type]
        if not posted_before:
            clock.begun = True
            posted_before.append(len(scene.calls("chat.postMessage")))
        return begun

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "begin", begin_and_freeze)
        await scene.until_state("late-riser", State.SENT)
    assert scene.inbox() == ["late-riser"]
    assert len(scene.calls("chat.postMessage")) == 1
    assert worker.counts["sent"] == 1


async def test_too_much_at_once_pauses_the_workspace_and_nothing_is_lost(scene: Scene) -> None:
    await scene.fault(fault="ratelimited", method="chat.postMessage", retry_after=1)
    await scene.add(*(scene.job(f"m{n}") for n in range(5)))
    worker = scene.start()
    for n in range(5):
        await scene.until_state(f"m{n}", State.SENT)
    assert sorted(scene.inbox()) == [f"m{n}" for n in range(5)]
    assert worker.counts["limited"] >= 1


async def in_flight(scene: Scene) -> Worker:
    """Send a message to and about Ana, and stop the film while Slack has it and has not answered."""
    await scene.fault(fault="slow", method="chat.postMessage", for_s=0.2)
    await scene.add(scene.job("in-flight", about=scene.id_of("ana")))
    worker = scene.start()
    await scene.until_state("in-flight", State.SENDING)
    return worker


async def test_what_goes_out_while_its_reader_erases_their_data_can_still_be_found_and_names_nobody(
    scene: Scene,
) -> None:
    worker = await in_flight(scene)
    ana = scene.member("ana")
    await scene.database.write(lambda tx: outbox.erase_member(tx, ana))
    await worker.stop(within=5)
    assert scene.inbox() == ["in-flight"]
    tomorrow = MONDAY + timedelta(days=1)
    [kept] = await scene.database.read(lambda tx: posted.old(tx, scene.workspace, "letters", tomorrow, 9))
    assert kept.recipient == kept.channel
    assert await scene.database.read(lambda tx: posted.concerning(tx, ana)) == []


async def test_what_goes_out_after_another_attempt_came_between_is_still_its_readers_to_export(
    scene: Scene,
) -> None:
    worker = await in_flight(scene)
    await scene.database.write(lambda tx: tx.run("UPDATE jobs SET marker = 'another'"))
    await worker.stop(within=5)
    assert scene.inbox() == ["in-flight"]
    ana = scene.member("ana")
    [kept] = await scene.database.read(lambda tx: posted.concerning(tx, ana))
    assert (kept.recipient, kept.about) == (ana.id, ana.id)


async def test_an_unreachable_slack_is_waited_for(scene: Scene) -> None:
    nowhere = scene.clients.client.base_url
    scene.clients.client.base_url = "http://127.0.0.1:9/"
    await scene.add(scene.job("patience"))
    worker = scene.start()
    await scene.until_count(worker, "not_reached", 2)
    scene.clients.client.base_url = nowhere
    await scene.until_state("patience", State.SENT)
    assert scene.inbox() == ["patience"]


async def test_a_revoked_token_stops_the_workspace_until_the_app_is_back(scene: Scene) -> None:
    await scene.fault(fault="error", method="chat.postMessage", error="token_revoked")
    await scene.add(scene.job("one"), scene.job("two", due_at=MONDAY + timedelta(minutes=5)))
    worker = scene.start()
    await scene.until_count(worker, "stopped")
    scene.intent.move(minutes=5)
    health = await scene.database.read(lambda tx: outbox.health(tx, scene.workspace, scene.intent.now()))
    assert health.stopped == "token_revoked"
    assert scene.inbox() == []
    await scene.database.write(lambda tx: outbox.resume_workspace(tx, scene.workspace))
    await scene.until_state("one", State.SENT)
    await scene.until_state("two", State.SENT)


async def test_a_person_slack_refuses_is_not_tried_again_and_the_others_are(scene: Scene) -> None:
    await scene.act("deactivate", who="ben")
    await scene.know("ben", zone="Europe/London")  # the event has not come yet
    await scene.add(scene.job("to-ben", to="ben"), scene.job("to-ana"))
    scene.start()
    await scene.until_state("to-ana", State.SENT)
    await scene.until_state("to-ben", State.DEAD)
    assert await scene.reason("to-ben") == "user_disabled"
    await scene.add(scene.job("to-ben-again", to="ben"))
    await scene.until_state("to-ben-again", State.WITHHELD)
    assert await scene.reason("to-ben-again") == "unreachable"
    assert len(scene.calls("chat.postMessage")) == 2


async def test_a_message_slack_finds_malformed_dies_alone(scene: Scene) -> None:
    scene.letters.says = lambda job: (
        Message(Mrkdwn("x"), [{"type": "nonsense"}]) if job.key == "bad" else letter(job)
    )
    await scene.add(scene.job("bad"), scene.job("good"))
    scene.start()
    await scene.until_state("bad", State.DEAD)
    await scene.until_state("good", State.SENT)


async def test_stopping_finishes_what_is_being_sent_and_claims_nothing_more(scene: Scene) -> None:
    await scene.fault(fault="slow", method="chat.postMessage", for_s=0.2)
    await scene.add(scene.job("in-hand"))
    worker = scene.start()
    await scene.until_state("in-hand", State.SENDING)
    assert await worker.stop(within=5) == 0
    assert await scene.state("in-hand") is State.SENT
    await scene.add(scene.job("afterwards"))
    assert await scene.state("afterwards") is State.DUE


async def test_an_errand_runs_and_comes_round_again(scene: Scene) -> None:
    ran: list[str] = []

    async def sweep(workspace: str) -> None:
        ran.append(workspace)
        if len(ran) == 1:
            raise OSError

    errand = Repeating("nightly.sweep", timedelta(days=1), sweep, scene.intent)
    await scene.database.write(lambda tx: errand.ensure(tx, scene.workspace, MONDAY))
    assert not await scene.database.write(lambda tx: errand.ensure(tx, scene.workspace, MONDAY))
    worker = scene.start(handlers={errand.kind: errand})
    await scene.until_count(worker, "done")
    assert ran == [scene.workspace] * 2
    scene.intent.move(days=30)
    await scene.until_count(worker, "done", 2)
    assert len(ran) == 3


async def test_nothing_waits_for_a_long_errand_that_fell_due_with_it(scene: Scene) -> None:
    may_end = asyncio.Event()

    async def refresh(_: str) -> None:
        await may_end.wait()

    errand = Repeating("slow.refresh", timedelta(days=1), refresh, scene.intent)
    await scene.database.write(lambda tx: errand.ensure(tx, scene.workspace, MONDAY))
    await scene.add(scene.job("beside-it"))
    patient = replace(QUICK, lease_for=timedelta(minutes=1))
    worker = scene.start(handlers={errand.kind: errand, "letters": scene.letters}, patience=patient)
    await scene.until_state("beside-it", State.SENT)
    assert worker.counts.get("done", 0) == 0
    may_end.set()
    await scene.until_count(worker, "done")


async def test_an_errand_that_meets_a_revoked_token_stops_the_workspace_and_waits(scene: Scene) -> None:
    async def refresh(workspace: str) -> None:
        await scene.clients.of(workspace).users_list()

    errand = Repeating("some.refresh", timedelta(days=1), refresh, scene.intent)
    await scene.database.write(lambda tx: errand.ensure(tx, scene.workspace, MONDAY))
    await scene.fault(fault="error", method="users.list", error="token_revoked")
    worker = scene.start(handlers={errand.kind: errand})
    await scene.until_count(worker, "stopped")
    health = await scene.database.read(lambda tx: outbox.health(tx, scene.workspace, MONDAY))
    assert health.stopped == "token_revoked"
    await scene.database.write(lambda tx: outbox.resume_workspace(tx, scene.workspace))
    await scene.until_count(worker, "done")


async def test_a_stumble_of_the_worker_s_own_does_not_end_its_work(scene: Scene) -> None:
    class Stumbling:
        """Real time, but for the second time it is asked."""

        def __init__(self) -> None:
            self.asked = 0

        def now(self) -> datetime:
            self.asked += 1
            if self.asked == 2:
                raise ArithmeticError
            return datetime.now(UTC)

    clock = Stumbling()
    await scene.add(scene.job("after-all"))
    scene.start(real=clock)
    await scene.until_state("after-all", State.SENT)
    assert clock.asked > 2


async def test_two_workers_share_the_work_and_each_message_goes_out_once(scene: Scene) -> None:
    await scene.add(*(scene.job(f"n{n:03}") for n in range(120)))
    workers = [scene.start(holder="one", counts=type(scene.means.counts)()), scene.start(holder="two")]

    async def all_sent() -> bool:
        return sum(worker.counts.get("sent", 0) for worker in workers) == 120

    await eventually(all_sent, within=30)
    assert sorted(scene.inbox()) == [f"n{n:03}" for n in range(120)]
