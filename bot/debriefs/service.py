"""Logging a hard contact, finding it again, deciding who sees it, deleting it."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NoReturn

from bot.access import AccessLog
from bot.cover import Cover, ask_for_cover
from bot.debriefs import jobs, lessons, rooms, search, store, threads
from bot.debriefs.model import (
    HARDNESS,
    PROMISE_MOST,
    WORDS_MOST,
    CardHelped,
    Debrief,
    Details,
    Draft,
    Entry,
    Lesson,
    Origin,
    Promised,
    is_ticket,
)
from bot.debriefs.rooms import Rooms
from bot.debriefs.search import Kind
from bot.debriefs.topics import Topics
from bot.directory import store as directory
from bot.errors import GoneError, InvalidError, NotAllowedError
from bot.people import Member
from bot.safeguards.pii import Guard, Masked
from bot.safeguards.visibility import Audience, Place, Scope, Viewer, choices, may_change, may_see
from bot.scheduler.clocks import Clock
from bot.slack.ids import Action
from bot.storage.database import Database, Transaction
from bot.teams import Teams

SHOWN_MOST = 20
OPEN_FOR_CARDS = dt.timedelta(days=7)
"""How long a card trusts what it knows of who is in a channel; events keep it true meanwhile."""
COUNTED_IN = "the team's causes"
_PROMISE_FIELDS: Mapping[str, Action] = {
    Action.PROMISE_DAY: Action.LOG_PROMISE_BY,
    Action.PROMISE_TIME: Action.LOG_PROMISE_AT,
    Action.PROMISE_KEEPER: Action.LOG_KEEPER,
}
"""Where the form of a log has what a promise's own form has."""
NOT_OPEN = "That isn't there any more, or isn't open to you."
REFUSED = "tried to open something in debriefs that isn't shared with them"
LOOKED = "opened a hard contact that a colleague shares"

KeepPromise = Callable[[Transaction, Entry, Promised], None]
"""Hands a promise over to whoever looks after promises, in the unit of work that keeps the entry."""
Vote = Callable[[Member, str, bool], Awaitable[None]]
"""Counts whether a card's words helped, by its recipe; twice for one card counts once."""


@dataclass(frozen=True, slots=True)
class Means:
    """What debriefs work with; everything is handed in."""

    database: Database
    clock: Clock
    teams: Teams
    rooms: Rooms
    distressed: Callable[[str], bool]
    """Whether somebody's own words speak of harming themselves; its answer is never kept."""
    access_log: AccessLog
    wake: Callable[[], None]
    """Has what was just scheduled looked for at once."""
    keep_promise: KeepPromise | None = None
    vote: Vote | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is among others at this moment, and where their debriefs go unless they choose."""

    viewer: Viewer
    place: Place
    channel: str | None
    team: str | None
    is_colleague: bool
    """Anybody else logs and finds their own; Steady writes to none of them and holds no debrief with them."""

    def scope(self, audience: Audience) -> Scope:
        """What an author's choice means; ids come from here, never from a form.

        A channel that the sentence did not name lets nobody in.
        """
        channel = self.channel if self.place.channel else None
        return Scope(self.viewer.member, audience, channel, self.team)


@dataclass(frozen=True, slots=True)
class Masking:
    """A draft fit to be kept, and what had to be masked for that; "" for nothing."""

    draft: Draft
    found: str
    fields: frozenset[Action] = frozenset()
    """Where in the form."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry that was kept; `help_first` when its author's own words ask for it.

    `may_talk` for colleagues alone: with others no debrief is held, and no peer writes to them.
    """

    entry: Entry
    help_first: bool
    may_talk: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a list, and from when the next one goes on; None at its end."""

    entries: Sequence[Entry]
    before: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought, each kind the newest first."""

    entries: Sequence[Entry]
    debriefs: Sequence[Debrief]
    lessons: Sequence[Lesson]


def viewer_of(tx: Transaction, teams: Teams, member: Member, since: dt.datetime) -> Viewer:
    """Somebody as they stand today; whoever the directory doesn't know sees nothing of others."""
    person = directory.get(tx, member)
    team = teams.team_of(tx, member)
    return Viewer(
        member=member,
        teams=frozenset({team.id} if team else ()),
        leads=frozenset(it.id for it in teams.teams_led_by(tx, member)),
        channels=rooms.of_member(tx, member, since),
        is_outsider=person is None or not person.is_colleague,
    )


