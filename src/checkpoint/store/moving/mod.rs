//! Moving a record from one database to another, whichever they are: every row with its id, place and salt, so that order
//! and root stay what they were. Sessions, what waits and an unused first link are left behind: everyone signs in again.
//!
//! One end reads as of one moment, the other writes in one transaction; nothing is there before all of it is.

mod file;
mod server;

use super::Place;
use super::StoreError;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Rows that are handed over at a time.
const PAGE: usize = 1000;
/// Pages that may be on their way.
const ON_THE_WAY: usize = 4;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// The 16 bytes of an id.
    Id,
    /// A number.
    Number,
    /// Text of the service's own.
    Text,
    /// A name as somebody entered it.
    Name,
    /// Hashes, keys, salts.
    Bytes,
}

/// A table, the same in both databases.
#[derive(Debug)]
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, Holds)],
    /// What stands before and after `SELECT columns FROM table`, so that rows come in an order in which they can go.
    ordered: (&'static str, &'static str),
}

/// A value on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cell {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// What is handed over.
enum Piece {
    /// Which log it is; comes first.
    Origin(String),
    /// Rows of a table, in the order of [`TABLES`].
    Rows(&'static Table, Vec<Vec<Cell>>),
    /// Nothing more comes.
    End,
}

use Holds::{Bytes, Id, Name, Number, Text};

/// Every table that is moved, those that others refer to first.
static TABLES: &[Table] = &[
    Table {
        name: "unit",
        columns: &[("id", Id), ("name", Name), ("parent", Id)],
        ordered: (
            "WITH RECURSIVE depth (unit_id, steps) AS (SELECT id, 0 FROM unit WHERE parent IS NULL UNION ALL \
             SELECT unit.id, depth.steps + 1 FROM unit JOIN depth ON unit.parent = depth.unit_id)",
            "JOIN depth ON depth.unit_id = unit.id ORDER BY depth.steps, unit.id",
        ),
    },
    Table {
        name: "person",
        columns: &[
            ("id", Id),
            ("unit", Id),
            ("role", Text),
            ("name", Name),
            ("cohort", Name),
            ("code_key", Bytes),
            ("code_ends_ms", Number),
            ("pin_hash", Text),
        ],
        ordered: ("", "ORDER BY id"),
    },
    Table {
        name: "kiosk",
        columns: &[
            ("id", Id),
            ("unit", Id),
            ("site", Text),
            ("name", Name),
            ("enrolled_ms", Number),
            ("withdrawn_ms", Number),
        ],
        ordered: ("", "ORDER BY id"),
    },
    Table {
        name: "kiosk_visit",
        columns: &[
            ("id", Id),
            ("kiosk", Id),
            ("code_key", Bytes),
            ("ended_ms", Number),
            ("skew_ms", Number),
            ("ends_ms", Number),
            ("person", Id),
            ("claimed_ms", Number),
            ("body", Text),
        ],
        ordered: ("", "ORDER BY id"),
    },
    Table {
        name: "kiosk_claim",
        columns: &[("code_key", Bytes), ("person", Id), ("claimed_ms", Number), ("ends_ms", Number)],
        ordered: ("", "ORDER BY code_key"),
    },
    Table {
        name: "passkey",
        columns: &[
            ("id", Id),
            ("person", Id),
            ("name", Name),
            ("key_id", Bytes),
            ("kept", Text),
            ("made_ms", Number),
            ("used_ms", Number),
        ],
        ordered: ("", "ORDER BY id"),
    },
    Table {
        name: "binding",
        columns: &[
            ("id", Id),
            ("person", Id),
            ("issuer", Text),
            ("account_key", Bytes),
            ("made_ms", Number),
            ("used_ms", Number),
        ],
        ordered: ("", "ORDER BY id"),
    },
    Table {
        name: "event",
        columns: &[
            ("seq", Number),
            ("id", Id),
            ("kind", Text),
            ("subject", Id),
            ("author", Id),
            ("site", Text),
            ("route", Text),
            ("station", Text),
            ("device", Id),
            ("captured_at_ms", Number),
            ("received_at_ms", Number),
            ("body", Text),
        ],
        ordered: ("", "ORDER BY seq"),
    },
    Table {
        name: "leaf",
        columns: &[("place", Number), ("seq", Number), ("version", Number), ("hash", Bytes)],
        ordered: ("", "ORDER BY place"),
    },
    Table { name: "salt", columns: &[("seq", Number), ("salt", Bytes)], ordered: ("", "ORDER BY seq") },
    Table {
        name: "node",
        columns: &[("level", Number), ("place", Number), ("hash", Bytes)],
        ordered: ("", "ORDER BY level, place"),
    },
    Table {
        name: "showing",
        columns: &[("key", Bytes), ("seq", Number), ("subject", Id)],
        ordered: ("", "ORDER BY key, seq"),
    },
    Table { name: "tombstone", columns: &[("seq", Number), ("erased_by", Number)], ordered: ("", "ORDER BY seq") },
    Table { name: "erasure", columns: &[("person", Id), ("seq", Number)], ordered: ("", "ORDER BY seq") },
    Table {
        name: "guard",
        columns: &[("code_key", Bytes), ("failures", Number), ("locked_until_ms", Number), ("last_ms", Number)],
        ordered: ("", "ORDER BY code_key"),
    },
    Table {
        name: "audit",
        columns: &[
            ("seq", Number),
            ("at_ms", Number),
            ("who", Id),
            ("unit", Id),
            ("act", Text),
            ("about", Id),
            ("detail", Name),
        ],
        ordered: ("", "ORDER BY seq"),
    },
    Table {
        name: "credential",
        columns: &[
            ("key", Text),
            ("unit", Id),
            ("name", Name),
            ("scope", Text),
            ("secret_hash", Bytes),
            ("made_ms", Number),
            ("ended_ms", Number),
        ],
        ordered: ("", "ORDER BY key"),
    },
    Table {
        name: "statement",
        columns: &[
            ("place", Number),
            ("unit", Id),
            ("id", Id),
            ("stored_ms", Number),
            ("refers", Id),
            ("is_voiding", Number),
            ("is_voided", Number),
            ("body", Text),
        ],
        ordered: ("", "ORDER BY place"),
    },
    Table {
        name: "mark",
        columns: &[
            ("unit", Id),
            ("what", Number),
            ("key", Id),
            ("stored_ms", Number),
            ("place", Number),
            ("origin", Number),
        ],
        ordered: ("", "ORDER BY unit, what, key, stored_ms, place, origin"),
    },
    Table {
        name: "attachment",
        columns: &[("unit", Id), ("sha2", Text), ("content_type", Text), ("content", Bytes)],
        ordered: ("", "ORDER BY unit, sha2"),
    },
    Table {
        name: "activity",
        columns: &[("unit", Id), ("key", Id), ("definition", Text)],
        ordered: ("", "ORDER BY unit, key"),
    },
    Table {
        name: "document",
        columns: &[
            ("unit", Id),
            ("kind", Number),
            ("activity", Id),
            ("agent", Id),
            ("registration", Id),
            ("name", Name),
            ("named", Text),
            ("content_type", Text),
            ("content", Bytes),
            ("changed_ms", Number),
        ],
        ordered: ("", "ORDER BY unit, kind, activity, agent, registration, name"),
    },
    Table {
        name: "forward",
        columns: &[
            ("name", Text),
            ("unit", Id),
            ("seq", Number),
            ("sent", Number),
            ("last_ms", Number),
            ("erased", Number),
        ],
        ordered: ("", "ORDER BY name"),
    },
    Table {
        name: "forward_held",
        columns: &[
            ("name", Text),
            ("seq", Number),
            ("status", Number),
            ("words", Text),
            ("since_ms", Number),
            ("again", Number),
            ("aside", Text),
        ],
        ordered: ("", "ORDER BY name, seq"),
    },
];

impl Table {
    fn select(&self) -> String {
        let (before, after) = self.ordered;
        let columns: Vec<String> = self.columns.iter().map(|(column, _)| format!("{}.{column}", self.name)).collect();
        format!("{before} SELECT {} FROM {} {after}", columns.join(", "), self.name)
    }

