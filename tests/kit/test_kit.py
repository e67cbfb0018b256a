"""A kit: its owner's own, once each, and the team's only where it was offered."""

import asyncio
import itertools

import pytest

from bot.errors import GoneError, InvalidError
from bot.kit import views
from bot.kit.holding import KitHolding
from bot.kit.model import ITEMS_MOST, Change, Kind, Kit, Line
from bot.kit.service import KitService
from bot.phrasing.card import Recipe, Saying
from bot.phrasing.deciding import Words
from bot.phrasing.service import PhrasingService
from bot.sandbox.validation import check_view
from bot.settings.queries import Answers
from tests.debriefs.floor import ANA, BEN, GRACE, LIBRARY, SAM, StoppedClock, seed

LINE = Line("refund_problem.trace", "I'm tracing it now.")


@pytest.fixture
async def kit(database):
    await database.write(seed)
    numbers = itertools.count()
    return KitService(database, Answers("US"), StoppedClock(), lambda: f"item{next(numbers)}")


def change(id_="mine", text="My way of saying it", **fields):
    return Change(id_, Kind.PHRASE, "refund_problem", text, **fields)


async def test_saving_a_card_twice_saves_it_once(kit):
    saved = await asyncio.gather(*(kit.save(ANA, "refund_problem", [LINE]) for _ in range(5)))
    assert sum(saved) == 1
    assert [it.text for it in (await kit.mine(ANA)).own] == [LINE.text]
    assert await kit.save(BEN, "refund_problem", [LINE]) == 1


async def test_it_is_said_ones_own_way_and_comes_up_for_its_situation_alone(kit):
    await kit.save(ANA, "refund_problem", [LINE])
    (item,) = (await kit.mine(ANA)).own
    await kit.keep(ANA, change(item.id, "I see it, I'm on it."))
    assert [it.text for it in await kit.lines_for(ANA, "refund_problem")] == ["I see it, I'm on it."]
    assert await kit.lines_for(ANA, "policy_no") == []
    assert await kit.save(ANA, "refund_problem", [LINE]) == 0


async def test_nobody_else_reads_changes_or_deletes_it(kit):
    await kit.keep(ANA, change())
    for other in (BEN, SAM, GRACE):
        assert (await kit.mine(other)).own == []
        assert (await kit.mine(other)).offered == []
        assert await kit.lines_for(other, "refund_problem") == []
        with pytest.raises(GoneError):
            await kit.item(other, "mine")
        with pytest.raises(GoneError):
            await kit.keep(other, change(text="taken over"))
        await kit.remove(other, "mine")
    assert (await kit.item(ANA, "mine")).text == "My way of saying it"


async def test_what_is_offered_reaches_the_team_with_a_name_only_if_wanted_and_can_be_taken_back(kit):
    await kit.keep(ANA, change(is_offered=True))
    (offered,) = (await kit.mine(BEN)).offered
    assert not offered.is_credited
    assert "UANA" not in str(views.kit_view(LIBRARY, await kit.mine(BEN)))
    assert (await kit.mine(GRACE)).offered == []
    assert [it.origin for it in await kit.lines_for(BEN, "refund_problem")] == ["kit.mine"]
    await kit.keep(ANA, change(is_offered=True, is_credited=True))
    assert "from <@UANA>" in str(views.kit_view(LIBRARY, await kit.mine(BEN)))
    await kit.keep(ANA, change())
    assert (await kit.mine(BEN)).offered == []


async def test_without_a_team_there_is_nobody_to_offer_it_to(kit):
    with pytest.raises(InvalidError):
        await kit.keep(SAM, change(is_offered=True))


async def test_personal_data_is_masked_and_an_empty_text_refused(kit):
    item = await kit.keep(ANA, change(text="Ring me on 212-555-0123"))
    assert "555" not in item.text
    with pytest.raises(InvalidError):
        await kit.keep(ANA, change("other", ""))


async def test_a_kit_has_an_end(kit):
    for number in range(ITEMS_MOST):
        await kit.keep(ANA, change(f"i{number}"))
    with pytest.raises(InvalidError):
        await kit.keep(ANA, change("one more"))
    assert check_view(views.kit_view(LIBRARY, await kit.mine(ANA)), kinds=("modal",)) is None


@pytest.mark.parametrize("text", ["", "<!channel> *x*", "x" * 300])
@pytest.mark.parametrize("is_new", [True, False])
def test_its_views_are_ones_that_slack_takes(text, is_new):
    form = views.item_form(
        LIBRARY,
        change(text=text, is_offered=True, is_credited=True),
        is_new=is_new,
        has_team=True,
        masked="1 phone",
    )
    for view in (form, views.kit_view(LIBRARY, Kit([], [], "")), views.done_view("ok")):
        assert check_view(view, kinds=("modal",)) is None


async def test_exported_and_erased_with_its_owner(kit, database):
    await kit.keep(ANA, change(is_offered=True))
    await kit.keep(BEN, change("ben's"))
    export = await database.read(lambda tx: KitHolding().export(tx, ANA))
    assert [it["words"] for it in export["my kit"]] == ["My way of saying it"]
    await database.write(lambda tx: KitHolding().erase(tx, ANA))
    assert (await kit.mine(BEN)).offered == []
    assert len((await kit.mine(BEN)).own) == 1


async def test_own_words_come_second_on_a_card_and_then_the_playbooks_go_on(database):
    words = Words(LIBRARY, None)

    async def own_words(member, situation):
        return [Saying("kit.1", "My own words.")] if situation == "refund_problem" else []

    async def no_lesson(situation, member):
        return "Say the day."

    service = PhrasingService(lambda: words, database, StoppedClock(), no_lesson, own_words)
    turns = [await service.card(ANA, Recipe("refund_problem", turn=turn, nonce="n")) for turn in range(4)]
    assert [card.sayings[0].phrase_id == "kit.1" for card in turns] == [False, True, False, False]
    assert turns[2].sayings != turns[0].sayings
    assert {card.lesson for card in turns} == {"Say the day."}
    await service.vote(ANA, Recipe("refund_problem", turn=1, nonce="n"), helped=True)
    assert await database.read(lambda tx: tx.all("SELECT * FROM votes")) == []
