"""What set-up keeps about people: who is in which team, who leads, who may change things."""

import datetime as dt
from collections.abc import Mapping

from bot.people import Member
from bot.personal import Exported, Table
from bot.storage.database import Transaction

UNTIL_CHANGED = "until it is changed"
_WITH_MEMBER = ("admins", "team_people", "user_group_people", "backup_rings")
_TEAMS = """
SELECT teams.name AS team, team_people.is_lead AS is_lead FROM team_people
JOIN teams ON teams.workspace_id = team_people.workspace_id AND teams.team_id = team_people.team_id
WHERE team_people.workspace_id = :workspace AND team_people.member_id = :member
ORDER BY teams.team_id, is_lead
"""
_GROUPS = """
SELECT user_groups.name AS user_group FROM user_group_people AS grouped
JOIN user_groups ON user_groups.workspace_id = grouped.workspace_id
    AND user_groups.group_id = grouped.group_id
WHERE grouped.workspace_id = :workspace AND grouped.member_id = :member
ORDER BY user_groups.group_id
"""
_RINGS = """
SELECT ring FROM backup_rings WHERE workspace_id = :workspace AND member_id = :member ORDER BY ring
"""
_ADMIN = "SELECT is_installer FROM admins WHERE workspace_id = :workspace AND member_id = :member"


class SettingsHolding:
    """Set-up as far as it names people; others set it, so erasing takes the person out of it."""

    tables = (
        Table("settings", "what was decided in set-up", "the workspace's", UNTIL_CHANGED),
        Table("admins", "who may set Steady up", "theirs", UNTIL_CHANGED, goes_with_leavers=True),
        Table("teams", "teams by name, their user groups and channels", "the workspace's", UNTIL_CHANGED),
        Table("team_people", "who is in a team or leads it", "theirs", UNTIL_CHANGED, goes_with_leavers=True),
        Table("user_groups", "names of Slack's user groups", "the workspace's", "as long as in Slack"),
        Table(
            "user_group_people", "who is in a user group that a team uses", "theirs", "as long as in Slack"
        ),
        Table("backup_rings", "whom to ask for backup", "theirs", UNTIL_CHANGED, goes_with_leavers=True),
        Table("channel_troubles", "channels that can't be posted to", "the workspace's", UNTIL_CHANGED),
    )

    def export(self, tx: Transaction, member: Member) -> Exported:
        """Teams, user groups, rings, and whether they may set up."""
        own = {"workspace": member.workspace, "member": member.id}
        teams = tx.all(_TEAMS, **own)
        return {
            "teams": [{"team": it["team"], "as": "lead" if it["is_lead"] else "member"} for it in teams],
            "user groups in use": tx.all(_GROUPS, **own),
            "backup rings": [{"ring": it["ring"] + 1} for it in tx.all(_RINGS, **own)],
            "may set Steady up": [
                {"as": "installer" if it["is_installer"] else "named"} for it in tx.all(_ADMIN, **own)
            ],
        }

    def erase(self, tx: Transaction, member: Member) -> None:
        """Take the member out of teams, rings and set-up; Slack's own user group is not ours to change."""
        for table in _WITH_MEMBER:
            tx.run(
                f"DELETE FROM {table} WHERE workspace_id = :workspace AND member_id = :member",  # noqa: S608  # our own table names
                workspace=member.workspace,
                member=member.id,
            )

    def erase_workspace(self, tx: Transaction, workspace: str) -> None:
        """Forget everything set up."""
        for table in self.tables:
            tx.run(f"DELETE FROM {table.name} WHERE workspace_id = :workspace", workspace=workspace)  # noqa: S608  # our own table names

    def purge(self, tx: Transaction, workspace: str, now: dt.datetime) -> Mapping[str, int]:  # noqa: ARG002  # the contract of every holding
        """Set-up doesn't age."""
        return {}
