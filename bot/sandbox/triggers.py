"""Trigger ids (three seconds, once) and response URLs (five uses in thirty minutes), in real time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.ids import Ids

TRIGGER_LIVES_S = 3.0
RESPONSE_URL_LIVES_S = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """What a trigger id stands for: a person's gesture, perhaps inside a modal."""

    id: str
    workspace: str
    user_id: str
    view_id: str | None
    born: float
    spent: bool = False


@dataclass
class ResponseUrl:
    """Where a response_url answers to, and the message it came from, if any."""

    id: str
    workspace: str
    channel: str
    user_id: str
    born: float
    message_ts: str | None = None
    uses: int = 0


class TriggerError(Exception):
    """Slack's error name for a trigger or response_url that does not work."""


class Triggers:
    """Hands out trigger ids and response URLs, and takes each back within its bounds."""

    def __init__(self, ids: Ids, now: Callable[[], float] = time.monotonic) -> None:
        self._ids = ids
        self._now = now
        self._triggers: dict[str, Trigger] = {}
        self._urls: dict[str, ResponseUrl] = {}

    def trigger(
        self, workspace: str, user_id: str, view_id: str | None = None, *, expired: bool = False
    ) -> str:
        """Make a trigger id for one gesture of a person."""
        born = self._now() - (TRIGGER_LIVES_S if expired else 0.0)
        trigger_id = f"{self._ids.digits(13)}.{self._ids.digits(12)}.{self._ids.mixed(32).lower()}"
        self._triggers[trigger_id] = Trigger(trigger_id, workspace, user_id, view_id, born)
        return trigger_id

    def exchange(self, trigger_id: str, workspace: str) -> Trigger:
        """Spend a trigger id; raises TriggerError with Slack's name for what is wrong."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.workspace != workspace:
            raise TriggerError("invalid_trigger_id")
        if trigger.spent:
            raise TriggerError("exchanged_trigger_id")
        if self._now() - trigger.born >= TRIGGER_LIVES_S:
            raise TriggerError("expired_trigger_id")
        trigger.spent = True
        return trigger

    def response_url(self, workspace: str, channel: str, user_id: str, message_ts: str | None = None) -> str:
        """Make the path of a response_url."""
        url = ResponseUrl(self._ids.mixed(24), workspace, channel, user_id, self._now(), message_ts)
        self._urls[url.id] = url
        return f"/response/{workspace}/{self._ids.digits(13)}/{url.id}"

    def use_response_url(self, url_id: str) -> ResponseUrl:
        """Count one use; raises TriggerError when it is spent, old or unknown."""
        url = self._urls.get(url_id)
        if url is None:
            raise TriggerError("no_such_url")
        if self._now() - url.born >= RESPONSE_URL_LIVES_S:
            raise TriggerError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise TriggerError("used_url")
        url.uses += 1
        return url
