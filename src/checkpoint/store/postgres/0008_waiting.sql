-- What waits for somebody's next step, for minutes at most: lists to be confirmed, marks of what was used.
CREATE TABLE waiting (
    id UUID PRIMARY KEY,
    what TEXT NOT NULL,
    owner UUID REFERENCES person (id),
    body BYTEA NOT NULL,
    since_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL
);
CREATE INDEX waiting_ends ON waiting (ends_ms);
CREATE INDEX waiting_what ON waiting (what, since_ms);
CREATE INDEX waiting_owner ON waiting (owner);
