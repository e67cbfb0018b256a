"""What peer support says of its own accord, written right before it is sent."""

from collections.abc import Callable

from bot.peers import store, views
from bot.peers.jobs import Kind
from bot.peers.model import AskState, Place, Request, State
from bot.peers.service import PeerService
from bot.people import Member
from bot.playbooks.library import Library
from bot.scheduler.composing import Withhold
from bot.scheduler.model import Job
from bot.slack.blocks import Message
from bot.storage.database import Database, Transaction
from bot.teams import Teams

NOT_NEEDED = Withhold("not_needed_any_more")
MESSAGES = (
    Kind.STATUS,
    Kind.OFFER,
    Kind.OPENING,
    Kind.GUIDE,
    Kind.NOBODY,
    Kind.THANKS,
    Kind.FOLLOW_UP,
)


class PeerMessages:
    """Composes each kind; what is no longer true is not sent."""

    def __init__(
        self, database: Database, teams: Teams, service: PeerService, library: Callable[[], Library]
    ) -> None:
        self._database = database
        self._teams = teams
        self._service = service
        self._library = library

    async def compose(self, job: Job) -> Message | Withhold:
        """Say it, from how things stand right now."""
        return await self._database.read(lambda tx: self._compose(tx, job))

    def on_sent(self, tx: Transaction, job: Job, channel: str, ts: str) -> None:
        """Remember where messages are that change later."""
        if job.kind == Kind.OFFER:
            self._service.told_supporter(tx, job.workspace, str(job.payload["ask"]), Place(channel, ts))
        elif job.kind == Kind.STATUS:
            self._service.told_asker(tx, job.workspace, str(job.payload["request"]), Place(channel, ts))

    def on_withheld(self, tx: Transaction, job: Job, reason: str) -> None:  # noqa: ARG002  # any reason is the same
        """A supporter who can't be reached isn't waited for; two who can't share a place are told apart."""
        if job.kind == Kind.OFFER:
            self._service.not_asked(tx, job.workspace, str(job.payload["ask"]))
        elif job.kind == Kind.OPENING:
            self._service.talk_apart(tx, job.workspace, str(job.payload["request"]))

    def _compose(self, tx: Transaction, job: Job) -> Message | Withhold:
        if job.kind == Kind.OFFER:
            return self._offer(tx, job)
        request = store.request(tx, job.workspace, str(job.payload["request"]))
        if request is None:
            return NOT_NEEDED
        match job.kind:
            case Kind.STATUS:
                return views.status(request, self._teams.zone_of(tx, request.asker))
            case Kind.NOBODY:
                return views.nobody(request)
            case _ if request.state is State.TALK and request.supporter:
                return self._of_talk(tx, job, request)
        return NOT_NEEDED

    def _offer(self, tx: Transaction, job: Job) -> Message | Withhold:
        ask = store.ask(tx, job.workspace, str(job.payload["ask"]))
        request = store.request(tx, job.workspace, ask.request) if ask and ask.request else None
        if ask is None or request is None or not request.is_open or ask.state is not AskState.PENDING:
            return NOT_NEEDED
        return views.offer(request, ask.id, self._teams.zone_of(tx, ask.supporter))

    def _of_talk(self, tx: Transaction, job: Job, request: Request) -> Message:
        guides = self._library().guides
        match job.kind:
            case Kind.OPENING:
                return views.opening(request, guides)
            case Kind.GUIDE:
                return views.guide_apart(request, job.recipient, guides)
            case Kind.FOLLOW_UP:
                return views.follow_up()
        listener = Member(job.workspace, job.recipient)
        supporter = store.supporter(tx, listener)
        return views.thanks(self._service.talks(tx, listener), supporter, guides.get("after"))
