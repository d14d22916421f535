-- The same tables as SQLite's, with the same meaning. Nothing here gives out numbers or does anything by itself: no
-- sequences, no triggers, no locks but those of rows, so that engines which speak the same protocol can carry it.
-- Names as people entered them are bytes of UTF-8: a TEXT holds no NUL, and sorts as its server pleases.
CREATE TABLE unit (
    id UUID PRIMARY KEY,
    name BYTEA NOT NULL,
    parent UUID REFERENCES unit (id)
);
CREATE INDEX unit_parent ON unit (parent);

CREATE TABLE person (
    id UUID PRIMARY KEY,
    unit UUID NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL CHECK (role <> ''),
    name BYTEA NOT NULL,
    cohort BYTEA NOT NULL,
    code_key BYTEA NOT NULL UNIQUE CHECK (octet_length(code_key) = 32),
    code_ends_ms BIGINT NOT NULL,
    pin_hash TEXT
);
CREATE INDEX person_unit ON person (unit);

-- The log is append-only: erasing a person is the one deletion there is.
CREATE TABLE event (
    id UUID PRIMARY KEY,
    seq BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind <> ''),
    subject UUID NOT NULL REFERENCES person (id),
    author UUID NOT NULL REFERENCES person (id),
    site TEXT,
    route TEXT,
    station TEXT,
    device UUID,
    captured_at_ms BIGINT NOT NULL,
    received_at_ms BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX event_subject_site ON event (subject, site, seq);
CREATE INDEX event_device ON event (device, subject);

CREATE TABLE session (
    token BYTEA PRIMARY KEY CHECK (octet_length(token) = 32),
    person UUID NOT NULL REFERENCES person (id),
    opened_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person);

CREATE TABLE guard (
    code_key BYTEA PRIMARY KEY CHECK (octet_length(code_key) = 32),
    failures BIGINT NOT NULL,
    locked_until_ms BIGINT NOT NULL,
    last_ms BIGINT NOT NULL
);

CREATE TABLE first_link (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    token BYTEA NOT NULL CHECK (octet_length(token) = 32),
    ends_ms BIGINT NOT NULL
);

-- The tree over the log (see `history`). What is in these tables besides salts names nobody.
CREATE TABLE tree (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    origin TEXT NOT NULL
);

-- The one place where the log grows. Whoever appends holds this row until the commit, so that places are given in the
-- order of commits, by however many services: last `seq`, leaves, hashes of the full subtrees at the tree's right edge
-- from the largest to the smallest, last place in the audit log.
CREATE TABLE frontier (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    seq BIGINT NOT NULL,
    size BIGINT NOT NULL,
    edge BYTEA NOT NULL,
    audit_seq BIGINT NOT NULL
);

CREATE TABLE leaf (
    place BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL UNIQUE,
    version BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE TABLE salt (
    seq BIGINT PRIMARY KEY,
    salt BYTEA NOT NULL CHECK (octet_length(salt) = 32)
);

CREATE TABLE node (
    level BIGINT NOT NULL,
    place BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, place)
);

CREATE TABLE tombstone (
    seq BIGINT PRIMARY KEY,
    erased_by BIGINT NOT NULL
);

CREATE TABLE erasure (
    person UUID PRIMARY KEY,
    seq BIGINT NOT NULL
);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    who UUID NOT NULL,
    unit UUID NOT NULL,
    act TEXT NOT NULL CHECK (act <> ''),
    about UUID,
    detail BYTEA NOT NULL
);
