-- Terminals of halls, and the one learner with whom each is paired for one visit (RFC 8628). One row of each kind for each
-- terminal: asking anew puts the next in its place. Codes and tokens are kept as hashes alone.
CREATE TABLE kiosk (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    unit BLOB NOT NULL REFERENCES unit (id),
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    enrolled_ms INTEGER NOT NULL,
    withdrawn_ms INTEGER
) STRICT;
CREATE INDEX kiosk_unit ON kiosk (unit);

CREATE TABLE pairing (
    kiosk BLOB PRIMARY KEY REFERENCES kiosk (id),
    device_code BLOB NOT NULL UNIQUE CHECK (length(device_code) = 32),
    user_code BLOB NOT NULL UNIQUE CHECK (length(user_code) = 32),
    asked_ms INTEGER NOT NULL,
    polled_ms INTEGER,
    interval_secs INTEGER NOT NULL,
    looks INTEGER NOT NULL,
    person BLOB REFERENCES person (id),
    refused INTEGER NOT NULL
) STRICT;
CREATE INDEX pairing_person ON pairing (person) WHERE person IS NOT NULL;

CREATE TABLE kiosk_session (
    kiosk BLOB PRIMARY KEY REFERENCES kiosk (id),
    token BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    opened_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX kiosk_session_person ON kiosk_session (person);
