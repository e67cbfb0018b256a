"""What set-up keeps; who still works here is asked of the directory in the same unit of work."""

import json
from collections.abc import Iterable, Mapping, Sequence

from bot.directory import store as directory
from bot.people import Member
from bot.settings.model import RINGS, Group, Settings, TeamForm, read_settings
from bot.storage.database import Row, Transaction
from bot.teams import Team

_SETTINGS = "SELECT name, value FROM settings WHERE workspace_id = :workspace"
_PUT = """
INSERT INTO settings (workspace_id, name, value) VALUES (:workspace, :name, :value)
ON CONFLICT (workspace_id, name) DO UPDATE SET value = excluded.value
"""
_TEAMS = "SELECT * FROM teams WHERE workspace_id = :workspace ORDER BY lower(name), team_id"
_TEAM = "SELECT * FROM teams WHERE workspace_id = :workspace AND team_id = :team"
_SAVE_TEAM = """
INSERT INTO teams (workspace_id, team_id, name, people_group, lead_group, channel_id)
VALUES (:workspace, :team, :name, :people_group, :lead_group, :channel)
ON CONFLICT (workspace_id, team_id) DO UPDATE SET
    name = excluded.name, people_group = excluded.people_group, lead_group = excluded.lead_group,
    channel_id = excluded.channel_id
"""
_NAME_PERSON = """
INSERT INTO team_people (workspace_id, team_id, member_id, is_lead)
VALUES (:workspace, :team, :member, :is_lead)
ON CONFLICT (workspace_id, team_id, member_id, is_lead) DO NOTHING
"""
_NAMED = """
SELECT member_id, is_lead FROM team_people WHERE workspace_id = :workspace AND team_id = :team
ORDER BY member_id
"""
# Named first, then by group; is_named sorts them so and one row a team comes back.
_OF_MEMBER = """
SELECT teams.*, 1 AS is_named FROM teams
JOIN team_people ON team_people.workspace_id = teams.workspace_id AND team_people.team_id = teams.team_id
WHERE teams.workspace_id = :workspace AND team_people.member_id = :member AND team_people.is_lead = :is_lead
UNION
SELECT teams.*, 0 AS is_named FROM teams
JOIN user_group_people AS grouped ON grouped.workspace_id = teams.workspace_id
    AND grouped.group_id = CASE WHEN :is_lead = 1 THEN teams.lead_group ELSE teams.people_group END
WHERE teams.workspace_id = :workspace AND grouped.member_id = :member
ORDER BY is_named DESC, team_id
"""
_IN_TEAM = """
SELECT member_id FROM team_people
WHERE workspace_id = :workspace AND team_id = :team AND is_lead = :is_lead
UNION
SELECT grouped.member_id FROM user_group_people AS grouped
JOIN teams ON teams.workspace_id = grouped.workspace_id
    AND grouped.group_id = CASE WHEN :is_lead = 1 THEN teams.lead_group ELSE teams.people_group END
WHERE teams.workspace_id = :workspace AND teams.team_id = :team
ORDER BY member_id
"""
_ADMINS = "SELECT member_id FROM admins WHERE workspace_id = :workspace ORDER BY is_installer DESC, member_id"
_ADD_ADMIN = """
INSERT INTO admins (workspace_id, member_id, is_installer) VALUES (:workspace, :member, :is_installer)
ON CONFLICT (workspace_id, member_id) DO NOTHING
"""
_GROUPS = """
SELECT group_id, name, is_gone FROM user_groups WHERE workspace_id = :workspace ORDER BY lower(name), group_id
"""
_SAVE_GROUP = """
INSERT INTO user_groups (workspace_id, group_id, name, is_gone) VALUES (:workspace, :id, :name, 0)
ON CONFLICT (workspace_id, group_id) DO UPDATE SET name = excluded.name, is_gone = 0
"""
_USED_GROUPS = """
SELECT people_group AS group_id FROM teams WHERE workspace_id = :workspace AND people_group IS NOT NULL
UNION
SELECT lead_group FROM teams WHERE workspace_id = :workspace AND lead_group IS NOT NULL
"""
_SAVE_GROUP_PERSON = """
INSERT INTO user_group_people (workspace_id, group_id, member_id) VALUES (:workspace, :id, :member)
ON CONFLICT (workspace_id, group_id, member_id) DO NOTHING
"""
_TROUBLE = "SELECT trouble FROM channel_troubles WHERE workspace_id = :workspace AND channel_id = :channel"
_SAVE_TROUBLE = """
INSERT INTO channel_troubles (workspace_id, channel_id, trouble) VALUES (:workspace, :channel, :trouble)
ON CONFLICT (workspace_id, channel_id) DO UPDATE SET trouble = excluded.trouble
"""
_RINGS = """
SELECT ring, member_id FROM backup_rings WHERE workspace_id = :workspace ORDER BY ring, member_id
"""


