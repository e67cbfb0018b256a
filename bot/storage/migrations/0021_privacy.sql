-- Who changed a setting or looked at others' figures: for everybody in the workspace to read.
CREATE TABLE access_log (
    workspace_id KEYTEXT NOT NULL,
    entry_id KEYTEXT NOT NULL,
    member_id KEYTEXT,
    what TEXT NOT NULL,
    noted_at STAMP NOT NULL,
    PRIMARY KEY (workspace_id, entry_id)
);

CREATE INDEX access_log_by_time ON access_log (workspace_id, noted_at);

-- Workspaces that took the app out, and by when everything of theirs must be gone.
CREATE TABLE deletions (
    workspace_id KEYTEXT NOT NULL PRIMARY KEY,
    reason KEYTEXT NOT NULL,
    asked_at STAMP NOT NULL,
    due_at STAMP NOT NULL
);

CREATE INDEX deletions_by_time ON deletions (due_at);
