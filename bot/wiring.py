"""Builds every object from a Config; the only file that knows every room."""

import datetime as dt
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
from bot.debriefs.model import Entry, Prefill, Promised
from bot.debriefs.rooms import REFRESH_EVERY as ROOMS_EVERY
from bot.debriefs.rooms import Rooms
from bot.debriefs.service import DebriefService
from bot.debriefs.service import Means as DebriefMeans
from bot.debriefs.talking import Talking
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
from bot.phrasing.deciding import BESIDE_FROM, FITS_FROM, Words
from bot.phrasing.finder import build_finder
from bot.phrasing.holding import PhrasingHolding
from bot.phrasing.lexicon import load_lexicon
from bot.phrasing.listeners import PhrasingListeners
from bot.phrasing.safety import SafetyRule, load_safety
from bot.phrasing.service import PhrasingService
from bot.playbooks.library import Library
from bot.playbooks.model import Kind
from bot.playbooks.watching import Shelf
from bot.privacy.access_log import KeptAccessLog
from bot.privacy.files import Files
from bot.privacy.ground import DirectoryHolding, ScheduleHolding
from bot.privacy.holding import PrivacyHolding
from bot.privacy.leaving import Leaving
from bot.privacy.listeners import PrivacyListeners
from bot.privacy.remembering import RememberingNotifier
from bot.privacy.service import PrivacyService
from bot.promises.composing import PromiseMessages
from bot.promises.holding import PromisesHolding
from bot.promises.jobs import Kind as PromiseKind
from bot.promises.listeners import PromiseListeners
from bot.promises.model import Draft as PromiseDraft
from bot.promises.service import PromiseService
from bot.safeguards.pii import Guard
from bot.safeguards.sealing import Seals, Unsealed
from bot.scheduler import retention
from bot.scheduler.clocks import IntentClock, RealClock
from bot.scheduler.composing import Handlers
from bot.scheduler.means import Means
from bot.scheduler.repeating import Repeating
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
}
"""How long a feature's messages may stay in Slack: as long as what they speak of; others as events do."""

PROMISED_AT = dt.time(17)
"""A promise noted in the log has a day; this is when that day's work ends."""


class Desk:
    """Holds the words in use; a changed playbook swaps library and finder in one step."""

    def __init__(self, library: Library, folders: Sequence[Path]) -> None:
        self._folders = folders
        self.take(library)

    def take(self, library: Library) -> None:
        """Use another library from now on; runs off the event loop, since building takes a while."""
        self.words = Words(library, build_finder(library, self._folders))
        self.colleagues = SafetyRule(load_safety(self._folders, "colleagues"), load_lexicon(self._folders))
        """Hears in an agent's own words what asks for help first."""

    def guess(self, text: str) -> Prefill:
        """What a few words say of a contact; nothing where nothing clearly fits."""
        found = self.words.finder.find(text)
        if found.fit < FITS_FROM:
            return Prefill()
        likely = [it.situation for it in found.matches if it.score >= BESIDE_FROM]
        return self._prefill([*(it.situation for it in found.matches[:1]), *likely])

    def read_card(self, value: str) -> Prefill:
        """What a card's recipe says of a contact."""
        recipe = Recipe.decode(value)
        return self._prefill([recipe.lead, *recipe.beside])

    def _prefill(self, situations: Sequence[str]) -> Prefill:
        known = [it for id_ in dict.fromkeys(situations) if (it := self.words.library.situation(id_))]
        about = next((it.id for it in known if it.kind is not Kind.CONDUCT), "")
        return Prefill(about, tuple(it.id for it in known if it.kind is Kind.CONDUCT))


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


