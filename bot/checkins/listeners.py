"""What check-ins hear from Slack: read, ask the service, draw."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.checkins import reset_views, resets, views
from bot.checkins.model import NOTE_MOST, USUAL_TIME, USUAL_WEEKDAY, After, Choice, Plan, Tick, Word, is_week
from bot.checkins.reset_views import At
from bot.checkins.service import CheckinService
from bot.errors import GoneError, InvalidError
from bot.people import Member
from bot.playbooks.library import Library
from bot.playbooks.model import Reset
from bot.slack import blocks as b
from bot.slack.help_lines import HelpFor, lines_for
from bot.slack.ids import Action, Command, View
from bot.slack.listening import Listening
from bot.slack.notifier import Notifier
from bot.slack.payloads import Action as Click
from bot.slack.payloads import Command as Slash
from bot.slack.payloads import FormState, Submission, Surface
from bot.slack.replies import Close, Filling, Notice, Open, Redraw, Reply, Update
from bot.slack.tasks import Tasks

NOT_TAKING_PART = "You don't take part at the moment; `/checkin` lets you join."

Filler = Callable[[], Awaitable[b.Block]]


class CheckinListeners:
    """Everything a member can do around the weekly question and resets."""

    def __init__(
        self,
        service: CheckinService,
        library: Callable[[], Library],
        help_for: HelpFor,
        notifier: Notifier,
        tasks: Tasks,
        new_id: Callable[[], str],
    ) -> None:
        self._service = service
        self._library = library
        self._help_for = help_for
        self._notifier = notifier
        self._tasks = tasks
        self._new_id = new_id

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.command(Command.CHECKIN, self.command)
        slack.action(Action.CHECKIN, self.open_own_page)
        slack.action(Action.CHECKIN_SCHEDULE, self.open_schedule)
        slack.action(Action.CHECKIN_ANSWER, self.open_answer)
        slack.action(Action.CHECKIN_SKIP, self.skip)
        slack.action(Action.CHECKIN_PAUSE, self.open_pause)
        slack.action(Action.CHECKIN_START_AGAIN, self.start_again)
        slack.action(Action.CHECKIN_STOP, self.stop)
        slack.action(Action.CHECKIN_TREND, self.open_trend)
        slack.action(Action.CHECKIN_DELETE, self.delete)
        slack.action(Action.CHECKIN_DELETE_ALL, self.delete_all)
        slack.action(Action.CHECKIN_NOT_HELPFUL, self.not_helpful)
        slack.action(Action.THANK, self.open_thank)
        slack.action(Action.RESET, self.open_reset)
        slack.action(Action.RESET_LENGTH, self.choose_reset)
        slack.action(Action.RESET_ANOTHER, self.another_reset)
        slack.action(Action.RESET_STEP, self.step)
        slack.action(Action.RESET_STOP, self.stop_reset)
        slack.action(Action.RESET_COVER, self.cover)
        slack.submission(View.CHECKIN_SCHEDULE, self.schedule)
        slack.submission(View.CHECKIN_ANSWER, self.answer)
        slack.submission(View.CHECKIN_AFTER, self.tick)
        slack.submission(View.CHECKIN_PAUSE, self.pause)
        slack.submission(View.THANK, self.thank)

    async def command(self, command: Slash) -> Reply:
        """Open what was asked for; the member's own page without a word."""
        word = command.text.lower().partition(" ")[0]
        member = command.member
        match word:
            case "help" | "?":
                return views.help_message()
            case "reset" | "break":
                return reset_views.message(reset_views.lengths_blocks())
            case "join" | "time" | "day":
                return self._opened(lambda: self._schedule(member))
            case "answer":
                return self._opened(lambda: self._answer_form(member))
            case "trend":
                return self._opened(lambda: self._trend(member))
            case "pause" | "stop":
                return self._opened(lambda: self._pause_form(member))
            case "":
                return self._opened(lambda: self._own_page(member))
        return views.help_message()

    async def home_section(self, member: Member, _: Mapping[str, str]) -> Sequence[b.Block]:
        """Draw the two buttons, alike for everybody."""
        standing = await self._service.standing(member)
        return views.home_blocks(is_sealed=standing.is_sealed, is_admin=standing.is_admin)

    async def open_own_page(self, click: Click) -> Reply:
        """Open a member's own page, or the way in."""
        return _on_top(click, await self._own_page(click.member))

    async def open_schedule(self, click: Click) -> Reply:
        """Open the form of joining or changing."""
        return _on_top(click, await self._schedule(click.member))

    async def open_answer(self, click: Click) -> Reply:
        """Open the question; one asked in a message is remembered, so that the message can be cleared."""
        week = _week_in(click.value)
        if week and not _is_for(click):
            raise GoneError("That question was somebody else's.")
        origin = {"week": week, "channel": click.channel, "ts": click.message_ts} if week else {}
        return _on_top(click, await self._answer_form(click.member, origin))

    async def skip(self, click: Click) -> Reply:
        """Leave the week out."""
        if not _is_for(click):
            raise GoneError("That question was somebody else's.")
        plan = await self._service.skip(click.member)
        return Redraw(views.done_message(plan))

    async def open_pause(self, click: Click) -> Reply:
        """Offer less of it, a rest, or the end."""
        return _on_top(click, await self._pause_form(click.member))

    async def start_again(self, click: Click) -> Reply:
        """End a pause."""
        plan = await self._service.start_again(click.member)
        if plan is None:
            return _on_top(click, await self._schedule(click.member))
        if click.surface is Surface.MESSAGE:
            return Redraw(views.done_message(plan))
        return Update(views.saved_view(plan))

    async def stop(self, click: Click) -> Reply:
        """End it, say what is kept, offer to delete it."""
        answers = await self._service.stop(click.member)
        standing = await self._service.standing(click.member)
        return _on_top(click, views.stopped_view(answers, standing.kept_days))

    async def open_trend(self, click: Click) -> Reply:
        """Show a member their own answers; beside an open form, so that its ticks stay."""
        view = await self._trend(click.member)
        is_form = click.view is not None and click.view.callback_id == View.CHECKIN_AFTER
        return Open(view) if is_form else _on_top(click, view)

    async def delete(self, click: Click) -> Reply:
        """Delete one answer."""
        return Update(views.trend_view(await self._service.delete(click.member, click.value)))

    async def delete_all(self, click: Click) -> Reply:
        """Delete all of them; Slack has asked first."""
        return Update(views.deleted_view(await self._service.delete_all(click.member)))

    async def not_helpful(self, click: Click) -> Reply:
        """Take a nudge out for good and show another."""
        week, _, nudge_id = click.value.partition("|")
        if not is_week(week) or click.view is None:
            raise GoneError("That isn't there any more.")
        nudge = await self._service.not_helpful(click.member, week, nudge_id)
        after = After(week, nudge, _ticks(click.form), views.has_help_first(click.view.blocks))
        return Update(views.after_view(after, await self._help(click.member)))

    async def schedule(self, submission: Submission) -> Reply:
        """Join, or change when."""
        plan = await self._service.join(submission.member, _choice(submission.form))
        return Update(views.saved_view(plan))

    async def answer(self, submission: Submission) -> Reply:
        """Keep an answer and show what follows every answer."""
        form, member = submission.form, submission.member
        word = form.choice(Action.CHECKIN_WORD)
        if word not in set(Word):
            raise InvalidError("Choose one of the five words.", field=Action.CHECKIN_WORD)
        origin = _origin(submission.view.metadata)
        week = origin.get("week", "")
        if not is_week(week):
            week = await self._service.this_week(member)
        note = form.text(Action.CHECKIN_NOTE)
        if (clean := await self._service.masked(member, note)) != note:
            return Update(views.answer_form(submission.view.metadata, Word(word), clean[:NOTE_MOST]))
        after, plan = await self._service.answer(member, week, Word(word), note)
        if origin.get("ts"):
            self._tasks.start(self._clear(member, origin, plan))
        return Update(views.after_view(after, await self._help(member)))

    async def tick(self, submission: Submission) -> Reply:
        """Keep what would help."""
        await self._service.tick(submission.member, submission.view.metadata, _ticks(submission.form))
        return Close()

    async def pause(self, submission: Submission) -> Reply:
        """Rest until a day, or until they start again."""
        plan = await self._service.pause(submission.member, submission.form.day(Action.CHECKIN_PAUSE_UNTIL))
        if plan is None:
            return Notice(NOT_TAKING_PART)
        return Update(views.saved_view(plan))

    async def open_thank(self, _: Click) -> Reply:
        """Choose whom to thank."""
        return Open(views.thank_form())

    async def thank(self, submission: Submission) -> Reply:
        """Send thanks in the member's name; only Slack keeps it."""
        member, form = submission.member, submission.form
        whom = Member(member.workspace, form.person(Action.THANK_WHOM))
        name = await self._service.may_thank(member, whom)
        typed = form.text(Action.THANK_FOR)
        if (words := await self._service.masked(member, typed)) != typed:
            return Update(views.thank_form(whom.id, words[: views.THANKS_MOST]))
        self._tasks.start(self._send(whom, views.thanks_message(member.id, name, words)))
        first = await self._help(member) if self._service.is_distressed(typed) else []
        return Update(views.thanked_view(first))

    async def open_reset(self, click: Click) -> Reply:
        """Ask how long they have got; beside whatever is open."""
        if click.surface is Surface.MESSAGE:
            return Redraw(reset_views.message(reset_views.lengths_blocks()))
        return Open(reset_views.modal(reset_views.lengths_blocks()))

    async def choose_reset(self, click: Click) -> Reply:
        """Offer one of that length."""
        seconds = int(click.value) if click.value.isdecimal() else 0
        nonce = self._new_id()
        reset = resets.first(self._library().resets, seconds, nonce)
        if reset is None:
            raise GoneError(reset_views.GONE)
        return _in_place(click, reset_views.reset_blocks(reset, At(reset.id, 0, nonce)))

    async def another_reset(self, click: Click) -> Reply:
        """Offer the next of the same length."""
        at = At.decode(click.value)
        reset = resets.another(self._library().resets, at.reset)
        if reset is None:
            raise GoneError(reset_views.GONE)
        drawn = reset_views.reset_blocks(reset, At(reset.id, 0, at.nonce, at.has_cover))
        return _in_place(click, drawn)

    async def step(self, click: Click) -> Reply:
        """Go a step on; nothing runs by itself, so nothing has to be stopped."""
        at = At.decode(click.value)
        return _in_place(click, reset_views.reset_blocks(self._reset(at), at))

    async def stop_reset(self, click: Click) -> Reply:
        """End it at any point."""
        return _in_place(click, reset_views.stopped_blocks())

    async def cover(self, click: Click) -> Reply:
        """Tell the leads, in one tap, and name the phone's status."""
        at = At.decode(click.value)
        reset = self._reset(at)
        cover = await self._service.cover(click.member, reset_views.minutes_of(reset), at.nonce)
        covered = At(at.reset, at.step, at.nonce, has_cover=True)
        return _in_place(click, reset_views.reset_blocks(reset, covered, cover))

    def _reset(self, at: At) -> Reset:
        reset = self._library().resets.get(at.reset)
        if reset is None:
            raise GoneError(reset_views.GONE)
        return reset

    def _opened(self, fill: Filler) -> Reply:
        return Filling(views.skeleton(), fill)

    async def _own_page(self, member: Member) -> b.Block:
        standing = await self._service.standing(member)
        if standing.plan is None:
            return views.schedule_form(standing)
        return views.own_page(standing, standing.plan)

    async def _schedule(self, member: Member) -> b.Block:
        return views.schedule_form(await self._service.standing(member))

    async def _answer_form(self, member: Member, origin: Mapping[str, str] | None = None) -> b.Block:
        standing = await self._service.standing(member)
        if standing.plan is None:
            return views.schedule_form(standing)
        return views.answer_form(json.dumps(dict(origin or {})))

    async def _trend(self, member: Member) -> b.Block:
        return views.trend_view(await self._service.trend(member))

    async def _pause_form(self, member: Member) -> b.Block:
        standing = await self._service.standing(member)
        if standing.plan is None:
            return views.nothing_to_stop(standing)
        return views.pause_form(standing.plan)

    async def _help(self, member: Member) -> list[b.Block]:
        return await lines_for(member, self._help_for, self._library().countries)

    async def _clear(self, member: Member, origin: Mapping[str, str], plan: Plan | None) -> None:
        message = views.done_message(plan)
        await self._notifier.amend(member.workspace, origin["channel"], origin["ts"], message)

    async def _send(self, whom: Member, message: b.Message) -> None:
        await self._notifier.tell(whom, message)


