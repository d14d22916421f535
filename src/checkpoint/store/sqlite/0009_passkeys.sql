-- Passkeys (WebAuthn) of those who work at the desk. `kept` is what verifies one: public key, counter, flags of its backup.
CREATE TABLE passkey (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    person BLOB NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    key_id BLOB NOT NULL UNIQUE CHECK (length(key_id) = 32),
    kept TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    used_ms INTEGER
) STRICT;
CREATE INDEX passkey_person ON passkey (person);
