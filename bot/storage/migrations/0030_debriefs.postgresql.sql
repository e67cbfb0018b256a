-- Full text: folded words, and beside them the circles of people that may find it.
CREATE TABLE debrief_search (
    row_no BIGINT GENERATED ALWAYS AS IDENTITY,
    workspace_id KEYTEXT NOT NULL,
    kind KEYTEXT NOT NULL,
    thing_id KEYTEXT NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (workspace_id, kind, thing_id)
);

CREATE INDEX debrief_search_words ON debrief_search USING gin (words);
