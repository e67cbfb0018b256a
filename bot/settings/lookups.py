"""What set-up asks of Slack: user groups, and whether a channel can be posted to."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.settings.model import Group
from bot.slack.clients import Clients
from bot.slack.errors import error_name

log = logging.getLogger(__name__)

SHARED = "is_shared"
NOT_IN_CHANNEL = "not_in_channel"
ARCHIVED = "is_archived"
_ABOUT_CHANNEL = frozenset({"channel_not_found", "is_archived", "not_in_channel"})


class Lookups:
    """Asks Slack; an answer that can't be had is None, so that nothing known is forgotten over it."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def user_groups(self, workspace: str) -> Mapping[Group, Sequence[str]] | None:
        """All user groups and who is in them, in one call."""
        try:
            answer = await self._clients.of(workspace).usergroups_list(include_users=True)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("user groups can't be read: %s", _name(error))
            return None
        return {
            Group(str(it["id"]), str(it.get("name") or it.get("handle") or it["id"])): tuple(
                it.get("users") or ()
            )
            for it in answer["usergroups"]
            if not it.get("date_delete")
        }

    async def channel_trouble(self, workspace: str, channel: str) -> str | None:
        """Why a channel can't be used: Slack's name for it, "" if it can, None if nobody can tell."""
        try:
            answer = await self._clients.of(workspace).conversations_info(channel=channel)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            name = _name(error)
            return name if name in _ABOUT_CHANNEL else None
        found = answer["channel"]
        if found.get("is_archived"):
            return ARCHIVED
        if found.get("is_ext_shared"):
            return SHARED
        return "" if found.get("is_member") else NOT_IN_CHANNEL

    async def channel_troubles(self, workspace: str, channels: Sequence[str]) -> Mapping[str, str]:
        """The same for several channels; those nobody can tell of are left out."""
        found = await asyncio.gather(*(self.channel_trouble(workspace, channel) for channel in channels))
        return {
            channel: trouble for channel, trouble in zip(channels, found, strict=True) if trouble is not None
        }


def _name(error: Exception) -> str:
    return error_name(error) if isinstance(error, SlackApiError) else type(error).__name__
