"""From asking to the talk and after it, on both engines."""

import asyncio
import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackApiError

from bot.directory import store as directory
from bot.errors import GoneError, InvalidError, NotAllowedError
from bot.peers import store
from bot.peers.jobs import Kind
from bot.peers.model import Offer, State, Topic, Wish, floor_ends_at
from bot.peers.service import NOT_NEEDED
from bot.settings import store as settings
from bot.settings.model import TeamForm
from bot.slack.blocks import Message
from bot.storage.opening import open_database
from tests.driver import words_in
from tests.peers.conftest import (
    ANA,
    ANY_TIME,
    BEN,
    MONDAY,
    PRIYA,
    SAM,
    TONI,
    Floor,
    W,
    opened_floor,
    service_of,
)


def words(message: Message) -> str:
    return "\n".join(words_in(list(message.blocks)))


async def accepted(floor, member=BEN):
    (ask,) = await floor.asked_of(member)
    return await floor.service.accept(member, ask)


async def test_one_free_supporter_is_asked_without_a_name_and_the_asker_reads_until_when(floor):
    await floor.listens(BEN)
    await floor.asks()
    await floor.pass_time(seconds=1)
    (question,) = floor.to(BEN)
    assert "A hard contact; in a break" in words(question.message)
    assert ANA.id not in str(question.message)
    assert "Ana" not in str(question.message)
    (status,) = floor.to(ANA)
    assert "Waiting until 10:20" in words(status.message)
    assert "at 12:00 it stops" in words(status.message)


async def test_what_a_locked_screen_shows_says_nothing_of_peers(floor):
    await floor.listens(BEN)
    await floor.asks(ANA, wants_follow_up=True)
    await floor.pass_time(seconds=1)
    await accepted(floor)
    await floor.pass_time(days=4)
    for shown in floor.to(ANA):
        assert "peer" not in shown.message.text
        assert "contact" not in shown.message.text


async def test_no_answer_goes_on_to_the_next_when_the_time_is_over_and_not_before(floor):
    await floor.listens(BEN, PRIYA)
    await floor.asks()
    await floor.pass_time(minutes=19, seconds=59)
    assert len(floor.to(BEN) + floor.to(PRIYA)) == 1
    await floor.pass_time(seconds=1)
    assert len(floor.to(BEN)) == len(floor.to(PRIYA)) == 1


async def test_a_no_makes_nothing_faster_and_is_kept_as_nothing(floor):
    await floor.listens(BEN, PRIYA)
    await floor.asks()
    await floor.pass_time(seconds=1)
    first = BEN if floor.to(BEN) else PRIYA
    (ask,) = await floor.asked_of(first)
    await floor.service.decline(first, ask)
    await floor.pass_time(minutes=19)
    assert len(floor.to(BEN) + floor.to(PRIYA)) == 1
    await floor.pass_time(minutes=1)
    assert len(floor.to(BEN)) == len(floor.to(PRIYA)) == 1
    rows = await floor.database.read(lambda tx: tx.all("SELECT DISTINCT state FROM peer_asks"))
    assert {row["state"] for row in rows} == {"over", "pending"}


async def test_now_asks_three_at_once_at_most_and_the_first_yes_spares_the_others(floor):
    more = [replace(BEN, id=f"UMORE{number}") for number in range(3)]
    people = await floor.database.read(lambda tx: directory.get(tx, BEN))
    await floor.database.write(
        lambda tx: directory.save(tx, [replace(people, member=it, name=it.id) for it in more])
    )
    await floor.listens(BEN, *more)
    await floor.asks(wish=Wish.NOW)
    await floor.pass_time(seconds=1)
    asked = [it for it in (BEN, *more) if floor.to(it)]
    assert len(asked) == 3
    await accepted(floor, asked[0])
    await floor.pass_time(seconds=1)
    for other in asked[1:]:
        (ask,) = await floor.asked_of(other)
        assert [it.kind for it in floor.to(other)] == [Kind.OFFER, "amended"]
        assert "needs nobody any more" in words(floor.to(other)[-1].message)
        with pytest.raises(GoneError, match="quicker"):
            await floor.service.accept(other, ask)


