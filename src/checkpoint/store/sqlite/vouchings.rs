//! Appending what companions say of each other.

use super::{Sqlite, rows};
use crate::store::vouchings::{VouchLimits, VouchOutcome, Vouchings};
use crate::store::{NewEntry, StoreError};
use async_trait::async_trait;
use rusqlite::{Connection, params};
use uuid::Uuid;

#[async_trait]
impl Vouchings for Sqlite {
    async fn append_vouching(
        &self,
        entry: NewEntry,
        seen_seq: i64,
        limits: VouchLimits,
    ) -> Result<VouchOutcome, StoreError> {
        self.writer.write(1, move |c| append(c, &entry, seen_seq, &limits)).await
    }
}

fn append(
    connection: &Connection,
    entry: &NewEntry,
    seen_seq: i64,
    limits: &VouchLimits,
) -> Result<VouchOutcome, StoreError> {
    let is_there = rows::by_id(connection, entry.id)?.is_some();
    if !is_there && !limits.allow(entry.subject, &said(connection, entry.author, limits.since_ms())?) {
        return Ok(VouchOutcome::TooOften);
    }
    let became = rows::append_if_unchanged(connection, entry, seen_seq)?;
    Ok(if became.is_some() { VouchOutcome::Stands } else { VouchOutcome::Changed })
}

/// Whom somebody has vouched for since, and when.
fn said(connection: &Connection, author: Uuid, since_ms: i64) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let mut found = connection.prepare_cached(
        "SELECT subject, received_at_ms FROM event INDEXED BY event_vouched \
         WHERE kind = 'vouched' AND author = ?1 AND received_at_ms > ?2",
    )?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0).map(Uuid::from_bytes)?, row.get(1)?));
    Ok(found.query_map(params![author.as_bytes(), since_ms], read)?.collect::<Result<_, _>>()?)
}
