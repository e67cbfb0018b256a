-- Who is asked a weekly question, and when: their own weekday (ISO, Monday 1), time of day and zone. open_week is
-- the week whose question waits for an answer, asks_at the moment of the next one.
CREATE TABLE checkin_plans (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    weekday INTEGER NOT NULL,
    at_time KEYTEXT NOT NULL,
    zone KEYTEXT NOT NULL,
    follows_slack INTEGER NOT NULL,
    every_weeks INTEGER NOT NULL,
    ignored INTEGER NOT NULL,
    open_week KEYTEXT NOT NULL,
    is_news INTEGER NOT NULL,
    is_paused INTEGER NOT NULL,
    resumes_on STAMP,
    asks_at STAMP,
    PRIMARY KEY (workspace_id, member_id)
);

-- Answers with what was ticked and noted, sealed; one a week (ISO, 2026-W48).
CREATE TABLE checkin_answers (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    week KEYTEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (workspace_id, member_id, week)
);

-- Which nudge somebody was shown in which week, and which they found not helpful.
CREATE TABLE checkin_nudges (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    nudge_id KEYTEXT NOT NULL,
    week KEYTEXT NOT NULL,
    is_unwanted INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, member_id, nudge_id)
);
