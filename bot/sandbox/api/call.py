"""One Web API call: its arguments, who makes it, and Slack's way of refusing."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.credentials import Grant
from bot.sandbox.validation import Refusal
from bot.sandbox.workspace import Conversation, Message, Person, Workspace
from bot.sandbox.world import World

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal: Slack's error name, and what else stands in the answer."""

    def __init__(self, error: str, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []
        self.extra = extra


@dataclass
class Call:
    """A call that passed token and scope; most methods need nothing else."""

    world: World
    method: str
    args: Json
    grant: Grant | None
    home: Workspace | None
    warnings: list[str] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        """The workspace of the token."""
        if self.home is None:
            raise ApiError("not_allowed_token_type")
        return self.home

    @property
    def bot(self) -> Person:
        """The bot's own user."""
        return self.workspace.people[self.workspace.bot_user_id]

    def text(self, name: str, *, error: str | None = None) -> str:
        """Give a required text argument."""
        value = self.args.get(name)
        if value in (None, ""):
            raise ApiError(error) if error else _missing(name)
        return str(value)

    def optional(self, name: str) -> str | None:
        """Give a text argument that may be missing."""
        value = self.args.get(name)
        return None if value in (None, "") else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Read a truth value; in forms "false" and "0" are false."""
        value = self.args.get(name)
        if value is None:
            return default
        return value is True or str(value).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        """Read a whole number."""
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise ApiError("invalid_arguments", [f"[ERROR] must be an integer: {name}"]) from None

    def names(self, name: str) -> list[str]:
        """Read a list, written as JSON or with commas."""
        value = self.args.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [part.strip() for part in str(value or "").split(",") if part.strip()]

    def structure(self, name: str, *, error: str) -> Any:
        """Read a JSON argument, which forms carry as text."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(error) from None

    def conversation(self, name: str = "channel", *, member: bool = False) -> Conversation:
        """Find a conversation the bot may know of; `member` also asks that it is in there."""
        found = self.workspace.conversations.get(self.text(name, error="channel_not_found"))
        if found is None or not self._visible(found):
            raise ApiError("channel_not_found")
        if member and self.workspace.bot_user_id not in found.members:
            raise ApiError("not_in_channel")
        return found

    def _visible(self, conversation: Conversation) -> bool:
        return conversation.kind == "channel" or self.workspace.bot_user_id in conversation.members

    def person(self, name: str = "user", *, error: str = "user_not_found") -> Person:
        """Find somebody of this workspace, or a stranger from a shared channel."""
        user_id = self.text(name, error=error)
        found = self.workspace.people.get(user_id)
        if found is None and any(user_id in c.members for c in self.workspace.conversations.values()):
            found = self.world.person_anywhere(user_id)
        if found is None:
            raise ApiError(error)
        return found

    def message(self, conversation: Conversation, name: str = "ts") -> Message:
        """Find a message of a conversation."""
        found = conversation.messages.get(self.text(name, error="message_not_found"))
        if found is None:
            raise ApiError("message_not_found")
        return found

    def page(self, items: list[Json], *, default: int, most: int) -> tuple[list[Json], Json]:
        """Cut one page out of a list, with the cursor of the next."""
        limit = self.number("limit", default)
        if not 0 < limit <= most:
            raise ApiError("invalid_limit")
        start = _cursor(self.optional("cursor"))
        more = start + limit < len(items)
        return items[start : start + limit], {"next_cursor": f"next:{start + limit}" if more else ""}

    def refuse(self, refusal: Refusal | None) -> None:
        """Turn a failed check into the answer."""
        if refusal:
            raise ApiError(refusal.error, refusal.messages)


def _cursor(cursor: str | None) -> int:
    if cursor is None:
        return 0
    start = cursor.removeprefix("next:")
    if not start.isdigit():
        raise ApiError("invalid_cursor")
    return int(start)


def _missing(name: str) -> ApiError:
    return ApiError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
