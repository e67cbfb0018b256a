"""Joining, answering, pausing and stopping; every answer is between the member and this room."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.checkins import jobs, store
from bot.checkins.model import (
    GUESTS,
    NOTE_MOST,
    PAUSE_MOST,
    After,
    Answer,
    Choice,
    Kept,
    Plan,
    Standing,
    Tick,
    Word,
    local_time,
    read_zone,
    week_of,
)
from bot.checkins.nudging import next_nudge
from bot.cover import Cover, ask_for_cover
from bot.directory import store as directory
from bot.directory.model import Person
from bot.errors import InvalidError, NotAllowedError
from bot.people import Member
from bot.playbooks.library import Library
from bot.playbooks.model import Nudge
from bot.safeguards.sealing import Seals
from bot.scheduler.availability import No, may_send
from bot.scheduler.clocks import Clock
from bot.scheduler.recurrence import local_moment, next_run
from bot.slack.ids import Action
from bot.storage.database import Database, Transaction
from bot.teams import Kept as KeptClass
from bot.teams import Teams

AT_ONCE = 200
"""Answers that are put under a new key in one unit of work."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Means:
    """What check-ins work with; everything is handed in."""

    database: Database
    teams: Teams
    seals: Seals
    mask: Callable[[str, str], str]
    """Takes personal data out of a text, as people of a country write it: (text, country)."""
    distressed: Callable[[str], bool]
    """Whether somebody's own words speak of harming themselves; its answer is never kept."""
    library: Callable[[], Library]
    clock: Clock
    wake: Callable[[], None]
    """Has what was just scheduled looked for at once."""


