"""What debriefs hear from Slack: read, ask the service, draw."""

import datetime as dt
import html
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.debriefs import talk_views, views
from bot.debriefs.composing import Composing
from bot.debriefs.model import Closing, Debrief, Said, Share, Step
from bot.debriefs.service import DebriefService
from bot.debriefs.talking import Kept, Talking
from bot.errors import GoneError, InvalidError
from bot.people import Member
from bot.playbooks.library import Library
from bot.safeguards.visibility import Audience
from bot.scheduler.composing import Withhold
from bot.slack import blocks as b
from bot.slack.help_lines import HelpFor, lines_for
from bot.slack.ids import Action, Event, View
from bot.slack.listening import Listening
from bot.slack.notifier import Notifier
from bot.slack.payloads import Action as Click
from bot.slack.payloads import Event as Happened
from bot.slack.payloads import FormState, Submission
from bot.slack.replies import Filling, Later, Notice, Reply, Update
from bot.slack.tasks import Tasks
from bot.slack.text import clean

HEARD = frozenset({None, "file_share", "thread_broadcast"})
THANKS_OWNER = "Thank you. Whoever asked for it sees that it is done."
ME_TOO_SAID = "Noted, without your name."
ME_TOO_NOT = "That was noted before, or it is your own debrief."


@dataclass(frozen=True, slots=True)
class TalkSurroundings:
    """What these listeners are handed besides their services."""

    library: Callable[[], Library]
    notifier: Notifier
    tasks: Tasks
    help_for: HelpFor
    new_id: Callable[[], str]


