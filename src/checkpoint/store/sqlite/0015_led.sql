-- Visits that somebody leads, each as it stands now: followers are told the whole of it, so that whoever was away, and a
-- service that was restarted, goes on from this row. `state` is the service's own and is not looked into.
CREATE TABLE led_visit (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    code_key BLOB NOT NULL UNIQUE CHECK (length(code_key) = 32),
    leader BLOB NOT NULL REFERENCES person (id),
    unit BLOB NOT NULL REFERENCES unit (id),
    site TEXT NOT NULL,
    route TEXT NOT NULL,
    began_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;
CREATE INDEX led_visit_leader ON led_visit (leader);

-- Who follows at the moment, under ids that mean nothing elsewhere. One who is not heard of for a while is gone.
CREATE TABLE led_follower (
    visit BLOB NOT NULL REFERENCES led_visit (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    stream BLOB NOT NULL CHECK (length(stream) = 16),
    revision INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    PRIMARY KEY (visit, id)
) STRICT, WITHOUT ROWID;
