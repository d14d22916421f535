-- Visits that a hall's terminal has delivered and nobody has claimed yet, and claims of what has not arrived. Neither is in the
-- log: an entry there is about a person. What was claimed keeps its row, emptied, until a replay of its delivery is past.
CREATE TABLE kiosk_visit (
    id UUID PRIMARY KEY,
    kiosk UUID NOT NULL REFERENCES kiosk (id),
    code_key BYTEA NOT NULL UNIQUE CHECK (octet_length(code_key) = 32),
    ended_ms BIGINT NOT NULL,
    skew_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    person UUID REFERENCES person (id),
    claimed_ms BIGINT,
    body TEXT NOT NULL
);
CREATE INDEX kiosk_visit_ends ON kiosk_visit (ends_ms);
CREATE INDEX kiosk_visit_person ON kiosk_visit (person) WHERE person IS NOT NULL;

CREATE TABLE kiosk_claim (
    code_key BYTEA PRIMARY KEY CHECK (octet_length(code_key) = 32),
    person UUID NOT NULL REFERENCES person (id),
    claimed_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL
);
CREATE INDEX kiosk_claim_person ON kiosk_claim (person);
