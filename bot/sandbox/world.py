"""Everything the pretend Slack consists of, built in one place and handed to whoever needs it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.cast import seed_world
from bot.sandbox.changes import Changes
from bot.sandbox.clock import IntentClock
from bot.sandbox.credentials import Credentials, Grant
from bot.sandbox.faults import Faults
from bot.sandbox.ids import Ids, Timestamps
from bot.sandbox.manifest import read_manifest
from bot.sandbox.rates import Rates
from bot.sandbox.record import Record
from bot.sandbox.sockets import Sockets
from bot.sandbox.tasks import Tasks
from bot.sandbox.transport import Delivery
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import Conversation, Notice, Person, Workspace

Json = dict[str, Any]

_NOTICES_KEPT = 20


class World:
    """The state of every workspace, the app, and the machinery between them."""

    def __init__(
        self, manifest: Mapping[str, Any], *, seed: int, rates: bool, retry_after_s: Sequence[float]
    ) -> None:
        self.manifest = read_manifest(manifest)
        self.ids = Ids(seed)
        self.stamps = Timestamps()
        self.clock = IntentClock()
        self.changes = Changes()
        self.record = Record(self.changes)
        self.faults = Faults(self.record)
        self.rates = Rates(enforced=rates)
        self.triggers = Triggers(self.ids)
        self.credentials = Credentials(self.ids)
        self.tasks = Tasks()
        self.workspaces = seed_world(self.ids, self.stamps)
        self.sockets = Sockets(self.credentials.app_id, self.ids, self.faults, self.changes)
        self.delivery = Delivery(
            self.sockets, self.credentials.signing_secret, self.record, self.faults, self.tasks, retry_after_s
        )
        self.suggested: dict[tuple[str, str, str], Json] = {}
        self.base_url = ""
        self.calls_in_flight = 0
        self._notice_number = 0
        self.install(self.default)

    @property
    def default(self) -> Workspace:
        """The workspace people are in when nobody says which."""
        return self.workspaces["brightwater"]

    def find_workspace(self, name: str) -> Workspace | None:
        """Find a workspace by key or team id."""
        return self.workspaces.get(name) or next((w for w in self.workspaces.values() if w.id == name), None)

    def install(self, workspace: Workspace, scopes: frozenset[str] | None = None) -> Grant:
        """Install the app: its bot user joins the workspace and gets a token."""
        wanted = self.manifest.bot_scopes | self.manifest.optional_scopes
        if workspace.bot_user_id not in workspace.people:
            bot = Person(self.ids.new("U"), "app", self.manifest.bot_name, workspace.id, kind="bot")
            bot.display_name = self.manifest.bot_name
            bot.bot_id = self.ids.new("B")
            bot.tz = None
            workspace.people[bot.id] = bot
            workspace.bot_user_id = bot.id
        workspace.people[workspace.bot_user_id].deleted = False
        self.changes.touch_all()
        return self.credentials.grant_bot(workspace.key, wanted if scopes is None else scopes)

    def is_installed(self, workspace: Workspace) -> bool:
        """True while the app has a living token there."""
        return self.credentials.bot_grant(workspace.key) is not None

    def person_anywhere(self, user_id: str) -> Person | None:
        """Find somebody by id in any workspace; strangers of Slack Connect channels are found this way."""
        return next((w.people[user_id] for w in self.workspaces.values() if user_id in w.people), None)

    def dm_with_bot(self, workspace: Workspace, user_id: str) -> Conversation:
        """Find or open the DM between a person and the bot."""
        return self.open_conversation(workspace, [user_id, workspace.bot_user_id])

    def open_conversation(self, workspace: Workspace, members: list[str]) -> Conversation:
        """Find or open the DM or group DM of these people."""
        found = workspace.find_dm(members)
        if found:
            return found
        kind = "dm" if len(set(members)) <= 2 else "group_dm"
        conversation = Conversation(
            self.ids.new("D" if kind == "dm" else "C"),
            "dm" if kind == "dm" else "group_dm",
            workspace.id,
            members=list(dict.fromkeys(members)),
        )
        if kind == "group_dm":
            handles = (workspace.people[m].handle for m in conversation.members if m in workspace.people)
            conversation.name = f"mpdm-{'--'.join(handles)}-1"
        conversation.created = int(datetime.now(UTC).timestamp())
        workspace.conversations[conversation.id] = conversation
        self.changes.touch(members)
        return conversation

    def touch_conversation(self, conversation: Conversation) -> None:
        """Say that a conversation changed, to those who can see it."""
        if conversation.kind == "channel":
            self.changes.touch_all()
        else:
            self.changes.touch(conversation.members)

    def notice(self, workspace: Workspace, user_id: str, kind: str, text: str, error: str) -> None:
        """Tell a person what Slack says when the app does not answer."""
        self._notice_number += 1
        at = datetime.now(UTC).isoformat()
        kept = workspace.notices.setdefault(user_id, [])
        kept.append(Notice(self._notice_number, at, kind, text, error))
        del kept[:-_NOTICES_KEPT]
        self.changes.touch([user_id])
