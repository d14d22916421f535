-- The log is append-only: nothing here is ever updated or deleted by the service.
CREATE TABLE unit (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL
) STRICT;

CREATE TABLE person (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    unit BLOB NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL CHECK (role IN ('learner', 'trainer', 'admin')),
    name TEXT NOT NULL,
    cohort TEXT NOT NULL,
    code_key BLOB NOT NULL UNIQUE CHECK (length(code_key) = 32),
    code_ends_ms INTEGER NOT NULL,
    pin_hash TEXT
) STRICT;
CREATE INDEX person_unit ON person (unit);

CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('completed', 'answered', 'confirmed', 'returned', 'reopened')),
    subject BLOB NOT NULL REFERENCES person (id),
    author BLOB NOT NULL REFERENCES person (id),
    site TEXT NOT NULL,
    route TEXT,
    station TEXT,
    captured_at_ms INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX event_subject_site ON event (subject, site);

CREATE TABLE session (
    token BLOB PRIMARY KEY CHECK (length(token) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    opened_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX session_person ON session (person);

CREATE TABLE guard (
    code_key BLOB PRIMARY KEY CHECK (length(code_key) = 32),
    failures INTEGER NOT NULL,
    locked_until_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE first_link (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    token BLOB NOT NULL CHECK (length(token) = 32),
    ends_ms INTEGER NOT NULL
) STRICT;
