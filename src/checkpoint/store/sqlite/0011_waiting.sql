-- What waits for somebody's next step, for minutes at most: lists to be confirmed, marks of what was used.
CREATE TABLE waiting (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    what TEXT NOT NULL,
    owner BLOB REFERENCES person (id),
    body BLOB NOT NULL,
    since_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX waiting_ends ON waiting (ends_ms);
CREATE INDEX waiting_what ON waiting (what, since_ms);
CREATE INDEX waiting_owner ON waiting (owner);
