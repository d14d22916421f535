//! Appending what companions say of each other.

use super::ask::rows;
use super::rows::by_id;
use super::step::write;
use super::trouble::Trouble;
use super::{Frontier, Postgres, deeds};
use crate::store::vouchings::{VouchLimits, VouchOutcome, Vouchings};
use crate::store::{NewEntry, StoreError};
use async_trait::async_trait;
use deadpool_postgres::{GenericClient, Transaction};
use uuid::Uuid;

#[async_trait]
impl Vouchings for Postgres {
    async fn append_vouching(
        &self,
        entry: NewEntry,
        seen_seq: i64,
        limits: VouchLimits,
    ) -> Result<VouchOutcome, StoreError> {
        write!(self, true, |step, again| append(&step, &entry, (seen_seq, again), &limits))
    }
}

async fn append(
    step: &Transaction<'_>,
    entry: &NewEntry,
    (seen_seq, again): (i64, bool),
    limits: &VouchLimits,
) -> Result<VouchOutcome, Trouble> {
    // Whoever holds the frontier counts alone.
    drop(Frontier::take(step).await?);
    let is_there = by_id(step, entry.id).await?.is_some();
    if !is_there && !limits.allow(entry.subject, &said(step, entry.author, limits.since_ms()).await?) {
        return Ok(VouchOutcome::TooOften);
    }
    let became = deeds::append_if_unchanged(step, entry, seen_seq, again).await?;
    Ok(if became.is_some() { VouchOutcome::Stands } else { VouchOutcome::Changed })
}

/// Whom somebody has vouched for since, and when.
async fn said(client: &impl GenericClient, author: Uuid, since_ms: i64) -> Result<Vec<(Uuid, i64)>, Trouble> {
    let sql = "SELECT subject, received_at_ms FROM event \
               WHERE kind = 'vouched' AND author = $1 AND received_at_ms > $2";
    let found = rows(client, sql, &[&author, &since_ms]).await?;
    found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}
