"""What logging hears from Slack: read, ask the service, draw."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.debriefs import entry_views, views
from bot.debriefs.model import (
    PROMISED_AT,
    CardHelped,
    Details,
    Draft,
    Journey,
    Origin,
    Outcome,
    Prefill,
    Promised,
)
from bot.debriefs.service import DebriefService, Masking, Standing, checked
from bot.errors import GoneError
from bot.people import Member
from bot.playbooks.library import Library
from bot.safeguards.visibility import Audience
from bot.slack import blocks as b
from bot.slack.help_lines import HelpFor, lines_for
from bot.slack.ids import Action, Command, Event, Shortcut, View
from bot.slack.listening import Listening
from bot.slack.payloads import Action as Click
from bot.slack.payloads import Command as Slash
from bot.slack.payloads import Event as Happened
from bot.slack.payloads import FormState, Submission
from bot.slack.payloads import Shortcut as Used
from bot.slack.replies import Filling, Later, Open, Reply, Update
from bot.slack.text import clip

ReadCard = Callable[[str], Prefill]
"""What a card's recipe says of a contact."""
Guess = Callable[[str], Prefill]
"""What a few words say of it; nothing of them is kept."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What these listeners are handed besides their service."""

    library: Callable[[], Library]
    help_for: HelpFor
    read_card: ReadCard
    guess: Guess
    new_id: Callable[[], str]
    open_promise: Callable[[Member], Awaitable[Reply]]
    """The form of a promise, which belongs to another feature."""


