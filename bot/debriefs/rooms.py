"""Who is in the channels that debriefs are held in: asked of Slack, kept for a while, followed by events."""

import asyncio
import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.debriefs.model import Room
from bot.directory import store as directory
from bot.directory.reading import person_of
from bot.people import Member
from bot.scheduler.clocks import Clock
from bot.slack.clients import Clients
from bot.slack.errors import error_name
from bot.storage.database import Database, Transaction
from bot.storage.stamps import to_stamp

log = logging.getLogger(__name__)

REFRESH_EVERY = dt.timedelta(days=1)
FRESH_FOR = dt.timedelta(minutes=15)
"""How long an answer of Slack's about a channel is good enough to open somebody's words to it."""
PEOPLE_MOST = 2_000
PAGE = 1_000
STRANGERS_MOST = 200
ASKED_AT_ONCE = 8
_KNOWN_TROUBLES = frozenset({"channel_not_found", "not_in_channel", "is_archived"})

_SAVE = """
INSERT INTO rooms (workspace_id, channel_id, name, is_public, trouble, checked_at)
VALUES (:workspace, :channel, :name, :is_public, :trouble, :checked_at)
ON CONFLICT (workspace_id, channel_id) DO UPDATE
SET name = excluded.name, is_public = excluded.is_public, trouble = excluded.trouble,
    checked_at = excluded.checked_at
WHERE excluded.checked_at >= rooms.checked_at
"""
_PUT = """
INSERT INTO room_people (workspace_id, channel_id, member_id) VALUES (:workspace, :channel, :member)
ON CONFLICT (workspace_id, channel_id, member_id) DO NOTHING
"""
_EMPTY = "DELETE FROM room_people WHERE workspace_id = :workspace AND channel_id = :channel"
_TAKE_OUT = _EMPTY + " AND member_id = :member"
_KNOWN = "SELECT * FROM rooms WHERE workspace_id = :workspace AND channel_id = :channel"
_PEOPLE = "SELECT member_id FROM room_people WHERE workspace_id = :workspace AND channel_id = :channel"
_OF_MEMBER = """
SELECT p.channel_id FROM room_people p
JOIN rooms r ON r.workspace_id = p.workspace_id AND r.channel_id = p.channel_id
WHERE p.workspace_id = :workspace AND p.member_id = :member AND r.trouble = '' AND r.checked_at >= :since
ORDER BY p.channel_id
"""

_FORGET_PEOPLE = """
DELETE FROM room_people WHERE workspace_id = :workspace AND channel_id IN (
    SELECT channel_id FROM rooms WHERE workspace_id = :workspace AND checked_at < :before)
"""

_IN_USE = """
SELECT channel_id FROM lessons WHERE workspace_id = :workspace AND channel_id IS NOT NULL
UNION
SELECT channel_id FROM debriefs WHERE workspace_id = :workspace AND channel_id IS NOT NULL AND is_open = 1
ORDER BY channel_id
"""


def save(tx: Transaction, workspace: str, room: Room, now: dt.datetime) -> None:
    """Keep what Slack said of a channel, unless something newer is known."""
    kept = tx.run(
        _SAVE,
        workspace=workspace,
        channel=room.channel,
        name=room.name,
        is_public=room.is_public,
        trouble=room.trouble,
        checked_at=to_stamp(now),
    )
    if kept:
        tx.run(_EMPTY, workspace=workspace, channel=room.channel)
        people = [
            {"workspace": workspace, "channel": room.channel, "member": it} for it in sorted(room.people)
        ]
        tx.many(_PUT, people)


def known(tx: Transaction, workspace: str, channel: str, since: dt.datetime | None = None) -> Room | None:
    """What is known of a channel, if it was asked since then; at any time without one."""
    row = tx.one(_KNOWN, workspace=workspace, channel=channel)
    if row is None or (since is not None and row["checked_at"] < to_stamp(since)):
        return None
    people = tx.all(_PEOPLE, workspace=workspace, channel=channel)
    return Room(
        channel,
        row["name"],
        bool(row["is_public"]),
        row["trouble"],
        frozenset(it["member_id"] for it in people),
    )


def of_member(tx: Transaction, member: Member, since: dt.datetime) -> frozenset[str]:
    """The channels somebody is in, as far as that was made sure of since then."""
    rows = tx.all(_OF_MEMBER, workspace=member.workspace, member=member.id, since=to_stamp(since))
    return frozenset(row["channel_id"] for row in rows)


def took_part(tx: Transaction, member: Member, channel: str, *, joined: bool) -> None:
    """Follow somebody in or out of a channel that debriefs are held in; of any other nothing is kept."""
    if tx.one(_KNOWN, workspace=member.workspace, channel=channel) is None:
        return
    tx.run(_PUT if joined else _TAKE_OUT, workspace=member.workspace, channel=channel, member=member.id)


