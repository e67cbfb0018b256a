"""What a kit hears from Slack: read, ask the service, draw."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.kit import views
from bot.kit.model import Change, Item, Kind, Line
from bot.kit.service import KitService
from bot.people import Member
from bot.playbooks.library import Library
from bot.slack import blocks as b
from bot.slack.ids import Action, View
from bot.slack.listening import Listening
from bot.slack.payloads import Action as Click
from bot.slack.payloads import FormState, Submission, Surface
from bot.slack.replies import Filling, Notice, Reply, Update
from bot.slack.text import escape

LinesOf = Callable[[Member, str], Awaitable[tuple[str, Sequence[Line]]]]
"""The situation and the phrases of a card, from its recipe."""


class KitListeners:
    """Everything a person can do with their kit."""

    def __init__(
        self,
        service: KitService,
        library: Callable[[], Library],
        lines_of: LinesOf,
        new_id: Callable[[], str],
    ) -> None:
        self._service = service
        self._library = library
        self._lines_of = lines_of
        self._new_id = new_id

    def register(self, slack: Listening) -> None:
        """Say what is heard."""
        slack.action(Action.KIT, self.open)
        slack.action(Action.KIT_SAVE, self.save)
        slack.action(Action.KIT_ADD, self.add)
        slack.action(Action.KIT_EDIT, self.edit)
        slack.action(Action.KIT_DELETE, self.delete)
        slack.submission(View.KIT_ITEM, self.keep)

    async def open(self, click: Click) -> Reply:
        """Show the kit."""
        if click.surface is Surface.MODAL:
            return Update(await self._kit(click.member))
        return Filling(_skeleton(), lambda: self._kit(click.member))

    async def save(self, click: Click) -> Reply:
        """Save a card's words."""
        situation, lines = await self._lines_of(click.member, click.value)
        added = await self._service.save(click.member, situation, lines)
        return Notice(views.SAVED if added else views.SAVED_BEFORE)

    async def add(self, click: Click) -> Reply:
        """Open an empty form."""
        change = Change(self._new_id(), Kind.PHRASE, views.ANY, "")
        return Filling(_skeleton(), lambda: self._form(click.member, change, is_new=True))

    async def edit(self, click: Click) -> Reply:
        """Open the form of an item."""

        async def fill() -> b.Block:
            item = await self._service.item(click.member, click.value)
            return await self._form(click.member, _change_of(item), is_new=False)

        return Filling(_skeleton(), fill)

    async def delete(self, click: Click) -> Reply:
        """Delete an item."""
        await self._service.remove(click.member, click.value)
        return Update(views.done_view("Deleted from your kit."))

    async def keep(self, submission: Submission) -> Reply:
        """Keep an item; where something must be masked, show that first and keep nothing."""
        item_id, _, round_ = submission.view.metadata.partition("|")
        change = _change(item_id, submission.form)
        masked = await self._service.masked(submission.member, change.text)
        if masked.found:
            change = Change(
                item_id,
                change.kind,
                change.situation,
                masked.text,
                is_offered=change.is_offered,
                is_credited=change.is_credited,
            )
            again = (int(round_) if round_.isdecimal() else 0) + 1
            return Update(
                await self._form(submission.member, change, is_new=True, masked=masked.summary, round_=again)
            )
        await self._service.keep(submission.member, change)
        return Update(views.done_view("Saved to your kit."))

    async def home_section(self, member: Member, notes: Mapping[str, str]) -> list[b.Block]:  # noqa: ARG002
        """Draw the way to the kit; its words stay off Home, which coaching shares."""
        return views.home_blocks((await self._service.mine(member)).own)

    async def _kit(self, member: Member) -> b.Block:
        return views.kit_view(self._library(), await self._service.mine(member))

    async def _form(
        self, member: Member, change: Change, *, is_new: bool, masked: str = "", round_: int = 0
    ) -> b.Block:
        kit = await self._service.mine(member)
        return views.item_form(
            self._library(), change, is_new=is_new, has_team=bool(kit.team), masked=masked, round_=round_
        )


def _skeleton() -> b.Block:
    return b.modal(View.KIT, views.TITLE, [b.section(escape("One moment."))])


def _change_of(item: Item) -> Change:
    return Change(
        item.id,
        item.kind,
        item.situation or views.ANY,
        item.text,
        is_offered=item.offered_to is not None,
        is_credited=item.is_credited,
    )


def _change(item_id: str, form: FormState) -> Change:
    kind, offers = form.choice(Action.KIT_KIND), form.choices(Action.KIT_OFFER)
    return Change(
        item_id[:64],
        Kind(kind) if kind in set(Kind) else Kind.PHRASE,
        form.choice(Action.KIT_SITUATION) or views.ANY,
        form.text(Action.KIT_TEXT),
        is_offered=views.OFFER in offers,
        is_credited=views.CREDIT in offers,
    )
