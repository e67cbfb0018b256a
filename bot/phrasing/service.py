"""From what a member typed to what they are shown; what was typed goes no further than this room."""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.people import Member
from bot.phrasing import store
from bot.phrasing.card import Answer, Card, CardAnswer, Recipe, Saying, Style
from bot.phrasing.deciding import Words
from bot.playbooks.library import Library
from bot.playbooks.model import Channel
from bot.scheduler.clocks import Clock
from bot.storage.database import Database, Transaction
from bot.storage.deliveries import first_time

CHANNEL_KNOWN_FOR = dt.timedelta(minutes=1)
CHANNELS_KNOWN_MOST = 20_000

OWN = "kit."
"""Begins the id of a phrase that is somebody's own; no vote is counted for those."""

LessonFor = Callable[[str, Member], Awaitable[str]]
"""The newest lesson for a situation that a member may see, "" for none."""
OwnWords = Callable[[Member, str], Awaitable[Sequence[Saying]]]
"""What a member saved, or colleagues offered their team, for a situation; ids begin with `OWN`."""


class PhrasingService:
    """Finds words for a hard moment."""

    def __init__(
        self,
        words: Callable[[], Words],
        database: Database,
        clock: Clock,
        lesson_for: LessonFor,
        own_words: OwnWords,
    ) -> None:
        self._words = words
        self._database = database
        self._clock = clock
        self._lesson_for = lesson_for
        self._own_words = own_words
        self._channels: dict[Member, tuple[Channel, dt.datetime]] = {}

    @property
    def library(self) -> Library:
        """The playbooks in use at this moment."""
        return self._words().library

    async def answer(self, member: Member, text: str) -> Answer:
        """Find the words for what is going on."""
        channel = await self.usual_channel(member)
        _, answer = self._words().look_up(
            text, channel, seed=self._seed(member), today=self._clock.now().date()
        )
        if isinstance(answer, CardAnswer) and (lesson := await self._lesson_for(answer.recipe.lead, member)):
            return replace(answer, card=replace(answer.card, lesson=lesson))
        return answer

    async def card(self, member: Member, recipe: Recipe) -> Card:
        """Make the card of a recipe, with a lesson of colleagues; the member's own words come second."""
        own = await self._own_words(member, recipe.lead) if recipe.style is Style.USUAL else ()
        turn = max(0, recipe.turn - len(own))
        card = self._words().card(
            replace(recipe, turn=turn), seed=self._seed(member), today=self._clock.now().date()
        )
        if 0 < recipe.turn <= len(own):
            card = replace(card, sayings=(own[recipe.turn - 1],))
        return replace(card, lesson=await self._lesson_for(recipe.lead, member))

    async def usual_channel(self, member: Member) -> Channel:
        """Return the channel this member works in; another replica's change shows within a minute."""
        known = self._channels.get(member)
        if known and self._clock.now() - known[1] < CHANNEL_KNOWN_FOR:
            return known[0]
        channel = await self._database.read(lambda tx: store.usual_channel(tx, member))
        self._know(member, channel)
        return channel

    async def use_channel(self, member: Member, channel: Channel) -> None:
        """Remember the channel for this member's next cards."""
        now = self._clock.now()
        await self._database.write(lambda tx: store.remember_channel(tx, member, channel, now))
        self._know(member, channel)

    async def vote(self, member: Member, recipe: Recipe, *, helped: bool) -> None:
        """Count a card's vote once, without keeping whose it was."""
        sayings = (await self.card(member, recipe)).sayings
        phrases = [it.phrase_id for it in sayings if not it.phrase_id.startswith(OWN)]
        now = self._clock.now()

        def count(tx: Transaction) -> None:
            if first_time(tx, f"vote:{recipe.nonce}", now):
                for phrase in phrases:
                    store.add_vote(tx, member.workspace, phrase, now.date(), helped=helped)

        await self._database.write(count)

    def _know(self, member: Member, channel: Channel) -> None:
        """Spare the next answer the way to the database, which costs as much as finding the words."""
        if len(self._channels) >= CHANNELS_KNOWN_MOST:
            self._channels.clear()
        self._channels[member] = (channel, self._clock.now())

    def _seed(self, member: Member) -> str:
        """Makes a member's other ways differ from a colleague's, and today's from tomorrow's."""
        return f"{member.id}:{self._clock.now().date()}"
