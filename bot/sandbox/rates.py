"""Rate tiers in real time: token buckets per method and workspace, as Slack counts."""

import math
import time
from collections.abc import Callable

_TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
_POSTS_PER_MINUTE = 300
_POSTING_BURST = 5
_SPECIAL_PER_MINUTE = 600

_TIERS: dict[str, int] = {
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "chat.delete": 3,
    "chat.scheduleMessage": 3,
    "chat.deleteScheduledMessage": 3,
    "chat.scheduledMessages.list": 3,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
    "conversations.open": 3,
    "conversations.close": 2,
    "conversations.replies": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.members": 4,
    "conversations.list": 2,
    "conversations.create": 2,
    "conversations.invite": 3,
    "conversations.kick": 3,
    "conversations.leave": 3,
    "conversations.archive": 2,
    "conversations.unarchive": 2,
    "conversations.rename": 2,
    "conversations.setTopic": 2,
    "conversations.setPurpose": 2,
    "users.info": 4,
    "users.list": 2,
    "users.lookupByEmail": 3,
    "users.profile.get": 4,
    "users.conversations": 3,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "reactions.add": 3,
    "reactions.get": 3,
    "reactions.remove": 2,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "files.info": 4,
    "files.delete": 3,
    "dnd.info": 3,
    "dnd.teamInfo": 2,
    "team.info": 3,
    "bots.info": 3,
    "auth.revoke": 3,
    "apps.connections.open": 3,
    "oauth.v2.access": 4,
    "api.test": 4,
}


class Bucket:
    """So many at once, then so many a second."""

    def __init__(self, capacity: float, per_second: float, now: float) -> None:
        self._capacity = capacity
        self._per_second = per_second
        self._left = capacity
        self._at = now

    def wait_s(self, now: float) -> float:
        """Tell how long until the next one is allowed; zero means now."""
        self._left = min(self._capacity, self._left + (now - self._at) * self._per_second)
        self._at = now
        return 0.0 if self._left >= 1 else (1 - self._left) / self._per_second

    def take(self) -> None:
        """Count one."""
        self._left -= 1


class Rates:
    """The buckets of every method, workspace and channel."""

    def __init__(self, *, enforced: bool = True, now: Callable[[], float] = time.monotonic) -> None:
        self._enforced = enforced
        self._now = now
        self._buckets: dict[tuple[str, ...], Bucket] = {}

    def retry_after(self, method: str, workspace: str, channel: str | None = None) -> int | None:
        """Count a call; a number of seconds when it is one too many, None when it is fine."""
        if not self._enforced:
            return None
        now = self._now()
        buckets = [
            self._bucket(key, capacity, rate, now)
            for key, capacity, rate in _limits(method, workspace, channel)
        ]
        longest = max((bucket.wait_s(now) for bucket in buckets), default=0.0)
        if longest > 0:
            return max(1, math.ceil(longest))
        for bucket in buckets:
            bucket.take()
        return None

    def _bucket(self, key: tuple[str, ...], capacity: float, per_minute: float, now: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(capacity, per_minute / 60, now)
        return self._buckets[key]


def _limits(method: str, workspace: str, channel: str | None) -> list[tuple[tuple[str, ...], float, float]]:
    if method == "chat.postMessage":
        per_channel = ("post", workspace, channel or "")
        return [
            (("post", workspace), _POSTS_PER_MINUTE, _POSTS_PER_MINUTE),
            (per_channel, _POSTING_BURST, 60),
        ]
    per_minute = _TIER_PER_MINUTE[_TIERS[method]] if method in _TIERS else _SPECIAL_PER_MINUTE
    return [((method, workspace), per_minute, per_minute)]
