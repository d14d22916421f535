-- Forwarding to other learning record stores: up to which place of the log all is settled with each, and what it would not take.
CREATE TABLE forward (
    name TEXT PRIMARY KEY CHECK (name <> ''),
    unit UUID REFERENCES unit (id),
    seq BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    last_ms BIGINT,
    erased BIGINT NOT NULL
);

CREATE TABLE forward_held (
    name TEXT NOT NULL REFERENCES forward (name),
    seq BIGINT NOT NULL,
    status BIGINT NOT NULL,
    words TEXT NOT NULL,
    since_ms BIGINT NOT NULL,
    again BIGINT NOT NULL CHECK (again IN (0, 1)),
    aside TEXT,
    PRIMARY KEY (name, seq)
);
