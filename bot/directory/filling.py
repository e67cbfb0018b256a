"""Filling the directory in bulk: pages of people, and do-not-disturb for fifty at a time."""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
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
"""Of an errand's twenty minutes; about 15,000 people's do-not-disturb, the rest in the next one."""
GOES_ON_AFTER = timedelta(minutes=1)


class Filling:
    """Asks Slack for everybody: 10,000 people cost 20 pages and 200 batches, about eleven minutes."""

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
        self._reached: dict[str, str] = {}
        """The last member whose do-not-disturb was asked for, where time was up; by id, as they come."""

    async def refresh(self, workspace: str) -> timedelta | None:
        """Bring a workspace up to date; returns after how long to go on where time was up.

        Raises what the SDK raises when users.list is refused.
        """
        until = asyncio.get_running_loop().time() + self._at_most_s
        reached = self._reached.pop(workspace, "")
        if not reached:
            await self._people(workspace)
        people = await self._database.read(lambda tx: store.belonging(tx, workspace))
        left = [person.member.id for person in people if person.member.id > reached]
        return await self._dnd(workspace, left, until)

    async def _people(self, workspace: str) -> None:
        cursor = ""
        while True:
            page = await self._ask(workspace, "users.list", limit=PAGE, cursor=cursor)
            people = [person_of(workspace, user) for user in page.get("members") or ()]
            await self._database.write(lambda tx, people=people: store.save(tx, people))  # type: ignore[misc]
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return
            await asyncio.sleep(self._between_s)

    async def _dnd(self, workspace: str, members: Sequence[str], until: float) -> timedelta | None:
        """Without the scope, which a company may decline, nobody counts as not to be disturbed."""
        for batch in _batches(members):
            try:
                answer = await self._ask(workspace, "dnd.teamInfo", users=",".join(batch))
            except SlackApiError as error:
                log.warning("do-not-disturb is not known: %s", error_name(error))
                return None
            windows = {member: dnd_of(status) for member, status in (answer.get("users") or {}).items()}
            await self._database.write(lambda tx, windows=windows: store.save_dnd(tx, workspace, windows))  # type: ignore[misc]
            if batch[-1] != members[-1] and asyncio.get_running_loop().time() > until:
                self._reached[workspace] = batch[-1]
                return GOES_ON_AFTER
            await asyncio.sleep(self._between_s)
        return None

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


def _batches(members: Sequence[str]) -> Iterator[Sequence[str]]:
    return (members[start : start + DND_AT_ONCE] for start in range(0, len(members), DND_AT_ONCE))