def settings(tx: Transaction, workspace: str) -> Settings:
    """Everything decided, with defaults."""
    rows = tx.all(_SETTINGS, workspace=workspace)
    return read_settings({row["name"]: row["value"] for row in rows})


def put(tx: Transaction, workspace: str, name: str, value: object) -> None:
    """Keep one decision."""
    tx.run(_PUT, workspace=workspace, name=name, value=json.dumps(value, ensure_ascii=False, sort_keys=True))


def teams(tx: Transaction, workspace: str) -> list[Team]:
    """Every team by name."""
    return [_team(row) for row in tx.all(_TEAMS, workspace=workspace)]


def team(tx: Transaction, workspace: str, team_id: str) -> Team | None:
    """One team."""
    row = tx.one(_TEAM, workspace=workspace, team=team_id)
    return _team(row) if row else None


def team_form(tx: Transaction, workspace: str, team_id: str) -> TeamForm | None:
    """A team as it was set up."""
    row = tx.one(_TEAM, workspace=workspace, team=team_id)
    if row is None:
        return None
    named = tx.all(_NAMED, workspace=workspace, team=team_id)
    return TeamForm(
        id=team_id,
        name=row["name"],
        people=tuple(it["member_id"] for it in named if not it["is_lead"]),
        leads=tuple(it["member_id"] for it in named if it["is_lead"]),
        people_group=row["people_group"] or "",
        lead_group=row["lead_group"] or "",
        channel=row["channel_id"] or "",
    )


def save_team(tx: Transaction, workspace: str, form: TeamForm) -> None:
    """Keep a team, its named people in place of those before."""
    tx.run(
        _SAVE_TEAM,
        workspace=workspace,
        team=form.id,
        name=form.name,
        people_group=form.people_group or None,
        lead_group=form.lead_group or None,
        channel=form.channel or None,
    )
    _unname(tx, workspace, form.id)
    rows = [(member, 0) for member in form.people] + [(member, 1) for member in form.leads]
    tx.many(
        _NAME_PERSON,
        [
            {"workspace": workspace, "team": form.id, "member": member, "is_lead": is_lead}
            for member, is_lead in rows
        ],
    )


def remove_team(tx: Transaction, workspace: str, team_id: str) -> bool:
    """Take a team away; False if it was gone."""
    _unname(tx, workspace, team_id)
    gone = tx.run(
        "DELETE FROM teams WHERE workspace_id = :workspace AND team_id = :team",
        workspace=workspace,
        team=team_id,
    )
    return gone == 1


def teams_of(tx: Transaction, member: Member, *, is_lead: bool) -> list[Team]:
    """The teams somebody is in or leads, those that name them first."""
    rows = tx.all(_OF_MEMBER, workspace=member.workspace, member=member.id, is_lead=int(is_lead))
    return list(dict.fromkeys(_team(row) for row in rows))


def people_in(tx: Transaction, team: Team, *, is_lead: bool) -> list[Member]:
    """Who is in a team, or leads it, and still works here."""
    rows = tx.all(_IN_TEAM, workspace=team.workspace, team=team.id, is_lead=int(is_lead))
    return belonging(tx, (Member(team.workspace, row["member_id"]) for row in rows), guests=not is_lead)


def belonging(tx: Transaction, members: Iterable[Member], *, guests: bool = True) -> list[Member]:
    """Those who still work here; somebody the directory hasn't met yet counts, a guest only where allowed."""
    known = ((member, directory.get(tx, member)) for member in members)
    return [
        member
        for member, person in known
        if person is None or (person.may_belong if guests else person.is_colleague)
    ]


def admins(tx: Transaction, workspace: str) -> list[str]:
    """The installer first, then the people named."""
    return [row["member_id"] for row in tx.all(_ADMINS, workspace=workspace)]


def installer(tx: Transaction, workspace: str) -> str | None:
    """Who installed Steady, as far as that is known."""
    row = tx.one(
        "SELECT member_id FROM admins WHERE workspace_id = :workspace AND is_installer = 1",
        workspace=workspace,
    )
    return row["member_id"] if row else None


def add_installer(tx: Transaction, member: Member) -> None:
    """Remember who installed Steady."""
    tx.run(_ADD_ADMIN, workspace=member.workspace, member=member.id, is_installer=1)


