-- Visits that somebody leads, each as it stands now: followers are told the whole of it, so that whoever was away, and a
-- service that was restarted, goes on from this row. `state` is the service's own and is not looked into.
CREATE TABLE led_visit (
    id UUID PRIMARY KEY,
    code_key BYTEA NOT NULL UNIQUE CHECK (octet_length(code_key) = 32),
    leader UUID NOT NULL REFERENCES person (id),
    unit UUID NOT NULL REFERENCES unit (id),
    site TEXT NOT NULL,
    route TEXT NOT NULL,
    began_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX led_visit_leader ON led_visit (leader);

-- Who follows at the moment, under ids that mean nothing elsewhere. One who is not heard of for a while is gone.
CREATE TABLE led_follower (
    visit UUID NOT NULL REFERENCES led_visit (id),
    id UUID NOT NULL,
    stream UUID NOT NULL,
    revision BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    PRIMARY KEY (visit, id)
);
