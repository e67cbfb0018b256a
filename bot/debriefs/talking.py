"""The debrief itself: begun by its author, one prompt at a time, closed once, then silence."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.debriefs import jobs, lessons, rooms, search, threads
from bot.debriefs.model import (
    ACTION_MOST,
    LESSON_MOST,
    SUMMARY_MOST,
    TROUBLES,
    CauseAction,
    Closing,
    Debrief,
    Entry,
    Lesson,
    Room,
    Said,
    Share,
    Step,
    draft_summary,
    names_in,
)
from bot.debriefs.search import Kind
from bot.debriefs.service import (
    NOT_OPEN,
    OPEN_FOR_CARDS,
    REFUSED,
    DebriefService,
    Means,
    viewer_of,
)
from bot.directory import store as directory
from bot.errors import GoneError, InvalidError, NotAllowedError
from bot.people import Member
from bot.safeguards.visibility import Audience, Place, Scope, may_see
from bot.scheduler import outbox
from bot.scheduler.recurrence import local_moment
from bot.slack.ids import Action
from bot.storage.database import Transaction

ASKED_AT = dt.time(9)
"""When an owner is reminded, on the day, in their own zone."""
CLOSED = "This debrief is closed. Nothing more is kept of the thread."
AUTHOR_ALONE = "Only who opened the debrief can do that. Your reply in the thread counts, too."
GUESTS = (
    "Steady holds no debriefs with Slack guests, since it doesn't write to them. What you logged is "
    "kept for you; talk it over with a colleague or your lead."
)


@dataclass(frozen=True, slots=True)
class Start:
    """What can be chosen before a debrief begins; `room` is the channel chosen so far."""

    entry: Entry
    room: Room | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of something said: masked where it had to be, and what for."""

    is_new: bool
    masked: str
    help_first: bool


@dataclass(frozen=True, slots=True)
class End:
    """What the author is shown before closing."""

    debrief: Debrief
    summary: str


