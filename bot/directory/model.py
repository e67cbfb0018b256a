"""A person as far as sending them a message, or putting them into a team, needs it.

Who may do what is decided here, in three steps. *Everybody* gets cards, resets and help lines, and logs and
finds what is their own. Whoever `may_belong`, guests in Slack among them, can be in a team. An `is_colleague`
alone is written to by Steady, and so can promise, be asked or thanked, answer weekly, talk to a peer, hold a
debrief, lead or set up; and sees what others share. People of other companies (Slack Connect) are neither.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.people import Member


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a workspace; `zone` is an IANA name, or None where Slack tells none that we know.

    A stranger is from another company (Slack Connect). `unreachable` is Slack's error name from the last
    attempt to write to them, until Slack tells something new about them.
    """

    member: Member
    name: str = ""
    zone: str | None = None
    is_active: bool = True
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    is_stranger: bool = False
    is_away: bool = False
    away_until: datetime | None = None
    dnd_from: datetime | None = None
    dnd_until: datetime | None = None
    unreachable: str | None = None
    changed_s: int = 0
    """When Slack last changed them, in its unix seconds: an older event must not undo a newer one."""

    @property
    def may_belong(self) -> bool:
        """Whether they can be in a team or lead one: active, of this company, no bot."""
        return self.is_active and not (self.is_bot or self.is_stranger)

    @property
    def is_colleague(self) -> bool:
        """Whether they belong and are no guest, so that Steady writes to them."""
        return self.may_belong and not self.is_guest
