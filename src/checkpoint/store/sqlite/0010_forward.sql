-- Forwarding to other learning record stores: up to which place of the log all is settled with each, and what it would not take.
CREATE TABLE forward (
    name TEXT PRIMARY KEY CHECK (name <> ''),
    unit BLOB REFERENCES unit (id),
    seq INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    last_ms INTEGER,
    erased INTEGER NOT NULL
) STRICT;

CREATE TABLE forward_held (
    name TEXT NOT NULL REFERENCES forward (name),
    seq INTEGER NOT NULL,
    status INTEGER NOT NULL,
    words TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    again INTEGER NOT NULL CHECK (again IN (0, 1)),
    aside TEXT,
    PRIMARY KEY (name, seq)
) STRICT;
