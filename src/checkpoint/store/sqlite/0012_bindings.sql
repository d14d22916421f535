-- Accounts of identity providers that are bound to people. `account_key` is derived from issuer and subject by the service's
-- secret: of the account itself nothing is kept.
CREATE TABLE binding (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    person BLOB NOT NULL REFERENCES person (id),
    issuer TEXT NOT NULL,
    account_key BLOB NOT NULL UNIQUE CHECK (length(account_key) = 32),
    made_ms INTEGER NOT NULL,
    used_ms INTEGER,
    UNIQUE (person, issuer)
) STRICT;
