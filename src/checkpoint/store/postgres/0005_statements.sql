-- The learning record store: what other systems send, and by what credentials. Keys are 128 bits of SHA-256.
CREATE TABLE credential (
    key TEXT PRIMARY KEY,
    unit UUID NOT NULL REFERENCES unit (id),
    name BYTEA NOT NULL,
    scope TEXT NOT NULL CHECK (scope <> ''),
    secret_hash BYTEA NOT NULL CHECK (octet_length(secret_hash) = 32),
    made_ms BIGINT NOT NULL,
    ended_ms BIGINT
);
CREATE INDEX credential_unit ON credential (unit);

-- Gives places in the order of commits: whoever adds statements holds this row until the commit.
CREATE TABLE statement_frontier (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    place BIGINT NOT NULL
);
INSERT INTO statement_frontier (only_one, place) VALUES (1, 0);

-- An id is one statement within a unit: units do not learn of one another by ids that are taken.
CREATE TABLE statement (
    place BIGINT NOT NULL UNIQUE,
    unit UUID NOT NULL REFERENCES unit (id),
    id UUID NOT NULL,
    stored_ms BIGINT NOT NULL,
    refers UUID,
    is_voiding BIGINT NOT NULL,
    is_voided BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (unit, id)
);
CREATE INDEX statement_stored ON statement (unit, stored_ms, place);
CREATE INDEX statement_refers ON statement (unit, refers);

-- By what a statement is found: what it says itself (origin is its own place), and what those say that it refers to.
CREATE TABLE mark (
    unit UUID NOT NULL,
    what BIGINT NOT NULL,
    key UUID NOT NULL,
    stored_ms BIGINT NOT NULL,
    place BIGINT NOT NULL,
    origin BIGINT NOT NULL,
    PRIMARY KEY (unit, what, key, stored_ms, place, origin)
);

CREATE TABLE attachment (
    unit UUID NOT NULL REFERENCES unit (id),
    sha2 TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (unit, sha2)
);

-- What statements have said of activities.
CREATE TABLE activity (
    unit UUID NOT NULL REFERENCES unit (id),
    key UUID NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (unit, key)
);

CREATE TABLE document (
    unit UUID NOT NULL REFERENCES unit (id),
    kind BIGINT NOT NULL,
    activity UUID NOT NULL,
    agent UUID NOT NULL,
    registration UUID NOT NULL,
    name BYTEA NOT NULL,
    named TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BYTEA NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (unit, kind, activity, agent, registration, name)
);

-- The log is read in the order of receiving, too.
CREATE INDEX event_received ON event (received_at_ms, seq);
