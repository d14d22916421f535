-- Units below units, roles to come, and who has looked at what.
ALTER TABLE unit ADD COLUMN parent BLOB REFERENCES unit (id);
CREATE INDEX unit_parent ON unit (parent) WHERE parent IS NOT NULL;

-- What roles there are is known to the service; the table no longer lists them.
CREATE TABLE person_next (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    unit BLOB NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL CHECK (role <> ''),
    name TEXT NOT NULL,
    cohort TEXT NOT NULL,
    code_key BLOB NOT NULL UNIQUE CHECK (length(code_key) = 32),
    code_ends_ms INTEGER NOT NULL,
    pin_hash TEXT
) STRICT;
INSERT INTO person_next SELECT id, unit, role, name, cohort, code_key, code_ends_ms, pin_hash FROM person;
DROP TABLE person;
ALTER TABLE person_next RENAME TO person;
CREATE INDEX person_unit ON person (unit);

-- Apart from the log of events, so that looking does not lengthen what is proved. Nothing here is ever updated or
-- deleted by the service. It refers to nobody by key: a person may be erased and what was done stays.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    who BLOB NOT NULL CHECK (length(who) = 16),
    unit BLOB NOT NULL CHECK (length(unit) = 16),
    act TEXT NOT NULL CHECK (act <> ''),
    about BLOB CHECK (about IS NULL OR length(about) = 16),
    detail TEXT NOT NULL
) STRICT;