def forget_before(tx: Transaction, workspace: str, at: dt.datetime) -> None:
    """Forget channels that nobody asked about since then."""
    old = {"workspace": workspace, "before": to_stamp(at)}
    tx.run(_FORGET_PEOPLE, **old)
    tx.run("DELETE FROM rooms WHERE workspace_id = :workspace AND checked_at < :before", **old)


class Rooms:
    """Asks Slack who is in a channel, and whether a debrief may be held there."""

    def __init__(self, database: Database, clients: Clients, clock: Clock) -> None:
        self._database = database
        self._clients = clients
        self._clock = clock

    async def look(self, workspace: str, channel: str) -> Room:
        """The channel as it is now: from memory while that is fresh, else asked."""
        since = self._clock.now() - FRESH_FOR
        room = await self._database.read(lambda tx: known(tx, workspace, channel, since))
        return room if room is not None and room.trouble == "" else await self.ask(workspace, channel)

    async def ask(self, workspace: str, channel: str) -> Room:
        """The channel as Slack tells it at this moment; trouble "unknown" when it doesn't."""
        now = self._clock.now()
        try:
            room = await self._asked(workspace, channel)
        except SlackApiError as error:
            name = error_name(error)
            room = Room(channel, trouble=name if name in _KNOWN_TROUBLES else "unknown")
        except (aiohttp.ClientError, TimeoutError):
            room = Room(channel, trouble="unknown")
        if room.trouble == "unknown":
            # What was known stays known; it merely doesn't get fresher.
            return room
        await self._database.write(lambda tx: save(tx, workspace, room, now))
        return room

    async def refresh(self, workspace: str) -> None:
        """Ask about every channel that a debrief or lesson hangs on, so that cards can go on trusting it."""
        in_use = await self._database.read(lambda tx: tx.all(_IN_USE, workspace=workspace))
        for row in in_use:
            await self.ask(workspace, row["channel_id"])

    async def freshen(self, member: Member) -> None:
        """Ask again about the channels that somebody is in, where the last answer is old."""
        now = self._clock.now()

        def stale(tx: Transaction) -> frozenset[str]:
            ever = of_member(tx, member, dt.datetime.min.replace(tzinfo=dt.UTC))
            return ever - of_member(tx, member, now - FRESH_FOR)

        channels = await self._database.read(stale)
        await asyncio.gather(*(self.ask(member.workspace, it) for it in sorted(channels)))

    async def _asked(self, workspace: str, channel: str) -> Room:
        client = self._clients.of(workspace)
        info: dict[str, Any] = (await client.conversations_info(channel=channel))["channel"]
        room = Room(channel, str(info.get("name") or ""), is_public=not info.get("is_private"))
        trouble = _trouble_of(info)
        if trouble:
            return Room(channel, room.name, room.is_public, trouble)
        people: list[str] = []
        cursor = ""
        while True:
            page = await client.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
            people += page["members"]
            if len(people) > PEOPLE_MOST:
                return Room(channel, room.name, room.is_public, "too_big")
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        trouble = await self._outsiders(workspace, people)
        return Room(channel, room.name, room.is_public, trouble, frozenset(people))

    async def _outsiders(self, workspace: str, people: Sequence[str]) -> str:
        """Whether guests or strangers are among these people; asked of Slack for those nobody knows yet."""
        members = [Member(workspace, it) for it in people]
        persons = await self._database.read(lambda tx: [directory.get(tx, it) for it in members])
        unknown = [it for it, person in zip(members, persons, strict=True) if person is None]
        if len(unknown) > STRANGERS_MOST:
            return "unknown"
        at_once = asyncio.Semaphore(ASKED_AT_ONCE)

        async def ask(member: Member) -> Any:
            async with at_once:
                answer = await self._clients.of(workspace).users_info(user=member.id)
            return person_of(workspace, answer["user"])

        asked = await asyncio.gather(*(ask(it) for it in unknown))
        if asked:
            await self._database.write(lambda tx: directory.save(tx, asked))
        everybody = [*asked, *(it for it in persons if it is not None)]
        if any(it.is_stranger for it in everybody):
            return "shared"
        return "guests" if any(it.is_guest for it in everybody) else ""


def _trouble_of(info: dict[str, Any]) -> str:
    if info.get("is_archived"):
        return "is_archived"
    if any(info.get(it) for it in ("is_ext_shared", "is_pending_ext_shared")):
        return "shared"
    return "" if info.get("is_member") else "not_in_channel"
