-- The tree over the log (see `history`). What is in these tables besides salts names nobody.
CREATE TABLE tree (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    origin TEXT NOT NULL
) STRICT;

-- One leaf for every entry there has ever been; `version` says by which rules its bytes were bound.
CREATE TABLE leaf (
    place INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Apart from the leaves, so that erasing deletes it: without its salt a leaf's hash says nothing of the entry.
CREATE TABLE salt (
    seq INTEGER PRIMARY KEY,
    salt BLOB NOT NULL CHECK (length(salt) = 32)
) STRICT;

-- Every eighth level above the leaves, full subtrees only: level 1 stands over 256 leaves.
CREATE TABLE node (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;

-- Entries that were erased, each with the entry that says so. The log is otherwise append-only.
CREATE TABLE tombstone (
    seq INTEGER PRIMARY KEY,
    erased_by INTEGER NOT NULL
) STRICT;

-- People whose record was erased. Their rows stay, empty, since entries about others name them as author.
CREATE TABLE erasure (
    person BLOB PRIMARY KEY CHECK (length(person) = 16),
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
