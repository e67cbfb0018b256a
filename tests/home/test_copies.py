"""Copies of cards for Home: the newest of each member, never faster than Slack takes them."""

import asyncio

from bot.home import copies
from bot.home.copies import Copies
from bot.people import Member
from bot.slack.tasks import Tasks

ANA, BEN = Member("T1", "UANA"), Member("T1", "UBEN")


class Pages:
    """What was published, in order."""

    def __init__(self):
        self.shown = []
        self.enough = asyncio.Event()
        self.wanted = 0

    async def show(self, member, notes):
        self.shown.append((member, notes["card"]))
        if len(self.shown) >= self.wanted:
            self.enough.set()


async def published(monkeypatch, keep, wanted):
    monkeypatch.setattr(copies, "EVERY", 0.001)
    pages, tasks = Pages(), Tasks()
    pages.wanted = wanted
    waiting = Copies(pages.show, tasks)
    keep(waiting)
    await asyncio.wait_for(pages.enough.wait(), 5)
    await tasks.drain(5)
    return pages.shown


async def test_only_the_newest_card_of_a_member_is_published(monkeypatch):
    def keep(waiting):
        for n in range(5):
            waiting.keep(ANA, {"card": f"a{n}"})
        waiting.keep(BEN, {"card": "b"})

    assert await published(monkeypatch, keep, 2) == [(ANA, "a4"), (BEN, "b")]


async def test_a_rush_forgets_the_oldest_copies_and_no_answers(monkeypatch):
    monkeypatch.setattr(copies, "WAITING_MOST", 3)

    def keep(waiting):
        for n in range(10):
            waiting.keep(Member("T1", f"U{n}"), {"card": str(n)})

    assert [notes for _, notes in await published(monkeypatch, keep, 3)] == ["7", "8", "9"]


async def test_a_page_slack_refuses_does_not_stop_the_next(monkeypatch):
    monkeypatch.setattr(copies, "EVERY", 0.001)
    pages, tasks = Pages(), Tasks()
    pages.wanted = 1

    async def show(member, notes):
        if member == ANA:
            raise RuntimeError
        await pages.show(member, notes)

    waiting = Copies(show, tasks)
    waiting.keep(ANA, {"card": "a"})
    waiting.keep(BEN, {"card": "b"})
    await asyncio.wait_for(pages.enough.wait(), 5)
    await tasks.drain(5)
    assert pages.shown == [(BEN, "b")]