def _choice(form: FormState) -> Choice:
    day, rhythm = form.choice(Action.CHECKIN_DAY), form.choice(Action.CHECKIN_RHYTHM)
    return Choice(
        weekday=int(day) if day in set("1234567") else USUAL_WEEKDAY,
        at=form.time(Action.CHECKIN_TIME) or USUAL_TIME,
        zone=form.text(Action.CHECKIN_ZONE),
        every_weeks=2 if rhythm == "2" else 1,
    )


def _ticks(form: FormState) -> tuple[Tick, ...]:
    chosen = set(form.choices(Action.CHECKIN_TICKS))
    return tuple(it for it in Tick if it in chosen)


def _on_top(click: Click, view: b.Block) -> Reply:
    """In place of the window it was asked for from, else a new one."""
    return Update(view) if click.surface is Surface.MODAL else Open(view)


def _in_place(click: Click, blocks: Sequence[b.Block]) -> Reply:
    if click.surface is Surface.MESSAGE:
        return Redraw(reset_views.message(blocks))
    return _on_top(click, reset_views.modal(blocks))


def _week_in(value: str) -> str:
    week = value.rpartition(":")[2]
    return week if is_week(week) else ""


def _is_for(click: Click) -> bool:
    return click.value.partition(":")[0] == click.member.id


def _origin(metadata: str) -> dict[str, str]:
    try:
        told = json.loads(metadata or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in told.items()} if isinstance(told, dict) else {}
