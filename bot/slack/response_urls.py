"""Answering through a response_url: our own sender, since Bolt's opens a new session for each answer."""

import asyncio
import logging
from collections import OrderedDict
from typing import Any

import aiohttp

log = logging.getLogger(__name__)

USES_MOST = 5
"""Slack takes five answers within 30 minutes (docs.slack.dev, handling user interaction)."""
_REMEMBERED = 5_000
_PAUSES = (0.2, 1.0)


class ResponseUrls:
    """Posts to response URLs, counting their uses so that a sixth is never tried."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._uses: OrderedDict[str, int] = OrderedDict()

    async def post(self, url: str, payload: dict[str, Any]) -> bool:
        """Send `payload`, trying again on a passing fault; True when Slack took it."""
        if not self._use(url):
            log.warning("a response_url was used up")
            return False
        for pause in (*_PAUSES, None):
            status = await self._try(url, payload)
            if status == 200:
                return True
            if pause is None or (status < 500 and status != 429):
                log.warning("a response_url answered %s", status)
                return False
            await asyncio.sleep(pause)
        return False

    async def _try(self, url: str, payload: dict[str, Any]) -> int:
        try:
            async with self._session.post(url, json=payload) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 599

    def _use(self, url: str) -> bool:
        used = self._uses.pop(url, 0)
        self._uses[url] = used + 1
        while len(self._uses) > _REMEMBERED:
            self._uses.popitem(last=False)
        return used < USES_MOST
