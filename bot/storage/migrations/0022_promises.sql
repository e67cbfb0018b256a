-- What was promised to a customer, by when, and who keeps it. member_id made it; keeper_id keeps it now, NULL
-- while it lies in the team's queue; asked_id was asked to take it over and has not answered yet.
CREATE TABLE promises (
    workspace_id KEYTEXT NOT NULL,
    promise_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    keeper_id KEYTEXT,
    asked_id KEYTEXT,
    team_id KEYTEXT,
    what TEXT NOT NULL,
    ticket TEXT NOT NULL,
    situation KEYTEXT NOT NULL,
    due_at STAMP NOT NULL,
    zone KEYTEXT NOT NULL,
    state KEYTEXT NOT NULL,
    outcome KEYTEXT,
    turn INTEGER NOT NULL,
    made_at STAMP NOT NULL,
    changed_at STAMP NOT NULL,
    PRIMARY KEY (workspace_id, promise_id)
);

CREATE INDEX promises_by_keeper ON promises (workspace_id, keeper_id, due_at);
CREATE INDEX promises_by_maker ON promises (workspace_id, member_id);
CREATE INDEX promises_asked ON promises (workspace_id, asked_id) WHERE asked_id IS NOT NULL;
CREATE INDEX promises_by_team ON promises (workspace_id, team_id) WHERE team_id IS NOT NULL;

-- Days off that somebody told when asked who keeps a promise: one date a row, theirs alone.
CREATE TABLE promise_days_off (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    off_on STAMP NOT NULL,
    PRIMARY KEY (workspace_id, member_id, off_on)
);
