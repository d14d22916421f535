//! Rows of sessions, failed sign-ins and the first-admin link.

use super::ask::{change, is, row};
use super::trouble::Trouble;
use super::waiting;
use crate::clock::DAY_MS;
use crate::store::kept::{Guard, TokenHash};
use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use uuid::Uuid;

/// Begins a session, and clears away those that have ended and what has waited too long.
pub async fn open(
    step: &impl GenericClient,
    token: TokenHash,
    person: Uuid,
    (now_ms, ends_ms): (i64, i64),
) -> Result<(), Trouble> {
    change(step, "DELETE FROM session WHERE ends_ms <= $1", &[&now_ms]).await?;
    waiting::sweep(step, now_ms).await?;
    let sql = "INSERT INTO session (token, person, opened_ms, ends_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (token) DO NOTHING";
    change(step, sql, &[&token.as_slice(), &person, &now_ms, &ends_ms]).await?;
    Ok(())
}

/// Ends a session.
pub async fn close(step: &impl GenericClient, token: TokenHash) -> Result<(), Trouble> {
    change(step, "DELETE FROM session WHERE token = $1", &[&token.as_slice()]).await?;
    Ok(())
}

/// How often sign-in with this code has failed lately.
pub async fn guard(client: &impl GenericClient, code_key: [u8; 32]) -> Result<Guard, Trouble> {
    let sql = "SELECT failures, locked_until_ms FROM guard WHERE code_key = $1";
    row(client, sql, &[&code_key.as_slice()]).await?.as_ref().map_or_else(|| Ok(Guard::default()), read)
}

fn read(row: &Row) -> Result<Guard, Trouble> {
    let failures: i64 = row.try_get(0)?;
    Ok(Guard { failures: u32::try_from(failures).unwrap_or(u32::MAX), locked_until_ms: row.try_get(1)? })
}

/// Counts an attempt as failed unless the code must wait, and forgets counts older than a day.
pub async fn begin_attempt(
    step: &impl GenericClient,
    code_key: [u8; 32],
    now_ms: i64,
) -> Result<Option<Guard>, Trouble> {
    let (from, until) = (now_ms.saturating_sub(DAY_MS), now_ms.saturating_add(DAY_MS));
    change(step, "DELETE FROM guard WHERE last_ms NOT BETWEEN $1 AND $2", &[&from, &until]).await?;
    // The row is made or taken in one statement, so that those who come at once stand in line behind it.
    let taken = row(
        step,
        "INSERT INTO guard (code_key, failures, locked_until_ms, last_ms) VALUES ($1, 0, 0, $2) \
         ON CONFLICT (code_key) DO UPDATE SET last_ms = guard.last_ms RETURNING failures, locked_until_ms",
        &[&code_key.as_slice(), &now_ms],
    )
    .await?;
    let before = taken.as_ref().map(read).transpose()?.unwrap_or_default();
    if before.wait_ms(now_ms).is_some() {
        return Ok(None);
    }
    let after = before.after_failure(now_ms);
    let sql = "UPDATE guard SET failures = $2, locked_until_ms = $3, last_ms = $4 WHERE code_key = $1";
    let failures = i64::from(after.failures);
    change(step, sql, &[&code_key.as_slice(), &failures, &after.locked_until_ms, &now_ms]).await?;
    Ok(Some(after))
}

/// Forgets the failures of a code.
pub async fn clear_failures(step: &impl GenericClient, code_key: [u8; 32]) -> Result<(), Trouble> {
    change(step, "DELETE FROM guard WHERE code_key = $1", &[&code_key.as_slice()]).await?;
    Ok(())
}

/// Replaces the one first-admin link.
pub async fn set_first_link(step: &impl GenericClient, token: TokenHash, ends_ms: i64) -> Result<(), Trouble> {
    let sql = "INSERT INTO first_link (only_one, token, ends_ms) VALUES (1, $1, $2) \
               ON CONFLICT (only_one) DO UPDATE SET token = excluded.token, ends_ms = excluded.ends_ms";
    change(step, sql, &[&token.as_slice(), &ends_ms]).await?;
    Ok(())
}

/// Whether this is the link, and still good: it lasts a day, by whichever clock.
pub async fn first_link_is(client: &impl GenericClient, token: TokenHash, now_ms: i64) -> Result<bool, Trouble> {
    let sql = "SELECT EXISTS (SELECT 1 FROM first_link WHERE token = $1 AND ends_ms > $2 AND ends_ms <= $3)";
    is(client, sql, &[&token.as_slice(), &now_ms, &now_ms.saturating_add(DAY_MS)]).await
}

/// Uses the link up; `false` if it is not good any more.
pub async fn use_first_link(step: &impl GenericClient, token: TokenHash, now_ms: i64) -> Result<bool, Trouble> {
    let sql = "DELETE FROM first_link WHERE token = $1 AND ends_ms > $2 AND ends_ms <= $3";
    Ok(change(step, sql, &[&token.as_slice(), &now_ms, &now_ms.saturating_add(DAY_MS)]).await? == 1)
}
