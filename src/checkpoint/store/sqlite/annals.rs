//! Entries by kind, for what is summed up over a year.

use super::Sqlite;
use super::people::BELOW;
use super::rows::{COLUMNS, entries};
use crate::store::annals::{Annals, PAGE_ENTRIES, Told};
use crate::store::{Entry, Kind, StoreError};
use async_trait::async_trait;
use rusqlite::params;

/// Says what the index says of itself, so that it is used.
const INDEXED: &str = "event.kind NOT IN ('completed', 'answered', 'clock-read')";

#[async_trait]
impl Annals for Sqlite {
    async fn told(&self, wanted: Told) -> Result<Vec<Entry>, StoreError> {
        self.read(move |c| {
            // The plus keeps the planner from going by people: what is wanted is one run of the index.
            let sql = format!(
                "{BELOW} SELECT {COLUMNS} FROM event INDEXED BY event_told JOIN person ON person.id = event.subject \
                 WHERE {INDEXED} AND event.kind = ?2 AND event.seq > ?3 AND event.seq <= ?4 AND event.received_at_ms >= ?5 \
                 AND +person.unit IN (SELECT id FROM below) ORDER BY event.seq LIMIT ?6"
            );
            let Told { unit, kind, from_ms, after, upto } = wanted;
            entries(c, &sql, params![unit.as_bytes(), kind.code(), after, upto, from_ms, PAGE_ENTRIES])
        })
        .await
    }

    async fn last_place(&self) -> Result<i64, StoreError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM event";
        self.read(move |c| Ok(c.query_row(sql, [], |row| row.get(0))?)).await
    }

    async fn closed_reports(&self) -> Result<Vec<Entry>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM event WHERE {INDEXED} AND event.kind = ?1 ORDER BY event.seq");
        self.read(move |c| entries(c, &sql, params![Kind::ReportClosed.code()])).await
    }
}
