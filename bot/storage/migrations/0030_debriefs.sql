-- Hard contacts that somebody logged. channel_id and team_id are the ones the author was told of; the words
-- (ticket, happened, helped) age out before the rest.
CREATE TABLE entries (
    workspace_id KEYTEXT NOT NULL,
    entry_id KEYTEXT NOT NULL,
    author_id KEYTEXT NOT NULL,
    audience KEYTEXT NOT NULL,
    channel_id KEYTEXT,
    team_id KEYTEXT,
    about KEYTEXT NOT NULL,
    conduct KEYTEXT NOT NULL,
    hardness INTEGER NOT NULL,
    is_counted INTEGER NOT NULL,
    outcome KEYTEXT NOT NULL,
    card_helped KEYTEXT NOT NULL,
    journey KEYTEXT NOT NULL,
    ticket TEXT NOT NULL,
    happened TEXT NOT NULL,
    helped TEXT NOT NULL,
    logged_at STAMP NOT NULL,
    PRIMARY KEY (workspace_id, entry_id)
);

CREATE INDEX entries_by_author ON entries (workspace_id, author_id, logged_at);
CREATE INDEX entries_by_time ON entries (workspace_id, logged_at);
CREATE INDEX entries_by_channel ON entries (workspace_id, channel_id, logged_at) WHERE audience <> 'only_me';
CREATE INDEX entries_by_team ON entries (workspace_id, team_id, logged_at) WHERE audience = 'team';

-- What hard contacts were about, as far as their authors let them be counted: no member, so nobody's to erase.
CREATE TABLE cause_counts (
    workspace_id KEYTEXT NOT NULL,
    team_id KEYTEXT NOT NULL,
    day STAMP NOT NULL,
    what KEYTEXT NOT NULL,
    id KEYTEXT NOT NULL,
    contacts INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, team_id, day, what, id)
);

-- A talk about an entry, in a channel's thread or alone; it has the entry's id, so there is one at most.
-- root_ts is unknown until Slack took the first message.
CREATE TABLE debriefs (
    workspace_id KEYTEXT NOT NULL,
    debrief_id KEYTEXT NOT NULL,
    author_id KEYTEXT NOT NULL,
    audience KEYTEXT NOT NULL,
    channel_id KEYTEXT,
    team_id KEYTEXT,
    about KEYTEXT NOT NULL,
    shared KEYTEXT NOT NULL,
    step KEYTEXT NOT NULL,
    is_open INTEGER NOT NULL,
    posted_in KEYTEXT,
    root_ts KEYTEXT,
    summary TEXT NOT NULL,
    opened_at STAMP NOT NULL,
    touched_at STAMP NOT NULL,
    closed_at STAMP,
    PRIMARY KEY (workspace_id, debrief_id)
);

CREATE UNIQUE INDEX debriefs_by_thread ON debriefs (workspace_id, posted_in, root_ts) WHERE root_ts IS NOT NULL;
CREATE INDEX debriefs_by_author ON debriefs (workspace_id, author_id, opened_at);
CREATE INDEX debriefs_by_time ON debriefs (workspace_id, opened_at);

-- What was said in a debrief: by button (reply_key is the form's) or in the thread (the message's ts). A row with
-- is_gone keeps an original that arrives after its deletion from coming back.
CREATE TABLE debrief_replies (
    workspace_id KEYTEXT NOT NULL,
    debrief_id KEYTEXT NOT NULL,
    reply_key KEYTEXT NOT NULL,
    author_id KEYTEXT NOT NULL,
    step KEYTEXT NOT NULL,
    is_private INTEGER NOT NULL,
    is_gone INTEGER NOT NULL,
    version KEYTEXT NOT NULL,
    body TEXT NOT NULL,
    said_at STAMP NOT NULL,
    PRIMARY KEY (workspace_id, debrief_id, reply_key)
);

CREATE INDEX debrief_replies_by_author ON debrief_replies (workspace_id, author_id);

CREATE TABLE debrief_me_toos (
    workspace_id KEYTEXT NOT NULL,
    debrief_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    PRIMARY KEY (workspace_id, debrief_id, member_id)
);

CREATE INDEX debrief_me_toos_by_member ON debrief_me_toos (workspace_id, member_id);

-- Where the bot's own messages of a debrief are, so that they can be taken out of Slack; no words.
CREATE TABLE debrief_messages (
    workspace_id KEYTEXT NOT NULL,
    channel_id KEYTEXT NOT NULL,
    ts KEYTEXT NOT NULL,
    debrief_id KEYTEXT NOT NULL,
    kind KEYTEXT NOT NULL,
    PRIMARY KEY (workspace_id, channel_id, ts)
);

CREATE INDEX debrief_messages_by_debrief ON debrief_messages (workspace_id, debrief_id);

-- What others may use from a debrief; one each.
CREATE TABLE lessons (
    workspace_id KEYTEXT NOT NULL,
    lesson_id KEYTEXT NOT NULL,
    author_id KEYTEXT NOT NULL,
    audience KEYTEXT NOT NULL,
    channel_id KEYTEXT,
    team_id KEYTEXT,
    about KEYTEXT NOT NULL,
    body TEXT NOT NULL,
    kept_at STAMP NOT NULL,
    PRIMARY KEY (workspace_id, lesson_id)
);

CREATE INDEX lessons_by_situation ON lessons (workspace_id, about, kept_at);
CREATE INDEX lessons_by_author ON lessons (workspace_id, author_id);

-- What an owner of a cause was asked to do about it; one for each debrief.
CREATE TABLE cause_actions (
    workspace_id KEYTEXT NOT NULL,
    action_id KEYTEXT NOT NULL,
    author_id KEYTEXT NOT NULL,
    owner_id KEYTEXT NOT NULL,
    about KEYTEXT NOT NULL,
    what TEXT NOT NULL,
    due_on STAMP NOT NULL,
    asked_at STAMP NOT NULL,
    done_at STAMP,
    PRIMARY KEY (workspace_id, action_id)
);

CREATE INDEX cause_actions_by_author ON cause_actions (workspace_id, author_id);
CREATE INDEX cause_actions_by_owner ON cause_actions (workspace_id, owner_id);

-- Who is in the channels that debriefs are held in, as Slack said at checked_at and by events since. `trouble`
-- says why none may be held there; '' for none.
CREATE TABLE rooms (
    workspace_id KEYTEXT NOT NULL,
    channel_id KEYTEXT NOT NULL,
    name TEXT NOT NULL,
    is_public INTEGER NOT NULL,
    trouble KEYTEXT NOT NULL,
    checked_at STAMP NOT NULL,
    PRIMARY KEY (workspace_id, channel_id)
);

CREATE TABLE room_people (
    workspace_id KEYTEXT NOT NULL,
    channel_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    PRIMARY KEY (workspace_id, channel_id, member_id)
);

CREATE INDEX room_people_by_member ON room_people (workspace_id, member_id);