async def test_exactly_one_of_two_who_say_yes_at_once_wins_and_the_other_hears_a_kind_line(floor):
    await floor.listens(BEN, PRIYA)
    request = await floor.asks(wish=Wish.NOW)
    await floor.pass_time(seconds=1)
    asks = [(who, (await floor.asked_of(who))[0]) for who in (BEN, PRIYA)]
    outcomes = await asyncio.gather(
        *(floor.service.accept(who, ask) for who, ask in asks for _ in range(2)), return_exceptions=True
    )
    won = [it for it in outcomes if not isinstance(it, Exception)]
    assert len(won) == 1
    assert {it.sentence for it in outcomes if isinstance(it, Exception)} == {NOT_NEEDED}
    kept = await floor.database.read(lambda tx: store.request(tx, W, request.id))
    assert kept.supporter == won[0].supporter
    talked = await floor.database.read(
        lambda tx: tx.one("SELECT count(*) AS n FROM peer_asks WHERE state = 'talk'")
    )
    assert talked["n"] == 1


async def test_of_two_processes_that_hear_two_yeses_at_once_one_wins(postgresql_url, clock, seals):
    databases = [await open_database(postgresql_url) for _ in range(2)]
    first = await opened_floor(databases[0], clock, seals)
    other = Floor(
        databases[1], clock, service_of(databases[1], clock, first.not_with), first.holding, first.not_with
    )
    await first.listens(BEN, PRIYA)
    for asker in (ANA, SAM, ANA):
        await first.asks(asker, wish=Wish.NOW)
        await first.pass_time(seconds=1)
        asks = [(await first.asked_of(who))[-1] for who in (BEN, PRIYA)]
        outcomes = await asyncio.gather(
            first.service.accept(BEN, asks[0]), other.service.accept(PRIYA, asks[1]), return_exceptions=True
        )
        assert sorted(isinstance(it, GoneError) for it in outcomes) == [False, True], outcomes
        await first.pass_time(hours=1)
    for database in databases:
        await database.close()


async def test_a_yes_opens_one_conversation_with_a_guide_for_each(floor):
    await floor.listens(BEN)
    await floor.asks()
    await floor.pass_time(seconds=1)
    await accepted(floor)
    await floor.pass_time(seconds=1)
    assert floor.slack.opened == [f"{ANA.id},{BEN.id}"]
    (opening,) = [it for it in floor.seen if it.kind == Kind.OPENING]
    assert opening.recipient == "DGBOTH"
    for part in ("For the one who asked", "For the one who listens", "can't read what you write here"):
        assert part in words(opening.message)
    assert f"<@{BEN.id}> will talk with you" in words(floor.to(ANA, "amended")[-1].message)


async def test_where_slack_opens_none_each_gets_their_own_guide(floor):
    answer = SimpleNamespace(data={"error": "missing_scope"}, status_code=200, headers={})
    floor.slack.refusal = SlackApiError("no", answer)
    await floor.listens(BEN)
    await floor.asks()
    await floor.pass_time(seconds=1)
    await accepted(floor)
    await floor.pass_time(seconds=1)
    (hers,), (his,) = floor.to(ANA, Kind.GUIDE), floor.to(BEN, Kind.GUIDE)
    assert f"<@{BEN.id}> will talk with you" in words(hers.message)
    assert f"You talk with <@{ANA.id}>" in words(his.message)
    assert "For the one who listens" in words(his.message)


async def test_nobody_at_all_is_said_at_the_end_and_not_before(floor):
    await floor.asks()
    await floor.pass_time(minutes=119)
    assert not floor.to(ANA, Kind.NOBODY)
    await floor.pass_time(minutes=1)
    (news,) = floor.to(ANA, Kind.NOBODY)
    assert "Nobody could this time" in words(news.message)
    assert (await floor.service.mine(ANA)).request is None


