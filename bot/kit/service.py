"""Keeping words one would use again, saying them one's own way, offering them to colleagues."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.errors import GoneError, InvalidError
from bot.kit import store
from bot.kit.model import ITEMS_MOST, OWN, TEXT_MOST, Change, Item, Kind, Kit, Line
from bot.people import Member
from bot.safeguards.pii import Guard, Masked
from bot.scheduler.clocks import Clock
from bot.slack.ids import Action
from bot.storage.database import Database, Transaction
from bot.teams import Teams

ON_CARDS_MOST = 3
"""Own words on one card: the playbook's come round again after them."""
SHOWN_MOST = 30
NOT_THERE = "That isn't in your kit any more."
NO_TEAM = "You aren't in a team in Steady yet, so there is nobody to offer it to."
FULL = f"Your kit holds {ITEMS_MOST} things already; take something out first."


class KitService:
    """What somebody does with their kit; nobody else reads it, except what is offered."""

    def __init__(self, database: Database, teams: Teams, clock: Clock, new_id: Callable[[], str]) -> None:
        self._database = database
        self._teams = teams
        self._clock = clock
        self._new_id = new_id

    async def save(self, member: Member, situation: str, lines: Sequence[Line]) -> int:
        """Keep a card's phrases; returns how many were new."""
        now = self._clock.now()
        items = [
            Item(self._new_id(), member, Kind.PHRASE, situation, it.origin, it.text[:TEXT_MOST], now)
            for it in lines
            if not it.origin.startswith(OWN)
        ]

        def keep(tx: Transaction) -> int:
            self._check_room(tx, member)
            return sum(store.add(tx, item) for item in items)

        return await self._database.write(keep)

    async def mine(self, member: Member) -> Kit:
        """One's own kit, and what colleagues offered the team."""

        def look(tx: Transaction) -> Kit:
            team = self._teams.team_of(tx, member)
            offered = store.offered(tx, member, team.id, SHOWN_MOST) if team else []
            return Kit(store.own(tx, member, SHOWN_MOST), offered, team.name if team else "")

        return await self._database.read(look)

    async def item(self, member: Member, item_id: str) -> Item:
        """One of one's own; anybody else's is not there."""
        item = await self._database.read(lambda tx: store.get(tx, member.workspace, item_id))
        if item is None or item.owner != member:
            raise GoneError(NOT_THERE)
        return item

    async def masked(self, member: Member, text: str) -> Masked:
        """A text as it could be kept."""
        country = await self._database.read(lambda tx: self._teams.country(tx, member.workspace))
        return Guard(country).mask(text[:TEXT_MOST])

    async def keep(self, member: Member, change: Change) -> Item:
        """Keep a new item or a changed one, offered or not; raises InvalidError for what can't be kept."""
        if not change.text:
            raise InvalidError("Write the words to keep.", field=Action.KIT_TEXT)
        text = (await self.masked(member, change.text)).text
        now = self._clock.now()

        def write(tx: Transaction) -> Item:
            team = self._teams.team_of(tx, member) if change.is_offered else None
            if change.is_offered and team is None:
                raise InvalidError(NO_TEAM, field=Action.KIT_OFFER)
            before = store.get(tx, member.workspace, change.id)
            if before is not None and before.owner != member:
                raise GoneError(NOT_THERE)
            item = before or Item(change.id, member, change.kind, change.situation, "", text, now)
            item = replace(
                item,
                kind=change.kind,
                situation=change.situation,
                text=text,
                offered_to=team.id if team else None,
                is_credited=change.is_credited and team is not None,
            )
            if before is None:
                self._check_room(tx, member)
                store.add(tx, item)
            else:
                store.change(tx, item)
            return item

        return await self._database.write(write)

    async def remove(self, member: Member, item_id: str) -> None:
        """Delete one's own item; deleted twice is deleted."""
        await self._database.write(lambda tx: store.remove(tx, member, item_id))

    async def lines_for(self, member: Member, situation: str) -> Sequence[Line]:
        """What may come second on a card: one's own words, then those offered to the team."""

        def look(tx: Transaction) -> list[Line]:
            own = store.own_for(tx, member, situation, ON_CARDS_MOST)
            team = self._teams.team_of(tx, member)
            left = ON_CARDS_MOST - len(own)
            offered = store.offered_for(tx, member, team.id, situation, left) if team and left else []
            return [Line(f"{OWN}{it.id}", it.text) for it in (*own, *offered)]

        return await self._database.read(look)

    def _check_room(self, tx: Transaction, member: Member) -> None:
        if store.count(tx, member) >= ITEMS_MOST:
            raise InvalidError(FULL, field=Action.KIT_TEXT)
