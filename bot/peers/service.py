"""Offering to listen, asking for a peer, accepting: each in one unit of work with what it schedules."""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.directory import store as directory
from bot.directory.model import Person
from bot.errors import GoneError, InvalidError, NotAllowedError
from bot.peers import jobs, store
from bot.peers.matching import Candidate, Seeker, choose, may_meet
from bot.peers.model import (
    NOT_WITH_MOST,
    ROUNDS,
    SELF_CHOSEN,
    WEEK,
    Ask,
    Asking,
    AskState,
    Load,
    Mine,
    Offer,
    Place,
    Request,
    State,
    Supporter,
    check_offer,
    floor_ends_at,
    next_end,
)
from bot.peers.not_with import NotWith
from bot.people import Member
from bot.scheduler.availability import Yes, may_send
from bot.scheduler.clocks import Clock
from bot.slack.ids import Action
from bot.storage.database import Database, Transaction
from bot.teams import Teams

GUESTS = (
    "Peer support goes by messages, and Steady doesn't write to Slack guests. Talk to a colleague or your "
    "lead yourself; resets and help lines are there for you, too."
)
NOT_NEEDED = (
    "Somebody else was a little quicker, or it isn't needed any more. Thank you for being ready; there is "
    "nothing else to do."
)
"""One sentence for every reason, so that none can be told from another."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Means:
    """What peer support works with; everything is handed in."""

    database: Database
    teams: Teams
    not_with: NotWith
    clock: Clock
    dice: random.Random
    new_id: Callable[[], str]
    wake: Callable[[], None]
    """Has what was just scheduled looked for at once."""


class PeerService:
    """What people do around peer support."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def mine(self, member: Member) -> Mine:
        """What somebody offers and waits for."""
        return await self._means.database.read(lambda tx: self._mine(tx, member))

    async def check_colleague(self, member: Member) -> None:
        """Say so before anybody fills in a form in vain; raises NotAllowedError for guests."""
        await self._means.database.read(lambda tx: self._require_colleague(tx, member))

    async def offer(self, member: Member, offer: Offer) -> Supporter:
        """Join the roster, or change what was offered; on the floor one stays there, within the new hours."""
        check_offer(offer)

        def keep(tx: Transaction) -> Supporter:
            self._require_colleague(tx, member)
            before, now = store.supporter(tx, member), self._means.clock.now()
            is_on = before and before.floor_ends_at and before.floor_ends_at > now
            ends_at = floor_ends_at(offer, self._zone(tx, member), now) if is_on else None
            kept = Supporter(member, offer, ends_at)
            store.save_supporter(tx, kept)
            return kept

        return await self._write(keep)

    async def leave(self, member: Member) -> None:
        """Leave the roster."""
        await self._write(lambda tx: store.drop_supporter(tx, member))

    async def go_on_floor(self, member: Member) -> Supporter:
        """Be asked from now until the end of one's own hours; raises InvalidError outside them."""

        def go(tx: Transaction) -> Supporter:
            supporter = self._require_supporter(tx, member)
            ends_at = floor_ends_at(supporter.offer, self._zone(tx, member), self._means.clock.now())
            if ends_at is None:
                offer = supporter.offer
                raise InvalidError(
                    f"The hours you set are {offer.asked_from:%H:%M} to {offer.asked_until:%H:%M}. "
                    "Change them under My offer to be asked now."
                )
            on_floor = replace(supporter, floor_ends_at=ends_at)
            store.save_supporter(tx, on_floor)
            return on_floor

        return await self._write(go)

    async def go_off_floor(self, member: Member) -> None:
        """Not be asked until going on the floor again."""

        def go(tx: Transaction) -> None:
            supporter = self._require_supporter(tx, member)
            store.save_supporter(tx, replace(supporter, floor_ends_at=None))

        await self._write(go)

    async def not_with(self, member: Member) -> frozenset[str]:
        """My own list, for me alone."""
        return await self._means.database.read(lambda tx: self._means.not_with.of(tx, member))

    async def keep_apart(self, member: Member, others: Sequence[str]) -> None:
        """Keep my list; nobody is told. Whoever accepts something that waits already is checked too."""
        if len(others) > NOT_WITH_MOST:
            raise InvalidError(f"At most {NOT_WITH_MOST} people.", field=Action.PEER_NOT_WITH_PEOPLE)
        kept = frozenset(others) - {member.id}
        await self._write(lambda tx: self._means.not_with.save(tx, member, kept))

    async def ask(self, member: Member, asking: Asking) -> Request:
        """Ask for a peer; the first look comes at once. Whoever waits already keeps the request they have."""
        request_id = self._means.new_id()

        def keep(tx: Transaction) -> Request:
            self._require_colleague(tx, member)
            now = self._means.clock.now()
            request = Request(request_id, member, asking, now, now + ROUNDS[asking.wish].length)
            if not store.add_request(tx, request):
                return store.open_request(tx, member) or request
            jobs.look(tx, request, 1, now)
            jobs.tell_status(tx, request, now)
            return request

        return await self._write(keep)

    async def withdraw(self, member: Member, request_id: str) -> None:
        """Look no further; raises GoneError where it is over already."""

        def stop(tx: Transaction) -> None:
            request = store.request(tx, member.workspace, request_id)
            if request is None or request.asker != member or not self._end(tx, request, State.WITHDRAWN):
                raise GoneError("That is over already; Home shows how it stands.")

        await self._write(stop)

    async def accept(self, member: Member, ask_id: str) -> Request:
        """Take a request; exactly one can. Raises GoneError, in the same words for every reason."""

        def take(tx: Transaction) -> Request:
            ask = self._own_ask(tx, member, ask_id)
            request = store.request(tx, member.workspace, ask.request) if ask.request else None
            if request is None or not request.is_open or not self._may_meet(tx, request, member):
                raise GoneError(NOT_NEEDED)
            self._require_room(tx, member)
            # The request first, always: two who locked their own asks before it would wait for each other.
            if not self._end(tx, request, State.TALK, member.id):
                raise GoneError(NOT_NEEDED)
            store.set_ask(tx, ask, AskState.TALK)
            taken = replace(request, state=State.TALK, supporter=member.id)
            now, zone = self._means.clock.now(), self._zone(tx, member)
            jobs.introduce(tx, taken, now)
            jobs.look_after(tx, taken, zone, self._zone(tx, request.asker), now)
            return taken

        return await self._write(take)

    async def decline(self, member: Member, ask_id: str) -> None:
        """Leave it: nobody is told, nothing goes faster or slower for it, and it isn't kept as a decline."""

        def leave(tx: Transaction) -> None:
            ask = self._own_ask(tx, member, ask_id)
            if ask.state is AskState.PENDING:
                store.set_ask(tx, ask, AskState.OVER)

        await self._write(leave)

    async def look(self, workspace: str, request_id: str, number: int, due_at: dt.datetime) -> None:
        """Look for somebody, for the so-manieth time; again for the same number, it changes nothing."""
        seed, ids = self._means.dice.random(), [self._means.new_id() for _ in range(3)]
        now = self._means.clock.now()

        def begin(tx: Transaction) -> None:
            request = store.request(tx, workspace, request_id)
            if request is None or not request.is_open or request.round >= number:
                return
            if number > request.rounds.count:
                self._give_up(tx, request)
                return
            ends_at = next_end(request, due_at, now)
            if not store.begin_round(tx, request, number, ends_at):
                return
            store.put_aside(tx, request)
            for supporter, ask_id in zip(self._chosen(tx, request, seed), ids, strict=False):
                ask = Ask(ask_id, supporter, request.id, AskState.PENDING, now)
                store.add_ask(tx, ask)
                jobs.offer(tx, request, ask, now, ends_at)
            jobs.look(tx, request, number + 1, ends_at)
            if number > 1:
                jobs.redraw(tx, request, now, str(number))

        await self._write(begin)

    def give_up(self, tx: Transaction, workspace: str, request_id: str) -> None:
        """Looking could not go on, the bot having been away for hours: the asker is told."""
        request = store.request(tx, workspace, request_id)
        if request and request.is_open:
            self._give_up(tx, request)

    def not_asked(self, tx: Transaction, workspace: str, ask_id: str) -> None:
        """A supporter could not be written to."""
        ask = store.ask(tx, workspace, ask_id)
        if ask and ask.state is AskState.PENDING:
            store.set_ask(tx, ask, AskState.OVER)

    def told_supporter(self, tx: Transaction, workspace: str, ask_id: str, place: Place) -> None:
        """A supporter has the question; it is taken back where it was overtaken on its way."""
        store.told_supporter(tx, workspace, ask_id, place)
        ask = store.ask(tx, workspace, ask_id)
        request = store.request(tx, workspace, ask.request) if ask and ask.request else None
        if request and not request.is_open:
            jobs.redraw(tx, request, self._means.clock.now(), ask_id)

    def told_asker(self, tx: Transaction, workspace: str, request_id: str, place: Place) -> None:
        """The asker has the message that shows how it stands; it may have changed on its way."""
        store.told_asker(tx, workspace, request_id, place)
        request = store.request(tx, workspace, request_id)
        if request and (request.round > 1 or not request.is_open):
            jobs.redraw(tx, request, self._means.clock.now(), "told")

    async def talk_in(self, request: Request, channel: str | None) -> None:
        """Have both greeted in the conversation they share, or each on their own where there is none."""
        now = self._means.clock.now()

        def greet(tx: Transaction) -> None:
            if channel:
                jobs.open_talk(tx, request, channel, now)
            else:
                jobs.guide_apart(tx, request, now)

        await self._write(greet)

    def talk_apart(self, tx: Transaction, workspace: str, request_id: str) -> None:
        """The shared conversation can't be written to: tell each on their own."""
        request = store.request(tx, workspace, request_id)
        if request:
            jobs.guide_apart(tx, request, self._means.clock.now())

    def talks(self, tx: Transaction, member: Member) -> int:
        """How many talks somebody took in the last seven days."""
        return store.talks(tx, member, self._means.clock.now() - WEEK)

    async def _write(self, change: Callable[[Transaction], T]) -> T:
        done = await self._means.database.write(change)
        self._means.wake()
        return done

    def _mine(self, tx: Transaction, member: Member) -> Mine:
        return Mine(
            store.supporter(tx, member),
            store.open_request(tx, member),
            self._zone(tx, member),
            self.talks(tx, member),
            self._means.clock.now(),
        )

    def _end(self, tx: Transaction, request: Request, state: State, supporter: str | None = None) -> bool:
        if not store.end(tx, request, state, supporter):
            return False
        now = self._means.clock.now()
        jobs.take_back(tx, request, list(store.asks_for(tx, request)), now)
        store.put_aside(tx, request)
        jobs.redraw(tx, request, now, state)
        return True

    def _give_up(self, tx: Transaction, request: Request) -> None:
        if self._end(tx, request, State.NOBODY):
            jobs.tell_nobody(tx, request, self._means.clock.now())

    def _chosen(self, tx: Transaction, request: Request, seed: float) -> list[Member]:
        now, workspace = self._means.clock.now(), request.workspace
        on_floor = store.on_floor(tx, workspace, now)
        ids = {request.asker.id, *(it.member.id for it in on_floor)}
        lists = self._means.not_with.of_each(tx, workspace, ids)
        seeker = self._seeker(tx, request, lists[request.asker.id])
        if seeker is None:
            return []
        loads = store.loads(tx, workspace, now)
        candidates = [
            Candidate(
                id=it.member.id,
                topics=it.offer.topics,
                per_week=it.offer.per_week,
                load=loads.get(it.member.id, Load()),
                is_present=_is_present(directory.get(tx, it.member), now),
                not_with=not_with,
            )
            for it in on_floor
            if (not_with := lists[it.member.id]) is not None
        ]
        # A unit of work may be run again after a lost race; the same seed gives the same choice.
        dice = random.Random(seed)  # noqa: S311  # turns, not secrets
        chosen = choose(seeker, candidates, request.rounds.at_once, dice)
        return [Member(workspace, it) for it in chosen]

    def _seeker(self, tx: Transaction, request: Request, not_with: frozenset[str] | None) -> Seeker | None:
        """Who asks; None where their list can't be opened, since then anybody may be on it."""
        if not_with is None:
            return None
        teams, asker = self._means.teams, request.asker
        team = teams.team_of(tx, asker)
        led = (it for own in teams.teams_led_by(tx, asker) for it in teams.members_of(tx, own))
        return Seeker(
            id=asker.id,
            topic=request.asking.topic,
            not_with=not_with,
            leads=frozenset(it.id for it in teams.leads_of(tx, team)) if team else frozenset(),
            led=frozenset(it.id for it in led),
            already_asked=frozenset(ask.supporter.id for ask in store.asks_for(tx, request)),
        )

    def _may_meet(self, tx: Transaction, request: Request, supporter: Member) -> bool:
        ids = {request.asker.id, supporter.id}
        lists = self._means.not_with.of_each(tx, request.workspace, ids)
        seeker, not_with = self._seeker(tx, request, lists[request.asker.id]), lists[supporter.id]
        if seeker is None or not_with is None:
            return False
        return may_meet(seeker, Candidate(supporter.id, frozenset(), 1, not_with=not_with))

    def _own_ask(self, tx: Transaction, member: Member, ask_id: str) -> Ask:
        ask = store.ask(tx, member.workspace, ask_id)
        if ask is None or ask.supporter != member:
            raise GoneError(NOT_NEEDED)
        return ask

    def _require_room(self, tx: Transaction, member: Member) -> None:
        """Two asks, the earlier of them run out, could otherwise be accepted beyond one's own limit."""
        supporter = store.supporter(tx, member)
        if supporter is None:
            return
        offer = supporter.offer
        if self.talks(tx, member) >= offer.per_week:
            raise InvalidError(
                f"That would be more than the {offer.per_week} a week you offered. Change it under My offer "
                "on Home if you want to; leaving it is fine."
            )

    def _require_supporter(self, tx: Transaction, member: Member) -> Supporter:
        supporter = store.supporter(tx, member)
        if supporter is None:
            raise GoneError("You are not on the roster. Join it on Home if you want to be asked.")
        return supporter

    def _require_colleague(self, tx: Transaction, member: Member) -> None:
        if not directory.is_colleague(tx, member):
            raise NotAllowedError(GUESTS)

    def _zone(self, tx: Transaction, member: Member) -> str:
        return self._means.teams.zone_of(tx, member)


def _is_present(person: Person | None, now: dt.datetime) -> bool:
    """Whether somebody who said that they are on the floor is neither away nor wants to be left alone."""
    return person is not None and isinstance(may_send(person, SELF_CHOSEN, now), Yes)
