"""What Slack sends, read once into typed values; only signed payloads are trusted for who did it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from bot.people import Member
from bot.slack.text import clean

Payload = Mapping[str, Any]
TEXT_MOST = 12_000
"""Characters of a person's text that are looked at; a slash command carries fewer."""


class Surface(StrEnum):
    """Where a click happened, which decides how its answer is drawn."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class FormState:
    """What is filled in, by action id; block ids only matter to Slack."""

    values: Mapping[str, Payload] = field(default_factory=dict)
    block_ids: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, state: Payload | None) -> Self:
        """Flatten Slack's `state.values`."""
        values: dict[str, Payload] = {}
        block_ids: dict[str, str] = {}
        for block_id, elements in ((state or {}).get("values") or {}).items():
            for action_id, element in elements.items():
                values[action_id] = element
                block_ids[action_id] = block_id
        return cls(values, block_ids)

    def text(self, action_id: str) -> str:
        """Return what was typed, without controls or surrounding space; "" if nothing."""
        return clean(str(self._of(action_id).get("value") or ""))[:TEXT_MOST].strip()

    def choice(self, action_id: str) -> str:
        """Return the value of the chosen option; "" if none."""
        return str((self._of(action_id).get("selected_option") or {}).get("value") or "")

    def choices(self, action_id: str) -> tuple[str, ...]:
        """Return the values of all ticked options."""
        return tuple(str(o.get("value")) for o in self._of(action_id).get("selected_options") or ())

    def person(self, action_id: str) -> str:
        """Return the id of the person selected; "" if none."""
        return str(self._of(action_id).get("selected_user") or "")

    def people(self, action_id: str) -> tuple[str, ...]:
        """Return the ids of all people selected."""
        return tuple(self._of(action_id).get("selected_users") or ())

    def conversation(self, action_id: str) -> str:
        """Return the id of the channel or conversation selected; "" if none."""
        element = self._of(action_id)
        return str(element.get("selected_conversation") or element.get("selected_channel") or "")

    def conversations(self, action_id: str) -> tuple[str, ...]:
        """Return the ids of all channels or conversations selected."""
        element = self._of(action_id)
        return tuple(element.get("selected_conversations") or element.get("selected_channels") or ())

    def day(self, action_id: str) -> dt.date | None:
        """Return the date picked, if any."""
        picked = self._of(action_id).get("selected_date")
        return dt.date.fromisoformat(picked) if picked else None

    def time(self, action_id: str) -> dt.time | None:
        """Return the time of day picked, if any."""
        picked = self._of(action_id).get("selected_time")
        return dt.time.fromisoformat(picked) if picked else None

    def _of(self, action_id: str) -> Payload:
        return self.values.get(action_id) or {}


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command."""

    member: Member
    text: str
    channel: str
    trigger_id: str
    response_url: str

    @classmethod
    def read(cls, body: Payload) -> Self:
        """Read the form that Slack posts."""
        return cls(
            member=Member(workspace_of(body), str(body.get("user_id", ""))),
            text=clean(str(body.get("text") or ""))[:TEXT_MOST].strip(),
            channel=str(body.get("channel_id", "")),
            trigger_id=str(body.get("trigger_id", "")),
            response_url=str(body.get("response_url", "")),
        )


@dataclass(frozen=True, slots=True)
class OpenView:
    """The view in which something was clicked or submitted, as Slack holds it."""

    id: str
    type: str
    callback_id: str
    metadata: str
    hash: str
    root_id: str
    blocks: tuple[Payload, ...]

    @classmethod
    def read(cls, view: Payload) -> Self:
        """Read the `view` of a payload."""
        return cls(
            id=str(view.get("id", "")),
            type=str(view.get("type", "")),
            callback_id=str(view.get("callback_id", "")),
            metadata=str(view.get("private_metadata") or ""),
            hash=str(view.get("hash", "")),
            root_id=str(view.get("root_view_id", "")),
            blocks=tuple(view.get("blocks") or ()),
        )


@dataclass(frozen=True, slots=True)
class Action:
    """A click, a choice or an Enter, with where it happened."""

    member: Member
    id: str
    suffix: str
    value: str
    surface: Surface
    trigger_id: str
    response_url: str
    channel: str
    message_ts: str
    thread_ts: str
    view: OpenView | None
    form: FormState

    @classmethod
    def read(cls, body: Payload) -> Self:
        """Read the first action of a `block_actions` payload; Slack sends one at a time."""
        clicked: Payload = (body.get("actions") or [{}])[0]
        container: Payload = body.get("container") or {}
        view = OpenView.read(body["view"]) if body.get("view") else None
        name, _, suffix = str(clicked.get("action_id", "")).partition(":")
        message: Payload = body.get("message") or {}
        return cls(
            member=member_of(body),
            id=name,
            suffix=suffix,
            value=_value(clicked),
            surface=_surface(view),
            trigger_id=str(body.get("trigger_id", "")),
            response_url=str(body.get("response_url") or ""),
            channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
            message_ts=str(container.get("message_ts") or message.get("ts") or ""),
            thread_ts=str(container.get("thread_ts") or message.get("thread_ts") or ""),
            view=view,
            form=FormState.read(view_state(body)),
        )


@dataclass(frozen=True, slots=True)
class Submission:
    """A modal that was submitted."""

    member: Member
    view: OpenView
    form: FormState
    trigger_id: str

    @classmethod
    def read(cls, body: Payload) -> Self:
        """Read a `view_submission` payload."""
        view = body.get("view") or {}
        return cls(
            member=member_of(body),
            view=OpenView.read(view),
            form=FormState.read(view.get("state")),
            trigger_id=str(body.get("trigger_id", "")),
        )


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A global shortcut, or one on a message, whose words then come with it."""

    member: Member
    callback_id: str
    trigger_id: str
    response_url: str
    channel: str
    message_ts: str
    thread_ts: str
    message_text: str
    author: str

    @classmethod
    def read(cls, body: Payload) -> Self:
        """Read a `shortcut` or `message_action` payload."""
        message: Payload = body.get("message") or {}
        return cls(
            member=member_of(body),
            callback_id=str(body.get("callback_id", "")),
            trigger_id=str(body.get("trigger_id", "")),
            response_url=str(body.get("response_url") or ""),
            channel=str((body.get("channel") or {}).get("id") or ""),
            message_ts=str(message.get("ts") or ""),
            thread_ts=str(message.get("thread_ts") or ""),
            message_text=clean(str(message.get("text") or ""))[:TEXT_MOST].strip(),
            author=str(message.get("user") or message.get("bot_id") or ""),
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in the workspace; delivered at least once, in no particular order."""

    workspace: str
    id: str
    type: str
    body: Payload

    @classmethod
    def read(cls, body: Payload) -> Self:
        """Read an `event_callback` envelope."""
        event: Payload = body.get("event") or {}
        return cls(
            workspace=workspace_of(body),
            id=str(body.get("event_id", "")),
            type=str(event.get("type", "")),
            body=event,
        )

    @property
    def member(self) -> Member:
        """Whose doing it was."""
        user = self.body.get("user")
        return Member(self.workspace, str(user.get("id", "") if isinstance(user, Mapping) else user or ""))


def workspace_of(body: Payload) -> str:
    """Return the workspace's id, wherever this payload keeps it."""
    team = body.get("team")
    nested = team.get("id") if isinstance(team, Mapping) else team
    user: Payload = body.get("user") if isinstance(body.get("user"), Mapping) else {}  # type: ignore[assignment]
    return str(body.get("team_id") or nested or user.get("team_id") or body.get("enterprise_id") or "")


def member_of(body: Payload) -> Member:
    """Return who did it."""
    return Member(workspace_of(body), str((body.get("user") or {}).get("id", "")))


def view_state(body: Payload) -> Payload | None:
    """Return the state of a form, which messages and views keep in different places."""
    view: Payload = body.get("view") or {}
    return body.get("state") or view.get("state")


def _surface(view: OpenView | None) -> Surface:
    if view is None:
        return Surface.MESSAGE
    return Surface.HOME if view.type == "home" else Surface.MODAL


_SELECTED = ("selected_user", "selected_conversation", "selected_channel", "selected_date", "selected_time")


def _value(clicked: Payload) -> str:
    return clean(next((str(v) for v in _candidates(clicked) if v), ""))[:TEXT_MOST]


def _candidates(clicked: Payload) -> Iterator[Any]:
    yield clicked.get("value")
    yield (clicked.get("selected_option") or {}).get("value")
    for key in _SELECTED:
        yield clicked.get(key)
