"""The timed work around a request: looking further, bringing messages up to date, opening a conversation."""

from collections.abc import Callable

from slack_sdk.errors import SlackApiError

from bot.peers import store, views
from bot.peers.composing import MESSAGES, PeerMessages
from bot.peers.jobs import Kind
from bot.peers.model import Ask, AskState, Place, Request
from bot.peers.service import PeerService
from bot.playbooks.library import Library
from bot.scheduler.composing import Handlers
from bot.scheduler.model import Job
from bot.scheduler.posting import OF_WORKSPACE, PERHAPS_DONE, error_name, retry_after_s
from bot.slack.blocks import Message
from bot.slack.clients import Clients
from bot.slack.notifier import Notifier
from bot.storage.database import Database, Transaction
from bot.teams import Teams


class Looking:
    """Asks the next supporter when the time of the one before is over."""

    def __init__(self, service: PeerService) -> None:
        self._service = service

    async def run(self, job: Job) -> None:
        """Look once more."""
        payload = job.payload
        await self._service.look(job.workspace, str(payload["request"]), int(payload["round"]), job.due_at)

    def on_done(self, tx: Transaction, job: Job) -> None:
        """The next look was scheduled in the same unit of work as this one."""

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:  # noqa: ARG002  # any reason is the same
        """Nobody can be looked for any more."""
        self._service.give_up(tx, job.workspace, str(job.payload["request"]))


class Redrawing:
    """Brings the messages of a request up to date; doing it twice does no harm."""

    def __init__(self, database: Database, teams: Teams, notifier: Notifier) -> None:
        self._database = database
        self._teams = teams
        self._notifier = notifier

    async def run(self, job: Job) -> None:
        """Redraw the asker's message, and what supporters were asked where nobody is needed any more."""
        for place, message in await self._database.read(lambda tx: self._stale(tx, job)):
            try:
                await self._notifier.amend(job.workspace, place.channel, place.ts, message)
            except SlackApiError as error:
                if is_passing(error):
                    raise

    def on_done(self, tx: Transaction, job: Job) -> None:
        """Nothing follows."""

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:
        """An old message stays; pressing its buttons says how things stand."""

    def _stale(self, tx: Transaction, job: Job) -> list[tuple[Place, Message]]:
        request = store.request(tx, job.workspace, str(job.payload["request"]))
        if request is None:
            return []
        zone = self._teams.zone_of(tx, request.asker)
        own = [(request.told, views.status(request, zone))] if request.told else []
        if request.is_open:
            return own
        asked = (ask for ask in store.asks_for(tx, request) if _is_waiting_in_vain(ask))
        return own + [(ask.told, views.over()) for ask in asked if ask.told]


class Introducing:
    """Opens a conversation for the two; Slack gives the same one back when asked again."""

    def __init__(self, database: Database, clients: Clients, service: PeerService) -> None:
        self._database = database
        self._clients = clients
        self._service = service

    async def run(self, job: Job) -> None:
        """Open it and have both greeted; each on their own where Slack won't open one."""
        request = await self._database.read(
            lambda tx: store.request(tx, job.workspace, str(job.payload["request"]))
        )
        if request and request.supporter:
            await self._service.talk_in(request, await self._open(request))

    def on_done(self, tx: Transaction, job: Job) -> None:
        """The greeting was scheduled meanwhile."""

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:  # noqa: ARG002  # any reason is the same
        """Tell each on their own."""
        self._service.talk_apart(tx, job.workspace, str(job.payload["request"]))

    async def _open(self, request: Request) -> str | None:
        users = f"{request.asker.id},{request.supporter}"
        try:
            answer = await self._clients.of(request.workspace).conversations_open(users=users)
        except SlackApiError as error:
            if is_passing(error):
                raise
            return None
        channel = answer["channel"]
        return str(channel["id"])


def handlers(
    database: Database,
    teams: Teams,
    service: PeerService,
    clients: Clients,
    notifier: Notifier,
    library: Callable[[], Library],
) -> Handlers:
    """Who sees to which kind of job of peer support."""
    messages = PeerMessages(database, teams, service, library)
    return {
        **{str(kind): messages for kind in MESSAGES},
        str(Kind.ROUND): Looking(service),
        str(Kind.REDRAW): Redrawing(database, teams, notifier),
        str(Kind.INTRODUCE): Introducing(database, clients, service),
    }


def is_passing(error: SlackApiError) -> bool:
    """Whether Slack may answer otherwise a little later."""
    name = error_name(error)
    return retry_after_s(error) is not None or not name or name in PERHAPS_DONE | OF_WORKSPACE


def _is_waiting_in_vain(ask: Ask) -> bool:
    return ask.state is not AskState.TALK
