"""One act: who, where, with what, and how the control API refuses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.workspace import Conversation, Message, Person, View, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]


class RefusedError(Exception):
    """An act that cannot be done: a status, a name, a sentence."""

    def __init__(self, status: int, error: str, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message
        self.extra = extra


@dataclass
class Act:
    """What was asked for, with the person and workspace already found."""

    world: World
    workspace: Workspace
    me: Person
    fields: Json

    def text(self, name: str) -> str:
        """Give a required text field."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise RefusedError(400, "bad_request", f"The field {name} is missing.")
        return value

    def optional(self, name: str) -> str | None:
        """Give a text field that may be missing."""
        value = self.fields.get(name)
        return str(value) if value is not None else None

    def person(self, name: str = "who") -> Person:
        """Find the person a field names; "app" is the bot."""
        who = self.text(name)
        found = self.workspace.bot() if who == "app" else self.workspace.find_person(who)
        if found is None:
            raise RefusedError(
                404, "unknown_person", f"There is nobody called {who!r} in {self.workspace.name}."
            )
        return found

    def place(self, name: str = "in") -> Conversation:
        """Find the conversation a field names; a DM is opened when it is missing."""
        where = self.text(name)
        if where.startswith("@"):
            other = self.workspace.bot() if where == "@app" else self.workspace.find_person(where)
            if other is None:
                raise RefusedError(404, "unknown_person", f"There is nobody called {where!r}.")
            return self.world.open_conversation(self.workspace, [self.me.id, other.id])
        found = self.workspace.find_channel(where)
        if found is None or not can_see(self.me, found):
            raise RefusedError(
                404, "unknown_conversation", f"{self.me.handle} knows no conversation {where!r}."
            )
        return found

    def message(self) -> Message:
        """Find the message that `channel` and `ts` name, ephemerals too."""
        channel, ts = self.place("channel"), self.text("ts")
        found = channel.messages.get(ts)
        for workspace in self.world.workspaces.values():
            found = found or workspace.ephemeral(self.me.id, ts)
        if found is None:
            raise RefusedError(
                404, "unknown_message", f"{self.me.handle} sees no message {ts} in {channel.id}."
            )
        self._where_the_app_is(found)
        return found

    def _where_the_app_is(self, message: Message) -> None:
        """Use an app's message where the app posts from; in Slack Connect that may be another workspace."""
        home = self.world.find_workspace(message.team) if message.bot_id else None
        self.workspace = home or self.workspace

    def view(self, default: View | None = None) -> View:
        """Find the view that `view_id` names, on this person's own stack or Home."""
        view_id = self.optional("view_id")
        if view_id is None and default is not None:
            return default
        found = next((v for w in self.world.workspaces.values() if (v := w.view(view_id or ""))), None)
        if found is None or found.user_id != self.me.id:
            raise RefusedError(404, "unknown_view", f"{self.me.handle} has no view {view_id!r} open.")
        self.workspace = self.world.find_workspace(found.team_id) or self.workspace
        return found

    def must_be_member(self, conversation: Conversation) -> None:
        """Refuse what only members may do."""
        if self.me.id not in conversation.members:
            raise RefusedError(
                409, "not_a_member", f"{self.me.handle} is not in {conversation.name or conversation.id}."
            )


def can_see(person: Person, conversation: Conversation) -> bool:
    """Public channels are seen by all but guests; the rest by members alone."""
    if person.id in conversation.members:
        return True
    return (
        conversation.kind == "channel" and person.kind != "guest" and person.team_id == conversation.team_id
    )


Handler = Callable[[Act], Awaitable[Json]]
