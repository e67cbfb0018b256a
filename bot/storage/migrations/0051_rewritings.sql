-- When rows were deleted whose words may still lie in the database's files; a row goes once they are rewritten.
CREATE TABLE rewritings (
    since STAMP NOT NULL,
    PRIMARY KEY (since)
);