def name_admins(tx: Transaction, workspace: str, members: Iterable[str]) -> None:
    """Let these people set Steady up, besides the installer, in place of those named before."""
    tx.run("DELETE FROM admins WHERE workspace_id = :workspace AND is_installer = 0", workspace=workspace)
    tx.many(_ADD_ADMIN, [{"workspace": workspace, "member": it, "is_installer": 0} for it in members])


def groups(tx: Transaction, workspace: str) -> list[Group]:
    """The user groups Slack last told of, by name, and those that vanished while a team uses them."""
    rows = tx.all(_GROUPS, workspace=workspace)
    return [Group(row["group_id"], row["name"], bool(row["is_gone"])) for row in rows]


def save_groups(tx: Transaction, workspace: str, people: Mapping[Group, Sequence[str]]) -> None:
    """Take over Slack's user groups; of one that vanished its name stays and nobody is in it any more."""
    used = {row["group_id"] for row in tx.all(_USED_GROUPS, workspace=workspace)}
    tx.run("UPDATE user_groups SET is_gone = 1 WHERE workspace_id = :workspace", workspace=workspace)
    tx.run("DELETE FROM user_group_people WHERE workspace_id = :workspace", workspace=workspace)
    tx.many(_SAVE_GROUP, [{"workspace": workspace, "id": group.id, "name": group.name} for group in people])
    tx.many(
        _SAVE_GROUP_PERSON,
        [
            {"workspace": workspace, "id": group.id, "member": member}
            for group, members in people.items()
            if group.id in used
            for member in members
        ],
    )
    for group in groups(tx, workspace):
        if group.is_gone and group.id not in used:
            tx.run(
                "DELETE FROM user_groups WHERE workspace_id = :workspace AND group_id = :id",
                workspace=workspace,
                id=group.id,
            )


def channel_trouble(tx: Transaction, workspace: str, channel: str) -> str:
    """Slack's name for why a channel can't be posted to; "" if it can."""
    row = tx.one(_TROUBLE, workspace=workspace, channel=channel)
    return str(row["trouble"]) if row else ""


def save_channel_trouble(tx: Transaction, workspace: str, channel: str, trouble: str) -> None:
    """Keep what is wrong with a channel, or that nothing is any more."""
    if trouble:
        tx.run(_SAVE_TROUBLE, workspace=workspace, channel=channel, trouble=trouble)
    else:
        tx.run(
            "DELETE FROM channel_troubles WHERE workspace_id = :workspace AND channel_id = :channel",
            workspace=workspace,
            channel=channel,
        )


def channels_in_use(tx: Transaction, workspace: str) -> list[str]:
    """The channels that set-up names."""
    rows = tx.all(
        "SELECT DISTINCT channel_id FROM teams WHERE workspace_id = :workspace AND channel_id IS NOT NULL",
        workspace=workspace,
    )
    return sorted({row["channel_id"] for row in rows} | ({settings(tx, workspace).channel} - {""}))


def rings(tx: Transaction, workspace: str) -> list[list[str]]:
    """Whom to ask, by ring; always as many as there are rings."""
    found: list[list[str]] = [[] for _ in range(RINGS)]
    for row in tx.all(_RINGS, workspace=workspace):
        found[row["ring"]].append(row["member_id"])
    return found


def save_rings(tx: Transaction, workspace: str, members: Sequence[Sequence[str]]) -> None:
    """Keep whom to ask, in place of those before."""
    tx.run("DELETE FROM backup_rings WHERE workspace_id = :workspace", workspace=workspace)
    tx.many(
        "INSERT INTO backup_rings (workspace_id, ring, member_id) VALUES (:workspace, :ring, :member)",
        [
            {"workspace": workspace, "ring": at, "member": member}
            for at, ring in enumerate(members)
            for member in dict.fromkeys(ring)
        ],
    )


def workspaces(tx: Transaction) -> list[str]:
    """Every workspace that set something up."""
    rows = tx.all("SELECT workspace_id FROM settings UNION SELECT workspace_id FROM teams ORDER BY 1")
    return [row["workspace_id"] for row in rows]


def _unname(tx: Transaction, workspace: str, team_id: str) -> None:
    tx.run(
        "DELETE FROM team_people WHERE workspace_id = :workspace AND team_id = :team",
        workspace=workspace,
        team=team_id,
    )


def _team(row: Row) -> Team:
    return Team(row["workspace_id"], row["team_id"], row["name"])
