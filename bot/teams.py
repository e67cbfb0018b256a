"""Who belongs together and what the workspace decided, as the features that stand on it may ask.

Settings answer; wiring hands the answers over. Everything is asked inside the caller's own unit of work and
has an answer before anybody has set anything up.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bot.people import Member
from bot.safeguards.suppression import Thresholds
from bot.scheduler.availability import QuietRules
from bot.storage.database import Transaction


class Kept(StrEnum):
    """Classes of data that age out by themselves."""

    CHECKINS = "checkins"
    DEBRIEF_TEXT = "debrief_text"
    EVENTS = "events"
    BACKUP_REQUESTS = "backup_requests"
    PROMISES = "promises"
    ACCESS_LOG = "access_log"


KEPT_FOR: Mapping[Kept, dt.timedelta] = {
    Kept.CHECKINS: dt.timedelta(days=90),
    Kept.DEBRIEF_TEXT: dt.timedelta(days=180),
    Kept.EVENTS: dt.timedelta(days=365),
    Kept.BACKUP_REQUESTS: dt.timedelta(days=30),
    Kept.PROMISES: dt.timedelta(days=180),
    Kept.ACCESS_LOG: dt.timedelta(days=365),
}
"""The longest that anything is kept; a workspace may only ask for less."""


@dataclass(frozen=True, slots=True)
class Team:
    """A lead's group of people; who they are comes from set-up, from a user group, or from both."""

    workspace: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CompanyHelp:
    """The company's own help for its people (EAP), shown before any other help line."""

    name: str
    how: str
    hours: str = ""

    @property
    def line(self) -> str:
        """All of it in one line."""
        return " · ".join(part for part in (self.name, self.how, self.hours) if part)


@dataclass(frozen=True, slots=True)
class BreakCode:
    """The phone-system status to set for a break of up to so many minutes."""

    minutes: int
    code: str


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """The boundary ladder in the company's own words; an empty line means that ours is shown."""

    warn: str = ""
    final: str = ""
    end: str = ""
    may_end: bool = True


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When the workspace works: for those whose own zone isn't known, and for what is quiet."""

    zone: str = "UTC"
    working_days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    quiet_from: dt.time = field(default=dt.time(20))
    quiet_until: dt.time = field(default=dt.time(8))


class Teams(Protocol):
    """What a workspace set up, with sane answers where it set up nothing."""

    def teams(self, tx: Transaction, workspace: str) -> Sequence[Team]:
        """Every team, by name."""
        ...

    def team(self, tx: Transaction, workspace: str, team_id: str) -> Team | None:
        """One team; None once it was removed."""
        ...

    def team_of(self, tx: Transaction, member: Member) -> Team | None:
        """The team somebody is in: named there first, else by user group, else None."""
        ...

    def members_of(self, tx: Transaction, team: Team) -> Sequence[Member]:
        """Everybody in a team who still works here, leads not included unless they are in it too."""
        ...

    def leads_of(self, tx: Transaction, team: Team) -> Sequence[Member]:
        """Its leads who still work here; may be none."""
        ...

    def teams_led_by(self, tx: Transaction, member: Member) -> Sequence[Team]:
        """The teams somebody leads; none for one who left or is a guest."""
        ...

    def is_admin(self, tx: Transaction, member: Member) -> bool:
        """Whether somebody may set Steady up: installer, workspace admins, people they named."""
        ...

    def debrief_channel(self, tx: Transaction, workspace: str, team_id: str | None) -> str | None:
        """The team's channel for debriefs, else the workspace's, else None; never one known to be gone."""
        ...

    def rings(self, tx: Transaction, workspace: str) -> Sequence[Sequence[Member]]:
        """Whom to ask for backup, the first ring first; only people who still work here."""
        ...

    def zone_of(self, tx: Transaction, member: Member) -> str:
        """Somebody's own zone as Slack tells it, else the workspace's; an IANA name."""
        ...

    def working_days(self, tx: Transaction, workspace: str) -> frozenset[int]:
        """ISO weekdays (Monday is 1); never none."""
        ...

    def quiet_rules(self, tx: Transaction, workspace: str) -> QuietRules:
        """When personal messages wait."""
        ...

    def eap(self, tx: Transaction, workspace: str) -> CompanyHelp | None:
        """The company's own help, if it named any."""
        ...

    def country(self, tx: Transaction, workspace: str) -> str:
        """Whose help lines come first; a two-letter code."""
        ...

    def break_codes(self, tx: Transaction, workspace: str) -> Sequence[BreakCode]:
        """Phone-system codes, the shortest break first; may be none."""
        ...

    def break_code(self, tx: Transaction, workspace: str, minutes: int) -> str:
        """The code for a break of so many minutes; "" where none was set."""
        ...

    def policy_words(self, tx: Transaction, workspace: str) -> PolicyWords:
        """The boundary ladder's words."""
        ...

    def retention(self, tx: Transaction, workspace: str, kept: Kept) -> dt.timedelta:
        """How long a class of data is kept; never longer than `KEPT_FOR`."""
        ...

    def thresholds(self, tx: Transaction, workspace: str) -> Thresholds:
        """The smallest groups that figures may come from; never below the floor in code."""
        ...

    def report_channel(self, tx: Transaction, workspace: str, channel: str, trouble: str) -> None:
        """Note Slack's error name for a channel that can't be posted to; set-up then says so."""
        ...
