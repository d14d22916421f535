//! Entries by kind, for what is summed up over a year.

use super::Postgres;
use super::ask::{row, rows};
use super::people::BELOW;
use super::rows::{COLUMNS, entry};
use super::step::read;
use super::trouble::Trouble;
use crate::store::annals::{Annals, PAGE_ENTRIES, Told};
use crate::store::{Entry, Kind, StoreError};
use async_trait::async_trait;
use deadpool_postgres::GenericClient;

/// Says what the index says of itself, so that it is used.
const INDEXED: &str = "event.kind NOT IN ('completed', 'answered', 'clock-read')";

#[async_trait]
impl Annals for Postgres {
    async fn told(&self, wanted: Told) -> Result<Vec<Entry>, StoreError> {
        read!(self, client => told(&client, wanted))
    }

    async fn last_place(&self) -> Result<i64, StoreError> {
        read!(self, client => last_place(&client))
    }

    async fn closed_reports(&self) -> Result<Vec<Entry>, StoreError> {
        read!(self, client => closed_reports(&client))
    }
}

async fn told(client: &impl GenericClient, wanted: Told) -> Result<Vec<Entry>, Trouble> {
    let Told { unit, kind, from_ms, after, upto } = wanted;
    let sql = format!(
        "{BELOW} SELECT {COLUMNS} FROM event JOIN person ON person.id = event.subject \
         WHERE {INDEXED} AND event.kind = $2 AND event.seq > $3 AND event.seq <= $4 AND event.received_at_ms >= $5 \
         AND person.unit IN (SELECT id FROM below) ORDER BY event.seq LIMIT $6"
    );
    let most = i64::from(PAGE_ENTRIES);
    rows(client, &sql, &[&unit, &kind.code(), &after, &upto, &from_ms, &most]).await?.iter().map(entry).collect()
}

async fn last_place(client: &impl GenericClient) -> Result<i64, Trouble> {
    let last = row(client, "SELECT coalesce(max(seq), 0) FROM event", &[]).await?;
    Ok(last.map(|row| row.try_get(0)).transpose()?.unwrap_or_default())
}

async fn closed_reports(client: &impl GenericClient) -> Result<Vec<Entry>, Trouble> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE {INDEXED} AND event.kind = $1 ORDER BY event.seq");
    rows(client, &sql, &[&Kind::ReportClosed.code()]).await?.iter().map(entry).collect()
}
