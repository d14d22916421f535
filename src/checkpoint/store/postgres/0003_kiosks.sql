-- Terminals of halls, and the one learner with whom each is paired for one visit (RFC 8628). One row of each kind for each
-- terminal: asking anew puts the next in its place. Codes and tokens are kept as hashes alone.
CREATE TABLE kiosk (
    id UUID PRIMARY KEY,
    unit UUID NOT NULL REFERENCES unit (id),
    site TEXT NOT NULL,
    name BYTEA NOT NULL,
    enrolled_ms BIGINT NOT NULL,
    withdrawn_ms BIGINT
);
CREATE INDEX kiosk_unit ON kiosk (unit);

CREATE TABLE pairing (
    kiosk UUID PRIMARY KEY REFERENCES kiosk (id),
    device_code BYTEA NOT NULL UNIQUE CHECK (octet_length(device_code) = 32),
    user_code BYTEA NOT NULL UNIQUE CHECK (octet_length(user_code) = 32),
    asked_ms BIGINT NOT NULL,
    polled_ms BIGINT,
    interval_secs BIGINT NOT NULL,
    looks BIGINT NOT NULL,
    person UUID REFERENCES person (id),
    refused BIGINT NOT NULL
);
CREATE INDEX pairing_person ON pairing (person);

CREATE TABLE kiosk_session (
    kiosk UUID PRIMARY KEY REFERENCES kiosk (id),
    token BYTEA NOT NULL UNIQUE CHECK (octet_length(token) = 32),
    person UUID NOT NULL REFERENCES person (id),
    opened_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL
);
CREATE INDEX kiosk_session_person ON kiosk_session (person);
