-- The channel a member usually works in, so that a card comes spoken or written without asking.
CREATE TABLE preferences (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    channel TEXT NOT NULL,
    changed_at STAMP NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);
