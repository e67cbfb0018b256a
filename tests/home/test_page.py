"""App Home: what its view holds, and what was on its way to it meanwhile."""

import datetime as dt

from bot.home.page import NOTES_KEPT_FOR, Home
from bot.people import Member

ANA = Member("T1", "UANA")


class Clients:
    """Keeps the pages that were published."""

    def __init__(self):
        self.published = []

    def of(self, workspace):
        return self

    async def views_publish(self, *, user_id, view, **_):
        self.published.append(view)


class Hands:
    """A clock that a test moves."""

    def __init__(self):
        self.at = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

    def now(self):
        return self.at


async def test_a_card_on_its_way_is_not_lost_to_a_home_opened_before_it_arrived():
    home = Home(Clients(), Hands(), [])
    await home.show(ANA, {"card": "fresh"})
    assert home.latest_notes(ANA, "") == {"card": "fresh"}


async def test_the_card_of_the_day_is_kept_in_the_view_itself_and_gone_the_next():
    clients, clock = Clients(), Hands()
    home = Home(clients, clock, [])
    await home.show(ANA, {"card": "fresh"})
    held = clients.published[0]["private_metadata"]
    clock.at += dt.timedelta(hours=3)
    assert home.latest_notes(ANA, held) == {"card": "fresh"}
    clock.at += NOTES_KEPT_FOR
    assert home.latest_notes(ANA, held) == {}


async def test_what_somebody_else_wrote_into_a_view_is_no_note():
    home = Home(Clients(), Hands(), [])
    for metadata in ("", "null", "[]", '{"at": 3}', '{"at": "2026-11-21T12:00:00+00:00", "notes": 3}'):
        assert home.latest_notes(ANA, metadata) == {}