async def test_a_withdrawn_request_is_shown_as_needing_nobody_and_looks_no_further(floor):
    await floor.listens(BEN, PRIYA)
    request = await floor.asks()
    await floor.pass_time(seconds=1)
    first, other = (BEN, PRIYA) if floor.to(BEN) else (PRIYA, BEN)
    await floor.service.withdraw(ANA, request.id)
    await floor.pass_time(hours=3)
    assert not floor.to(other)
    assert not floor.to(ANA, Kind.NOBODY)
    assert "needs nobody any more" in words(floor.to(first)[-1].message)
    with pytest.raises(GoneError, match="quicker"):
        await accepted(floor, first)
    with pytest.raises(GoneError):
        await floor.service.withdraw(ANA, request.id)


async def test_only_its_asker_withdraws_a_request_and_only_who_was_asked_accepts(floor):
    await floor.listens(BEN)
    request = await floor.asks()
    await floor.pass_time(seconds=1)
    (ask,) = await floor.asked_of(BEN)
    with pytest.raises(GoneError):
        await floor.service.withdraw(PRIYA, request.id)
    for stranger in (PRIYA, ANA):
        with pytest.raises(GoneError):
            await floor.service.accept(stranger, ask)
    assert (await floor.service.mine(ANA)).request


async def test_asking_twice_keeps_the_one_request(floor):
    first = await floor.asks()
    assert await floor.asks(topic=Topic.TEAM) == first


async def test_somebody_who_answers_late_may_still_say_yes_while_nobody_else_has(floor):
    await floor.listens(BEN)
    await floor.asks()
    await floor.pass_time(minutes=50)
    assert (await accepted(floor)).state is State.TALK


async def test_a_list_written_after_the_question_went_out_still_keeps_the_two_apart(floor):
    await floor.listens(BEN)
    await floor.asks()
    await floor.pass_time(seconds=1)
    await floor.service.keep_apart(ANA, [BEN.id])
    with pytest.raises(GoneError) as refused:
        await accepted(floor)
    assert refused.value.sentence == NOT_NEEDED
    assert (await floor.service.mine(ANA)).request


async def test_one_s_lead_is_never_asked_and_a_lead_s_people_never_get_the_lead_s_request(floor):
    await floor.listens(SAM, BEN)
    await floor.asks(ANA)
    await floor.asks(SAM, topic=Topic.TEAM)
    await floor.pass_time(hours=6)
    assert len(floor.to(BEN, Kind.OFFER)) == 1
    assert not floor.to(SAM, Kind.OFFER)


async def test_whoever_becomes_the_lead_meanwhile_can_t_accept(floor):
    await floor.listens(BEN)
    await floor.asks()
    await floor.pass_time(seconds=1)
    await floor.database.write(
        lambda tx: settings.save_team(
            tx, W, TeamForm("t1", "Late shift", people=(ANA.id,), leads=(SAM.id, BEN.id))
        )
    )
    with pytest.raises(GoneError, match="quicker"):
        await accepted(floor)


async def test_two_late_yeses_don_t_go_beyond_what_somebody_offered(floor):
    await floor.listens(BEN, offer=replace(ANY_TIME, per_week=1))
    await floor.asks(ANA)
    await floor.pass_time(minutes=21)
    await floor.asks(PRIYA)
    await floor.pass_time(minutes=21)
    first, second = await floor.asked_of(BEN)
    await floor.service.accept(BEN, first)
    with pytest.raises(InvalidError, match="more than the 1 a week"):
        await floor.service.accept(BEN, second)


async def test_a_full_week_is_free_again_after_seven_days(floor):
    await floor.listens(BEN, offer=replace(ANY_TIME, per_week=1))
    await floor.asks(ANA)
    await floor.pass_time(seconds=1)
    await accepted(floor)
    await floor.pass_time(days=6)
    await floor.service.go_on_floor(BEN)
    await floor.asks(PRIYA)
    await floor.pass_time(hours=3)
    assert len(floor.to(BEN, Kind.OFFER)) == 1
    await floor.pass_time(days=1)
    await floor.service.go_on_floor(BEN)
    await floor.asks(PRIYA)
    await floor.pass_time(hours=3)
    assert len(floor.to(BEN, Kind.OFFER)) == 2