class DebriefListeners:
    """Everything a person can do with hard contacts: log, find, show, delete, get off the phone."""

    def __init__(self, service: DebriefService, around: Surroundings) -> None:
        self._service = service
        self._around = around

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.command(Command.DEBRIEF, self.answer)
        slack.shortcut(Shortcut.LOG_CONTACT, self.log_contact)
        slack.shortcut(Shortcut.DEBRIEF_MESSAGE, self.debrief_message)
        slack.submission(View.LOG, self.save_log)
        slack.submission(View.ENTRIES, self.search_in_view)
        slack.event(Event.JOINED_CHANNEL, self.joined)
        slack.event(Event.LEFT_CHANNEL, self.left)
        clicks: dict[Action, Callable[[Click], Awaitable[Reply]]] = {
            Action.LOG: self.open_log,
            Action.LOG_MORE: self.expand_log,
            Action.LOG_AUDIENCE: self.redraw_log,
            Action.LOG_COUNTED: self.tick_counted,
            Action.COVER: self.ask_cover,
            Action.CRM_NOTE: self.show_note,
            Action.ENTRIES: self.open_entries,
            Action.ENTRIES_TAB: self.turn_entries,
            Action.ENTRY: self.open_entry,
            Action.ENTRY_AUDIENCE: self.show_entry_to,
            Action.DELETE_ENTRY: self.delete_entry,
        }
        for name, listener in clicks.items():
            slack.action(name, listener)

    async def answer(self, command: Slash) -> Reply:
        """Answer /debrief: the form, a list, a search, or what else there is."""
        word, _, rest = command.text.partition(" ")
        match word.lower():
            case "help" | "?":
                return views.help_message()
            case "list":
                return self._entries(command.member, is_shared=False)
            case "search":
                return self._search(command.member, rest.strip())
            case "promise":
                return await self._around.open_promise(command.member)
        return self._log(command.member, self._around.guess(command.text) if command.text else Prefill())

    async def log_contact(self, shortcut: Used) -> Reply:
        """Open the form from anywhere in Slack."""
        return self._log(shortcut.member, Prefill())

    async def debrief_message(self, shortcut: Used) -> Reply:
        """Open the form about a message, with its words for the member to keep or not."""
        words = shortcut.message_text
        return self._log(shortcut.member, self._around.guess(words), happened=words)

    async def open_log(self, click: Click) -> Reply:
        """Open the form, prefilled where it was asked for on a card."""
        prefill = self._around.read_card(click.value) if click.value else Prefill()
        return self._log(click.member, prefill, card=click.value)

    async def expand_log(self, click: Click) -> Reply:
        """Show the fields below *More*, keeping what is filled in."""
        return self._redrawn(click, is_expanded=True)

    async def redraw_log(self, click: Click) -> Reply:
        """Say anew who sees it."""
        return self._redrawn(click, is_expanded=True)

    async def tick_counted(self, _: Click) -> Reply:
        """Do nothing yet: Slack tells of the tick at once, and again when the form is saved."""
        return None

    async def save_log(self, submission: Submission) -> Reply:
        """Keep the contact; where something must be masked, show that first and keep nothing."""
        origin = Origin.decode(submission.view.metadata)
        draft = self._draft(submission.form)
        masking = await self._service.masked(submission.member, checked(draft))
        if masking.found:
            standing = await self._service.standing(submission.member, may_ask=False)
            again = replace(origin, round=origin.round + 1)
            return Update(self._form(masking.draft, again, standing, masking))
        logged = await self._service.log(submission.member, origin, draft)
        help_first = await self._help(submission.member) if logged.help_first else []
        return Update(views.logged(logged.entry, help_first, may_talk=logged.may_talk))

    async def ask_cover(self, click: Click) -> Reply:
        """Ask for a break, without a reason."""
        entry = await self._service.mine(click.member, click.value)
        cover = await self._service.cover(click.member, entry.id, views.cover_minutes(entry))
        return Open(views.cover_view(cover.minutes, cover.code, cover.leads))

    async def show_note(self, click: Click) -> Reply:
        """Show a note for the CRM."""
        entry = await self._service.mine(click.member, click.value)
        zone = await self._service.zone_of(click.member)
        return Open(entry_views.crm_view(entry_views.crm_note(self._library, entry, zone)))

    async def open_entries(self, click: Click) -> Reply:
        """List the member's contacts."""
        return self._entries(click.member, is_shared=False)

    async def turn_entries(self, click: Click) -> Reply:
        """Change the tab, or go on to older ones."""
        tab, _, at = click.value.partition("|")
        before = _moment(at)

        async def turned() -> Reply:
            return Update(await self._entries_view(click.member, is_shared=tab == "shared", before=before))

        return Later(turned)

    async def search_in_view(self, submission: Submission) -> Reply:
        """Search with other words; without any, list again."""
        if words := submission.form.text(Action.SEARCH_BOX):
            return Update(await self._found_view(submission.member, words, is_sure=False))
        return Update(await self._entries_view(submission.member, is_shared=False))

    async def open_entry(self, click: Click) -> Reply:
        """Show one contact."""
        return Filling(views.skeleton(View.ENTRY), lambda: self._entry_view(click.member, click.value))

    async def show_entry_to(self, click: Click) -> Reply:
        """Widen or narrow who sees a contact."""
        entry_id = click.view.metadata if click.view else ""
        if click.value not in set(Audience):
            raise GoneError(views.OUTDATED)

        async def changed() -> Reply:
            await self._service.show_to(click.member, entry_id, Audience(click.value))
            return Update(await self._entry_view(click.member, entry_id))

        return Later(changed)

    async def delete_entry(self, click: Click) -> Reply:
        """Delete a contact and what hangs on it."""
        has_messages = await self._service.delete(click.member, click.value)
        return Update(entry_views.deleted_view(has_messages=has_messages))

    async def joined(self, event: Happened) -> None:
        """Somebody came into a channel."""
        await self._service.followed(event.member, str(event.body.get("channel") or ""), joined=True)

    async def left(self, event: Happened) -> None:
        """Somebody left a channel."""
        await self._service.followed(event.member, str(event.body.get("channel") or ""), joined=False)

    async def home_section(self, member: Member, notes: Mapping[str, str]) -> list[b.Block]:  # noqa: ARG002
        """Draw the buttons; nothing that is private stands on Home."""
        return views.home_blocks()

    @property
    def _library(self) -> Library:
        return self._around.library()

    def _log(self, member: Member, prefill: Prefill, *, card: str = "", happened: str = "") -> Filling:
        origin = Origin(self._around.new_id(), is_expanded=bool(happened), card=card)
        details = Details(happened=clip(happened, 1500))
        draft = Draft(about=prefill.about, conduct=prefill.conduct, details=details)

        async def fill() -> b.Block:
            return self._form(draft, origin, await self._service.standing(member))

        return Filling(views.skeleton(View.LOG), fill)

    def _redrawn(self, click: Click, *, is_expanded: bool) -> Later:
        origin = replace(Origin.decode(click.view.metadata if click.view else ""), is_expanded=is_expanded)
        draft = self._draft(click.form)

        async def drawn() -> Reply:
            return Update(self._form(draft, origin, await self._service.standing(click.member)))

        return Later(drawn)

    def _form(
        self, draft: Draft, origin: Origin, standing: Standing, masking: Masking | None = None
    ) -> b.Block:
        return views.log_form(
            self._library,
            draft,
            origin,
            standing.place,
            with_promise=self._service.keeps_promises and standing.is_colleague,
            masked=masking.found if masking else "",
            masked_in=masking.fields if masking else (),
        )

    def _draft(self, form: FormState) -> Draft:
        """Read the form; ids that nobody offered are dropped."""
        library = self._library
        about = form.choice(Action.LOG_ABOUT)
        chunks = views.conduct_chunks(library)
        ticked = {it for suffix, _ in chunks for it in form.choices(b.action_id(Action.LOG_CONDUCT, suffix))}
        hardness = form.choice(Action.LOG_HARDNESS)
        audience = form.choice(Action.LOG_AUDIENCE)
        what = form.text(Action.LOG_PROMISE)
        return Draft(
            about=about if about in library.situations or about == views.NONE_OF_THESE else "",
            conduct=tuple(it for _, ids in chunks for it in ids if it in ticked),
            hardness=int(hardness) if hardness.isdecimal() else 0,
            is_counted=bool(form.choices(Action.LOG_COUNTED)),
            details=_details(form),
            audience=Audience(audience) if audience in set(Audience) else Audience.ONLY_ME,
            promised=_promised(form) if what else None,
        )

    def _entries(self, member: Member, *, is_shared: bool) -> Filling:
        return Filling(
            views.skeleton(View.ENTRIES, "Hard contacts"),
            lambda: self._entries_view(member, is_shared=is_shared),
        )

    async def _entries_view(
        self, member: Member, *, is_shared: bool, before: dt.datetime | None = None
    ) -> b.Block:
        read = self._service.shared if is_shared else self._service.own
        page = await read(member, before)
        return entry_views.entries_view(self._library, page.entries, is_shared=is_shared, before=page.before)

    def _search(self, member: Member, words: str) -> Filling:
        return Filling(views.skeleton(View.ENTRIES, "Found"), lambda: self._found_view(member, words))

    async def _found_view(self, member: Member, words: str, *, is_sure: bool = True) -> b.Block:
        found = await self._service.search(member, words, may_ask=is_sure)
        return entry_views.found_view(self._library, words, found.entries, found.debriefs, found.lessons)

    async def _entry_view(self, member: Member, entry_id: str) -> b.Block:
        entry, debrief = await self._service.entry(member, entry_id)
        is_mine = entry.author == member
        place = (await self._service.standing(member)).place if is_mine else None
        return entry_views.entry_view(self._library, entry, debrief, place, is_mine=is_mine)

    async def _help(self, member: Member) -> Sequence[b.Block]:
        return await lines_for(member, self._around.help_for, self._library.countries)


def _details(form: FormState) -> Details:
    outcome, card, journey = (
        form.choice(it) for it in (Action.LOG_OUTCOME, Action.LOG_CARD, Action.LOG_JOURNEY)
    )
    return Details(
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        card_helped=CardHelped(card) if card in set(CardHelped) else None,
        journey=Journey(journey) if journey in set(Journey) else None,
        ticket=form.text(Action.LOG_TICKET),
        happened=form.text(Action.LOG_HAPPENED),
        helped=form.text(Action.LOG_HELPED),
    )


def _promised(form: FormState) -> Promised:
    return Promised(
        form.text(Action.LOG_PROMISE),
        form.day(Action.LOG_PROMISE_BY),
        form.person(Action.LOG_KEEPER),
        form.time(Action.LOG_PROMISE_AT) or PROMISED_AT,
    )


def _moment(at: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(at) if at else None
    except ValueError:
        raise GoneError(views.OUTDATED) from None