def build_bot(
    config: Config, database: Database, shelf: Shelf, session: aiohttp.ClientSession, clock: IntentClock
) -> Bot:
    """Wire the rooms together; nothing is contacted yet."""
    desk = Desk(shelf.current, shelf.paths)
    shelf.subscribe(desk.take)
    clients = OneWorkspace(config.require_bot_token(), config.api_url, session)
    tasks = Tasks()
    app = build_app(clients, config.signing_secret)
    listening = Listening(app, clients, tasks, ResponseUrls(session))
    notifier = RememberingNotifier(clients, database, clock)
    teams = Answers(config.country)
    access_log = KeptAccessLog(new_id)

    async def help_for(member: Member) -> HelpChoice:
        def read(tx: Transaction) -> HelpChoice:
            eap = teams.eap(tx, member.workspace)
            return HelpChoice(teams.country(tx, member.workspace), eap.line if eap else "")

        return await database.read(read)

    sections: list[Section] = []
    home = Home(clients, clock, sections)
    kit_service = KitService(database, teams, clock, new_id)

    async def own_words(member: Member, situation: str) -> Sequence[Saying]:
        return [Saying(it.origin, it.text) for it in await kit_service.lines_for(member, situation)]

    phrasing_service = PhrasingService(
        lambda: desk.words,
        database,
        clock,
        lambda situation, member: debrief_service.lesson_for(situation, member),
        own_words,
    )
    phrasing = PhrasingListeners(
        phrasing_service,
        notifier,
        help_for,
        Copies(home.show, tasks).keep,
    )
    settings_service = SettingsService(database, teams, access_log, Lookups(clients), clock, tasks, new_id)
    settings = SettingsListeners(
        settings_service, lambda: desk.words.library, config.country, notifier, tasks
    )

    kept = everything_kept(teams, config.seals)
    cleaning = retention.Retention(
        database, clients, [holding.purge for holding in kept], _keep_for(teams), clock
    )
    leaving = Leaving(database, kept, clock)
    privacy = PrivacyListeners(
        PrivacyService(
            database,
            kept,
            Files(clients, session, notifier),
            tasks,
            cleaning.delete,
        ),
        leaving,
    )

    # The worker needs the promises' messages, and promises wake the worker.
    promise_service = PromiseService(
        database,
        teams,
        lambda text, country: Guard(country).mask(text).text,
        clock,
        new_id,
        lambda: worker.wake(),
    )
    promises = PromiseListeners(promise_service)
    promise_messages = PromiseMessages(database, teams, promise_service)

    def keep_promise(tx: Transaction, entry: Entry, promised: Promised) -> None:
        draft = PromiseDraft(
            what=promised.what,
            ticket=entry.details.ticket,
            due_on=promised.by or clock.now().date(),
            at=PROMISED_AT,
            keeper=promised.keeper or entry.author.id,
            situation=entry.about,
        )
        promise_service.make_in(tx, entry.author, draft, entry.id)

    async def vote(member: Member, recipe: str, helped: bool) -> None:
        await phrasing_service.vote(member, Recipe.decode(recipe), helped=helped)

    async def lines_of(member: Member, value: str) -> tuple[str, Sequence[Line]]:
        recipe = Recipe.decode(value)
        card = await phrasing_service.card(member, recipe)
        return recipe.lead, [Line(it.phrase_id, it.text) for it in card.sayings]

    debrief_means = DebriefMeans(
        database,
        clock,
        teams,
        Rooms(database, clients, clock),
        lambda text: desk.colleagues.fires(text),
        access_log,
        lambda: worker.wake(),
        keep_promise,
        vote,
    )
    debrief_service = DebriefService(debrief_means)
    talking = Talking(debrief_means, debrief_service)
    debrief_messages = Composing(debrief_means, clients, lambda: desk.words.library)
    debriefs = DebriefListeners(
        debrief_service,
        talking,
        debrief_messages,
        Surroundings(
            lambda: desk.words.library,
            notifier,
            tasks,
            help_for,
            desk.read_card,
            desk.guess,
            long_id,
            promises.open_promise,
        ),
    )
    kit = KitListeners(kit_service, lambda: desk.words.library, lines_of, new_id)

    checkin_service = CheckinService(
        CheckinMeans(
            database,
            teams,
            config.seals,
            lambda text, country: Guard(country).mask(text).text,
            lambda text: desk.colleagues.fires(text),
            lambda: desk.words.library,
            clock,
            lambda: worker.wake(),
        )
    )
    checkins = CheckinListeners(
        checkin_service, lambda: desk.words.library, help_for, notifier, tasks, new_id
    )

    peer_service = PeerService(
        PeerMeans(
            database,
            teams,
            NotWith(config.seals),
            clock,
            random.SystemRandom(),
            long_id,
            lambda: worker.wake(),
        )
    )
    peers = PeerListeners(peer_service, is_sealed=config.seals.is_set)

    rounds = [
        Repeating("directory.refresh", REFRESH_EVERY, Filling(database, clients).refresh, clock),
        Repeating("settings.refresh", dt.timedelta(days=1), settings_service.refresh, clock),
        Repeating(retention.KIND, retention.EVERY, cleaning.run, clock),
        Repeating("debriefs.rooms", ROOMS_EVERY, debrief_means.rooms.refresh, clock),
        Repeating("checkins.care", dt.timedelta(hours=1), checkin_service.look_after, clock),
        Repeating("checkins.keys", dt.timedelta(days=1), checkin_service.reseal, clock),
    ]
    handlers: Handlers = {errand.kind: errand for errand in rounds} | {
        str(kind): promise_messages for kind in PromiseKind
    }
    handlers = {**handlers, **debrief_messages.handlers()}
    handlers = {**handlers, **checkin_messages.handlers(database, teams, clock)}
    handlers = {
        **handlers,
        **peer_errands.handlers(database, teams, peer_service, clients, notifier, lambda: desk.words.library),
    }
    worker = Worker(
        Means(
            database,
            clients,
            Notifier(clients),
            handlers,
            lambda tx, member: teams.quiet_rules(tx, member.workspace),
            intent=clock,
            real=RealClock(),
        )
    )

    sections += [
        phrasing.home_section,
        promises.home_section,
        debriefs.home_section,
        kit.home_section,
        checkins.home_section,
        peers.home_section,
        help_section,
        privacy.home_section,
        settings.home_section,
        about_section,
    ]
    for feature in (
        phrasing,
        HomeListeners(home, lambda: desk.words.library, help_for),
        DirectoryListeners(database),
        settings,
        privacy,
        promises,
        debriefs,
        kit,
        checkins,
        peers,
    ):
        feature.register(listening)
    listening.set_home(home)
    listening.catch_the_rest()
    return Bot(app, clients, tasks, listening, worker, leaving, rounds, database, clock)


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