class Talking:
    """What people do in a debrief; every change asks first whether somebody else was quicker."""

    def __init__(self, means: Means, logging: DebriefService) -> None:
        self._means = means
        self._logging = logging

    async def start(self, member: Member, entry_id: str, channel: str | None = None) -> Start:
        """What the author may choose; asks Slack who is in the channel."""
        entry = await self._logging.mine(member, entry_id)
        standing = await self._logging.standing(member, may_ask=channel is None)
        if not standing.is_colleague:
            raise NotAllowedError(GUESTS)
        channel = channel or standing.channel
        room = await self._means.rooms.look(member.workspace, channel) if channel else None
        return Start(entry, _seen_by(room, member))

    async def begin(
        self, member: Member, entry_id: str, channel: str | None, shared: frozenset[Share]
    ) -> Debrief:
        """Open the debrief in a channel, or alone where there is none; one for an entry, click as one may.

        Raises InvalidError for a channel in which none may be held, or that was not looked at lately.
        """
        entry = await self._logging.mine(member, entry_id)
        now = self._means.clock.now()

        def open_one(tx: Transaction) -> Debrief:
            if before := threads.get(tx, member.workspace, entry_id):
                return before
            if not directory.is_colleague(tx, member):
                raise NotAllowedError(GUESTS)
            if channel:
                self._check_room(tx, member, channel, now)
            team = self._means.teams.team_of(tx, member)
            audience = Audience.CHANNEL if channel else Audience.ONLY_ME
            debrief = Debrief(
                id=entry.id,
                scope=Scope(member, audience, channel, team.id if team else None),
                about=entry.about,
                shared=shared | {Share.ABOUT},
                step=Step.FACTS,
                is_open=True,
                opened_at=now,
                touched_at=now,
            )
            threads.open_one(tx, debrief)
            outbox.add(tx, jobs.message(debrief, "root", debrief.id, now, recipient=channel or member.id))
            return debrief

        debrief = await self._means.database.write(open_one)
        self._means.wake()
        return debrief

    async def look(self, member: Member, debrief_id: str, step: Step, *, may_ask: bool = True) -> Debrief:
        """An open debrief in which somebody may answer this; asks Slack who is in its channel, if it may."""
        if may_ask:
            await self._means.rooms.freshen(member)
        debrief = await self._open(member, debrief_id)
        _check_asked(member, debrief, step)
        return debrief

    async def answer(self, member: Member, debrief_id: str, step: Step, key: str, text: str) -> Kept:
        """Keep an answer given by button, once; the author's takes the debrief a step on.

        Raises InvalidError with the masked words where something must not be kept as it is.
        """
        debrief = await self._open(member, debrief_id)
        now = self._means.clock.now()
        is_private = step is Step.NOW
        _check_asked(member, debrief, step)
        masked = await self._logging.guarded(member, text)
        said = Said(key, member, masked.text, now, step, is_private=is_private)

        def keep(tx: Transaction) -> bool:
            if not threads.say(tx, debrief, said):
                return False
            moved = member == debrief.scope.author and threads.advance(tx, debrief, step, now)
            following = step.following if moved else None
            if is_private:
                self._prompt(tx, debrief, following, now)
            else:
                payload = {"reply": key, "then": following or ""}
                outbox.add(tx, jobs.message(debrief, "reply", f"{debrief.id}:{key}", now, payload=payload))
            threads.touch(tx, debrief, now)
            return True

        is_new = await self._means.database.write(keep)
        self._means.wake()
        return Kept(is_new, masked.summary, self._means.distressed(text))

    async def skip(self, member: Member, debrief_id: str, step: Step) -> bool:
        """Go on without an answer; only the author can, and once a step."""
        debrief = await self._own(member, debrief_id)
        now = self._means.clock.now()

        def go_on(tx: Transaction) -> bool:
            moved = threads.advance(tx, debrief, step, now)
            self._prompt(tx, debrief, step.following if moved else None, now)
            return moved

        moved = await self._means.database.write(go_on)
        self._means.wake()
        return moved

    async def me_too(self, member: Member, debrief_id: str) -> tuple[Debrief, int] | None:
        """Say that one has had this too; None for the author, or said twice."""
        debrief = await self._open(member, debrief_id)
        if member == debrief.scope.author:
            return None

        def count(tx: Transaction) -> int | None:
            return threads.me_toos(tx, debrief) if threads.add_me_too(tx, debrief, member) else None

        counted = await self._means.database.write(count)
        return None if counted is None else (debrief, counted)

    async def ending(self, member: Member, debrief_id: str) -> End:
        """What the author edits before closing."""
        debrief = await self._own(member, debrief_id)
        said = await self._means.database.read(lambda tx: threads.said_in(tx, debrief))
        return End(debrief, draft_summary(said))

    async def masked(self, member: Member, closing: Closing) -> tuple[Closing, str]:
        """The closing as it could be kept, and what had to be masked for that."""
        guard = await self._logging.guard(member.workspace)
        texts = [guard.mask(it) for it in (closing.summary, closing.lesson, closing.action)]
        summary, lesson, action = (it.text for it in texts)
        found = ", ".join(it.summary for it in texts if it.found)
        return replace(closing, summary=summary, lesson=lesson, action=action), found

    async def close(self, member: Member, debrief_id: str, closing: Closing) -> Debrief:
        """Close it: summary, perhaps a lesson, perhaps something asked of a cause's owner. Once."""
        debrief = await self._own(member, debrief_id)
        closing, _ = await self.masked(member, closing)
        now = self._means.clock.now()

        def end(tx: Transaction) -> None:
            self._check(tx, debrief, closing)
            if not threads.close(tx, debrief, closing.summary[:SUMMARY_MOST], now):
                return
            search.put(tx, Kind.DEBRIEF, debrief.id, debrief.scope, (debrief.about, closing.summary))
            self._keep_lesson(tx, debrief, closing, now)
            self._ask_owner(tx, debrief, closing, now)
            outbox.add(tx, jobs.message(debrief, "closed", debrief.id, now))

        await self._means.database.write(end)
        if closing.lesson:
            self._logging.lesson_kept(member.workspace)
        self._means.wake()
        return debrief

    async def hear(self, workspace: str, channel: str, thread_ts: str, said: Said) -> Kept | None:
        """Keep what was said in an open debrief's thread; None for any other, of which nothing is kept."""
        debrief = await self._means.database.read(
            lambda tx: threads.by_thread(tx, workspace, channel, thread_ts)
        )
        if debrief is None:
            return None
        masked = await self._logging.guarded(said.author, said.body)
        now = self._means.clock.now()
        # What is said while a question is open counts as an answer to it; never for the last two.
        step = debrief.step if debrief.step not in (Step.NOW, Step.CLOSE) else None
        kept = replace(said, body=masked.text, step=step)

        def keep(tx: Transaction) -> bool:
            changed = threads.say(tx, debrief, kept)
            if changed and not said.is_gone:
                threads.touch(tx, debrief, now)
            return changed

        is_new = await self._means.database.write(keep)
        return Kept(is_new, masked.summary, is_new and self._means.distressed(said.body))

    async def done(self, owner: Member, action_id: str) -> bool:
        """The owner did what was asked."""
        now = self._means.clock.now()

        def finish(tx: Transaction) -> bool:
            outbox.cancel(tx, owner.workspace, "debriefs.due", action_id, now)
            return lessons.done(tx, owner, action_id, now)

        return await self._means.database.write(finish)

    async def where_is(self, workspace: str, debrief_id: str, kind: str) -> tuple[str, str] | None:
        """Where a message of a debrief is: channel and ts."""
        found = await self._means.database.read(lambda tx: threads.messages(tx, workspace, debrief_id))
        return next(((it["channel_id"], it["ts"]) for it in found if it["kind"] == kind), None)

    async def place_of(self, debrief: Debrief) -> Place:
        """Names for the sentence about who sees what is said."""
        scope = debrief.scope
        if not scope.channel:
            return Place()
        channel = scope.channel
        room = await self._means.database.read(lambda tx: rooms.known(tx, scope.author.workspace, channel))
        return Place(channel=f"#{room.name}", channel_is_public=room.is_public) if room else Place()

    async def _open(self, member: Member, debrief_id: str) -> Debrief:
        since = self._means.clock.now() - OPEN_FOR_CARDS

        def look(tx: Transaction) -> tuple[Debrief | None, bool]:
            debrief = threads.get(tx, member.workspace, debrief_id)
            if debrief is None:
                return None, False
            return debrief, may_see(viewer_of(tx, self._means.teams, member, since), debrief.scope)

        debrief, may = await self._means.database.read(look)
        if debrief is None:
            raise GoneError(NOT_OPEN)
        if not may:
            await self._logging.note(member, REFUSED)
            raise NotAllowedError(NOT_OPEN)
        if not debrief.is_open:
            raise GoneError(CLOSED)
        return debrief

    async def _own(self, member: Member, debrief_id: str) -> Debrief:
        debrief = await self._open(member, debrief_id)
        if debrief.scope.author != member:
            raise NotAllowedError(AUTHOR_ALONE)
        return debrief

    def _check_room(self, tx: Transaction, member: Member, channel: str, now: dt.datetime) -> None:
        room = _seen_by(rooms.known(tx, member.workspace, channel, now - rooms.FRESH_FOR), member)
        if room is None:
            raise InvalidError(
                "Choose the channel again, so that Steady can look who is in it.", field=Action.TALK_CHANNEL
            )
        if room.trouble:
            raise InvalidError(TROUBLES[room.trouble], field=Action.TALK_CHANNEL)

    def _prompt(self, tx: Transaction, debrief: Debrief, step: Step | None, now: dt.datetime) -> None:
        if step:
            outbox.add(tx, jobs.prompt(debrief, step, now))

    def _check(self, tx: Transaction, debrief: Debrief, closing: Closing) -> None:
        """Refuse a lesson that names somebody, and a half-filled action."""
        names = [person.name for member in self._takers(tx, debrief) if (person := directory.get(tx, member))]
        if closing.lesson and (name := names_in(closing.lesson, names)):
            raise InvalidError(
                f"This names {name}. A lesson stands alone: no names, so that it can be shown to others.",
                field=Action.LESSON,
            )
        if closing.action and not (closing.owner and closing.due_on):
            missing = Action.ACTION_BY if closing.owner else Action.ACTION_OWNER
            raise InvalidError("An action needs somebody who owns the cause, and a day.", field=missing)
        if closing.action and closing.due_on and closing.due_on < self._today(tx, debrief.scope.author):
            raise InvalidError("That day has passed; choose today or a later one.", field=Action.ACTION_BY)
        owner = (
            directory.get(tx, Member(debrief.scope.author.workspace, closing.owner))
            if closing.owner
            else None
        )
        if closing.action and (owner is None or not owner.is_colleague):
            raise InvalidError("Choose a colleague of this company.", field=Action.ACTION_OWNER)

    def _today(self, tx: Transaction, member: Member) -> dt.date:
        return self._means.clock.now().astimezone(ZoneInfo(self._means.teams.zone_of(tx, member))).date()

    def _takers(self, tx: Transaction, debrief: Debrief) -> Sequence[Member]:
        room = rooms.known(tx, debrief.scope.author.workspace, debrief.scope.channel or "")
        workspace = debrief.scope.author.workspace
        people = {Member(workspace, it) for it in room.people} if room else set()
        return sorted(people | {debrief.scope.author} | {it.author for it in threads.said_in(tx, debrief)})

    def _keep_lesson(self, tx: Transaction, debrief: Debrief, closing: Closing, now: dt.datetime) -> None:
        if not closing.lesson:
            return
        scope = replace(debrief.scope, audience=closing.lesson_audience)
        about = _lesson_about(debrief, closing)
        lesson = Lesson(debrief.id, scope, about, closing.lesson[:LESSON_MOST], now)
        if lessons.add(tx, lesson):
            search.put(tx, Kind.LESSON, lesson.id, scope, (about.replace("_", " "), lesson.body))

    def _ask_owner(self, tx: Transaction, debrief: Debrief, closing: Closing, now: dt.datetime) -> None:
        if not (closing.action and closing.due_on):
            return
        author = debrief.scope.author
        owner = Member(author.workspace, closing.owner)
        action = CauseAction(
            debrief.id, author, owner, debrief.about, closing.action[:ACTION_MOST], closing.due_on
        )
        if not lessons.ask(tx, action, now):
            return
        zone = self._means.teams.zone_of(tx, owner)
        due_at = max(local_moment(closing.due_on, ASKED_AT, zone), now)
        outbox.add(tx, jobs.to_owner(action, "asked", now))
        if due_at > now + dt.timedelta(hours=1):
            outbox.add(tx, jobs.to_owner(action, "due", due_at))


def _lesson_about(debrief: Debrief, closing: Closing) -> str:
    return closing.lesson_about or debrief.about


def _check_asked(member: Member, debrief: Debrief, step: Step) -> None:
    """Refuse before anybody writes what would not be kept."""
    if step is Step.NOW and member != debrief.scope.author:
        raise NotAllowedError("Only who opened the debrief is asked that.")


def _seen_by(room: Room | None, member: Member) -> Room | None:
    """A room nobody may be named into: its author has to be in it, too."""
    if room is None or room.trouble or member.id in room.people:
        return room
    return replace(room, trouble="not_a_member")
