"""The guard around every listener: payload in, reply out, and never a lost ack."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import InvalidError
from bot.people import Member
from bot.slack import blocks, ids
from bot.slack.clients import Clients
from bot.slack.errors import error_name, sentence_for
from bot.slack.payloads import Action, Command, Event, Payload, Shortcut, Submission, Surface
from bot.slack.replies import Close, Errors, Filling, Later, Notice, Open, Redraw, Reply, ShowHome, Update
from bot.slack.response_urls import ResponseUrls
from bot.slack.tasks import Tasks
from bot.slack.text import sentence

Ack = Callable[..., Awaitable[Any]]
OLD_BUTTON = "This button is from an older version of Steady. Type `/deescalate` for a fresh card."


class HomePage(Protocol):
    """Draws a member's App Home from every feature's section."""

    async def show(self, member: Member, notes: Mapping[str, str]) -> None:
        """Publish the page; `notes` are what sections keep in the view itself."""
        ...

    def notes(self, metadata: str) -> dict[str, str]:
        """Read the notes back from a view's metadata."""
        ...


class Listening:
    """Registers listeners with Bolt and carries out what they answer."""

    def __init__(self, app: AsyncApp, clients: Clients, tasks: Tasks, response_urls: ResponseUrls) -> None:
        self._app = app
        self._clients = clients
        self._tasks = tasks
        self._response_urls = response_urls
        self._home: HomePage | None = None

    def set_home(self, home: HomePage) -> None:
        """Say who draws App Home; it gathers what features registered here, so it comes after them."""
        self._home = home

    def command(self, name: ids.Command, listener: Callable[[Command], Awaitable[Reply]]) -> None:
        """Answer a slash command in its ack."""

        async def heard(ack: Ack, body: Payload) -> None:
            command = Command.read(body)
            try:
                reply = await listener(command)
            except Exception as error:  # noqa: BLE001  # the guard: whatever it was, the person gets an answer
                reply = Notice(sentence_for(error))
            await self._answer(ack, reply, command)

        self._app.command(name)(heard)

    def action(self, name: ids.Action, listener: Callable[[Action], Awaitable[Reply]]) -> None:
        """Answer a click; the ack never waits for Slack's API."""

        async def heard(ack: Ack, body: Payload) -> None:
            action = Action.read(body)
            try:
                reply = await listener(action)
            except Exception as error:  # noqa: BLE001  # the guard
                reply = Notice(sentence_for(error))
            self._tasks.start(self._after_click(action, reply))
            await ack()

        self._app.action(re.compile(rf"^{re.escape(name)}(:.*)?$"))(heard)

    def submission(self, name: ids.View, listener: Callable[[Submission], Awaitable[Reply]]) -> None:
        """Answer a modal in its ack: checked and kept first, then confirmed."""

        async def heard(ack: Ack, body: Payload) -> None:
            submission = Submission.read(body)
            try:
                reply = await listener(submission)
            except InvalidError as error:
                reply = Errors({error.field or "": error.sentence})
            except Exception as error:  # noqa: BLE001  # the guard
                reply = Errors({"": sentence_for(error)})
            await self._confirm(ack, submission, reply)

        self._app.view(name)(heard)

    def shortcut(self, name: ids.Shortcut, listener: Callable[[Shortcut], Awaitable[Reply]]) -> None:
        """Answer a global or message shortcut."""

        async def heard(ack: Ack, body: Payload) -> None:
            shortcut = Shortcut.read(body)
            try:
                reply = await listener(shortcut)
            except Exception as error:  # noqa: BLE001  # the guard
                reply = Notice(sentence_for(error))
            self._tasks.start(self._say(shortcut, reply))
            await ack()

        self._app.shortcut(name)(heard)

    def event(self, name: ids.Event, listener: Callable[[Event], Awaitable[None]]) -> None:
        """Take in an event; one whose listener fails is refused, so that Slack delivers it again."""

        async def heard(ack: Ack, body: Payload) -> None:
            try:
                await listener(Event.read(body))
            except Exception as error:  # noqa: BLE001  # the guard: logged under a reference
                sentence_for(error)
                raise EventLostError from None
            await ack()

        self._app.event(name)(heard)

    def catch_the_rest(self) -> None:
        """Answer what nobody hears: old buttons politely, anything else quietly. Call it last."""
        anything = re.compile(".*")

        async def old_button(ack: Ack, body: Payload) -> None:
            self._tasks.start(self._after_click(Action.read(body), Notice(OLD_BUTTON)))
            await ack()

        async def unknown_command(ack: Ack) -> None:
            await ack("Steady doesn't know that command yet. `/deescalate help` lists what it does.")

        async def quiet(ack: Ack) -> None:
            await ack()

        self._app.action(anything)(old_button)
        self._app.command(anything)(unknown_command)
        for hear in (
            self._app.shortcut,
            self._app.view,
            self._app.view_closed,
            self._app.options,
            self._app.event,
        ):
            hear(anything)(quiet)

    async def _answer(self, ack: Ack, reply: Reply, command: Command) -> None:
        match reply:
            case blocks.Message():
                await ack(text=reply.text, blocks=list(reply.blocks), response_type="ephemeral")
            case Notice():
                await ack(text=sentence(reply.text), response_type="ephemeral")
            case Open() | Filling():
                self._tasks.start(self._after_command(command, reply))
                await ack()
            case _:
                await ack()

    async def _after_command(self, command: Command, reply: Open | Filling) -> None:
        try:
            if isinstance(reply, Filling):
                await self._fill(command, reply)
            else:
                await self._open(command, reply.view)
        except Exception as error:  # noqa: BLE001  # work after the ack has nobody else to tell
            sentence_for(error)

    async def _confirm(self, ack: Ack, submission: Submission, reply: Reply) -> None:
        match reply:
            case Errors() if submission.form.block_ids:
                await ack(response_action="errors", errors=_under_blocks(submission, reply.by_field))
            case Errors():
                await ack(response_action="update", view=notice_view(" ".join(reply.by_field.values())))
            case Update() | Open():
                await ack(response_action="update" if isinstance(reply, Update) else "push", view=reply.view)
            case Close():
                await ack(response_action="clear")
            case Notice():
                await ack(response_action="update", view=notice_view(reply.text))
            case ShowHome():
                self._tasks.start(self._show_home(submission.member, reply.changes, ""))
                await ack(response_action="clear")
            case _:
                await ack()

    async def _after_click(self, action: Action, reply: Reply) -> None:
        try:
            await self._perform(action, reply)
        except Exception as error:  # noqa: BLE001  # work after the ack has nobody else to tell
            sentence_for(error)

    async def _perform(self, action: Action, reply: Reply) -> None:
        match reply:
            case Redraw():
                await self._response_urls.post(action.response_url, _ephemeral(reply.message, replace=True))
            case blocks.Message():
                await self._respond(action, reply)
            case Notice():
                await self._notice(action, reply.text)
            case Open():
                await self._open(action, reply.view)
            case Filling():
                await self._fill(action, reply)
            case Later():
                await self._perform(action, await self._late(reply))
            case Update():
                await self._update(action, reply.view)
            case ShowHome():
                metadata = action.view.metadata if action.view and action.surface is Surface.HOME else ""
                await self._show_home(action.member, reply.changes, metadata)

    async def _say(self, shortcut: Shortcut, reply: Reply) -> None:
        try:
            match reply:
                case blocks.Message() if shortcut.response_url:
                    await self._response_urls.post(shortcut.response_url, _ephemeral(reply, replace=False))
                case Notice() if shortcut.response_url:
                    await self._response_urls.post(shortcut.response_url, _words(reply.text))
                case Notice():
                    await self._open(shortcut, notice_view(reply.text))
                case Open():
                    await self._open(shortcut, reply.view)
                case Filling():
                    await self._fill(shortcut, reply)
        except Exception as error:  # noqa: BLE001  # work after the ack has nobody else to tell
            sentence_for(error)

    async def _respond(self, action: Action, message: blocks.Message) -> None:
        if action.response_url:
            await self._response_urls.post(action.response_url, _ephemeral(message, replace=False))
        else:
            await self._open(action, blocks.modal(ids.View.NOTICE, "Steady", message.blocks))

    async def _notice(self, action: Action, text: str) -> None:
        if action.response_url:
            await self._response_urls.post(action.response_url, _words(text))
        else:
            await self._open(action, notice_view(text))

    async def _open(self, origin: Command | Action | Shortcut, view: blocks.Block) -> str:
        client = self._clients.of(origin.member.workspace)
        if isinstance(origin, Action) and origin.surface is Surface.MODAL:
            answer = await self._push(client, origin, view)
        else:
            answer = await client.views_open(trigger_id=origin.trigger_id, view=view)
        return str(answer["view"]["id"])

    async def _push(self, client: AsyncWebClient, action: Action, view: blocks.Block) -> AsyncSlackResponse:
        """Put a view on top; Slack stacks three, so a fourth takes the place of the third."""
        try:
            return await client.views_push(trigger_id=action.trigger_id, view=view)
        except SlackApiError as error:
            if error_name(error) != "push_limit_reached" or action.view is None:
                raise
            return await client.views_update(view_id=action.view.id, view=view)

    async def _fill(self, origin: Command | Action | Shortcut, reply: Filling) -> None:
        """Open while the trigger lives, then fill; what goes wrong meanwhile is said in the modal."""
        view_id = await self._open(origin, reply.skeleton)
        client = self._clients.of(origin.member.workspace)
        try:
            await client.views_update(view_id=view_id, view=await reply.fill())
        except Exception as error:  # noqa: BLE001  # the guard: nobody is left with a page that never fills
            await client.views_update(view_id=view_id, view=notice_view(sentence_for(error)))

    async def _late(self, reply: Later) -> Reply:
        try:
            return await reply.reply()
        except Exception as error:  # noqa: BLE001  # the guard
            return Notice(sentence_for(error))

    async def _update(self, action: Action, view: blocks.Block) -> None:
        if action.view:
            await self._clients.of(action.member.workspace).views_update(view_id=action.view.id, view=view)

    async def _show_home(self, member: Member, changes: Mapping[str, str], metadata: str) -> None:
        if self._home:
            notes = self._home.notes(metadata)
            await self._home.show(member, notes | dict(changes))


class EventLostError(Exception):
    """An event's listener failed: the 500 that follows makes Slack deliver it again."""


def notice_view(text: str) -> blocks.Block:
    """A modal that says one thing."""
    return blocks.modal(ids.View.NOTICE, "Steady", [blocks.section(sentence(text))])


def _ephemeral(message: blocks.Message, *, replace: bool) -> dict[str, Any]:
    return {
        "text": message.text,
        "blocks": list(message.blocks),
        "response_type": "ephemeral",
        "replace_original": replace,
    }


def _words(text: str) -> dict[str, Any]:
    return {"text": sentence(text), "response_type": "ephemeral", "replace_original": False}


def _under_blocks(submission: Submission, by_field: Mapping[str, str]) -> dict[str, str]:
    """Slack wants errors by block id; one without a field goes under the first input."""
    first = next(iter(submission.form.block_ids.values()), "")
    return {submission.form.block_ids.get(field, first): text for field, text in by_field.items()}