async def test_who_is_off_away_or_not_to_be_disturbed_is_not_asked(floor):
    await floor.listens(BEN, PRIYA)
    await floor.service.go_off_floor(BEN)
    person = await floor.database.read(lambda tx: directory.get(tx, PRIYA))
    await floor.database.write(lambda tx: directory.save(tx, [replace(person, is_away=True)]))
    await floor.asks()
    await floor.pass_time(hours=3)
    assert not floor.to(BEN) + floor.to(PRIYA)


async def test_the_one_who_listened_is_thanked_and_the_asker_asked_only_if_she_wanted(floor):
    await floor.listens(BEN)
    await floor.asks(ANA, wants_follow_up=True)
    await floor.pass_time(seconds=1)
    await accepted(floor)
    await floor.pass_time(hours=4)
    (thanks,) = floor.to(BEN, Kind.THANKS)
    assert "1 of the 2 you offered" in words(thanks.message)
    assert ANA.id not in str(thanks.message)
    await floor.pass_time(days=3)
    (question,) = floor.to(ANA, Kind.FOLLOW_UP)
    assert question.at == dt.datetime(2026, 11, 26, 15, tzinfo=dt.UTC)

    await floor.service.go_on_floor(BEN)
    await floor.asks(PRIYA)
    await floor.pass_time(seconds=1)
    await floor.service.accept(BEN, (await floor.asked_of(BEN))[-1])
    await floor.pass_time(days=5)
    assert not floor.to(PRIYA, Kind.FOLLOW_UP)


async def test_guests_neither_listen_nor_ask_since_nothing_could_reach_them(floor):
    await floor.listens(BEN)
    for attempt in (
        floor.service.offer(TONI, ANY_TIME),
        floor.asks(TONI),
        floor.service.check_colleague(TONI),
    ):
        with pytest.raises(NotAllowedError):
            await attempt
    await floor.pass_time(seconds=1)
    assert await floor.asked_of(BEN) == []


async def test_going_on_the_floor_outside_one_s_hours_says_which_they_are(floor, clock):
    await floor.service.offer(BEN, Offer(asked_from=dt.time(9), asked_until=dt.time(17)))
    clock.time = MONDAY.replace(hour=20)
    with pytest.raises(InvalidError, match="09:00 to 17:00"):
        await floor.service.go_on_floor(BEN)


async def test_looking_twice_for_the_same_turn_asks_nobody_twice(floor):
    await floor.listens(BEN, PRIYA)
    request = await floor.asks()
    for _ in range(2):
        await floor.service.look(W, request.id, 1, MONDAY)
    assert len(await floor.asked_of(BEN) + await floor.asked_of(PRIYA)) == 1


async def test_a_bot_that_was_away_for_a_day_tells_the_asker_instead_of_asking_for_yesterday(floor):
    request = await floor.asks()
    await floor.database.write(lambda tx: floor.service.give_up(tx, W, request.id))
    await floor.pass_time(seconds=1)
    assert floor.to(ANA, Kind.NOBODY)


@pytest.mark.parametrize(
    ("start", "end", "now", "expected"),
    [
        ((9, 0), (17, 0), (2026, 11, 23, 15), (2026, 11, 23, 17)),
        ((9, 0), (17, 0), (2026, 11, 23, 8), None),
        ((22, 0), (6, 0), (2026, 11, 23, 23), (2026, 11, 24, 6)),
        ((22, 0), (6, 0), (2026, 11, 24, 5), (2026, 11, 24, 6)),
        ((22, 0), (6, 0), (2026, 11, 24, 6), None),
        ((0, 0), (0, 0), (2026, 11, 24, 6), (2026, 11, 24, 18)),
        # The spring night has an hour less, the autumn night one more.
        ((22, 0), (6, 0), (2027, 3, 28, 0), (2027, 3, 28, 5)),
        ((22, 0), (6, 0), (2026, 10, 25, 0), (2026, 10, 25, 6)),
    ],
)
def test_the_floor_ends_with_one_s_hours_also_over_midnight_and_dst(start, end, now, expected):
    offer = Offer(asked_from=dt.time(*start), asked_until=dt.time(*end))
    ends_at = floor_ends_at(offer, "Europe/London", dt.datetime(*now, tzinfo=dt.UTC))
    assert ends_at == (dt.datetime(*expected, tzinfo=dt.UTC) if expected else None)
