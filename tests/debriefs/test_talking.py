"""The debrief thread: one prompt at a time, once, whatever arrives twice or in the wrong order."""

import asyncio
import datetime as dt
from itertools import permutations

import pytest

from bot.debriefs import threads
from bot.debriefs.composing import Lifting, Tidying
from bot.debriefs.model import Closing, Room, Said, Share, Step
from bot.debriefs.rooms import save as save_room
from bot.errors import GoneError, InvalidError, NotAllowedError
from bot.sandbox.validation import MessageRules, check_message
from bot.scheduler.composing import Composer, Errand
from bot.scheduler.outbox import job_of
from bot.slack.ids import Action
from bot.storage.opening import open_database
from tests.debriefs.floor import ANA, BEN, CHANNEL, GRACE, LIBRARY, NOW, SAM, TONI, Floor, W

RULES = MessageRules()


def text_of(message):
    assert check_message({"text": message.text, "blocks": list(message.blocks)}, RULES) is None
    return str(message.text) + str(message.blocks)


@pytest.fixture
async def talk(floor):
    """An open debrief in the channel, its first question posted."""
    entry_id = await floor.log(hardness=3, conduct=("supervisor_demand",), happened="Third call today")
    await floor.talking.begin(ANA, entry_id, CHANNEL, frozenset({Share.HAPPENED}))
    await floor.sent("root")
    await floor.sent("prompt")
    return entry_id


async def get(floor, debrief_id):
    return await floor.database.read(lambda tx: threads.get(tx, W, debrief_id))


def thread_reply(author, text, ts="1795000100.000100", **fields):
    return Said(ts, author, text, NOW, **fields)


async def test_two_processes_and_many_clicks_open_one_debrief(database_url, floor):
    other = await open_database(database_url)
    floors = [floor, Floor(other)]
    entry_id = await floor.log()
    await asyncio.gather(*(it.talking.begin(ANA, entry_id, CHANNEL, frozenset()) for it in floors * 4))
    assert len(await floor.rows("debriefs")) == 1
    assert len(await floor.rows("jobs", "kind = 'debriefs.root'")) == 1
    await other.close()


async def test_only_what_the_author_chose_stands_at_the_top(floor):
    entry_id = await floor.log(
        hardness=4, conduct=("abusive_language",), happened="He swore", helped="Ben did"
    )
    await floor.talking.begin(ANA, entry_id, CHANNEL, frozenset({Share.HAPPENED}))
    (root,) = await floor.sent("root")
    assert "He swore" in text_of(root)
    for kept_back in ("Ben did", "Very hard", "Insults", "abusive"):
        assert kept_back.lower() not in text_of(root).lower()


async def test_the_questions_come_in_their_order_one_at_a_time(floor, talk):
    asked = []
    for step in (Step.FACTS, Step.HELPED, Step.CHANGE, Step.NOW):
        assert (await get(floor, talk)).step is step
        assert await floor.rows("jobs", "kind = 'debriefs.prompt' AND state = 'due'") == []
        assert await floor.talking.skip(ANA, talk, step)
        (prompt,) = await floor.sent("prompt")
        asked.append(text_of(prompt))
    for step, text in zip((Step.HELPED, Step.CHANGE, Step.NOW, Step.CLOSE), asked, strict=True):
        assert LIBRARY.prompts[step].ask in text
    for word in ("vent", "therapy", "trauma", "feel"):
        assert not any(word in text.lower().split() for text in asked)


async def test_skip_clicked_twice_or_in_two_processes_goes_on_one_step(database_url, floor, talk):
    other = await open_database(database_url)
    floors = [floor, Floor(other)]
    moved = await asyncio.gather(*(it.talking.skip(ANA, talk, Step.FACTS) for it in floors * 3))
    assert sorted(moved) == [False] * 5 + [True]
    assert (await get(floor, talk)).step is Step.HELPED
    assert len(await floor.rows("jobs", "kind = 'debriefs.prompt' AND job_key LIKE '%helped'")) == 1
    await other.close()


async def test_an_answer_sent_again_is_kept_once_and_asks_the_next_question_once(floor, talk):
    kept = await asyncio.gather(
        *(floor.talking.answer(ANA, talk, Step.FACTS, "n1", "A refund") for _ in range(5))
    )
    assert [it.is_new for it in kept].count(True) == 1
    assert len(await floor.rows("debrief_replies")) == 1
    (reply,) = await floor.sent("reply")
    assert "A refund" in text_of(reply)
    assert len(await floor.sent("prompt")) == 1
    assert await floor.sent("prompt") == []


async def test_a_colleagues_answer_is_posted_and_leaves_the_question_open(floor, talk):
    await floor.talking.answer(BEN, talk, Step.FACTS, "n2", "Same on Monday")
    (reply,) = await floor.sent("reply")
    assert "<@UBEN>" in text_of(reply)
    assert (await get(floor, talk)).step is Step.FACTS
    with pytest.raises(NotAllowedError):
        await floor.talking.skip(BEN, talk, Step.FACTS)
    with pytest.raises(NotAllowedError):
        await floor.talking.ending(BEN, talk)