class TalkListeners:
    """Everything a person can do in a debrief, by button or in its thread."""

    def __init__(
        self, service: DebriefService, talking: Talking, composing: Composing, around: TalkSurroundings
    ) -> None:
        self._service = service
        self._talking = talking
        self._composing = composing
        self._around = around

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.submission(View.TALK, self.begin_talk)
        slack.submission(View.ANSWER, self.save_answer)
        slack.submission(View.CLOSING, self.save_closing)
        slack.event(Event.MESSAGE, self.hear)
        clicks: dict[Action, Callable[[Click], Awaitable[Reply]]] = {
            Action.TALK: self.open_talk,
            Action.TALK_WHERE: self.redraw_talk,
            Action.TALK_CHANNEL: self.redraw_talk,
            Action.ANSWER: self.open_answer,
            Action.SKIP: self.skip,
            Action.ME_TOO: self.me_too,
            Action.CLOSE: self.open_closing,
            Action.ACTION_DONE: self.action_done,
        }
        for name, listener in clicks.items():
            slack.action(name, listener)

    async def open_talk(self, click: Click) -> Reply:
        """Ask where, and what to show."""

        async def fill() -> b.Block:
            start = await self._talking.start(click.member, click.value)
            return talk_views.start_form(self._library, start.entry, start.room, alone=start.room is None)

        return Filling(views.skeleton(View.TALK, talk_views.TITLE), fill)

    async def redraw_talk(self, click: Click) -> Reply:
        """Say who would see it there, and whether it may be held there at all."""
        entry_id = click.view.metadata if click.view else ""
        alone = click.form.choice(Action.TALK_WHERE) == talk_views.WHERE_ALONE
        channel = click.form.conversation(Action.TALK_CHANNEL) or None

        async def drawn() -> Reply:
            start = await self._talking.start(click.member, entry_id, channel)
            return Update(talk_views.start_form(self._library, start.entry, start.room, alone=alone))

        return Later(drawn)

    async def begin_talk(self, submission: Submission) -> Reply:
        """Open the debrief."""
        form = submission.form
        alone = form.choice(Action.TALK_WHERE) == talk_views.WHERE_ALONE
        channel = form.conversation(Action.TALK_CHANNEL)
        if not alone and not channel:
            raise InvalidError("Choose a channel, or talk it through alone.", field=Action.TALK_CHANNEL)
        known = set(Share)
        shared = frozenset(Share(it) for it in form.choices(Action.TALK_SHARE) if it in known)
        entry_id = submission.view.metadata
        await self._talking.begin(submission.member, entry_id, None if alone else channel, shared)
        return Update(talk_views.started_view())

    async def open_answer(self, click: Click) -> Reply:
        """Open the box for an answer."""
        debrief_id, step = _prompt_of(click.value)

        async def fill() -> b.Block:
            debrief = await self._talking.look(click.member, debrief_id, step)
            return await self._answer_form(debrief, step, self._around.new_id())

        return Filling(views.skeleton(View.ANSWER, talk_views.TITLE), fill)

    async def save_answer(self, submission: Submission) -> Reply:
        """Keep an answer; where something must be masked, show that first and keep nothing."""
        debrief_id, step, nonce = _answer_of(submission.view.metadata)
        text = submission.form.text(Action.ANSWER_BOX)
        if not text:
            raise InvalidError("Write a few words, or close this: nobody has to.", field=Action.ANSWER_BOX)
        masked = await self._service.guarded(submission.member, text)
        if masked.found:
            debrief = await self._talking.look(submission.member, debrief_id, step, may_ask=False)
            form = await self._answer_form(debrief, step, nonce, masked.text, masked.summary)
            return Update(form)
        kept = await self._talking.answer(submission.member, debrief_id, step, nonce, text)
        self._redraw_prompt(submission.member, debrief_id, step)
        if kept.help_first:
            message = talk_views.help_message(await self._help(submission.member), views.HELP_FIRST)
            return Update(b.modal(View.ENTRY, "Kept", message.blocks, close="Done"))
        return None

    async def skip(self, click: Click) -> Reply:
        """Go on without an answer."""
        debrief_id, step = _prompt_of(click.value)
        await self._talking.skip(click.member, debrief_id, step)
        self._redraw_prompt(click.member, debrief_id, step)
        return None

    async def me_too(self, click: Click) -> Reply:
        """Count somebody who has had this too."""
        if await self._talking.me_too(click.member, click.value) is None:
            return Notice(ME_TOO_NOT)
        self._around.tasks.start(self._redraw(click.member.workspace, click.value, "root"))
        return Notice(ME_TOO_SAID)

    async def open_closing(self, click: Click) -> Reply:
        """Open the one closing step."""

        async def fill() -> b.Block:
            end = await self._talking.ending(click.member, click.value)
            closing = Closing(end.summary, lesson_about=end.debrief.about)
            return await self._closing_form(click.member, end.debrief, closing)

        return Filling(views.skeleton(View.CLOSING, "Close the debrief"), fill)

    async def save_closing(self, submission: Submission) -> Reply:
        """Close the debrief; where something must be masked, show that first and keep nothing."""
        debrief_id, _, round_ = submission.view.metadata.partition("|")
        closing, found = await self._talking.masked(submission.member, _closing(submission.form))
        if found:
            end = await self._talking.ending(submission.member, debrief_id)
            again = (int(round_) if round_.isdecimal() else 0) + 1
            return Update(
                await self._closing_form(submission.member, end.debrief, closing, masked=found, round_=again)
            )
        await self._talking.close(submission.member, debrief_id, closing)
        for kind in ("root", *(f"prompt:{step}" for step in Step)):
            self._around.tasks.start(self._redraw(submission.member.workspace, debrief_id, kind))
        return Update(talk_views.closed_view())

    async def action_done(self, click: Click) -> Reply:
        """The owner of a cause did what was asked."""
        await self._talking.done(click.member, click.value)
        return Notice(THANKS_OWNER)

    async def hear(self, event: Happened) -> None:
        """Keep what is said in an open debrief; drop everything else, before anything is done with it."""
        read = _said(event)
        if read is None:
            return
        channel, thread_ts, said = read
        kept = await self._talking.hear(event.workspace, channel, thread_ts, said)
        if kept and kept.is_new:
            self._around.tasks.start(self._tell(said.author, channel, thread_ts, kept))

    @property
    def _library(self) -> Library:
        return self._around.library()

    async def _answer_form(
        self, debrief: Debrief, step: Step, nonce: str, text: str = "", masked: str = ""
    ) -> b.Block:
        prompt = self._library.prompts[step]
        place = await self._talking.place_of(debrief)
        return talk_views.answer_form(prompt, debrief, place, nonce, text=text, masked=masked)

    async def _closing_form(
        self, member: Member, debrief: Debrief, closing: Closing, *, masked: str = "", round_: int = 0
    ) -> b.Block:
        standing = await self._service.standing(member, may_ask=False)
        place = replace(await self._talking.place_of(debrief), team=standing.place.team)
        return talk_views.closing_form(self._library, debrief, place, closing, masked=masked, round_=round_)

    async def _tell(self, member: Member, channel: str, thread_ts: str, kept: Kept) -> None:
        """Tell who wrote it alone: help first, then what is masked."""
        if kept.help_first:
            message = talk_views.help_message(await self._help(member), views.HELP_FIRST)
            await self._around.notifier.whisper(member, channel, message, thread_ts)
        if kept.masked:
            message = talk_views.masked_message(kept.masked)
            await self._around.notifier.whisper(member, channel, message, thread_ts)

    def _redraw_prompt(self, member: Member, debrief_id: str, step: Step) -> None:
        self._around.tasks.start(self._redraw(member.workspace, debrief_id, f"prompt:{step}"))

    async def _redraw(self, workspace: str, debrief_id: str, kind: str) -> None:
        """Bring a message that stands in Slack up to date."""
        found = await self._talking.where_is(workspace, debrief_id, kind)
        if found is None:
            return
        _, _, step = kind.partition(":")
        message = (
            await self._composing.prompt_now(workspace, debrief_id, Step(step))
            if step
            else await self._composing.root_now(workspace, debrief_id)
        )
        if not isinstance(message, Withhold):
            await self._around.notifier.amend(workspace, *found, message)

    async def _help(self, member: Member) -> Sequence[b.Block]:
        return await lines_for(member, self._around.help_for, self._library.countries)


