"""Builds every object from a Config; the only file that knows every room."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from slack_bolt.async_app import AsyncApp

from bot.config import Config
from bot.home.copies import Copies
from bot.home.listeners import HomeListeners, help_section
from bot.home.page import Home, Section
from bot.phrasing.deciding import Words
from bot.phrasing.finder import build_finder
from bot.phrasing.listeners import PhrasingListeners
from bot.phrasing.service import PhrasingService
from bot.playbooks.library import Library
from bot.playbooks.watching import Shelf
from bot.scheduler.clocks import Clock, RealClock
from bot.slack.app import build_app
from bot.slack.clients import OneWorkspace
from bot.slack.listening import Listening
from bot.slack.notifier import Notifier
from bot.slack.response_urls import ResponseUrls
from bot.slack.tasks import Tasks
from bot.storage.database import Database


class Desk:
    """Holds the words in use; a changed playbook swaps library and finder in one step."""

    def __init__(self, library: Library, folders: Sequence[Path]) -> None:
        self._folders = folders
        self.take(library)

    def take(self, library: Library) -> None:
        """Use another library from now on; runs off the event loop, since building takes a while."""
        self.words = Words(library, build_finder(library, self._folders))


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything that runs, ready to be served."""

    app: AsyncApp
    clients: OneWorkspace
    tasks: Tasks
    listening: Listening


def build_bot(config: Config, database: Database, shelf: Shelf, session: aiohttp.ClientSession) -> Bot:
    """Wire the rooms together; nothing is contacted yet."""
    clock: Clock = RealClock()
    desk = Desk(shelf.current, shelf.paths)
    shelf.subscribe(desk.take)
    clients = OneWorkspace(config.require_bot_token(), config.api_url, session)
    tasks = Tasks()
    app = build_app(clients, config.signing_secret)
    listening = Listening(app, clients, tasks, ResponseUrls(session))
    notifier = Notifier(clients)

    sections: list[Section] = []
    home = Home(clients, clock, sections)
    phrasing = PhrasingListeners(
        PhrasingService(lambda: desk.words, database, clock),
        notifier,
        config.country,
        Copies(home.show, tasks).keep,
    )
    sections += [phrasing.home_section, help_section]
    for feature in (phrasing, HomeListeners(home, lambda: desk.words.library, config.country)):
        feature.register(listening)
    listening.set_home(home)
    listening.catch_the_rest()
    return Bot(app, clients, tasks, listening)
