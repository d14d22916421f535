-- Passkeys (WebAuthn) of those who work at the desk. `kept` is what verifies one: public key, counter, flags of its backup.
CREATE TABLE passkey (
    id UUID PRIMARY KEY,
    person UUID NOT NULL REFERENCES person (id),
    name BYTEA NOT NULL,
    key_id BYTEA NOT NULL UNIQUE CHECK (octet_length(key_id) = 32),
    kept TEXT NOT NULL,
    made_ms BIGINT NOT NULL,
    used_ms BIGINT
);
CREATE INDEX passkey_person ON passkey (person);