async def test_how_i_am_now_stays_with_me(floor, talk):
    for step in (Step.FACTS, Step.HELPED, Step.CHANGE):
        await floor.talking.skip(ANA, talk, step)
    with pytest.raises(NotAllowedError):
        await floor.talking.look(BEN, talk, Step.NOW, may_ask=False)
    with pytest.raises(NotAllowedError):
        await floor.talking.answer(BEN, talk, Step.NOW, "n3", "me too")
    await floor.talking.answer(ANA, talk, Step.NOW, "n4", "worn out")
    assert await floor.sent("reply") == []
    end = await floor.talking.ending(ANA, talk)
    assert "worn out" not in end.summary


ORIGINAL = thread_reply(BEN, "frist")
EDITED = thread_reply(BEN, "first", version="1795000200.000100")
EDITED_AGAIN = thread_reply(BEN, "first, corrected", version="1795000300.000100")
DELETED = thread_reply(BEN, "first, corrected", is_gone=True)


@pytest.mark.parametrize("order", list(permutations((ORIGINAL, EDITED, EDITED_AGAIN))))
async def test_edits_are_followed_in_whatever_order_and_however_often_they_come(floor, talk, order):
    thread = await get(floor, talk)
    for said in (*order, *order):
        await floor.talking.hear(W, CHANNEL, thread.root_ts, said)
    (row,) = await floor.rows("debrief_replies")
    assert row["body"] == "first, corrected"


@pytest.mark.parametrize("order", list(permutations((ORIGINAL, EDITED, DELETED))))
async def test_what_was_deleted_never_comes_back(floor, talk, order):
    thread = await get(floor, talk)
    for said in (*order, *order):
        await floor.talking.hear(W, CHANNEL, thread.root_ts, said)
    (row,) = await floor.rows("debrief_replies")
    assert (row["body"], row["is_gone"]) == ("", 1)


async def test_what_is_said_anywhere_else_is_dropped_unread(floor, talk):
    thread = await get(floor, talk)
    for channel, ts in ((CHANNEL, "1795000000.999999"), ("CELSE", thread.root_ts)):
        assert await floor.talking.hear(W, channel, ts, thread_reply(BEN, "elsewhere")) is None
    await floor.talking.close(ANA, talk, Closing("done"))
    assert await floor.talking.hear(W, CHANNEL, thread.root_ts, thread_reply(BEN, "too late")) is None
    assert await floor.rows("debrief_replies") == []


async def test_a_reply_is_kept_masked_and_its_author_told(floor, talk):
    thread = await get(floor, talk)
    kept = await floor.talking.hear(W, CHANNEL, thread.root_ts, thread_reply(SAM, "Ring 212-555-0123"))
    assert (kept.is_new, kept.masked) == (True, "1 phone")
    again = await floor.talking.hear(W, CHANNEL, thread.root_ts, thread_reply(SAM, "Ring 212-555-0123"))
    assert not again.is_new
    assert "555" not in str(await floor.rows("debrief_replies"))


async def test_closing_twice_is_closing_once(floor, talk):
    await floor.talking.answer(ANA, talk, Step.CHANGE, "n5", "A status page")
    end = await floor.talking.ending(ANA, talk)
    assert "What to change: A status page" in end.summary
    closing = Closing(end.summary, "Say the day", "refund_problem", action="Status page", owner=GRACE.id,
                      due_on=dt.date(2026, 11, 30))  # fmt: skip
    await asyncio.gather(*(floor.talking.close(ANA, talk, closing) for _ in range(4)))
    assert not (await get(floor, talk)).is_open
    assert [row["body"] for row in await floor.rows("lessons")] == ["Say the day"]
    assert len(await floor.rows("cause_actions")) == 1
    kinds = sorted(
        row["kind"] for row in await floor.rows("jobs", "state = 'due' AND kind <> 'debriefs.tidy'")
    )
    assert kinds == ["debriefs.asked", "debriefs.closed", "debriefs.due", "debriefs.reply"]
    (closed,) = await floor.sent("closed")
    assert "Say the day" in text_of(closed)
    (asked,) = await floor.sent("asked")
    assert "Status page" in text_of(asked)
    assert await floor.talking.done(GRACE, talk)
    assert not await floor.talking.done(BEN, talk)
    with pytest.raises(GoneError):
        await floor.talking.skip(ANA, talk, Step.FACTS)


@pytest.mark.parametrize("lesson", ["Ask Ben", "ben.. no: Ben!", "<@UBEN> knows", "Grace and Sam did it"])
async def test_a_lesson_names_nobody_of_the_debrief(floor, talk, lesson):
    with pytest.raises(InvalidError):
        await floor.talking.close(ANA, talk, Closing("s", lesson))
    assert (await get(floor, talk)).is_open


