"""What a worker works with: everything it needs is handed in, clocks and dice too."""

import random
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.scheduler.clocks import Clock, IntentClock
from bot.scheduler.composing import Handlers
from bot.scheduler.recipients import RulesFor
from bot.slack.clients import Clients
from bot.slack.notifier import Notifier
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to post: Slack takes one a second per channel, "several hundred per minute" per workspace.

    `ahead_for` is how far ahead slots are taken, so about how long a dead worker's slots go to waste.
    """

    per_second: float = 3.0
    per_channel_s: float = 1.0
    ahead_for: timedelta = timedelta(seconds=4)
    batch: int = 16
    in_hand: int = 48
    """Jobs a worker holds per workspace; more than a batch, or one hung call would hold up the rest."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in real time."""

    lease_for: timedelta = timedelta(seconds=60)
    errand_for: timedelta = timedelta(minutes=20)
    settle_after: timedelta = timedelta(seconds=80)
    """The HTTP timeout of 20 s and a minute: after that Slack has a message or never will."""
    fresh_for: timedelta = timedelta(seconds=5)
    """Between writing down an attempt and making it; a process that froze in between must not make it."""
    unreached_for: timedelta = timedelta(seconds=10)
    retry_after: timedelta = timedelta(seconds=30)
    """After an error of our own, doubled each time."""
    poll_every: timedelta = timedelta(seconds=5)
    """Other processes add jobs, too."""


MOST_TRIES = 6
"""Errors of our own, or messages that never arrived, before a job is given up."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a worker works with."""

    database: Database
    clients: Clients
    notifier: Notifier
    handlers: Handlers
    rules_for: RulesFor
    intent: IntentClock
    real: Clock
    pace: Pace = Pace()
    patience: Patience = Patience()
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    new_marker: Callable[[], str] = lambda: f"s-{secrets.token_hex(12)}"
    dice: random.Random = field(default_factory=random.Random)
    counts: Counter[str] = field(default_factory=Counter)
    """What happened so far: sent, withheld, postponed, limited, perhaps, settled_found, settled_absent …"""

    def jittered(self, wait: timedelta) -> timedelta:
        """A wait made longer by up to a quarter, so that replicas don't come back all at once."""
        return wait * (1 + self.dice.random() / 4)
