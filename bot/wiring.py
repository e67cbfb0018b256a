"""Builds every object from a Config; the only file that knows every room."""

import datetime as dt
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import aiohttp
from slack_bolt.async_app import AsyncApp

from bot.checkins import composing as checkin_messages
from bot.checkins.holding import CheckinsHolding
from bot.checkins.listeners import CheckinListeners
from bot.checkins.service import CheckinService
from bot.checkins.service import Means as CheckinMeans
from bot.config import Config
from bot.debriefs.composing import Composing
from bot.debriefs.holding import DebriefHolding
from bot.debriefs.listeners import DebriefListeners, Surroundings
from bot.debriefs.model import Entry, Promised
from bot.debriefs.rooms import REFRESH_EVERY as ROOMS_EVERY
from bot.debriefs.rooms import Rooms
from bot.debriefs.service import DebriefService
from bot.debriefs.service import Means as DebriefMeans
from bot.debriefs.talk_listeners import TalkListeners, TalkSurroundings
from bot.debriefs.talking import Talking
from bot.desk import Desk
from bot.directory import store as directory
from bot.directory.countries import country_of
from bot.directory.filling import REFRESH_EVERY, Filling
from bot.directory.listeners import DirectoryListeners
from bot.home.copies import Copies
from bot.home.listeners import HomeListeners, about_section, help_section
from bot.home.page import Home, Section
from bot.kit.holding import KitHolding
from bot.kit.listeners import KitListeners
from bot.kit.model import Line
from bot.kit.service import KitService
from bot.peers import errands as peer_errands
from bot.peers.holding import PeersHolding
from bot.peers.listeners import PeerListeners
from bot.peers.not_with import NotWith
from bot.peers.service import Means as PeerMeans
from bot.peers.service import PeerService
from bot.people import Member
from bot.personal import Holding
from bot.phrasing.card import Recipe, Saying
from bot.phrasing.holding import PhrasingHolding
from bot.phrasing.listeners import PhrasingListeners
from bot.phrasing.memory import Memory
from bot.phrasing.service import PhrasingService
from bot.playbooks.library import Library
from bot.playbooks.watching import Shelf
from bot.privacy.access_log import KeptAccessLog
from bot.privacy.files import Files
from bot.privacy.ground import DirectoryHolding, ScheduleHolding, purge_leavers
from bot.privacy.holding import PrivacyHolding
from bot.privacy.leaving import Leaving
from bot.privacy.listeners import PrivacyListeners
from bot.privacy.remembering import RememberingNotifier
from bot.privacy.service import PrivacyService
from bot.promises.composing import PromiseMessages
from bot.promises.holding import PromisesHolding
from bot.promises.jobs import ON_DAYS_OFF_TOO
from bot.promises.jobs import Kind as PromiseKind
from bot.promises.listeners import PromiseListeners
from bot.promises.model import Draft as PromiseDraft
from bot.promises.service import PromiseService
from bot.promises.store import days_off as days_off_from
from bot.safeguards.pii import Guard
from bot.safeguards.sealing import Seals, Unsealed
from bot.scheduler import retention
from bot.scheduler.availability import QuietRules
from bot.scheduler.clocks import IntentClock, RealClock
from bot.scheduler.composing import Handlers
from bot.scheduler.means import Means
from bot.scheduler.model import Job
from bot.scheduler.recurrence import EVERY_DAY, next_working_day
from bot.scheduler.repeating import NextAfter, Repeating, Work
from bot.scheduler.worker import Worker
from bot.settings.holding import SettingsHolding
from bot.settings.listeners import SettingsListeners
from bot.settings.lookups import Lookups
from bot.settings.queries import Answers
from bot.settings.service import SettingsService
from bot.slack.app import build_app
from bot.slack.clients import OneWorkspace
from bot.slack.help_lines import HelpChoice
from bot.slack.listening import Listening
from bot.slack.notifier import Notifier
from bot.slack.response_urls import ResponseUrls
from bot.slack.tasks import Tasks
from bot.storage.database import Database, Transaction
from bot.teams import Kept, Teams

KEPT_LIKE: dict[str, Kept] = {
    "checkins": Kept.CHECKINS,
    "debriefs": Kept.DEBRIEF_TEXT,
    "backup": Kept.BACKUP_REQUESTS,
    "promises": Kept.PROMISES,
    "peers": Kept.BACKUP_REQUESTS,
    # An export as text may be among what is told at once, with check-in answers in it.
    "told": Kept.CHECKINS,
}
"""How long a feature's messages may stay in Slack: as long as what they speak of; others as events do."""