async def test_an_action_needs_a_colleague_and_a_day(floor, talk):
    for owner, due_on in (
        ("", None),
        (GRACE.id, None),
        ("UTONI", dt.date(2027, 1, 1)),
        ("UNOBODY", dt.date(2027, 1, 1)),
        (GRACE.id, NOW.date() - dt.timedelta(days=1)),
    ):
        with pytest.raises(InvalidError):
            await floor.talking.close(ANA, talk, Closing("s", action="Fix it", owner=owner, due_on=due_on))


@pytest.mark.parametrize("trouble", ["shared", "guests", "is_archived", "not_in_channel", "too_big"])
async def test_no_debrief_is_held_where_others_listen(floor, trouble):
    entry_id = await floor.log()
    await floor.database.write(
        lambda tx: save_room(tx, W, Room(CHANNEL, "x", trouble=trouble, people=frozenset({ANA.id})), NOW)
    )
    for channel in (CHANNEL, "CNEVERSEEN"):
        with pytest.raises(InvalidError) as refused:
            await floor.talking.begin(ANA, entry_id, channel, frozenset())
        assert refused.value.field == Action.TALK_CHANNEL
    assert await floor.rows("debriefs") == []


async def test_no_debrief_is_opened_in_a_channel_one_is_not_in(floor):
    entry_id = await floor.log(GRACE)
    with pytest.raises(InvalidError):
        await floor.talking.begin(GRACE, entry_id, CHANNEL, frozenset())


async def test_having_had_this_too_counts_once_and_without_names(floor, talk):
    assert (await floor.talking.me_too(BEN, talk))[1] == 1
    assert await floor.talking.me_too(BEN, talk) is None
    assert await floor.talking.me_too(ANA, talk) is None
    assert (await floor.talking.me_too(SAM, talk))[1] == 2
    root = await floor.composing.root_now(W, talk)
    assert "2 colleagues have had this too" in text_of(root)
    assert "UBEN" not in text_of(root)


async def test_left_alone_it_closes_itself_after_two_weeks_and_says_nothing(floor, talk):
    tidying = Tidying(floor.means)

    async def run():
        row = (await floor.rows("jobs", "kind = 'debriefs.tidy' AND state = 'due'"))[-1]
        job = job_of(row)
        floor.clock.time = max(floor.clock.time, job.due_at)
        await tidying.run(job)
        await floor.database.write(
            lambda tx: tx.run("UPDATE jobs SET state = 'sent' WHERE job_key = :k", k=job.key)
        )
        await floor.database.write(lambda tx: tidying.on_done(tx, job))

    floor.clock.time += dt.timedelta(days=5)
    thread = await get(floor, talk)
    await floor.talking.hear(W, CHANNEL, thread.root_ts, thread_reply(BEN, "one more thing"))
    await run()
    assert (await get(floor, talk)).is_open
    await run()
    assert not (await get(floor, talk)).is_open
    assert floor.clock.time == NOW + dt.timedelta(days=19)
    assert await floor.rows("jobs", "state = 'due'") == []


async def test_a_root_that_could_not_be_posted_is_told_and_can_be_begun_again(floor):
    entry_id = await floor.log()
    await floor.talking.begin(ANA, entry_id, CHANNEL, frozenset())
    (row,) = await floor.rows("jobs", "kind = 'debriefs.root'")
    await floor.database.write(lambda tx: floor.composing.root_failed(tx, job_of(row), "not_in_channel"))
    (told,) = await floor.sent("stopped")
    assert "Invite it there first" in text_of(told)
    again = await floor.talking.begin(ANA, entry_id, None, frozenset())
    assert again.is_alone
    assert len(await floor.rows("jobs", "kind = 'debriefs.root'")) == 1


async def test_deleting_the_entry_takes_out_the_bots_messages_even_one_that_was_on_its_way(floor, talk):
    await floor.talking.answer(ANA, talk, Step.FACTS, "n6", "words")
    (late,) = await floor.rows("jobs", "kind = 'debriefs.reply'")
    assert await floor.service.delete(ANA, talk)
    await floor.database.write(
        lambda tx: floor.composing.reply_sent(tx, job_of(late), CHANNEL, "1795000999.000001")
    )
    gone = []

    class Client:
        async def chat_delete(self, *, channel, ts):
            gone.append((channel, ts))

    class Clients:
        def of(self, workspace):
            return Client()

    for row in await floor.rows("jobs", "kind = 'debriefs.lift'"):
        await Lifting(floor.means, Clients(), between_s=0).run(job_of(row))
    assert len(set(gone)) == 3
    for table in ("debriefs", "debrief_messages", "debrief_replies", "entries"):
        assert await floor.rows(table) == []


def test_every_kind_of_job_has_somebody_who_sees_to_it(floor):
    for kind, handler in floor.composing.handlers().items():
        assert isinstance(handler, Composer | Errand), kind


async def test_no_debrief_is_held_with_a_guest_not_even_alone(floor):
    entry_id = await floor.log(TONI)
    with pytest.raises(NotAllowedError, match="kept for you"):
        await floor.talking.begin(TONI, entry_id, None, frozenset())
    assert await floor.rows("debriefs") == []
