-- Somebody's own words: phrases saved from cards and said their way, techniques, triggers. origin is the
-- playbook's phrase that it was saved from, '' for one of their own.
CREATE TABLE kit_items (
    workspace_id KEYTEXT NOT NULL,
    item_id KEYTEXT NOT NULL,
    member_id KEYTEXT NOT NULL,
    kind KEYTEXT NOT NULL,
    situation KEYTEXT NOT NULL,
    origin KEYTEXT NOT NULL,
    body TEXT NOT NULL,
    offered_to KEYTEXT,
    is_credited INTEGER NOT NULL,
    saved_at STAMP NOT NULL,
    PRIMARY KEY (workspace_id, item_id)
);

CREATE UNIQUE INDEX kit_items_saved_once ON kit_items (workspace_id, member_id, origin) WHERE origin <> '';
CREATE INDEX kit_items_by_member ON kit_items (workspace_id, member_id, saved_at);
CREATE INDEX kit_items_offered ON kit_items (workspace_id, offered_to, situation) WHERE offered_to IS NOT NULL;
