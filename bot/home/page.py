"""App Home as a whole: what each feature shows of itself, the most needed first."""

import datetime as dt
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.people import Member
from bot.scheduler.clocks import Clock
from bot.slack import blocks as b
from bot.slack.clients import Clients
from bot.slack.ids import View

NOTES_KEPT_FOR = dt.timedelta(hours=16)
"""How long the card of the day stays: longer than a shift, shorter than the next one."""
METADATA_MOST = 3000
ON_ITS_WAY_FOR = dt.timedelta(seconds=15)
"""How long a page may be on its way while Slack still tells of the one before."""
JUST_SHOWN_MOST = 1_000

Section = Callable[[Member, Mapping[str, str]], Awaitable[Sequence[b.Block]]]
"""Draws a feature's part for a member, from the notes kept in the view."""


class Home:
    """Publishes the page; its notes live in Slack's own copy of the view, not in our database."""

    def __init__(self, clients: Clients, clock: Clock, sections: Sequence[Section]) -> None:
        self._clients = clients
        self._clock = clock
        self._sections = sections
        self._just_shown: dict[Member, tuple[dt.datetime, Mapping[str, str]]] = {}

    async def show(self, member: Member, notes: Mapping[str, str]) -> None:
        """Draw every section and publish."""
        self._remember(member, notes)
        drawn: list[b.Block] = []
        for section in self._sections:
            if part := await section(member, notes):
                drawn += [b.divider(), *part] if drawn else part
        view = {
            "type": "home",
            "callback_id": str(View.HOME),
            "blocks": drawn[: b.VIEW_BLOCKS_MOST],
            "private_metadata": self._metadata(notes),
        }
        await self._clients.of(member.workspace).views_publish(user_id=member.id, view=view)

    def notes(self, metadata: str) -> dict[str, str]:
        """Read the notes of a view that Slack still holds; old or foreign ones are dropped."""
        try:
            held = json.loads(metadata or "{}")
            kept_at = dt.datetime.fromisoformat(held["at"])
            notes = {str(k): str(v) for k, v in held["notes"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            return {}
        return notes if self._clock.now() - kept_at < NOTES_KEPT_FOR else {}

    def latest_notes(self, member: Member, metadata: str) -> dict[str, str]:
        """The notes of the view that was opened, or fresher ones that were on their way to it meanwhile."""
        shown_at, notes = self._just_shown.get(member, (None, {}))
        is_fresh = shown_at is not None and self._clock.now() - shown_at < ON_ITS_WAY_FOR
        return dict(notes) if is_fresh else self.notes(metadata)

    def _remember(self, member: Member, notes: Mapping[str, str]) -> None:
        if len(self._just_shown) >= JUST_SHOWN_MOST:
            self._just_shown.clear()
        self._just_shown[member] = (self._clock.now(), notes)

    def _metadata(self, notes: Mapping[str, str]) -> str:
        held = json.dumps({"at": self._clock.now().isoformat(), "notes": dict(notes)}, separators=(",", ":"))
        return held if len(held) <= METADATA_MOST else ""
