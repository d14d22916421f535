//! Rows of what only one person can have sent.

use super::Postgres;
use super::ask::{change, hash, rows};
use super::people::BELOW;
use super::step::read;
use super::trouble::Trouble;
use crate::store::StoreError;
use crate::store::kept::Entry;
use crate::store::showings::{Showings, ShownKey, keys_in, keys_of};
use async_trait::async_trait;
use deadpool_postgres::GenericClient;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The step that makes the table.
pub const STEP: i64 = 10;
/// Entries that are read at a time where the whole log is.
const PAGE: i64 = 1000;

#[async_trait]
impl Showings for Postgres {
    async fn shown_beyond(&self, unit: Uuid, keys: Vec<ShownKey>) -> Result<BTreeMap<ShownKey, usize>, StoreError> {
        read!(self, client => beyond(&client, unit, &keys))
    }
}

/// Keeps what entries show.
pub async fn add(step: &impl GenericClient, entries: &[Entry]) -> Result<(), Trouble> {
    let shown = |entry: &Entry| {
        let (seq, subject) = (entry.seq, entry.said.subject);
        keys_of(&entry.said).into_iter().map(move |key| (key, seq, subject))
    };
    keep(step, entries.iter().flat_map(shown).collect()).await
}

/// Keeps what every entry of the log shows.
pub async fn fill(step: &impl GenericClient) -> Result<(), Trouble> {
    let sql = "SELECT seq, subject, body FROM event WHERE kind = 'completed' AND seq > $1 ORDER BY seq LIMIT $2";
    let mut after = i64::MIN;
    loop {
        let page = rows(step, sql, &[&after, &PAGE]).await?;
        let mut shown = Vec::new();
        for row in &page {
            let (seq, subject): (i64, Uuid) = (row.try_get(0)?, row.try_get(1)?);
            shown.extend(keys_in(row.try_get(2)?).into_iter().map(|key| (key, seq, subject)));
            after = seq;
        }
        keep(step, shown).await?;
        if page.is_empty() {
            return Ok(());
        }
    }
}

/// Removes all of a person's.
pub async fn remove_all(step: &impl GenericClient, person: Uuid) -> Result<(), Trouble> {
    change(step, "DELETE FROM showing WHERE subject = $1", &[&person]).await?;
    Ok(())
}

async fn keep(step: &impl GenericClient, shown: Vec<(ShownKey, i64, Uuid)>) -> Result<(), Trouble> {
    if shown.is_empty() {
        return Ok(());
    }
    let keys: Vec<Vec<u8>> = shown.iter().map(|(key, ..)| key.to_vec()).collect();
    let seqs: Vec<i64> = shown.iter().map(|(_, seq, _)| *seq).collect();
    let subjects: Vec<Uuid> = shown.iter().map(|(.., subject)| *subject).collect();
    let sql = "INSERT INTO showing (key, seq, subject) SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::uuid[])";
    change(step, sql, &[&keys, &seqs, &subjects]).await?;
    Ok(())
}

async fn beyond(
    client: &impl GenericClient,
    unit: Uuid,
    keys: &[ShownKey],
) -> Result<BTreeMap<ShownKey, usize>, Trouble> {
    let keys: Vec<&[u8]> = keys.iter().map(ShownKey::as_slice).collect();
    let sql = format!(
        "{BELOW} SELECT showing.key, count(DISTINCT showing.subject) FROM showing \
         JOIN person ON person.id = showing.subject \
         WHERE showing.key = ANY ($2) AND person.unit NOT IN (SELECT id FROM below) GROUP BY showing.key"
    );
    let found = rows(client, &sql, &[&unit, &keys]).await?;
    let counted = |row: &tokio_postgres::Row| {
        let count: i64 = row.try_get(1)?;
        Ok((hash(row, 0)?, usize::try_from(count).unwrap_or_default()))
    };
    found.iter().map(counted).collect()
}
