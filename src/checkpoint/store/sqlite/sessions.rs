//! Rows of sessions, failed sign-ins and the first-admin link.

use super::waiting;
use crate::clock::DAY_MS;
use crate::store::StoreError;
use crate::store::kept::{Guard, TokenHash};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// Begins a session, and clears away those that have ended and what has waited too long.
pub fn open(
    connection: &Connection,
    token: TokenHash,
    person: Uuid,
    now_ms: i64,
    ends_ms: i64,
) -> Result<(), StoreError> {
    connection.execute("DELETE FROM session WHERE ends_ms <= ?1", [now_ms])?;
    waiting::sweep(connection, now_ms)?;
    connection.execute(
        "INSERT INTO session (token, person, opened_ms, ends_ms) VALUES (?1, ?2, ?3, ?4)",
        params![token, person.as_bytes(), now_ms, ends_ms],
    )?;
    Ok(())
}

/// Ends a session.
pub fn close(connection: &Connection, token: TokenHash) -> Result<(), StoreError> {
    connection.execute("DELETE FROM session WHERE token = ?1", [token])?;
    Ok(())
}

/// How often sign-in with this code has failed lately.
pub fn guard(connection: &Connection, code_key: [u8; 32]) -> Result<Guard, StoreError> {
    let found = connection
        .query_row("SELECT failures, locked_until_ms FROM guard WHERE code_key = ?1", [code_key], |row| {
            Ok(Guard { failures: row.get(0)?, locked_until_ms: row.get(1)? })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Counts an attempt as failed unless the code must wait, and forgets counts that are a day away, either way.
pub fn begin_attempt(connection: &Connection, code_key: [u8; 32], now_ms: i64) -> Result<Option<Guard>, StoreError> {
    connection.execute("DELETE FROM guard WHERE abs(last_ms - ?1) > ?2", [now_ms, DAY_MS])?;
    let before = guard(connection, code_key)?;
    if before.wait_ms(now_ms).is_some() {
        return Ok(None);
    }
    let after = before.after_failure(now_ms);
    connection.execute(
        "INSERT OR REPLACE INTO guard (code_key, failures, locked_until_ms, last_ms) VALUES (?1, ?2, ?3, ?4)",
        params![code_key, after.failures, after.locked_until_ms, now_ms],
    )?;
    Ok(Some(after))
}

/// Forgets the failures of a code.
pub fn clear_failures(connection: &Connection, code_key: [u8; 32]) -> Result<(), StoreError> {
    connection.execute("DELETE FROM guard WHERE code_key = ?1", [code_key])?;
    Ok(())
}

/// Replaces the one first-admin link.
pub fn set_first_link(connection: &Connection, token: TokenHash, ends_ms: i64) -> Result<(), StoreError> {
    connection.execute(
        "INSERT OR REPLACE INTO first_link (only, token, ends_ms) VALUES (1, ?1, ?2)",
        params![token, ends_ms],
    )?;
    Ok(())
}

/// Whether this is the link, and still good: it lasts a day, by whichever clock.
pub fn first_link_is(connection: &Connection, token: TokenHash, now_ms: i64) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM first_link WHERE token = ?1 AND ends_ms - ?2 BETWEEN 1 AND ?3)";
    Ok(connection.query_row(sql, params![token, now_ms, DAY_MS], |row| row.get(0))?)
}

/// Uses the link up; `false` if it is not good any more.
pub fn use_first_link(connection: &Connection, token: TokenHash, now_ms: i64) -> Result<bool, StoreError> {
    let sql = "DELETE FROM first_link WHERE token = ?1 AND ends_ms - ?2 BETWEEN 1 AND ?3";
    Ok(connection.execute(sql, params![token, now_ms, DAY_MS])? == 1)
}
