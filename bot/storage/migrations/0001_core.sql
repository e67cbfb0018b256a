-- Did a phrase help? Pooled by day; no member, so that use is never stored.
CREATE TABLE votes (
    workspace_id KEYTEXT NOT NULL,
    phrase_id KEYTEXT NOT NULL,
    situation KEYTEXT NOT NULL,
    day STAMP NOT NULL,
    helped INTEGER NOT NULL DEFAULT 0,
    not_helped INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, phrase_id, situation, day)
);

-- What Slack has delivered already, by its natural key; Slack delivers again what it thinks we missed.
CREATE TABLE deliveries (
    delivery_key KEYTEXT NOT NULL PRIMARY KEY,
    seen_at STAMP NOT NULL
);

CREATE INDEX deliveries_by_time ON deliveries (seen_at);