class DebriefService:
    """What somebody does with their own hard contacts, and with those shared with them."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._topics = Topics(means.database, means.clock)

    @property
    def keeps_promises(self) -> bool:
        """Whether somebody looks after promises, so that it makes sense to ask for them."""
        return self._means.keep_promise is not None

    async def standing(self, member: Member, *, may_ask: bool = True) -> Standing:
        """Who can be told what, by today's set-up; asks Slack for a channel that is new to us, if it may."""
        standing = await self._means.database.read(lambda tx: self._standing(tx, member))
        if may_ask and standing.channel and not standing.place.channel:
            await self._means.rooms.look(member.workspace, standing.channel)
            standing = await self._means.database.read(lambda tx: self._standing(tx, member))
        return standing

    async def masked(self, member: Member, draft: Draft) -> Masking:
        """The draft as it could be kept."""
        guard = await self.guard(member.workspace)
        details, promised = draft.details, draft.promised
        texts = {
            Action.LOG_HAPPENED: details.happened,
            Action.LOG_HELPED: details.helped,
            Action.LOG_TICKET: details.ticket,
            Action.LOG_PROMISE: promised.what if promised else "",
        }
        clean = {field: guard.mask(text) for field, text in texts.items()}
        happened, helped, ticket, what = (it.text for it in clean.values())
        return Masking(
            replace(
                draft,
                details=replace(details, happened=happened, helped=helped, ticket=ticket),
                promised=replace(promised, what=what) if promised else None,
            ),
            ", ".join(it.summary for it in clean.values() if it.found),
            frozenset(field for field, it in clean.items() if it.found),
        )

    async def guard(self, workspace: str) -> Guard:
        """The guard in the writing of the workspace's own country."""
        return Guard(await self._means.database.read(lambda tx: self._means.teams.country(tx, workspace)))

    async def guarded(self, member: Member, text: str) -> Masked:
        """A single text as it could be kept."""
        return (await self.guard(member.workspace)).mask(text[:WORDS_MOST])

    async def log(self, member: Member, origin: Origin, draft: Draft) -> Logged:
        """Keep a contact, once however often its form arrives; raises InvalidError for what can't be kept."""
        draft = (await self.masked(member, checked(draft))).draft
        now = self._means.clock.now()

        def keep(tx: Transaction) -> tuple[Entry, bool, bool]:
            standing = self._standing(tx, member)
            if draft.audience not in choices(standing.place):
                raise InvalidError(
                    "That circle isn't there any more. Choose again.", field=Action.LOG_AUDIENCE
                )
            entry = _entry(origin.nonce, standing.scope(draft.audience), draft, now)
            if store.add(tx, entry):
                self._follow_up(tx, entry, draft, now)
                return entry, True, standing.is_colleague
            before = store.get(tx, member.workspace, entry.id)
            return (before or entry), False, standing.is_colleague

        entry, is_new, may_talk = await self._means.database.write(keep)
        if entry.author != member:
            await self._refuse(member)
        if is_new:
            await self._vote(member, origin, draft)
            self._means.wake()
        own_words = f"{entry.details.happened}\n{entry.details.helped}"
        return Logged(entry, self._means.distressed(own_words), may_talk)

    async def own(self, member: Member, before: dt.datetime | None = None) -> Page:
        """Somebody's own contacts."""
        until = before or self._ahead()
        entries = await self._means.database.read(lambda tx: store.own(tx, member, until, SHOWN_MOST + 1))
        return _page(entries)

    async def shared(self, member: Member, before: dt.datetime | None = None) -> Page:
        """What others share with somebody, after making sure of which channels they are in."""
        await self._means.rooms.freshen(member)
        until = before or self._ahead()

        def look(tx: Transaction) -> list[Entry]:
            viewer = self.viewer(tx, member)
            found = store.shared_with(tx, viewer, until, SHOWN_MOST + 1)
            return [entry for entry in found if may_see(viewer, entry.scope)]

        return _page(await self._means.database.read(look))

    async def entry(self, member: Member, entry_id: str) -> tuple[Entry, Debrief | None]:
        """One contact and the talk about it; opening a colleague's leaves a line in the access log."""
        await self._means.rooms.freshen(member)

        def look(tx: Transaction) -> tuple[Entry, Debrief | None] | None:
            entry = store.get(tx, member.workspace, entry_id)
            if entry is None:
                raise GoneError(NOT_OPEN)
            viewer = self.viewer(tx, member)
            if not may_see(viewer, entry.scope):
                return None
            talk = threads.get(tx, member.workspace, entry_id)
            return entry, talk if talk and may_see(viewer, talk.scope) else None

        found = await self._means.database.read(look)
        if found is None:
            await self._refuse(member)
        if found[0].author != member:
            await self.note(member, LOOKED)
        return found

    async def mine(self, member: Member, entry_id: str) -> Entry:
        """One of somebody's own; anybody else's is refused, and the attempt noted."""
        entry = await self._means.database.read(lambda tx: store.get(tx, member.workspace, entry_id))
        if entry is None:
            raise GoneError(NOT_OPEN)
        if not may_change(Viewer(member), entry.scope):
            await self._refuse(member)
        return entry

    async def search(self, member: Member, words: str, *, may_ask: bool = True) -> Found:
        """What has these words and is open to somebody.

        Slack is asked first who is in which channel, where the last answer is old; without `may_ask`, what
        hangs on such a channel is left out.
        """
        if may_ask:
            await self._means.rooms.freshen(member)

        def look(tx: Transaction) -> Found:
            viewer = self.viewer(tx, member)
            hits = search.find(tx, viewer, words, 3 * SHOWN_MOST)
            ids = {kind: [it.id for it in hits if it.kind is kind] for kind in Kind}
            workspace = member.workspace
            entries = [entry for id_ in ids[Kind.ENTRY] if (entry := store.get(tx, workspace, id_))]
            talks = [talk for id_ in ids[Kind.DEBRIEF] if (talk := threads.get(tx, workspace, id_))]
            kept = [lesson for id_ in ids[Kind.LESSON] if (lesson := lessons.get(tx, workspace, id_))]
            return Found(
                [it for it in entries if may_see(viewer, it.scope)][:SHOWN_MOST],
                [it for it in talks if may_see(viewer, it.scope)][:SHOWN_MOST],
                [it for it in kept if may_see(viewer, it.scope)][:SHOWN_MOST],
            )

        return await self._means.database.read(look)

    async def show_to(self, member: Member, entry_id: str, audience: Audience) -> Entry:
        """Widen or narrow one's own entry."""
        entry = await self.mine(member, entry_id)

        def change(tx: Transaction) -> Entry:
            standing = self._standing(tx, member)
            if audience not in choices(standing.place):
                raise InvalidError("That circle isn't there any more. Choose again.")
            changed = replace(entry, scope=standing.scope(audience))
            if not store.show_to(tx, changed, changed.scope):
                raise GoneError(NOT_OPEN)
            index(tx, changed)
            return changed

        return await self._means.database.write(change)

    async def delete(self, member: Member, entry_id: str) -> bool:
        """Delete one's own entry with its talk and lesson; True if messages have to be taken out of Slack."""
        entry = await self.mine(member, entry_id)
        now = self._means.clock.now()

        def remove(tx: Transaction) -> bool:
            store.remove(tx, entry)
            forget_talk(tx, member.workspace, entry_id)
            lessons.remove(tx, member.workspace, entry_id)
            search.forget(tx, member.workspace, Kind.ENTRY, entry_id)
            search.forget(tx, member.workspace, Kind.LESSON, entry_id)
            return jobs.lift_later(tx, member, entry_id, now)

        has_messages = await self._means.database.write(remove)
        self._means.wake()
        return has_messages

    async def cover(self, member: Member, entry_id: str, minutes: int) -> Cover:
        """Ask the leads for cover, once an entry; they are told minutes and a code, never why."""
        await self.mine(member, entry_id)
        teams, now = self._means.teams, self._means.clock.now()
        asked = await self._means.database.write(
            lambda tx: ask_for_cover(tx, teams, member, minutes, "debriefs.cover", entry_id, now)
        )
        self._means.wake()
        return asked

    async def zone_of(self, member: Member) -> str:
        """Somebody's zone, for times they copy."""
        return await self._means.database.read(lambda tx: self._means.teams.zone_of(tx, member))

    async def lesson_for(self, situation: str, member: Member) -> str:
        """The newest lesson for a situation that somebody may see, "" for none; Slack is not asked."""
        if not await self._topics.has(member.workspace, situation):
            return ""
        since = self._means.clock.now() - OPEN_FOR_CARDS

        def look(tx: Transaction) -> str:
            viewer = viewer_of(tx, self._means.teams, member, since)
            lesson = lessons.newest_for(tx, viewer, situation)
            return lesson.body if lesson and may_see(viewer, lesson.scope) else ""

        return await self._means.database.read(look)

    def lesson_kept(self, workspace: str) -> None:
        """Let the next card look for a lesson that was just kept."""
        self._topics.kept(workspace)

    async def followed(self, member: Member, channel: str, *, joined: bool) -> None:
        """Somebody came into a channel or left it."""
        await self._means.database.write(lambda tx: rooms.took_part(tx, member, channel, joined=joined))

    def viewer(self, tx: Transaction, member: Member) -> Viewer:
        """Somebody as they stand, with the channels that were made sure of lately."""
        return viewer_of(tx, self._means.teams, member, self._means.clock.now() - rooms.FRESH_FOR)

    async def note(self, member: Member, what: str) -> None:
        """Leave a line in the access log."""
        now = self._means.clock.now()
        await self._means.database.write(lambda tx: self._means.access_log.note(tx, member, what, now))

    async def _refuse(self, member: Member) -> NoReturn:
        await self.note(member, REFUSED)
        raise NotAllowedError(NOT_OPEN)

    async def _vote(self, member: Member, origin: Origin, draft: Draft) -> None:
        helped = {CardHelped.YES: True, CardHelped.NO: False}.get(
            draft.details.card_helped or CardHelped.UNUSED
        )
        if self._means.vote and origin.card and helped is not None:
            with suppress(GoneError):
                await self._means.vote(member, origin.card, helped)

    def _follow_up(self, tx: Transaction, entry: Entry, draft: Draft, now: dt.datetime) -> None:
        if entry.is_counted:
            store.count(tx, entry, now.date())
        index(tx, entry)
        if draft.promised and draft.promised.what and self._means.keep_promise:
            try:
                self._means.keep_promise(tx, entry, draft.promised)
            except InvalidError as error:
                field = _PROMISE_FIELDS.get(str(error.field), Action.LOG_PROMISE)
                raise InvalidError(error.sentence, field=field) from None

    def _standing(self, tx: Transaction, member: Member) -> Standing:
        teams = self._means.teams
        team = teams.team_of(tx, member)
        channel = teams.debrief_channel(tx, member.workspace, team.id if team else None)
        room = rooms.known(tx, member.workspace, channel) if channel else None
        usable = room if room and not room.trouble and member.id in room.people else None
        place = Place(
            channel=f"#{usable.name}" if usable else "",
            team=team.name if team else "",
            channel_is_public=bool(usable and usable.is_public),
            counted_in=COUNTED_IN,
        )
        # The channel goes along even while nobody knows it yet, so that asking Slack can make it known.
        viewer = viewer_of(tx, teams, member, self._means.clock.now() - rooms.FRESH_FOR)
        return Standing(
            viewer, place, channel, team.id if team else None, is_colleague=directory.is_colleague(tx, member)
        )

    def _ahead(self) -> dt.datetime:
        return self._means.clock.now() + dt.timedelta(days=1)


