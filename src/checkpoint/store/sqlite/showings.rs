//! Rows of what only one person can have sent.

use super::{Sqlite, units};
use crate::store::showings::{Showings, ShownKey, keys_in, keys_of};
use crate::store::{NewEntry, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The step that makes the table.
pub const STEP: i64 = 13;

#[async_trait]
impl Showings for Sqlite {
    async fn shown_beyond(&self, unit: Uuid, keys: Vec<ShownKey>) -> Result<BTreeMap<ShownKey, usize>, StoreError> {
        self.read(move |c| beyond(c, unit, &keys)).await
    }
}

/// Keeps what an entry shows.
pub fn add(connection: &Connection, seq: i64, entry: &NewEntry) -> Result<(), StoreError> {
    let keys = keys_of(entry);
    if keys.is_empty() { Ok(()) } else { keep(connection, seq, entry.subject.as_bytes(), &keys) }
}

/// Keeps what every entry of the log shows.
pub fn fill(connection: &Connection) -> Result<(), StoreError> {
    let mut found = connection.prepare("SELECT seq, subject, body FROM event WHERE kind = 'completed'")?;
    let mut rows = found.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, subject): (i64, [u8; 16]) = (row.get(0)?, row.get(1)?);
        keep(connection, seq, &subject, &keys_in(row.get_ref(2)?.as_str().unwrap_or_default()))?;
    }
    Ok(())
}

/// Removes all of a person's.
pub fn remove_all(connection: &Connection, person: Uuid) -> Result<(), StoreError> {
    connection.execute("DELETE FROM showing WHERE subject = ?1", params![person.as_bytes()])?;
    Ok(())
}

fn keep(connection: &Connection, seq: i64, subject: &[u8; 16], keys: &BTreeSet<ShownKey>) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached("INSERT INTO showing (key, seq, subject) VALUES (?1, ?2, ?3)")?;
    for key in keys {
        insert.execute(params![key, seq, subject])?;
    }
    Ok(())
}

fn beyond(connection: &Connection, unit: Uuid, keys: &[ShownKey]) -> Result<BTreeMap<ShownKey, usize>, StoreError> {
    let within: BTreeSet<Uuid> = units::below(connection, unit)?.into_iter().map(|unit| unit.id).collect();
    let mut found = connection.prepare_cached(
        "SELECT DISTINCT person.id, person.unit FROM showing JOIN person ON person.id = showing.subject \
         WHERE showing.key = ?1",
    )?;
    let mut counts = BTreeMap::new();
    for key in keys {
        let units = found.query_map([key], |row| row.get(1).map(Uuid::from_bytes))?.collect::<Result<Vec<_>, _>>()?;
        let count = units.iter().filter(|unit| !within.contains(unit)).count();
        if count > 0 {
            counts.insert(*key, count);
        }
    }
    Ok(counts)
}
