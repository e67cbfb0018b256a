"""What peer support hears from Slack: read, ask the service, draw."""

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.errors import InvalidError
from bot.peers import views
from bot.peers.model import Asking, Offer, Topic, Wish
from bot.peers.service import PeerService
from bot.people import Member
from bot.slack import blocks as b
from bot.slack.ids import Action, Shortcut, View
from bot.slack.listening import Listening
from bot.slack.payloads import Action as Click
from bot.slack.payloads import FormState, Submission, Surface
from bot.slack.payloads import Shortcut as Started
from bot.slack.replies import Notice, Open, Redraw, Reply, ShowHome, Update


class PeerListeners:
    """Everything a person can do around peer support."""

    def __init__(self, service: PeerService, *, is_sealed: bool) -> None:
        self._service = service
        self._is_sealed = is_sealed

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.shortcut(Shortcut.ASK_PEER, self.open_by_shortcut)
        slack.action(Action.PEER_ASK, self.open_ask)
        slack.action(Action.PEER_WITHDRAW, self.withdraw)
        slack.action(Action.PEER_ACCEPT, self.accept)
        slack.action(Action.PEER_DECLINE, self.decline)
        slack.action(Action.PEER_ALL_RIGHT, self.all_right)
        slack.action(Action.PEER_OFFER, self.open_offer)
        slack.action(Action.PEER_LEAVE, self.leave)
        slack.action(Action.PEER_ON_FLOOR, self.go_on_floor)
        slack.action(Action.PEER_OFF_FLOOR, self.go_off_floor)
        slack.action(Action.PEER_NOT_WITH, self.open_not_with)
        slack.submission(View.PEER_ASK, self.ask)
        slack.submission(View.PEER_OFFER, self.offer)
        slack.submission(View.PEER_NOT_WITH, self.keep_apart)

    async def open_by_shortcut(self, started: Started) -> Reply:
        """Open the form, or how the request stands."""
        return await self._form(started.member)

    async def open_ask(self, click: Click) -> Reply:
        """The same from a button, wherever it is drawn."""
        return await self._form(click.member)

    async def ask(self, submission: Submission) -> Reply:
        """Send it out, and show how it stands."""
        request = await self._service.ask(submission.member, _asking(submission.form))
        mine = await self._service.mine(submission.member)
        return Update(views.status_modal(request, mine.zone))

    async def withdraw(self, click: Click) -> Reply:
        """Look no further."""
        await self._service.withdraw(click.member, click.value)
        if click.surface is Surface.HOME:
            return ShowHome({})
        words = "Withdrawn. Nobody learns who asked."
        if click.surface is Surface.MODAL:
            return Update(b.modal(View.NOTICE, "Ask a peer", views.over(words).blocks))
        return Redraw(views.over(words))

    async def accept(self, click: Click) -> Reply:
        """Take it."""
        return Redraw(views.taken(await self._service.accept(click.member, click.value)))

    async def decline(self, click: Click) -> Reply:
        """Leave it."""
        await self._service.decline(click.member, click.value)
        return Redraw(views.over(views.LEFT))

    async def all_right(self, _: Click) -> Reply:
        """Say so, and keep nothing."""
        return Redraw(views.over(views.ALL_RIGHT))

    async def open_offer(self, click: Click) -> Reply:
        """Show what I offer."""
        await self._service.check_colleague(click.member)
        mine = await self._service.mine(click.member)
        return Open(views.offer_modal(mine.supporter))

    async def offer(self, submission: Submission) -> Reply:
        """Join the roster, or change what I offer."""
        supporter = await self._service.offer(submission.member, _offer(submission.form))
        mine = await self._service.mine(submission.member)
        return Notice(views.on_floor_words(supporter, mine.zone))

    async def leave(self, click: Click) -> Reply:
        """Leave the roster."""
        await self._service.leave(click.member)
        words = "You are off the roster. Nobody is told."
        return Update(b.modal(View.NOTICE, "Listen to peers", views.over(words).blocks))

    async def go_on_floor(self, click: Click) -> Reply:
        """Be asked from now on."""
        await self._service.go_on_floor(click.member)
        return ShowHome({})

    async def go_off_floor(self, click: Click) -> Reply:
        """Not be asked until I say so."""
        await self._service.go_off_floor(click.member)
        if click.surface is Surface.HOME:
            return ShowHome({})
        return Notice("You are off: no peer is sent to you. Home has the button to be on again.")

    async def open_not_with(self, click: Click) -> Reply:
        """Show my list to me."""
        await self._service.check_colleague(click.member)
        others = await self._service.not_with(click.member)
        return Open(views.not_with_modal(sorted(others), is_sealed=self._is_sealed))

    async def keep_apart(self, submission: Submission) -> Reply:
        """Keep my list."""
        others = submission.form.people(Action.PEER_NOT_WITH_PEOPLE)
        await self._service.keep_apart(submission.member, others)
        return Notice("Kept. Only you see it.")

    async def home_section(self, member: Member, _: Mapping[str, str]) -> Sequence[b.Block]:
        """Draw what I asked for and what I offer."""
        return views.home_blocks(await self._service.mine(member))

    async def _form(self, member: Member) -> Reply:
        await self._service.check_colleague(member)
        mine = await self._service.mine(member)
        if mine.request:
            return Open(views.status_modal(mine.request, mine.zone))
        return Open(views.ask_modal())


def _asking(form: FormState) -> Asking:
    topic, wish = form.choice(Action.PEER_TOPIC), form.choice(Action.PEER_WISH)
    if topic not in set(Topic):
        raise InvalidError("Choose what it is about.", field=Action.PEER_TOPIC)
    if wish not in set(Wish):
        raise InvalidError("Choose when.", field=Action.PEER_WISH)
    return Asking(Topic(topic), Wish(wish), bool(form.choices(Action.PEER_FOLLOW_UP)))


def _offer(form: FormState) -> Offer:
    per_week = form.choice(Action.PEER_PER_WEEK)
    return Offer(
        per_week=int(per_week) if per_week.isdecimal() else 0,
        asked_from=form.time(Action.PEER_FROM) or dt.time(9),
        asked_until=form.time(Action.PEER_UNTIL) or dt.time(17),
        topics=frozenset(Topic(it) for it in form.choices(Action.PEER_TOPICS) if it in set(Topic)),
    )
