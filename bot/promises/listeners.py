"""What promises hear from Slack: read, ask the service, draw."""

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.errors import GoneError, InvalidError
from bot.people import Member
from bot.promises import views
from bot.promises.model import SETTLES, USUAL_TIME, Choice, Draft, Kept, Promise, check_heir, local_time
from bot.promises.service import PromiseService
from bot.slack import blocks as b
from bot.slack.ids import Action, View
from bot.slack.listening import Listening
from bot.slack.payloads import Action as Click
from bot.slack.payloads import FormState, Submission, Surface
from bot.slack.replies import Notice, Open, Redraw, Reply, ShowHome, Update
from bot.slack.text import escape


class PromiseListeners:
    """Everything a person can do around a promise."""

    def __init__(self, service: PromiseService) -> None:
        self._service = service

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.action(Action.PROMISE, self.open)
        slack.action(Action.PROMISE_CHOICE, self.choose)
        slack.action(Action.PROMISE_CONTENT, self.content)
        slack.action(Action.PROMISE_ACCEPT, self.accept)
        slack.action(Action.PROMISE_DECLINE, self.decline)
        slack.action(Action.PROMISE_TAKE, self.take)
        slack.action(Action.DAYS_OFF, self.open_days_off)
        slack.action(Action.FORGET_DAYS_OFF, self.forget_days_off)
        slack.submission(View.PROMISE, self.make)
        slack.submission(View.PROMISE_MOVE, self.move)
        slack.submission(View.PROMISE_HAND_OVER, self.hand_over)
        slack.submission(View.DAYS_OFF, self.take_days_off)

    async def open_promise(self, member: Member, situation: str = "") -> Reply:
        """The form of a new promise, for whoever else offers one: the card, /debrief promise."""
        await self._service.check_maker(member)
        due_at, zone = await self._service.suggested(member)
        return Open(views.promise_modal(local_time(due_at, zone), member.id, situation))

    async def open(self, click: Click) -> Reply:
        """Open the form; a card's button names its situation."""
        return await self.open_promise(click.member, click.value)

    async def make(self, submission: Submission) -> Reply:
        """Keep a new promise, and ask at once who keeps it where its maker is off that day."""
        form = submission.form
        due_on, at = _moment(form)
        situation, _, round_ = submission.view.metadata.partition("|")
        draft = Draft(
            what=form.text(Action.PROMISE_WHAT),
            ticket=form.text(Action.PROMISE_TICKET),
            due_on=due_on,
            at=at,
            keeper=form.person(Action.PROMISE_KEEPER) or submission.member.id,
            situation=situation,
        )
        masked = await self._service.masked(submission.member, draft.what)
        if masked != draft.what:
            due_local = dt.datetime.combine(due_on, at)
            again = (int(round_) if round_.isdecimal() else 0) + 1
            return Update(
                views.promise_modal(
                    due_local, draft.keeper, situation, masked=masked, ticket=draft.ticket, round_=again
                )
            )
        return _kept(await self._service.make(submission.member, draft, submission.view.id))

    async def choose(self, click: Click) -> Reply:
        """Do what its keeper chose: settle it here, or open the form that it takes."""
        name, _, value = click.value.partition("|")
        if name not in set(Choice):
            raise GoneError("That promise is no longer there.")
        choice = Choice(name)
        if choice in SETTLES:
            promise = await self._service.settle(click.member, value, choice)
            return self._settled(click, promise)
        promise = await self._service.look_up(click.member, value)
        if choice is Choice.HAND_OVER:
            return Open(views.hand_over_modal(promise))
        due_at, zone = await self._service.suggested(click.member)
        return Open(views.move_modal(promise, local_time(due_at, zone)))

    async def content(self, click: Click) -> Reply:
        """Note that the customer was content."""
        return self._settled(click, await self._service.content(click.member, click.value))

    async def move(self, submission: Submission) -> Reply:
        """Promise another day."""
        due_on, at = _moment(submission.form)
        return _kept(await self._service.move(submission.member, submission.view.metadata, due_on, at))

    async def hand_over(self, submission: Submission) -> Reply:
        """Ask a colleague, or give it to the queue."""
        form, value = submission.form, submission.view.metadata
        colleague, to_queue = form.person(Action.PROMISE_COLLEAGUE), bool(form.choices(Action.PROMISE_KEEPER))
        check_heir(colleague, to_queue=to_queue)
        if to_queue:
            _, team = await self._service.queue(submission.member, value)
            return Notice(f"It is in the queue of {team}; its leads are told.")
        await self._service.ask(submission.member, value, colleague)
        return Notice("Asked. Until they accept it stays with you.")

    async def accept(self, click: Click) -> Reply:
        """Keep what a colleague asked for."""
        return self._mine_now(click, await self._service.accept(click.member, click.value))

    async def decline(self, click: Click) -> Reply:
        """Leave it with whoever asked."""
        await self._service.decline(click.member, click.value)
        words = b.Message(escape("You left it; whoever asked is told."), ())
        return ShowHome({}) if click.surface is Surface.HOME else Redraw(words)

    async def take(self, click: Click) -> Reply:
        """Take it out of the queue."""
        return self._mine_now(click, await self._service.take(click.member, click.value))

    async def open_days_off(self, click: Click) -> Reply:
        """Show my days off."""
        return Open(await self._days_off(click.member))

    async def forget_days_off(self, click: Click) -> Reply:
        """Forget my days off."""
        await self._service.work_again(click.member)
        return Update(await self._days_off(click.member))

    async def take_days_off(self, submission: Submission) -> Reply:
        """Note days off."""
        first, last = submission.form.day(Action.DAY_OFF_FROM), submission.form.day(Action.DAY_OFF_UNTIL)
        if first is None or last is None:
            raise InvalidError("Choose both days.", field=Action.DAY_OFF_FROM)
        due = await self._service.take_days_off(submission.member, first, last)
        asked = f" {due} of your promises are due then: you are asked who keeps them." if due else ""
        return Notice(f"Noted.{asked}")

    async def home_section(self, member: Member, _: Mapping[str, str]) -> Sequence[b.Block]:
        """Draw my promises, soonest first."""
        return views.home_blocks(await self._service.mine(member))

    async def _days_off(self, member: Member) -> b.Block:
        due_at, zone = await self._service.suggested(member)
        days = await self._service.days_off(member)
        return views.days_off_modal(days, local_time(due_at, zone).date())

    def _settled(self, click: Click, promise: Promise) -> Reply:
        return ShowHome({}) if click.surface is Surface.HOME else Redraw(views.settled(promise))

    def _mine_now(self, click: Click, promise: Promise) -> Reply:
        return ShowHome({}) if click.surface is Surface.HOME else Redraw(views.accepted(promise))


def _moment(form: FormState) -> tuple[dt.date, dt.time]:
    day = form.day(Action.PROMISE_DAY)
    if day is None:
        raise InvalidError("Choose a day.", field=Action.PROMISE_DAY)
    return day, form.time(Action.PROMISE_TIME) or USUAL_TIME


def _kept(kept: Kept) -> Reply:
    if kept.off_on:
        return Update(views.hand_over_modal(kept.promise, kept.off_on))
    return Notice(views.saved_words(kept.promise))
