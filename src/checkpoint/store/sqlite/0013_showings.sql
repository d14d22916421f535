-- Digests of what only one person can have sent, traces and taps, beside the entries that carry them (see `showings`).
CREATE TABLE showing (
    key BLOB NOT NULL CHECK (length(key) = 32),
    seq INTEGER NOT NULL,
    subject BLOB NOT NULL REFERENCES person (id),
    PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX showing_subject ON showing (subject);
-- How often somebody has vouched is counted in the step that writes it.
CREATE INDEX event_vouched ON event (author, received_at_ms) WHERE kind = 'vouched';
