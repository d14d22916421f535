-- The learning record store: what other systems send, and by what credentials. Keys are 128 bits of SHA-256.
CREATE TABLE credential (
    key TEXT PRIMARY KEY,
    unit BLOB NOT NULL REFERENCES unit (id),
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope <> ''),
    secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
    made_ms INTEGER NOT NULL,
    ended_ms INTEGER
) STRICT;
CREATE INDEX credential_unit ON credential (unit);

-- An id is one statement within a unit: units do not learn of one another by ids that are taken.
CREATE TABLE statement (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    unit BLOB NOT NULL REFERENCES unit (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    stored_ms INTEGER NOT NULL,
    refers BLOB CHECK (refers IS NULL OR length(refers) = 16),
    is_voiding INTEGER NOT NULL,
    is_voided INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (unit, id)
) STRICT;
CREATE INDEX statement_stored ON statement (unit, stored_ms, place);
CREATE INDEX statement_refers ON statement (unit, refers) WHERE refers IS NOT NULL;

-- By what a statement is found: what it says itself (origin is its own place), and what those say that it refers to.
CREATE TABLE mark (
    unit BLOB NOT NULL,
    what INTEGER NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 16),
    stored_ms INTEGER NOT NULL,
    place INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    PRIMARY KEY (unit, what, key, stored_ms, place, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
    unit BLOB NOT NULL REFERENCES unit (id),
    sha2 TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (unit, sha2)
) STRICT, WITHOUT ROWID;

-- What statements have said of activities.
CREATE TABLE activity (
    unit BLOB NOT NULL REFERENCES unit (id),
    key BLOB NOT NULL CHECK (length(key) = 16),
    definition TEXT NOT NULL,
    PRIMARY KEY (unit, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
    unit BLOB NOT NULL REFERENCES unit (id),
    kind INTEGER NOT NULL,
    activity BLOB NOT NULL CHECK (length(activity) = 16),
    agent BLOB NOT NULL CHECK (length(agent) = 16),
    registration BLOB NOT NULL CHECK (length(registration) = 16),
    name TEXT NOT NULL,
    named TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL,
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (unit, kind, activity, agent, registration, name)
) STRICT, WITHOUT ROWID;

-- The log is read in the order of receiving, too.
CREATE INDEX event_received ON event (received_at_ms, seq);
