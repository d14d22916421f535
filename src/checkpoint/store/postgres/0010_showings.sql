-- Digests of what only one person can have sent, traces and taps, beside the entries that carry them (see `showings`).
CREATE TABLE showing (
    key BYTEA NOT NULL CHECK (octet_length(key) = 32),
    seq BIGINT NOT NULL,
    subject UUID NOT NULL REFERENCES person (id),
    PRIMARY KEY (key, seq)
);
CREATE INDEX showing_subject ON showing (subject);
-- How often somebody has vouched is counted in the step that writes it.
CREATE INDEX event_vouched ON event (author, received_at_ms) WHERE kind = 'vouched';
