-- Accounts of identity providers that are bound to people. `account_key` is derived from issuer and subject by the service's
-- secret: of the account itself nothing is kept.
CREATE TABLE binding (
    id UUID PRIMARY KEY,
    person UUID NOT NULL REFERENCES person (id),
    issuer TEXT NOT NULL,
    account_key BYTEA NOT NULL UNIQUE CHECK (octet_length(account_key) = 32),
    made_ms BIGINT NOT NULL,
    used_ms BIGINT,
    UNIQUE (person, issuer)
);
