-- Full text. The first table knows which row of the second belongs to what; the second holds folded words, and
-- beside them the circles of people that may find it.
CREATE TABLE debrief_search_rows (
    row_no INTEGER NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    UNIQUE (workspace_id, kind, thing_id)
);

CREATE VIRTUAL TABLE debrief_search USING fts5(circles, words, tokenize = "unicode61 remove_diacritics 0 tokenchars '_'");
