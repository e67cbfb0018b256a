-- Who is in the workspace, as far as sending a message needs it; no addresses, no status texts.
CREATE TABLE people (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    name TEXT NOT NULL,
    zone KEYTEXT,
    is_active INTEGER NOT NULL,
    is_admin INTEGER NOT NULL,
    is_guest INTEGER NOT NULL,
    is_bot INTEGER NOT NULL,
    is_stranger INTEGER NOT NULL,
    is_away INTEGER NOT NULL,
    away_until STAMP,
    dnd_from STAMP,
    dnd_until STAMP,
    unreachable KEYTEXT,
    changed_s BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);