def _closing(form: FormState) -> Closing:
    audience = form.choice(Action.LESSON_AUDIENCE)
    return Closing(
        summary=form.text(Action.SUMMARY),
        lesson=form.text(Action.LESSON),
        lesson_about=form.choice(Action.LESSON_ABOUT),
        lesson_audience=Audience(audience) if audience in set(Audience) else Audience.ONLY_ME,
        action=form.text(Action.ACTION_WHAT),
        owner=form.person(Action.ACTION_OWNER),
        due_on=form.day(Action.ACTION_BY),
    )


def _prompt_of(value: str) -> tuple[str, Step]:
    debrief_id, _, step = value.partition("|")
    if step not in set(Step):
        raise GoneError(views.OUTDATED)
    return debrief_id, Step(step)


def _answer_of(metadata: str) -> tuple[str, Step, str]:
    value, _, nonce = metadata.rpartition("|")
    return *_prompt_of(value), nonce[:64]


def _said(event: Happened) -> tuple[str, str, Said] | None:
    """Channel, thread and what was said; None for whatever can't be a reply by a person."""
    body, subtype = event.body, event.body.get("subtype")
    message: Mapping[str, Any] = body
    if subtype in ("message_changed", "message_deleted"):
        message = body.get("message" if subtype == "message_changed" else "previous_message") or {}
    elif subtype not in HEARD:
        return None
    key, thread_ts = str(message.get("ts") or ""), str(message.get("thread_ts") or "")
    author, version = str(message.get("user") or ""), str((message.get("edited") or {}).get("ts") or "")
    if not thread_ts or key == thread_ts or not author or message.get("bot_id"):
        return None
    said = Said(
        key,
        Member(event.workspace, author),
        html.unescape(clean(str(message.get("text") or ""))),
        dt.datetime.fromtimestamp(float(key), dt.UTC),
        is_gone=subtype == "message_deleted",
        version=version,
    )
    return str(body.get("channel") or ""), thread_ts, said
