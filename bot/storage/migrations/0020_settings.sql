-- What a workspace decided, as JSON by name; what is missing has its default in code.
CREATE TABLE settings (
    workspace_id KEYTEXT NOT NULL,
    name KEYTEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (workspace_id, name)
);

-- Who may set Steady up besides the workspace's own admins.
CREATE TABLE admins (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    is_installer INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);

CREATE TABLE teams (
    workspace_id KEYTEXT NOT NULL,
    team_id KEYTEXT NOT NULL,
    name TEXT NOT NULL,
    people_group KEYTEXT,
    lead_group KEYTEXT,
    channel_id KEYTEXT,
    PRIMARY KEY (workspace_id, team_id)
);

-- The people named one by one; those of a user group are in user_group_people.
CREATE TABLE team_people (
    workspace_id KEYTEXT NOT NULL,
    team_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    is_lead INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, team_id, member_id, is_lead)
);

CREATE INDEX team_people_by_member ON team_people (workspace_id, member_id);

-- Slack's user groups by name, for choosing; who is in them only of those that a team uses.
CREATE TABLE user_groups (
    workspace_id KEYTEXT NOT NULL,
    group_id KEYTEXT NOT NULL,
    name TEXT NOT NULL,
    is_gone INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, group_id)
);

CREATE TABLE user_group_people (
    workspace_id KEYTEXT NOT NULL,
    group_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    PRIMARY KEY (workspace_id, group_id, member_id)
);

CREATE INDEX user_group_people_by_member ON user_group_people (workspace_id, member_id);

CREATE TABLE backup_rings (
    workspace_id KEYTEXT NOT NULL,
    ring INTEGER NOT NULL,
    member_id KEYTEXT NOT NULL,
    PRIMARY KEY (workspace_id, ring, member_id)
);

-- Channels that can't be posted to, and Slack's name for why.
CREATE TABLE channel_troubles (
    workspace_id KEYTEXT NOT NULL,
    channel_id KEYTEXT NOT NULL,
    trouble KEYTEXT NOT NULL,
    PRIMARY KEY (workspace_id, channel_id)
);