def checked(draft: Draft) -> Draft:
    """A draft that can be kept; raises InvalidError naming the field to mend."""
    details, promised = draft.details, draft.promised
    if not draft.about:
        raise InvalidError("Choose what it was about; the nearest will do.", field=Action.LOG_ABOUT)
    if draft.hardness not in HARDNESS:
        raise InvalidError("Choose how hard it was on you.", field=Action.LOG_HARDNESS)
    if details.ticket and not is_ticket(details.ticket):
        raise InvalidError(
            "Only the ticket's id, such as CS-1234: no names or other words about the customer.",
            field=Action.LOG_TICKET,
        )
    if promised and promised.what and promised.by is None:
        raise InvalidError("Choose by when you promised it.", field=Action.LOG_PROMISE_BY)
    return replace(
        draft,
        details=replace(details, happened=details.happened[:WORDS_MOST], helped=details.helped[:WORDS_MOST]),
        promised=replace(promised, what=promised.what[:PROMISE_MOST]) if promised else None,
    )


def index(tx: Transaction, entry: Entry) -> None:
    """Make an entry findable by its words, by what it was about and by its ticket."""
    words = (entry.about, *entry.conduct, entry.details.ticket, entry.details.happened, entry.details.helped)
    search.put(tx, Kind.ENTRY, entry.id, entry.scope, (it.replace("_", " ") for it in words))


def forget_talk(tx: Transaction, workspace: str, debrief_id: str) -> None:
    """Delete a talk from everywhere but Slack."""
    threads.forget(tx, workspace, debrief_id)
    search.forget(tx, workspace, Kind.DEBRIEF, debrief_id)


def _entry(entry_id: str, scope: Scope, draft: Draft, now: dt.datetime) -> Entry:
    details = draft.details
    return Entry(
        id=entry_id,
        scope=scope,
        about=draft.about,
        conduct=draft.conduct,
        hardness=draft.hardness,
        is_counted=draft.is_counted,
        details=Details(
            details.outcome,
            details.card_helped,
            details.journey,
            details.ticket,
            details.happened,
            details.helped,
        ),
        logged_at=now,
    )


def _page(entries: Sequence[Entry]) -> Page:
    shown = entries[:SHOWN_MOST]
    return Page(shown, shown[-1].logged_at if len(entries) > SHOWN_MOST else None)
