"""Making, keeping, moving and handing over promises: each in one unit of work with what it schedules."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bot.directory import store as directory
from bot.directory.model import Person
from bot.errors import GoneError, InvalidError, NotAllowedError
from bot.people import Member
from bot.promises import jobs, store
from bot.promises.model import (
    SETTLES,
    Choice,
    Draft,
    Kept,
    Mine,
    News,
    Outcome,
    Promise,
    State,
    check_ticket,
    check_what,
    days_between,
    default_moment,
    due_moment,
    in_zone_of,
    local_day,
    read_value,
)
from bot.scheduler.availability import No, may_send
from bot.scheduler.clocks import Clock
from bot.scheduler.posting import OF_PERSON
from bot.scheduler.recipients import OF_ACCOUNT
from bot.scheduler.recurrence import local_moment
from bot.slack.ids import Action
from bot.storage.database import Database, Transaction
from bot.teams import Teams

Mask = Callable[[str, str], str]
"""Takes personal data out of a text, as people of a country write it: (text, country)."""

OPEN_MOST = 200
"""Open promises one person may keep; beyond that it is a list nobody keeps."""
_CHANGED = "That promise has been moved, settled or handed over since; Home shows how it stands."
GUEST_KEEPS_NONE = (
    "Steady doesn't write to guests, so it couldn't remind you. Ask a colleague to note this promise."
)
KEEPER_OFF = "keeper_off"
"""Why a reminder is not sent to somebody who noted a day off and left open who keeps it."""
_NEVER_AGAIN = OF_ACCOUNT | OF_PERSON | {"guest"}
_KEEPER_IS_GONE = _NEVER_AGAIN | {"away", KEEPER_OFF}
T = TypeVar("T")


def _id_of(member: Member, form_id: str) -> str:
    return hashlib.blake2b(f"{member.workspace}:{member.id}:{form_id}".encode(), digest_size=8).hexdigest()


class PromiseService:
    """What can be done with promises; the wording stays as it was written, without personal data."""

    def __init__(
        self,
        database: Database,
        teams: Teams,
        mask: Mask,
        clock: Clock,
        new_id: Callable[[], str],
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._teams = teams
        self._mask = mask
        self._clock = clock
        self._new_id = new_id
        self._wake = wake

    async def suggested(self, member: Member) -> tuple[dt.datetime, str]:
        """When a new promise is due unless said otherwise, and the zone it is shown in."""

        def read(tx: Transaction) -> tuple[dt.datetime, str]:
            zone, now = self._teams.zone_of(tx, member), self._clock.now()
            days = store.days_off(tx, member, local_day(now, zone))
            working_days = self._teams.working_days(tx, member.workspace)
            return default_moment(now, zone, working_days, days), zone

        return await self._database.read(read)

    async def check_maker(self, member: Member) -> None:
        """Say so before anybody fills in a form in vain; raises InvalidError for guests."""
        await self._database.read(lambda tx: self._check_maker(tx, member))

    async def make(self, member: Member, draft: Draft, form_id: str = "") -> Kept:
        """Keep a new promise and schedule its reminder; a form that arrives twice makes one promise.

        Raises InvalidError for an hour at which Steady is quiet, since nobody would be reminded in time.
        """
        promise_id = _id_of(member, form_id) if form_id else self._new_id()
        return await self._write(lambda tx: self.make_in(tx, member, draft, promise_id))

    async def masked(self, member: Member, what: str) -> str:
        """The words of a promise as they would be kept."""
        return await self._database.read(
            lambda tx: self._mask(what, self._teams.country(tx, member.workspace))
        )

    def make_in(self, tx: Transaction, member: Member, draft: Draft, promise_id: str) -> Kept:
        """The same inside somebody else's unit of work; again with the same id, it changes nothing."""
        now, zone = self._clock.now(), self._teams.zone_of(tx, member)
        if before := store.get(tx, member.workspace, promise_id):
            return Kept(before)
        if len(store.kept_by(tx, member, OPEN_MOST)) >= OPEN_MOST:
            raise InvalidError(
                f"You keep {OPEN_MOST} promises already; settle some first.", field=Action.PROMISE_WHAT
            )
        self._check_maker(tx, member)
        self._check_hour(tx, member, draft)
        team = self._teams.team_of(tx, member)
        what = self._mask(check_what(draft.what), self._teams.country(tx, member.workspace))
        promise = Promise(
            id=promise_id,
            maker=member,
            keeper=member.id,
            asked=self._colleague(tx, member, draft.keeper, Action.PROMISE_KEEPER)
            if draft.keeper != member.id
            else None,
            team=team.id if team else None,
            what=what,
            ticket=check_ticket(draft.ticket),
            situation=draft.situation,
            due_at=due_moment(draft, zone, now),
            zone=zone,
            state=State.OPEN,
            outcome=None,
            turn=1,
        )
        self._keep(tx, promise)
        jobs.ask_colleague(tx, promise, now)
        return Kept(promise, None if promise.asked else self._off_on(tx, promise))

    async def mine(self, member: Member) -> Mine:
        """What I keep, what I am asked to keep, what waits in my teams' queues."""

        def read(tx: Transaction) -> Mine:
            own = self._teams.team_of(tx, member)
            teams = dict.fromkeys([*([own] if own else []), *self._teams.teams_led_by(tx, member)])
            queued = (it for team in teams for it in store.queue(tx, member.workspace, team.id))
            return Mine(
                tuple(store.kept_by(tx, member)),
                tuple(store.asked_of(tx, member)),
                tuple(queued),
                self._teams.zone_of(tx, member),
            )

        return await self._database.read(read)

    async def look_up(self, member: Member, value: str) -> Promise:
        """The promise a button names, if its keeper pressed it and nothing has happened to it since."""
        return await self._database.read(lambda tx: self._as_keeper(tx, member, value))

    async def settle(self, member: Member, value: str, choice: Choice) -> Promise:
        """Close a promise: kept, not reached, or dropped."""

        def close(tx: Transaction) -> Promise:
            promise = self._as_keeper(tx, member, value)
            jobs.forget_messages(tx, promise, self._clock.now())
            return self._save(tx, replace(promise, state=State.CLOSED, outcome=SETTLES[choice], asked=None))

        return await self._write(close)

    async def content(self, member: Member, value: str) -> Promise:
        """The customer was content with how it was kept."""

        def note(tx: Transaction) -> Promise:
            promise = self._current(tx, member.workspace, value)
            if promise.keeper != member.id or promise.outcome is not Outcome.KEPT:
                raise GoneError(_CHANGED)
            return self._save(tx, replace(promise, outcome=Outcome.CONTENT))

        return await self._write(note)

    async def move(self, member: Member, value: str, due_on: dt.date, at: dt.time) -> Kept:
        """Promise another day instead."""

        def change(tx: Transaction) -> Kept:
            promise = self._as_keeper(tx, member, value)
            now = self._clock.now()
            jobs.forget_messages(tx, promise, now)
            zone = self._teams.zone_of(tx, member)
            draft = Draft("", "", due_on, at, member.id)
            self._check_hour(tx, member, draft)
            due_at = due_moment(draft, zone, now)
            moved = replace(promise, due_at=due_at, zone=zone, asked=None, turn=promise.turn + 1)
            self._keep(tx, moved)
            return Kept(moved, self._off_on(tx, moved))

        return await self._write(change)

    async def ask(self, member: Member, value: str, colleague: str) -> Promise:
        """Ask a colleague to keep it; until they accept it stays with its keeper."""

        def change(tx: Transaction) -> Promise:
            promise = self._as_keeper(tx, member, value)
            whom = self._colleague(tx, member, colleague, Action.PROMISE_COLLEAGUE)
            asked = replace(promise, asked=whom, turn=promise.turn + 1)
            jobs.forget_messages(tx, promise, self._clock.now())
            self._keep(tx, asked)
            jobs.ask_colleague(tx, asked, self._clock.now())
            return asked

        return await self._write(change)

    async def queue(self, member: Member, value: str) -> tuple[Promise, str]:
        """Give it to the team's queue, from which anybody in the team takes it; returns the team's name."""

        def change(tx: Transaction) -> tuple[Promise, str]:
            promise = self._as_keeper(tx, member, value)
            team = self._teams.team_of(tx, member)
            if team is None:
                raise InvalidError(
                    "You are in no team that Steady knows of, so there is no queue. Choose a colleague.",
                    field=Action.PROMISE_COLLEAGUE,
                )
            return self._enqueue(tx, promise, team.id), team.name

        return await self._write(change)

    async def accept(self, member: Member, value: str) -> Promise:
        """Keep what a colleague asked for; its day stays, its time of day is now mine."""

        def take_over(tx: Transaction) -> Promise:
            promise = self._current(tx, member.workspace, value)
            if promise.asked != member.id or promise.state is not State.OPEN:
                raise GoneError(_CHANGED)
            return self._take(tx, promise, member, tell=promise.keeper)

        return await self._write(take_over)

    async def decline(self, member: Member, value: str) -> Promise:
        """Leave it with its keeper, who is told."""

        def leave(tx: Transaction) -> Promise:
            promise = self._current(tx, member.workspace, value)
            if promise.asked != member.id or promise.state is not State.OPEN:
                raise GoneError(_CHANGED)
            return self._returned(tx, promise, News.DECLINED)

        return await self._write(leave)

    async def take(self, member: Member, value: str) -> Promise:
        """Take a promise out of the queue of a team I am in or lead; only the first one gets it."""

        def take_over(tx: Transaction) -> Promise:
            promise = self._current(tx, member.workspace, value)
            if promise.state is not State.QUEUED:
                raise GoneError("Somebody has taken it already.")
            own = self._teams.team_of(tx, member)
            teams = {team.id for team in self._teams.teams_led_by(tx, member)} | ({own.id} if own else set())
            if promise.team not in teams:
                raise NotAllowedError("Only people of that team can take it.")
            return self._take(tx, promise, member, tell=promise.maker.id)

        return await self._write(take_over)

    async def days_off(self, member: Member) -> list[dt.date]:
        """My days off from today on."""

        def read(tx: Transaction) -> list[dt.date]:
            today = local_day(self._clock.now(), self._teams.zone_of(tx, member))
            return sorted(store.days_off(tx, member, today))

        return await self._database.read(read)

    async def take_days_off(self, member: Member, first: dt.date, last: dt.date) -> int:
        """Note days off, and ask for each promise due on them who keeps it; returns how many those are."""

        def note(tx: Transaction) -> int:
            now = self._clock.now()
            today = local_day(now, self._teams.zone_of(tx, member))
            days = days_between(first, last, today)
            store.add_days_off(tx, member, days)
            due = [it for it in store.kept_by(tx, member) if local_day(it.due_at, it.zone) in set(days)]
            for promise in due:
                jobs.ask_about_day_off(tx, promise, now)
            return len(due)

        return await self._write(note)

    async def work_again(self, member: Member) -> None:
        """Forget my days off."""
        await self._database.write(lambda tx: store.clear_days_off(tx, member))

    def not_sent(self, tx: Transaction, workspace: str, promise_id: str, turn: int, reason: str) -> None:
        """A reminder could not go out: to the team's queue where its keeper is gone, else another day."""
        promise = store.get(tx, workspace, promise_id)
        if promise is None or promise.turn != turn or promise.state is not State.OPEN:
            return
        team = self._teams.team(tx, workspace, promise.team) if promise.team else None
        if reason in _KEEPER_IS_GONE and team and self._teams.leads_of(tx, team):
            queued = self._enqueue(tx, promise, team.id)
            if promise.keeper and reason not in _NEVER_AGAIN:
                jobs.tell(tx, queued, promise.keeper, News.QUEUED, self._clock.now())
        elif reason not in _NEVER_AGAIN:
            self._keep(tx, replace(promise, turn=promise.turn + 1))

    def is_off_today(self, tx: Transaction, promise: Promise) -> bool:
        """Whether its keeper noted today as a day off."""
        keeper = Member(promise.workspace, promise.keeper or "")
        today = local_day(self._clock.now(), self._teams.zone_of(tx, keeper))
        return today in store.days_off(tx, keeper, today)

    def not_asked(self, tx: Transaction, workspace: str, promise_id: str, turn: int) -> None:
        """The colleague could not be asked: its keeper is told."""
        promise = store.get(tx, workspace, promise_id)
        if promise and promise.turn == turn and promise.asked and promise.state is State.OPEN:
            self._returned(tx, promise, News.NOT_REACHED)

    async def _write(self, change: Callable[[Transaction], T]) -> T:
        done = await self._database.write(change)
        self._wake()
        return done

    def _keep(self, tx: Transaction, promise: Promise) -> None:
        now = self._clock.now()
        store.save(tx, promise, now)
        jobs.remind(tx, self._teams, promise, now)

    def _save(self, tx: Transaction, promise: Promise) -> Promise:
        store.save(tx, promise, self._clock.now())
        return promise

    def _take(self, tx: Transaction, promise: Promise, member: Member, tell: str | None) -> Promise:
        now = self._clock.now()
        jobs.forget_messages(tx, promise, now)
        zone, team = self._teams.zone_of(tx, member), self._teams.team_of(tx, member)
        taken = replace(
            promise,
            keeper=member.id,
            asked=None,
            team=team.id if team else promise.team,
            due_at=in_zone_of(promise.due_at, promise.zone, zone),
            zone=zone,
            state=State.OPEN,
            turn=promise.turn + 1,
        )
        self._keep(tx, taken)
        if tell and tell != member.id:
            jobs.tell(tx, taken, tell, News.ACCEPTED, now)
        return taken

    def _enqueue(self, tx: Transaction, promise: Promise, team: str) -> Promise:
        now = self._clock.now()
        jobs.forget_messages(tx, promise, now)
        queued = replace(
            promise, keeper=None, asked=None, team=team, state=State.QUEUED, turn=promise.turn + 1
        )
        store.save(tx, queued, now)
        jobs.tell_leads(tx, self._teams, queued, now)
        return queued

    def _returned(self, tx: Transaction, promise: Promise, news: News) -> Promise:
        now = self._clock.now()
        jobs.forget_messages(tx, promise, now)
        returned = replace(promise, asked=None, turn=promise.turn + 1)
        self._keep(tx, returned)
        if returned.keeper:
            jobs.tell(tx, returned, returned.keeper, news, now, about=promise.asked)
        return returned

    def _current(self, tx: Transaction, workspace: str, value: str) -> Promise:
        promise_id, turn = read_value(value)
        promise = store.get(tx, workspace, promise_id)
        if promise is None:
            raise GoneError("That promise is no longer there.")
        if promise.turn != turn:
            raise GoneError(_CHANGED)
        return promise

    def _as_keeper(self, tx: Transaction, member: Member, value: str) -> Promise:
        promise = self._current(tx, member.workspace, value)
        if promise.state is not State.OPEN:
            raise GoneError(_CHANGED)
        if promise.keeper != member.id:
            raise NotAllowedError("That promise is with somebody else now.")
        return promise

    def _check_maker(self, tx: Transaction, member: Member) -> None:
        if not directory.is_colleague(tx, member):
            raise InvalidError(GUEST_KEEPS_NONE, field=Action.PROMISE_KEEPER)

    def _check_hour(self, tx: Transaction, member: Member, draft: Draft) -> None:
        rules, zone = self._teams.quiet_rules(tx, member.workspace), self._teams.zone_of(tx, member)
        answer = may_send(Person(member, zone=zone), rules, local_moment(draft.due_on, draft.at, zone))
        if isinstance(answer, No) and answer.reason == "quiet_hours":
            begins, ends = f"{rules.quiet_from:%H:%M}", f"{rules.quiet_until:%H:%M}"
            raise InvalidError(
                f"Steady is quiet from {begins} to {ends}: you would be reminded too late. "
                f"Choose a time from {ends} to {begins}.",
                field=Action.PROMISE_TIME,
            )

    def _colleague(self, tx: Transaction, member: Member, colleague: str, field: Action) -> str:
        if not colleague or colleague == member.id:
            raise InvalidError("Choose a colleague.", field=field)
        person = directory.get(tx, Member(member.workspace, colleague))
        if person and not person.is_colleague:
            name = person.name or "Somebody here"
            why = " (a guest, whom Steady doesn't write to)" if person.is_guest else ""
            raise InvalidError(f"{name} can't keep it{why}; choose a colleague.", field=field)
        return colleague

    def _off_on(self, tx: Transaction, promise: Promise) -> dt.date | None:
        """The day it is due, if its keeper doesn't work then as far as Steady knows."""
        keeper = Member(promise.workspace, promise.keeper or "")
        day = local_day(promise.due_at, promise.zone)
        person = directory.get(tx, keeper)
        is_away = (
            person is not None
            and person.is_away
            and (person.away_until is not None and promise.due_at < person.away_until)
        )
        works = day.isoweekday() in self._teams.working_days(tx, promise.workspace)
        return day if is_away or not works or day in store.days_off(tx, keeper, day) else None
