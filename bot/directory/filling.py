"""Filling the directory in bulk: pages of people, and do-not-disturb for fifty at a time."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.directory import store
from bot.directory.reading import dnd_of, person_of
from bot.scheduler.posting import error_name, retry_after_s
from bot.slack.clients import Clients
from bot.storage.database import Database

log = logging.getLogger(__name__)

REFRESH_EVERY = timedelta(hours=6)
"""Slack tells only the current or next do-not-disturb window, so it is asked more than once a day."""
PAGE = 500
DND_AT_ONCE = 50
"""Slack's limit for dnd.teamInfo."""
BETWEEN_S = 3.0
"""Tier 2 takes twenty a minute, for users.list and for dnd.teamInfo."""
MOST_WAITS = 20
AT_MOST_S = 15 * 60.0
"""Of an errand's twenty minutes: 300 calls, for 150,000 people or 15,000 people's do-not-disturb."""
GOES_ON_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a refresh is: at a page of users.list, or behind a member whose do-not-disturb was asked for."""

    cursor: str = ""
    member: str | None = None


_START = _Place()


class Filling:
    """Asks Slack for everybody, one call at a time: 10,000 people take 220, about eleven minutes.

    A very large workspace takes several turns; another process, or this one begun anew, starts from the top.
    """

    def __init__(
        self,
        database: Database,
        clients: Clients,
        *,
        between_s: float = BETWEEN_S,
        at_most_s: float = AT_MOST_S,
    ) -> None:
        self._database = database
        self._clients = clients
        self._between_s = between_s
        self._at_most_s = at_most_s
        self._left_at: dict[str, _Place] = {}

    async def refresh(self, workspace: str) -> timedelta | None:
        """Bring a workspace up to date; returns after how long to go on where time was up.

        Raises what the SDK raises when users.list is refused.
        """
        until = asyncio.get_running_loop().time() + self._at_most_s
        place = self._left_at.pop(workspace, _START)
        while (following := await self._step(workspace, place)) is not None:
            if asyncio.get_running_loop().time() > until:
                self._left_at[workspace] = following
                return GOES_ON_AFTER
            place = following
            await asyncio.sleep(self._between_s)
        return None

    async def _step(self, workspace: str, place: "_Place") -> "_Place | None":
        """One call to Slack and what it brought; returns where the next one begins, None at the end."""
        if place.member is None:
            return await self._people(workspace, place.cursor)
        return await self._dnd(workspace, place.member)

    async def _people(self, workspace: str, cursor: str) -> "_Place":
        try:
            page = await self._ask(workspace, "users.list", limit=PAGE, cursor=cursor)
        except SlackApiError as error:
            if error_name(error) != "invalid_cursor" or not cursor:
                raise
            return _START
        people = [person_of(workspace, user) for user in page.get("members") or ()]
        await self._database.write(lambda tx: store.save(tx, people))
        following = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        return _Place(following) if following else _Place(member="")

    async def _dnd(self, workspace: str, after: str) -> "_Place | None":
        """Without the scope, which a company may decline, nobody counts as not to be disturbed."""
        members = await self._database.read(lambda tx: store.belonging(tx, workspace, after, DND_AT_ONCE))
        if not members:
            return None
        try:
            answer = await self._ask(workspace, "dnd.teamInfo", users=",".join(members))
        except SlackApiError as error:
            log.warning("do-not-disturb is not known: %s", error_name(error))
            return None
        windows = {member: dnd_of(status) for member, status in (answer.get("users") or {}).items()}
        await self._database.write(lambda tx: store.save_dnd(tx, workspace, windows))
        return _Place(member=members[-1]) if len(members) == DND_AT_ONCE else None

    async def _ask(self, workspace: str, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call Slack, waiting as long as it asks to be left alone."""
        client = self._clients.of(workspace)
        for _ in range(MOST_WAITS):
            try:
                answer = await client.api_call(method, params=arguments)
            except SlackApiError as error:
                if (wait := retry_after_s(error)) is None:
                    raise
                await asyncio.sleep(wait)
            else:
                data: Mapping[str, Any] = answer.data  # type: ignore[assignment]
                return data
        raise TimeoutError(f"Slack limits {method} for too long; the next refresh tries again.")
