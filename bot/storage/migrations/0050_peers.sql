-- Colleagues who offered to listen, and until when they may be asked today.
CREATE TABLE peer_supporters (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    per_week INTEGER NOT NULL,
    asked_from KEYTEXT NOT NULL,
    asked_until KEYTEXT NOT NULL,
    topics KEYTEXT NOT NULL,
    floor_ends_at STAMP,
    PRIMARY KEY (workspace_id, member_id)
);

-- Whom somebody does not want to be brought together with: sealed as a whole, so that no row names two people.
CREATE TABLE peer_not_with (
    workspace_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);

-- Who asked for a peer, and who talked with them; no words. channel_id and message_ts are where the asker reads
-- how it stands.
CREATE TABLE peer_requests (
    workspace_id KEYTEXT NOT NULL,
    request_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    topic KEYTEXT NOT NULL,
    wish KEYTEXT NOT NULL,
    wants_follow_up INTEGER NOT NULL,
    state KEYTEXT NOT NULL,
    round INTEGER NOT NULL,
    round_ends_at STAMP NOT NULL,
    supporter_id KEYTEXT,
    channel_id KEYTEXT,
    message_ts KEYTEXT,
    made_at STAMP NOT NULL,
    PRIMARY KEY (workspace_id, request_id)
);

CREATE UNIQUE INDEX peer_requests_open ON peer_requests (workspace_id, member_id) WHERE state = 'open';
CREATE INDEX peer_requests_by_member ON peer_requests (workspace_id, member_id, made_at);
CREATE INDEX peer_requests_by_time ON peer_requests (workspace_id, made_at);

-- Which supporter was asked when. A decline, a time that ran out and a request that needs nobody any more are all
-- 'over'. request_id goes when the asker erases their data; what is left is the supporter's own load.
CREATE TABLE peer_asks (
    workspace_id KEYTEXT NOT NULL,
    ask_id KEYTEXT NOT NULL,
    request_id KEYTEXT,
    member_id KEYTEXT NOT NULL,
    state KEYTEXT NOT NULL,
    asked_at STAMP NOT NULL,
    channel_id KEYTEXT,
    message_ts KEYTEXT,
    PRIMARY KEY (workspace_id, ask_id)
);

CREATE INDEX peer_asks_by_request ON peer_asks (workspace_id, request_id);
CREATE INDEX peer_asks_by_member ON peer_asks (workspace_id, member_id, asked_at);
