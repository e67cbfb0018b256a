"""The answers that other features ask of set-up (`bot.teams.Teams`)."""

import datetime as dt
from collections.abc import Sequence

from bot.directory import store as directory
from bot.people import Member
from bot.safeguards.suppression import Thresholds
from bot.scheduler.availability import QuietRules
from bot.settings import store
from bot.settings.model import code_for
from bot.storage.database import Transaction
from bot.teams import BreakCode, CompanyHelp, Kept, PolicyWords, Team


class Answers:
    """Answers `Teams`, from what was set up and from who is here at this moment."""

    def __init__(self, country: str) -> None:
        self._country = country

    def teams(self, tx: Transaction, workspace: str) -> Sequence[Team]:
        """Every team, by name."""
        return store.teams(tx, workspace)

    def team(self, tx: Transaction, workspace: str, team_id: str) -> Team | None:
        """One team; None once it was removed."""
        return store.team(tx, workspace, team_id)

    def team_of(self, tx: Transaction, member: Member) -> Team | None:
        """The team somebody is in: named there first, else by user group, else None."""
        if not store.belonging(tx, [member]):
            return None
        return next(iter(store.teams_of(tx, member, is_lead=False)), None)

    def members_of(self, tx: Transaction, team: Team) -> Sequence[Member]:
        """Everybody in a team who still works here."""
        return store.people_in(tx, team, is_lead=False)

    def leads_of(self, tx: Transaction, team: Team) -> Sequence[Member]:
        """Its leads who still work here; a guest never leads."""
        return store.people_in(tx, team, is_lead=True)

    def teams_led_by(self, tx: Transaction, member: Member) -> Sequence[Team]:
        """The teams somebody leads; none for one who left or is a guest."""
        if not store.belonging(tx, [member], guests=False):
            return ()
        return store.teams_of(tx, member, is_lead=True)

    def is_admin(self, tx: Transaction, member: Member) -> bool:
        """Whether somebody may set Steady up; leaving or becoming a guest ends it."""
        person = directory.get(tx, member)
        if person is not None and not person.is_colleague:
            return False
        is_workspace_admin = person is not None and person.is_admin
        return is_workspace_admin or member.id in store.admins(tx, member.workspace)

    def debrief_channel(self, tx: Transaction, workspace: str, team_id: str | None) -> str | None:
        """The team's channel, else the workspace's; never one known to be gone."""
        form = store.team_form(tx, workspace, team_id) if team_id else None
        wanted = (form.channel if form else "", store.settings(tx, workspace).channel)
        usable = (it for it in wanted if it and not store.channel_trouble(tx, workspace, it))
        return next(usable, None)

    def rings(self, tx: Transaction, workspace: str) -> Sequence[Sequence[Member]]:
        """Whom to ask for backup, the first ring first; guests and empty rings are left out."""
        everyone = ([Member(workspace, it) for it in ring] for ring in store.rings(tx, workspace))
        return [here for ring in everyone if (here := store.belonging(tx, ring, guests=False))]

    def zone_of(self, tx: Transaction, member: Member) -> str:
        """Somebody's own zone as Slack tells it, else the workspace's."""
        person = directory.get(tx, member)
        return (person.zone if person else None) or store.settings(tx, member.workspace).hours.zone

    def working_days(self, tx: Transaction, workspace: str) -> frozenset[int]:
        """ISO weekdays; never none."""
        return store.settings(tx, workspace).hours.working_days

    def quiet_rules(self, tx: Transaction, workspace: str) -> QuietRules:
        """When personal messages wait."""
        hours = store.settings(tx, workspace).hours
        return QuietRules(hours.quiet_from, hours.quiet_until, hours.working_days, hours.zone)

    def eap(self, tx: Transaction, workspace: str) -> CompanyHelp | None:
        """The company's own help, if it named any."""
        return store.settings(tx, workspace).eap

    def country(self, tx: Transaction, workspace: str) -> str:
        """Whose help lines come first; the installation's own until somebody chose."""
        return store.settings(tx, workspace).country or self._country

    def break_codes(self, tx: Transaction, workspace: str) -> Sequence[BreakCode]:
        """Phone-system codes, the shortest break first."""
        return store.settings(tx, workspace).break_codes

    def break_code(self, tx: Transaction, workspace: str, minutes: int) -> str:
        """The code for a break of so many minutes; "" where none was set."""
        return code_for(store.settings(tx, workspace).break_codes, minutes)

    def policy_words(self, tx: Transaction, workspace: str) -> PolicyWords:
        """The boundary ladder's words."""
        return store.settings(tx, workspace).policy

    def retention(self, tx: Transaction, workspace: str, kept: Kept) -> dt.timedelta:
        """How long a class of data is kept; never longer than ours."""
        return store.settings(tx, workspace).kept_for(kept)

    def thresholds(self, tx: Transaction, workspace: str) -> Thresholds:
        """The smallest groups that figures may come from; never below ours."""
        return store.settings(tx, workspace).thresholds

    def report_channel(self, tx: Transaction, workspace: str, channel: str, trouble: str) -> None:
        """Note Slack's error name for a channel that can't be posted to."""
        store.save_channel_trouble(tx, workspace, channel, trouble)