"""A promise noted in the log has a day; this is when that day's work ends."""


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything that runs, ready to be served."""

    app: AsyncApp
    clients: OneWorkspace
    tasks: Tasks
    listening: Listening
    worker: Worker
    leaving: Leaving
    rounds: Sequence[Repeating]
    database: Database
    clock: IntentClock

    async def begin(self) -> None:
        """Take up work for the workspace the token belongs to, which may have come back after leaving."""
        workspace, now = self.clients.workspace, self.clock.now()
        await self.leaving.came_back(workspace)

        def ensure(tx: Transaction) -> None:
            for errand in self.rounds:
                errand.ensure(tx, workspace, now)

        await self.database.write(ensure)


def everything_kept(teams: Teams, seals: Seals | None = None) -> list[Holding]:
    """All that is kept about people, feature by feature; the schedule first."""
    seals = seals or Unsealed()
    return [
        ScheduleHolding(),
        PhrasingHolding(),
        SettingsHolding(),
        PrivacyHolding(lambda tx, workspace: teams.retention(tx, workspace, Kept.ACCESS_LOG)),
        DirectoryHolding(),
        PromisesHolding(lambda tx, workspace: teams.retention(tx, workspace, Kept.PROMISES)),
        DebriefHolding(teams.retention, teams.team),
        KitHolding(),
        CheckinsHolding(seals, lambda tx, workspace: teams.retention(tx, workspace, Kept.CHECKINS)),
        PeersHolding(
            NotWith(seals), lambda tx, workspace: teams.retention(tx, workspace, Kept.BACKUP_REQUESTS)
        ),
    ]


class Wiring:
    """Every object, made when it is first asked for; so features may hand one another what they need."""

    def __init__(
        self,
        config: Config,
        database: Database,
        shelf: Shelf,
        session: aiohttp.ClientSession,
        clock: IntentClock,
    ) -> None:
        self._config = config
        self._database = database
        self._session = session
        self._clock = clock
        self._desk = Desk(shelf.current, shelf.paths, Memory(config.cache))
        shelf.subscribe(self._desk.take)
        self._teams = Answers(config.country)
        self._tasks = Tasks()
        self._access_log = KeptAccessLog(new_id)
        self._clients = OneWorkspace(config.require_bot_token(), config.api_url, session)
        self._notifier = RememberingNotifier(self._clients, database, clock)
        self._sections: list[Section] = []
        self._home = Home(self._clients, clock, self._sections)

    def bot(self) -> Bot:
        """Everything that runs, with every feature registered."""
        app = build_app(self._clients, self._config.signing_secret)
        listening = Listening(app, self._clients, self._tasks, ResponseUrls(self._session))
        for feature in (
            self._phrasing,
            HomeListeners(self._home, self._library, self._help_for),
            DirectoryListeners(self._database),
            self._settings,
            self._privacy,
            self._promises,
            self._debriefs,
            self._debrief_talks,
            self._kit,
            self._checkins,
            self._peers,
        ):
            feature.register(listening)
        listening.set_home(self._home)
        listening.catch_the_rest()
        self._sections += [
            self._phrasing.home_section,
            self._promises.home_section,
            self._debriefs.home_section,
            self._kit.home_section,
            self._checkins.home_section,
            self._peers.home_section,
            help_section,
            self._privacy.home_section,
            self._settings.home_section,
            about_section,
        ]
        return Bot(
            app,
            self._clients,
            self._tasks,
            listening,
            self._worker,
            self._leaving,
            self._rounds,
            self._database,
            self._clock,
        )

    def _library(self) -> Library:
        return self._desk.library

    def _wake(self) -> None:
        """Look for due work now; the worker needs the features' messages, and they wake it."""
        self._worker.wake()

    def _mask(self, text: str, country: str) -> str:
        return Guard(country).mask(text).text

    async def _help_for(self, member: Member) -> HelpChoice:
        def read(tx: Transaction) -> HelpChoice:
            eap, person = self._teams.eap(tx, member.workspace), directory.get(tx, member)
            own = country_of(person.zone) if person and person.zone else ""
            return HelpChoice(own or self._teams.country(tx, member.workspace), eap.line if eap else "")

        return await self._database.read(read)

    # Words for a hard moment, and one's own.

    @cached_property
    def _phrasing_service(self) -> PhrasingService:
        async def lesson_for(situation: str, member: Member) -> str:
            return await self._debrief_service.lesson_for(situation, member)

        async def own_words(member: Member, situation: str) -> Sequence[Saying]:
            return [Saying(it.origin, it.text) for it in await self._kit_service.lines_for(member, situation)]

        return PhrasingService(lambda: self._desk.words, self._database, self._clock, lesson_for, own_words)

    @cached_property
    def _phrasing(self) -> PhrasingListeners:
        keep_on_home = Copies(self._home.show, self._tasks).keep
        return PhrasingListeners(self._phrasing_service, self._notifier, self._help_for, keep_on_home)

    @cached_property
    def _kit_service(self) -> KitService:
        return KitService(self._database, self._teams, self._clock, new_id)

    @cached_property
    def _kit(self) -> KitListeners:
        async def lines_of(member: Member, value: str) -> tuple[str, Sequence[Line]]:
            recipe = Recipe.decode(value)
            card = await self._phrasing_service.card(member, recipe)
            return recipe.lead, [Line(it.phrase_id, it.text) for it in card.sayings]

        return KitListeners(self._kit_service, self._library, lines_of, new_id)

    # Set-up, and what is kept.

    @cached_property
    def _settings_service(self) -> SettingsService:
        return SettingsService(
            self._database,
            self._teams,
            self._access_log,
            Lookups(self._clients),
            self._clock,
            self._tasks,
            new_id,
        )

    @cached_property
    def _settings(self) -> SettingsListeners:
        return SettingsListeners(
            self._settings_service, self._library, self._config.country, self._notifier, self._tasks
        )

    @cached_property
    def _kept(self) -> list[Holding]:
        return everything_kept(self._teams, self._config.seals)

    @cached_property
    def _cleaning(self) -> retention.Retention:
        purgers = [*(holding.purge for holding in self._kept), purge_leavers(self._kept)]
        return retention.Retention(
            self._database, self._clients, purgers, _keep_for(self._teams), self._clock
        )

    @cached_property
    def _leaving(self) -> Leaving:
        return Leaving(self._database, self._kept, self._clock, self._clients)

    @cached_property
    def _privacy(self) -> PrivacyListeners:
        files = Files(self._clients, self._session, self._notifier)
        service = PrivacyService(self._database, self._kept, files, self._tasks, self._cleaning.delete)
        return PrivacyListeners(service, self._leaving)

    # Hard contacts, and what was promised in them.

    @cached_property
    def _promise_service(self) -> PromiseService:
        return PromiseService(self._database, self._teams, self._mask, self._clock, new_id, self._wake)

    @cached_property
    def _promises(self) -> PromiseListeners:
        return PromiseListeners(self._promise_service)

    @cached_property
    def _debrief_means(self) -> DebriefMeans:
        async def vote(member: Member, recipe: str, helped: bool) -> None:
            await self._phrasing_service.vote(member, Recipe.decode(recipe), helped=helped)

        return DebriefMeans(
            self._database,
            self._clock,
            self._teams,
            Rooms(self._database, self._clients, self._clock),
            self._desk.is_distress,
            self._access_log,
            self._wake,
            self._keep_promise,
            vote,
        )

    def _keep_promise(self, tx: Transaction, entry: Entry, promised: Promised) -> None:
        draft = PromiseDraft(
            what=promised.what,
            ticket=entry.details.ticket,
            due_on=promised.by or self._clock.now().date(),
            at=promised.at,
            keeper=promised.keeper or entry.author.id,
            situation=entry.about,
        )
        self._promise_service.make_in(tx, entry.author, draft, entry.id)

    @cached_property
    def _debrief_service(self) -> DebriefService:
        return DebriefService(self._debrief_means)

    @cached_property
    def _debrief_messages(self) -> Composing:
        return Composing(self._debrief_means, self._clients, self._library)

    @cached_property
    def _debriefs(self) -> DebriefListeners:
        around = Surroundings(
            self._library,
            self._help_for,
            self._desk.read_card,
            self._desk.guess,
            long_id,
            self._promises.open_promise,
        )
        return DebriefListeners(self._debrief_service, around)

    @cached_property
    def _debrief_talks(self) -> TalkListeners:
        around = TalkSurroundings(self._library, self._notifier, self._tasks, self._help_for, long_id)
        talking = Talking(self._debrief_means, self._debrief_service)
        return TalkListeners(self._debrief_service, talking, self._debrief_messages, around)

    # Looking after people.

    @cached_property
    def _checkin_service(self) -> CheckinService:
        return CheckinService(
            CheckinMeans(
                self._database,
                self._teams,
                self._config.seals,
                self._mask,
                self._desk.is_distress,
                self._library,
                self._clock,
                self._wake,
            )
        )

    @cached_property
    def _checkins(self) -> CheckinListeners:
        return CheckinListeners(
            self._checkin_service, self._library, self._help_for, self._notifier, self._tasks, new_id
        )

    @cached_property
    def _peer_service(self) -> PeerService:
        return PeerService(
            PeerMeans(
                self._database,
                self._teams,
                NotWith(self._config.seals),
                self._clock,
                random.SystemRandom(),
                long_id,
                self._wake,
            )
        )

    @cached_property
    def _peers(self) -> PeerListeners:
        return PeerListeners(self._peer_service, is_sealed=self._config.seals.is_set)

    # Work that is due.

    def _by_night(self, tx: Transaction, workspace: str, after: dt.datetime) -> dt.datetime:
        zone = self._teams.quiet_rules(tx, workspace).zone
        return next_working_day(after, zone, retention.NIGHT_AT, EVERY_DAY)

    @cached_property
    def _rounds(self) -> list[Repeating]:
        every_day, every_hour = dt.timedelta(days=1), dt.timedelta(hours=1)
        refresh = Filling(self._database, self._clients).refresh
        rounds: tuple[tuple[str, dt.timedelta | NextAfter, Work], ...] = (
            ("directory.refresh", REFRESH_EVERY, refresh),
            ("settings.refresh", every_day, self._settings_service.refresh),
            (retention.KIND, self._by_night, self._cleaning.run),
            ("debriefs.rooms", ROOMS_EVERY, self._debrief_means.rooms.refresh),
            ("checkins.care", every_hour, self._checkin_service.look_after),
            ("checkins.keys", every_day, self._checkin_service.reseal),
        )
        return [Repeating(kind, every, work, self._clock) for kind, every, work in rounds]

    @cached_property
    def _handlers(self) -> Handlers:
        promise_messages = PromiseMessages(self._database, self._teams, self._promise_service)
        return {
            **{errand.kind: errand for errand in self._rounds},
            **{str(kind): promise_messages for kind in PromiseKind},
            **self._debrief_messages.handlers(),
            **checkin_messages.handlers(self._database, self._teams, self._clock),
            **peer_errands.handlers(
                self._database,
                self._teams,
                self._peer_service,
                self._clients,
                self._notifier,
                self._library,
            ),
        }

    def _rules_for(self, tx: Transaction, job: Job) -> QuietRules:
        rules = self._teams.quiet_rules(tx, job.workspace)
        if not job.is_personal or job.kind in ON_DAYS_OFF_TOO:
            return rules
        # Yesterday by UTC is the earliest day that it still is anywhere.
        yesterday = (self._clock.now() - dt.timedelta(days=1)).date()
        days_off = days_off_from(tx, Member(job.workspace, job.recipient), yesterday)
        return replace(rules, days_off=days_off)

    @cached_property
    def _worker(self) -> Worker:
        return Worker(
            Means(
                self._database,
                self._clients,
                Notifier(self._clients),
                self._handlers,
                self._rules_for,
                intent=self._clock,
                real=RealClock(),
            )
        )


def build_bot(
    config: Config, database: Database, shelf: Shelf, session: aiohttp.ClientSession, clock: IntentClock
) -> Bot:
    """Wire the rooms together; nothing is contacted yet."""
    return Wiring(config, database, shelf, session, clock).bot()


def new_id() -> str:
    """An id that nobody guesses."""
    return secrets.token_hex(8)


def long_id() -> str:
    """An id that nobody guesses, for what is reached by its id alone."""
    return secrets.token_hex(16)


def _keep_for(teams: Teams) -> retention.KeepFor:
    def keep_for(tx: Transaction, workspace: str, kind: str) -> dt.timedelta:
        return teams.retention(tx, workspace, KEPT_LIKE.get(kind.partition(".")[0], Kept.EVENTS))

    return keep_for
