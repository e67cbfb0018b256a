-- What is to be sent or done, once each. due_at, grace_until and ended_at are intent time; held_until and
-- attempt_at are real time: how long a worker may hold a job, and when it last tried to send it.
CREATE TABLE jobs (
    workspace_id KEYTEXT NOT NULL,
    kind KEYTEXT NOT NULL,
    job_key KEYTEXT NOT NULL,
    recipient_id KEYTEXT NOT NULL,
    about_id KEYTEXT,
    thread_ts KEYTEXT,
    is_personal INTEGER NOT NULL,
    payload TEXT NOT NULL,
    state KEYTEXT NOT NULL,
    reason KEYTEXT,
    due_at STAMP NOT NULL,
    grace_until STAMP NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    holder KEYTEXT,
    held_until STAMP,
    marker KEYTEXT,
    attempt_at STAMP,
    ended_at STAMP,
    PRIMARY KEY (workspace_id, kind, job_key)
);

CREATE INDEX jobs_due ON jobs (workspace_id, due_at) WHERE state = 'due';
CREATE INDEX jobs_held ON jobs (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX jobs_by_recipient ON jobs (workspace_id, recipient_id);
CREATE INDEX jobs_about ON jobs (workspace_id, about_id) WHERE about_id IS NOT NULL;
CREATE INDEX jobs_ended ON jobs (workspace_id, ended_at) WHERE ended_at IS NOT NULL;

-- Which workspaces have jobs, and which are stopped and why. Apart from `paces`, which changes all the time:
-- whoever adds a job should not meet a worker there.
CREATE TABLE scheduled_workspaces (
    workspace_id KEYTEXT NOT NULL PRIMARY KEY,
    stopped_reason KEYTEXT,
    stopped_at STAMP
);

-- When the next message may go out in a workspace, in real time, shared by all replicas.
CREATE TABLE paces (
    workspace_id KEYTEXT NOT NULL PRIMARY KEY,
    next_at STAMP NOT NULL,
    paused_until STAMP NOT NULL
);

-- Where the bot's DM with a member is, so that it can be read back.
CREATE TABLE dm_channels (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    channel_id KEYTEXT NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);

-- What the bot posted, so that it can be taken out of Slack at its age; no words.
CREATE TABLE posted_messages (
    workspace_id KEYTEXT NOT NULL,
    channel_id KEYTEXT NOT NULL,
    ts KEYTEXT NOT NULL,
    kind KEYTEXT NOT NULL,
    recipient_id KEYTEXT NOT NULL,
    about_id KEYTEXT,
    sent_at STAMP NOT NULL,
    stuck_reason KEYTEXT,
    PRIMARY KEY (workspace_id, channel_id, ts)
);

CREATE INDEX posted_messages_by_age ON posted_messages (workspace_id, kind, sent_at) WHERE stuck_reason IS NULL;
CREATE INDEX posted_messages_by_recipient ON posted_messages (workspace_id, recipient_id);
CREATE INDEX posted_messages_about ON posted_messages (workspace_id, about_id) WHERE about_id IS NOT NULL;

-- What retention removed, and when: counts by what they counted, as JSON.
CREATE TABLE retention_runs (
    workspace_id KEYTEXT NOT NULL,
    ran_at STAMP NOT NULL,
    removed TEXT NOT NULL,
    PRIMARY KEY (workspace_id, ran_at)
);
