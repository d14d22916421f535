//! Numbered steps from an empty database to today's tables, each taken once and written down, however many services start
//! at the same time.

use super::ask::{change, is, row};
use super::showings;
use super::trouble::{Patience, Trouble};
use crate::secrets::{hex, random};
use crate::store::StoreError;
use deadpool_postgres::{GenericClient, Pool, Transaction};
use tokio_postgres::error::SqlState;

/// Every step there has been, in order. A step that has been published never changes.
const STEPS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("0001_first.sql")),
    (2, "revoked", include_str!("0002_revoked.sql")),
    (3, "kiosks", include_str!("0003_kiosks.sql")),
    (4, "chain", include_str!("0004_chain.sql")),
    (5, "statements", include_str!("0005_statements.sql")),
    (6, "passkeys", include_str!("0006_passkeys.sql")),
    (7, "forward", include_str!("0007_forward.sql")),
    (8, "waiting", include_str!("0008_waiting.sql")),
    (9, "bindings", include_str!("0009_bindings.sql")),
    (showings::STEP, "showings", include_str!("0010_showings.sql")),
    (11, "kiosk visits", include_str!("0011_kiosk_visits.sql")),
];

/// Takes the steps that are still missing, and tells whether all of them were.
///
/// # Errors
/// [`StoreError`] where a step fails, or where the database comes from a later version of the service.
pub async fn migrate(pool: &Pool) -> Result<bool, StoreError> {
    let mut patience = Patience::default();
    loop {
        match steps(pool).await {
            Ok(was_empty) => return Ok(was_empty),
            Err(trouble) => patience.after(trouble).await?,
        }
    }
}

/// Whether there is nothing to be migrated.
///
/// # Errors
/// [`StoreError`] where there are no tables, or those of another version.
pub async fn is_current(client: &impl GenericClient) -> Result<(), Trouble> {
    let sql = "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 'migration')";
    if !is(client, sql, &[]).await? {
        return Err(StoreError::Refused("it holds no record; start the service once".to_owned()).into());
    }
    let (taken, known) = (taken(client).await?, known());
    if taken == known {
        return Ok(());
    }
    let version = if taken > known { "a later version" } else { "an earlier version; start the service once" };
    Err(StoreError::Refused(format!("it was made by {version} (step {taken}; this one knows {known})")).into())
}

async fn steps(pool: &Pool) -> Result<bool, Trouble> {
    let mut client = pool.get().await?;
    let table = "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL)";
    if let Err(error) = client.batch_execute(table).await {
        // Another service was making the table at the same moment.
        let twice = [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_TABLE];
        let is_race = error.code().is_some_and(|code| twice.contains(code));
        return Err(if is_race { Trouble::Again(error.to_string()) } else { error.into() });
    }
    // A row to hold, so that one service after another takes its steps.
    change(&client, "INSERT INTO migration VALUES (0, 'none') ON CONFLICT (number) DO NOTHING", &[]).await?;
    let step = client.transaction().await?;
    row(&step, "SELECT number FROM migration WHERE number = 0 FOR UPDATE", &[]).await?;
    let (taken, known) = (taken(&step).await?, known());
    if taken > known {
        return Err(StoreError::Refused(format!(
            "it was made by a later version (step {taken}; this one knows {known})"
        ))
        .into());
    }
    for (number, name, sql) in STEPS.iter().filter(|(number, ..)| *number > taken) {
        step.batch_execute(sql).await?;
        if *number == 1 {
            plant(&step).await?;
        }
        if *number == showings::STEP {
            showings::fill(&step).await?;
        }
        change(&step, "INSERT INTO migration (number, name) VALUES ($1, $2)", &[number, name]).await?;
    }
    step.commit().await?;
    Ok(taken == 0)
}

/// Names the log and sets its frontier.
async fn plant(step: &Transaction<'_>) -> Result<(), Trouble> {
    let origin = format!("retrace/{}", hex(&random::<16>()));
    change(step, "INSERT INTO tree (only_one, origin) VALUES (1, $1)", &[&origin]).await?;
    let frontier = "INSERT INTO frontier (only_one, seq, size, edge, audit_seq) VALUES (1, 0, 0, '', 0)";
    change(step, frontier, &[]).await?;
    Ok(())
}

async fn taken(client: &impl GenericClient) -> Result<i64, Trouble> {
    let found = row(client, "SELECT coalesce(max(number), 0) FROM migration", &[]).await?;
    Ok(found.map(|row| row.try_get(0)).transpose()?.unwrap_or_default())
}

fn known() -> i64 {
    STEPS.last().map_or(0, |(number, ..)| *number)
}
