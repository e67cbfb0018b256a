"""What happens when a workspace takes the app out: it is stopped at once and deleted within 14 days."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.personal import Holding
from bot.privacy import store
from bot.scheduler import outbox
from bot.scheduler.clocks import IntentClock
from bot.scheduler.posting import OF_WORKSPACE
from bot.slack.clients import Clients
from bot.storage.database import Database, Transaction
from bot.storage.errors import StorageError

log = logging.getLogger(__name__)

DELETED_AFTER = timedelta(days=7)
"""A week in which an uninstalling by mistake can be undone; Slack's policy allows 14 days."""
SILENT_FOR = timedelta(days=10)
"""The same where nobody told that it was taken out, and only a refused token shows it."""
TAKEN_OUT = frozenset({"account_inactive", "token_revoked"})
"""Refusals that mean so; others, such as `invalid_auth`, may be a slip in the settings."""
SILENT = TAKEN_OUT | {"not_installed"}
"""Stopped so, data would stay for good where nobody tells: no other token will ever speak for it."""
SWEEP_EVERY = timedelta(days=1)
_GLANCE = timedelta(hours=1)


class Leaving:
    """Marks, spares and deletes workspaces."""

    def __init__(
        self, database: Database, holdings: Sequence[Holding], clock: IntentClock, clients: Clients
    ) -> None:
        self._database = database
        self._holdings = holdings
        self._clock = clock
        self._clients = clients

    async def left(self, workspace: str, reason: str) -> None:
        """Send nothing more there from now on, and note by when its data must be gone."""
        now = self._clock.now()

        def mark(tx: Transaction) -> None:
            goes_at = min(now + DELETED_AFTER, _goes_at(tx).get(workspace, now + DELETED_AFTER))
            _stop_anew(tx, workspace, reason, now)
            store.mark_for_deletion(tx, workspace, reason, now, goes_at)

        await self._database.write(mark)
        log.warning("a workspace took the app out (%s); its data goes within 14 days", reason)

    async def refused(self, reason: str) -> datetime | None:
        """Slack won't have our token at the start: stop what still ran; returns when the last data goes.

        None where nothing is to go: nothing is kept, or the refusal does not mean that we were taken out.
        """
        now = self._clock.now()

        def stop(tx: Transaction) -> None:
            unsure = [it for it, (why, _) in outbox.stopped(tx).items() if why in OF_WORKSPACE - TAKEN_OUT]
            for workspace in (*outbox.running(tx), *unsure):
                _stop_anew(tx, workspace, reason, now)

        if reason not in TAKEN_OUT:
            return None
        await self._database.write(stop)
        return max((await self._database.read(_goes_at)).values(), default=None)

    async def see_out(self) -> None:
        """Sweep until nothing is left to delete, because all is gone or Slack has us again."""
        again_at = self._clock.now() + _GLANCE
        await self._try_to_sweep()
        while await self._database.read(_is_something_left):
            await self._until(again_at)
            again_at = self._clock.now() + _GLANCE
            await self._try_to_sweep()

    async def came_back(self, workspace: str) -> bool:
        """Keep a workspace's data after all, because its token works again; False if nothing was to go."""

        def spare(tx: Transaction) -> bool:
            spared = store.spare(tx, workspace)
            return outbox.resume_workspace(tx, workspace) or spared

        return await self._database.write(spare)

    async def sweep(self) -> list[str]:
        """Delete every workspace whose time has come; returns which, after their words are off the disk."""
        now = self._clock.now()
        await self._look_again()
        due = await self._database.read(lambda tx: _due(tx, now))
        gone = [workspace for workspace in due if await self._forget(workspace, now)]
        await self._take_off_disk()
        if gone:
            log.info("deleted the data of %s workspaces that had left", len(gone))
        return gone

    async def run(self) -> None:
        """Sweep now and once a day until cancelled."""
        while True:
            await self._try_to_sweep()
            await self._until(self._clock.now() + SWEEP_EVERY)

    async def _try_to_sweep(self) -> None:
        try:
            await self.sweep()
        except StorageError as error:
            log.warning("the sweep could not be done, the next will: %s", error)
        except Exception as error:  # noqa: BLE001  # a feature's own code, which must not end the sweeping for good
            log.error("the sweep failed: %s", type(error).__name__)

    async def _until(self, moment: datetime) -> None:
        while self._clock.now() < moment:
            await self._clock.sleep_until(moment, at_most=_GLANCE.total_seconds())

    async def _look_again(self) -> None:
        """Take up again what Slack refused by mistake; who said that they leave is believed at once."""
        for workspace, (reason, _) in (await self._database.read(outbox.stopped)).items():
            if reason in OF_WORKSPACE | SILENT and await self._works(workspace):
                await self.came_back(workspace)
                log.warning("a workspace that was stopped takes the token again")

    async def _works(self, workspace: str) -> bool:
        """Whether the token is taken for this workspace; one never identified is handed out for any."""
        try:
            answer = await self._clients.of(workspace).auth_test()
        except (KeyError, SlackApiError, aiohttp.ClientError, OSError, TimeoutError):
            return False
        return bool(answer.get("team_id") == workspace)

    async def _forget(self, workspace: str, now: datetime) -> bool:
        """Delete all of a workspace; False if it has come back since somebody looked."""

        def forget(tx: Transaction) -> bool:
            if workspace not in _due(tx, now):
                return False
            for holding in self._holdings:
                holding.erase_workspace(tx, workspace)
            store.note_on_disk(tx, now)
            return True

        return await self._database.write(forget)

    async def _take_off_disk(self) -> None:
        """Rewrite the files where deleted words lie in them, also those of a process that ended too soon."""
        since = await self._database.read(store.on_disk_since)
        if since is None:
            return
        await self._database.compact()
        await self._database.write(lambda tx: store.note_off_disk(tx, since))


def _stop_anew(tx: Transaction, workspace: str, reason: str, now: datetime) -> None:
    """Stop it for this reason, which is surer than what it may have been stopped for before."""
    outbox.resume_workspace(tx, workspace)
    outbox.stop_workspace(tx, workspace, reason, now)


def _is_something_left(tx: Transaction) -> bool:
    return bool(_goes_at(tx)) or store.on_disk_since(tx) is not None


def _due(tx: Transaction, now: datetime) -> Sequence[str]:
    return sorted(workspace for workspace, goes_at in _goes_at(tx).items() if goes_at <= now)


def _goes_at(tx: Transaction) -> dict[str, datetime]:
    """When the data of which workspace is to be deleted; of two moments the sooner."""
    silent = {
        workspace: stopped_at + SILENT_FOR
        for workspace, (reason, stopped_at) in outbox.stopped(tx).items()
        if reason in SILENT
    }
    told = store.deletions(tx)
    return {it: min(goes[it] for goes in (silent, told) if it in goes) for it in silent | told}