    fn column_names(&self) -> String {
        self.columns.iter().map(|(column, _)| *column).collect::<Vec<_>>().join(", ")
    }
}

/// Moves everything. `told` hears how far it has come: the table and how many of its rows have been written.
///
/// # Errors
/// [`StoreError`] where one of the two cannot be used, or `to` is not empty; nothing has been written to it then.
pub async fn copy(
    from: &Place,
    to: &Place,
    told: impl Fn(&str, usize) + Send + Sync + 'static,
) -> Result<(), StoreError> {
    let (pieces, coming) = mpsc::channel(ON_THE_WAY);
    let reading = tokio::spawn(read(from.clone(), pieces));
    let lost = |error: tokio::task::JoinError| StoreError::Stopped(error.to_string());
    let written = match to.clone() {
        Place::File(file) => {
            tokio::task::spawn_blocking(move || file::write(&file, coming, &told)).await.map_err(lost)?
        }
        Place::Server(address) => server::write(&address, coming, &told).await,
    };
    // Where reading failed, that is why writing came to nothing.
    reading.await.map_err(lost)??;
    written
}

async fn read(from: Place, pieces: Sender<Piece>) -> Result<(), StoreError> {
    match from {
        Place::File(file) => tokio::task::spawn_blocking(move || file::read(&file, &pieces))
            .await
            .map_err(|error| StoreError::Stopped(error.to_string()))?,
        Place::Server(address) => server::read(&address, &pieces).await,
    }
}

fn cut_off() -> StoreError {
    StoreError::Stopped("reading broke off".to_owned())
}

fn not_empty(table: &str) -> StoreError {
    StoreError::Refused(format!("it is not empty (table {table}); a record is moved into an empty database only"))
}

fn misshapen(table: &Table) -> StoreError {
    StoreError::Refused(format!("table {} holds a row that cannot be read", table.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite;
    use std::collections::BTreeSet;

    /// What is not moved row by row: which log it is goes by itself, who is signed in, what waits for minutes and steps taken not at all.
    const LEFT: [&str; 7] = ["first_link", "kiosk_session", "migration", "pairing", "session", "tree", "waiting"];

    #[test]
    fn every_column_of_a_record_is_moved() -> Result<(), StoreError> {
        let folder = tempfile::tempdir().map_err(|error| StoreError::Refused(error.to_string()))?;
        let file = folder.path().join("retrace.db");
        drop(sqlite::Sqlite::open(&file)?);
        let connection = sqlite::inspect(&file)?;
        let sql = "SELECT kept.name, own.name FROM sqlite_schema AS kept JOIN pragma_table_info(kept.name) AS own \
                   WHERE kept.type = 'table' AND kept.name NOT LIKE 'sqlite%'";
        let mut columns = connection.prepare(sql)?;
        let columns = columns.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let there: BTreeSet<(String, String)> = columns.collect::<Result<_, _>>()?;
        let moved = TABLES.iter().flat_map(|table| table.columns.iter().map(move |column| (table.name, column.0)));
        let moved: BTreeSet<(String, String)> =
            moved.map(|(table, column)| (table.to_owned(), column.to_owned())).collect();
        let kept: BTreeSet<_> = there.into_iter().filter(|(table, _)| !LEFT.contains(&table.as_str())).collect();
        assert_eq!(moved, kept);
        Ok(())
    }
}