class CheckinService:
    """What a member does with their own check-ins; nobody else is asked, told or shown."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def standing(self, member: Member) -> Standing:
        """How somebody stands at this moment."""

        def look(tx: Transaction) -> Standing:
            kept = self._means.teams.retention(tx, member.workspace, KeptClass.CHECKINS)
            return Standing(
                store.plan_of(tx, member),
                self._means.teams.zone_of(tx, member),
                store.count_answers(tx, member),
                kept.days,
                self._means.seals.is_set,
                self._means.teams.is_admin(tx, member),
                directory.is_colleague(tx, member),
            )

        return await self._means.database.read(look)

    async def join(self, member: Member, choice: Choice) -> Plan:
        """Take part, or change when; raises InvalidError for a moment at which nothing is ever sent."""

        def keep(tx: Transaction) -> Plan:
            now, before = self._means.clock.now(), store.plan_of(tx, member)
            zone, follows = read_zone(choice.zone, self._means.teams.zone_of(tx, member))
            plan = Plan(member, choice.weekday, choice.at, zone, follows, choice.every_weeks)
            self._check(tx, plan, now)
            if before:
                jobs.take_back(tx, before)
                plan = replace(plan, ignored=before.ignored, open_week=before.open_week)
            return store.save_plan(tx, jobs.ask_next(tx, plan, now, now))

        return await self._write(keep)

    async def pause(self, member: Member, until: dt.date | None) -> Plan | None:
        """Ask nothing until that day, or until they start again; None for those who don't take part."""

        def rest(tx: Transaction) -> Plan | None:
            plan, now = store.plan_of(tx, member), self._means.clock.now()
            if plan is None:
                return None
            jobs.take_back(tx, plan)
            if until is None:
                return store.save_plan(tx, plan.paused())
            today = local_time(now, plan.zone).date()
            if not today < until <= today + PAUSE_MOST:
                raise InvalidError(
                    "Choose a day after today and within a year.", field=Action.CHECKIN_PAUSE_UNTIL
                )
            begins_at = local_moment(until, dt.time(), plan.zone) - dt.timedelta(seconds=1)
            resting = replace(plan.paused(), is_paused=False, resumes_on=until)
            return store.save_plan(tx, jobs.ask_next(tx, resting, begins_at, now))

        return await self._write(rest)

    async def start_again(self, member: Member) -> Plan | None:
        """End a pause; None for those who don't take part."""

        def resume(tx: Transaction) -> Plan | None:
            plan, now = store.plan_of(tx, member), self._means.clock.now()
            if plan is None:
                return None
            jobs.take_back(tx, plan)
            again = replace(plan.met(), is_paused=False, resumes_on=None)
            return store.save_plan(tx, jobs.ask_next(tx, again, now, now))

        return await self._write(resume)

    async def stop(self, member: Member) -> int:
        """Ask nothing any more and forget when they were asked; returns how many answers are kept."""

        def end(tx: Transaction) -> int:
            if plan := store.plan_of(tx, member):
                jobs.take_back(tx, plan)
                store.remove_plan(tx, member)
            return store.count_answers(tx, member)

        return await self._write(end)

    async def this_week(self, member: Member) -> str:
        """The week an answer given now is for."""

        def look(tx: Transaction) -> str:
            plan = store.plan_of(tx, member)
            zone = plan.zone if plan else self._means.teams.zone_of(tx, member)
            return week_of(self._means.clock.now(), zone)

        return await self._means.database.read(look)

    async def skip(self, member: Member) -> Plan | None:
        """Leave the question out, which is as good as an answer."""
        return await self._write(lambda tx: self._met(tx, member))

    async def answer(self, member: Member, week: str, word: Word, note: str) -> tuple[After, Plan | None]:
        """Keep a week's answer, sealed; the note without personal data, its distress only shown help."""

        def keep(tx: Transaction) -> tuple[After, Plan | None]:
            before = store.answer_of(tx, self._means.seals, member, week)
            ticks = before.answer.ticks if before and before.answer else ()
            clean = self._means.mask(note[:NOTE_MOST], self._means.teams.country(tx, member.workspace))
            store.save_answer(tx, self._means.seals, member, week, Answer(word, ticks, clean))
            nudge = self._nudge(tx, member, week)
            return After(week, nudge, ticks), self._met(tx, member)

        after, plan = await self._write(keep)
        return replace(after, help_first=bool(note) and self._means.distressed(note)), plan

    async def tick(self, member: Member, week: str, ticks: tuple[Tick, ...]) -> None:
        """Keep what would help, with the week's answer; nothing where that was deleted meanwhile."""

        def keep(tx: Transaction) -> None:
            before = store.answer_of(tx, self._means.seals, member, week)
            if before and before.answer:
                store.save_answer(tx, self._means.seals, member, week, replace(before.answer, ticks=ticks))

        await self._means.database.write(keep)

    async def not_helpful(self, member: Member, week: str, nudge: str) -> Nudge | None:
        """Never show a nudge again; returns another for the same week."""

        def change(tx: Transaction) -> Nudge | None:
            if nudge in self._means.library().nudges:
                store.take_out(tx, member, nudge, week)
            return self._nudge(tx, member, week)

        return await self._means.database.write(change)

    async def trend(self, member: Member) -> list[Kept]:
        """Somebody's own answers, the newest first."""
        return await self._means.database.read(lambda tx: store.answers(tx, self._means.seals, member))

    async def delete(self, member: Member, week: str) -> list[Kept]:
        """Delete one answer; returns what is left."""

        def remove(tx: Transaction) -> list[Kept]:
            store.remove_answer(tx, member, week)
            return store.answers(tx, self._means.seals, member)

        return await self._means.database.write(remove)

    async def delete_all(self, member: Member) -> int:
        """Delete every answer; returns how many there were."""
        return await self._means.database.write(lambda tx: store.remove_answers(tx, member))

    async def cover(self, member: Member, minutes: int, nonce: str) -> Cover:
        """Tell somebody's leads that they are off the phone, once a reset; never why."""

        teams, now = self._means.teams, self._means.clock.now()
        return await self._write(
            lambda tx: ask_for_cover(tx, teams, member, minutes, jobs.Kind.COVER, nonce, now)
        )

    async def may_thank(self, member: Member, whom: Member) -> str:
        """Make sure that somebody can be thanked; returns the name of the one who thanks."""

        def look(tx: Transaction) -> str:
            person, own = directory.get(tx, whom), directory.get(tx, member)
            if whom == member:
                raise InvalidError("That is you. Choose a colleague.", field=Action.THANK_WHOM)
            if person is None or not person.is_colleague:
                raise InvalidError(
                    "They can't be written to from here. Choose a colleague.", field=Action.THANK_WHOM
                )
            return own.name if own and own.name else "A colleague"

        return await self._means.database.read(look)

    async def masked(self, member: Member, text: str) -> str:
        """A text without personal data, for somebody else to read."""

        def mask(tx: Transaction) -> str:
            return self._means.mask(text, self._means.teams.country(tx, member.workspace))

        return await self._means.database.read(mask)

    def is_distressed(self, text: str) -> bool:
        """Whether help comes first; nothing of it is kept."""
        return bool(text) and self._means.distressed(text)

    async def look_after(self, workspace: str) -> None:
        """Ask those who moved at their new local time, and those whose question got lost; an errand."""

        def mend(tx: Transaction) -> None:
            now = self._means.clock.now()
            for plan, zone in self._astray(tx, workspace, now):
                move(tx, plan, zone, now)

        now = self._means.clock.now()
        if await self._means.database.read(lambda tx: self._astray(tx, workspace, now)):
            await self._write(mend)

    async def reseal(self, workspace: str) -> None:
        """Put every answer under the newest key, so that an old one can be retired; run as an errand."""
        at: tuple[str, str] | None = ("", "")
        while at is not None:
            after = at
            at = await self._means.database.write(
                lambda tx, after=after: store.reseal(tx, self._means.seals, workspace, after, AT_ONCE)  # type: ignore[misc]
            )

    async def _write(self, change: Callable[[Transaction], T]) -> T:
        done = await self._means.database.write(change)
        self._means.wake()
        return done

    def _met(self, tx: Transaction, member: Member) -> Plan | None:
        plan = store.plan_of(tx, member)
        return store.save_plan(tx, jobs.met(tx, plan, self._means.clock.now())) if plan else None

    def _astray(self, tx: Transaction, workspace: str, now: dt.datetime) -> list[tuple[Plan, str]]:
        """Plans to be scheduled anew, each with the zone that counts."""
        found: list[tuple[Plan, str]] = []
        for plan in store.plans(tx, workspace):
            zone = self._means.teams.zone_of(tx, plan.member) if plan.follows_slack else plan.zone
            if zone != plan.zone or jobs.is_lost(tx, plan, now):
                found.append((plan, zone))
        return found

    def _nudge(self, tx: Transaction, member: Member, week: str) -> Nudge | None:
        shown, nudges = store.shown(tx, member), self._means.library().nudges
        nudge = next_nudge(nudges, shown, week, f"{member.workspace} {member.id}")
        if nudge:
            store.show(tx, member, nudge.id, week)
        return nudge

    def _check(self, tx: Transaction, plan: Plan, now: dt.datetime) -> None:
        if not directory.is_colleague(tx, plan.member):
            raise NotAllowedError(GUESTS)
        person = directory.get(tx, plan.member)
        as_present = Person(plan.member, zone=person.zone if person else None)
        rules = self._means.teams.quiet_rules(tx, plan.member.workspace)
        answer = may_send(as_present, rules, next_run(plan.intent, now))
        if isinstance(answer, No) and answer.reason == "day_off":
            raise InvalidError(
                "Steady is quiet on that day here. Choose a working day.", field=Action.CHECKIN_DAY
            )
        if isinstance(answer, No):
            hours = f"{rules.quiet_from:%H:%M} to {rules.quiet_until:%H:%M}"
            raise InvalidError(
                f"Steady is quiet then, from {hours} where you are by Slack. Choose another time.",
                field=Action.CHECKIN_TIME,
            )


def move(tx: Transaction, plan: Plan, zone: str, now: dt.datetime) -> Plan:
    """Schedule anew, perhaps in another zone: the same day and time of day there."""
    jobs.take_back(tx, plan)
    moved = replace(plan, zone=zone)
    if plan.asks_at is None:
        return store.save_plan(tx, moved)
    resumes_at = local_moment(plan.resumes_on, dt.time(), zone) if plan.resumes_on else now
    after = max(now, resumes_at - dt.timedelta(seconds=1))
    return store.save_plan(tx, jobs.ask_next(tx, moved, after, now))
