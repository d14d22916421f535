-- Visits that a hall's terminal has delivered and nobody has claimed yet, and claims of what has not arrived. Neither is in the
-- log: an entry there is about a person. What was claimed keeps its row, emptied, until a replay of its delivery is past.
CREATE TABLE kiosk_visit (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    kiosk BLOB NOT NULL REFERENCES kiosk (id),
    code_key BLOB NOT NULL UNIQUE CHECK (length(code_key) = 32),
    ended_ms INTEGER NOT NULL,
    skew_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    person BLOB REFERENCES person (id),
    claimed_ms INTEGER,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX kiosk_visit_ends ON kiosk_visit (ends_ms);
CREATE INDEX kiosk_visit_person ON kiosk_visit (person) WHERE person IS NOT NULL;

CREATE TABLE kiosk_claim (
    code_key BLOB PRIMARY KEY CHECK (length(code_key) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    claimed_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX kiosk_claim_person ON kiosk_claim (person);
