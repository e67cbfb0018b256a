"""Workspaces, people, conversations, messages, views: what Slack keeps. Pure state, no HTTP."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.ids import ts_key

Json = dict[str, Any]
PersonKind = Literal["member", "admin", "guest", "bot", "connect"]
ConversationKind = Literal["channel", "private", "dm", "group_dm"]


@dataclass
class Person:
    """Somebody with a user id; the bot's own user is one too."""

    id: str
    handle: str
    name: str
    team_id: str
    display_name: str = ""
    title: str = ""
    tz: str | None = "America/New_York"
    kind: PersonKind = "member"
    email: str = ""
    locale: str = "en-US"
    pronouns: str = ""
    status_text: str = ""
    status_emoji: str = ""
    dnd_until: float = 0.0
    deleted: bool = False
    bot_id: str | None = None
    updated: int = 0


@dataclass
class Message:
    """A message; `ephemeral_to` names the only person who sees it, and then it is in no history."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    team: str = ""
    bot_id: str | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    username: str | None = None
    icon_emoji: str | None = None
    attachments: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: Json | None = None
    broadcast: bool = False
    client_msg_id: str | None = None
    ephemeral_to: str | None = None
    state: dict[str, dict[str, dict[str, Json]]] = field(default_factory=dict)
    trouble: dict[str, set[str]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """True for a message inside a thread, not its root."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Conversation:
    """A channel, a DM or a group DM. A Slack Connect channel is one object in two workspaces."""

    id: str
    kind: ConversationKind
    team_id: str
    name: str = ""
    creator: str = ""
    topic: str = ""
    purpose: str = ""
    created: int = 0
    members: list[str] = field(default_factory=list)
    is_general: bool = False
    is_archived: bool = False
    is_connect: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    def timeline(self) -> list[Message]:
        """Give the messages, oldest first."""
        return sorted(self.messages.values(), key=lambda m: ts_key(m.ts))

    def replies(self, thread_ts: str) -> list[Message]:
        """Give the replies of a thread, oldest first, without its root."""
        return [m for m in self.timeline() if m.thread_ts == thread_ts and m.ts != thread_ts]


@dataclass
class View:
    """A modal on somebody's stack, or somebody's Home."""

    id: str
    user_id: str
    team_id: str
    type: Literal["modal", "home"]
    source: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None

    @property
    def blocks(self) -> list[Json]:
        """The view's blocks, every one with its block_id."""
        blocks: list[Json] = self.source["blocks"]
        return blocks


@dataclass
class Usergroup:
    """A user group such as @floor-leads."""

    id: str
    handle: str
    name: str
    users: list[str]
    updated: int = 0


@dataclass
class StoredFile:
    """A file; `ready` once its upload was completed."""

    id: str
    name: str
    user: str
    length: int
    created: int
    title: str = ""
    alt_txt: str | None = None
    mimetype: str = "application/octet-stream"
    content: bytes | None = None
    ready: bool = False
    usable_at: float = 0.0
    channels: list[str] = field(default_factory=list)


@dataclass
class Scheduled:
    """A message that chat.scheduleMessage keeps for later."""

    id: str
    channel: str
    post_at: int
    arguments: Json


@dataclass
class Notice:
    """What Slackbot or a banner says when the app does not answer."""

    id: int
    at: str
    kind: str
    text: str
    error: str


@dataclass
class Workspace:
    """One workspace with everything in it."""

    id: str
    key: str
    name: str
    domain: str
    people: dict[str, Person] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    ephemerals: dict[str, list[Message]] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    notices: dict[str, list[Notice]] = field(default_factory=dict)
    scheduled: dict[str, Scheduled] = field(default_factory=dict)
    bot_user_id: str = ""

    def find_person(self, who: str) -> Person | None:
        """Find somebody by id or handle."""
        who = who.lstrip("@")
        if who in self.people:
            return self.people[who]
        return next((p for p in self.people.values() if p.handle == who), None)

    def find_channel(self, name: str) -> Conversation | None:
        """Find a conversation by id, or a channel by `#name`."""
        if name in self.conversations:
            return self.conversations[name]
        wanted = name.removeprefix("#")
        return next((c for c in self.conversations.values() if c.name and c.name == wanted), None)

    def find_dm(self, members: list[str]) -> Conversation | None:
        """Find the DM or group DM of exactly these people."""
        wanted = set(members)
        private = (c for c in self.conversations.values() if c.kind in ("dm", "group_dm"))
        return next((c for c in private if set(c.members) == wanted), None)

    def ephemeral(self, user_id: str, ts: str) -> Message | None:
        """Find an ephemeral message of this person."""
        return next((m for m in self.ephemerals.get(user_id, ()) if m.ts == ts), None)

    def view(self, view_id: str) -> View | None:
        """Find an open modal or a Home by its id."""
        stacks = (view for stack in self.stacks.values() for view in stack)
        return next((v for v in [*stacks, *self.homes.values()] if v.id == view_id), None)

    def view_by_external_id(self, external_id: str) -> View | None:
        """Find a view by the id the app gave it."""
        stacks = (view for stack in self.stacks.values() for view in stack)
        everything = [*stacks, *self.homes.values()]
        return next((v for v in everything if v.source.get("external_id") == external_id), None)

    def bot(self) -> Person | None:
        """The bot's own user, when the app is installed."""
        return self.people.get(self.bot_user_id)
