//! Rows of the log.

use crate::store::StoreError;
use crate::store::kept::{Appended, Entry, Kind, NewEntry};
use heritage::{RouteId, SiteId, StationId};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// Appends one entry, or says what has its id.
pub fn append(connection: &Connection, entry: &NewEntry) -> Result<Appended, StoreError> {
    let inserted = connection
        .prepare_cached(
            "INSERT INTO event (id, kind, subject, author, site, route, station, captured_at_ms, received_at_ms, body) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            entry.id.as_bytes(),
            entry.kind.code(),
            entry.subject.as_bytes(),
            entry.author.as_bytes(),
            entry.site.as_str(),
            entry.route.as_ref().map(RouteId::as_str),
            entry.station.as_ref().map(StationId::as_str),
            entry.captured_at_ms,
            entry.received_at_ms,
            entry.body,
        ])?;
    if inserted == 1 {
        return Ok(Appended::Stored(connection.last_insert_rowid()));
    }
    Ok(there_already(connection, entry)?.unwrap_or(Appended::Conflict))
}

/// Appends one entry if nothing else came in since `seen_seq`.
pub fn append_if_unchanged(
    connection: &Connection,
    entry: &NewEntry,
    seen_seq: i64,
) -> Result<Option<Appended>, StoreError> {
    if let Some(there) = there_already(connection, entry)? {
        return Ok(Some(there));
    }
    let last: i64 = connection
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM event WHERE subject = ?1 AND site = ?2")?
        .query_row(params![entry.subject.as_bytes(), entry.site.as_str()], |row| row.get(0))?;
    if last == seen_seq { append(connection, entry).map(Some) } else { Ok(None) }
}

fn there_already(connection: &Connection, entry: &NewEntry) -> Result<Option<Appended>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE id = ?1");
    let there = entries(connection, &sql, entry.id)?.pop();
    Ok(there
        .map(|there| if there.said.is_same_as(entry) { Appended::Duplicate(there.seq) } else { Appended::Conflict }))
}

const COLUMNS: &str = "event.seq, event.id, event.kind, event.subject, event.author, event.site, event.route, \
                       event.station, event.captured_at_ms, event.received_at_ms, event.body";

/// One person's entries, by rising `seq`.
pub fn log_of(connection: &Connection, subject: Uuid) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE subject = ?1 ORDER BY seq");
    entries(connection, &sql, subject)
}

/// The entries of everyone in a unit, by rising `seq`.
pub fn log_of_unit(connection: &Connection, unit: Uuid) -> Result<Vec<Entry>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM event JOIN person ON person.id = event.subject WHERE person.unit = ?1 ORDER BY seq"
    );
    entries(connection, &sql, unit)
}

fn entries(connection: &Connection, sql: &str, of: Uuid) -> Result<Vec<Entry>, StoreError> {
    let mut found = connection.prepare_cached(sql)?;
    let mut rows = found.query(params![of.as_bytes()])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

fn entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    let unreadable = || StoreError::Refused("the log holds a row that cannot be read".to_owned());
    let id = |column| row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes);
    let (kind, site): (String, String) = (row.get(2)?, row.get(5)?);
    let (route, station): (Option<String>, Option<String>) = (row.get(6)?, row.get(7)?);
    Ok(Entry {
        seq: row.get(0)?,
        said: NewEntry {
            id: id(1)?,
            kind: Kind::from_code(&kind).ok_or_else(unreadable)?,
            subject: id(3)?,
            author: id(4)?,
            site: SiteId::new(&site).map_err(|_| unreadable())?,
            route: route.as_deref().map(RouteId::new).transpose().map_err(|_| unreadable())?,
            station: station.as_deref().map(StationId::new).transpose().map_err(|_| unreadable())?,
            captured_at_ms: row.get(8)?,
            received_at_ms: row.get(9)?,
            body: row.get(10)?,
        },
    })
}
