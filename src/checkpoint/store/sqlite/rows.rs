//! Rows of the log.

use super::people::BELOW;
use super::{audit, showings, tree};
use crate::history::Bound;
use crate::store::StoreError;
use crate::store::kept::{Appended, Entry, Kind, LogEnd, NewEntry};
use heritage::{RouteId, SiteId, StationId};
use rusqlite::{CachedStatement, Connection, Row, ToSql, params};
use uuid::Uuid;

/// Appends entries within one job; what each of them needs is got ready once.
pub struct Appending<'a> {
    connection: &'a Connection,
    insert: CachedStatement<'a>,
    tree: tree::Growing<'a>,
}

impl<'a> Appending<'a> {
    /// Gets ready.
    pub fn begin(connection: &'a Connection) -> Result<Self, StoreError> {
        let insert = connection.prepare_cached(
            "INSERT INTO event (id, kind, subject, author, site, route, station, device, captured_at_ms, received_at_ms, \
             body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO NOTHING",
        )?;
        Ok(Self { connection, insert, tree: tree::Growing::begin(connection)? })
    }

    /// Appends one entry, or says what has its id.
    pub fn append(&mut self, entry: &NewEntry) -> Result<Appended, StoreError> {
        let inserted = self.insert.execute(params![
            entry.id.as_bytes(),
            entry.kind.code(),
            entry.subject.as_bytes(),
            entry.author.as_bytes(),
            entry.site.as_ref().map(SiteId::as_str),
            entry.route.as_ref().map(RouteId::as_str),
            entry.station.as_ref().map(StationId::as_str),
            entry.device.as_ref().map(Uuid::as_bytes),
            entry.captured_at_ms,
            entry.received_at_ms,
            entry.body,
        ])?;
        if inserted == 1 {
            let seq = self.connection.last_insert_rowid();
            self.tree.extend(&Bound::of(seq, entry))?;
            audit::add_entry(self.connection, entry)?;
            showings::add(self.connection, seq, entry)?;
            return Ok(Appended::Stored(seq));
        }
        Ok(there_already(self.connection, entry)?.unwrap_or(Appended::Conflict))
    }
}

/// Appends one entry, or says what has its id.
pub fn append(connection: &Connection, entry: &NewEntry) -> Result<Appended, StoreError> {
    Appending::begin(connection)?.append(entry)
}

/// Likewise each of several.
pub fn append_all(connection: &Connection, entries: &[NewEntry]) -> Result<Vec<Appended>, StoreError> {
    let mut appending = Appending::begin(connection)?;
    entries.iter().map(|entry| appending.append(entry)).collect()
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
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM event WHERE subject = ?1 AND site IS ?2")?
        .query_row(params![entry.subject.as_bytes(), entry.site.as_ref().map(SiteId::as_str)], |row| row.get(0))?;
    if last == seen_seq { append(connection, entry).map(Some) } else { Ok(None) }
}

fn there_already(connection: &Connection, entry: &NewEntry) -> Result<Option<Appended>, StoreError> {
    Ok(by_id(connection, entry.id)?
        .map(|there| if there.said.is_same_as(entry) { Appended::Duplicate(there.seq) } else { Appended::Conflict }))
}

/// The entry with this id.
pub fn by_id(connection: &Connection, id: Uuid) -> Result<Option<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE id = ?1");
    Ok(entries(connection, &sql, params![id.as_bytes()])?.pop())
}

/// Everyone who has entries, by id.
pub fn subjects(connection: &Connection) -> Result<Vec<Uuid>, StoreError> {
    let mut found = connection.prepare_cached("SELECT DISTINCT subject FROM event ORDER BY subject")?;
    let subjects = found.query_map([], |row| row.get(0).map(Uuid::from_bytes))?;
    Ok(subjects.collect::<Result<_, _>>()?)
}

/// The columns of an entry, in the order in which they are read and bound.
pub const COLUMNS: &str = "event.seq, event.id, event.kind, event.subject, event.author, event.site, event.route, \
                       event.station, event.device, event.captured_at_ms, event.received_at_ms, event.body";

/// One person's entries, by rising `seq`.
pub fn log_of(connection: &Connection, subject: Uuid) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE subject = ?1 ORDER BY seq");
    entries(connection, &sql, params![subject.as_bytes()])
}

/// One person's entries at one site and those about the person alone, by rising `seq`.
pub fn log_at(connection: &Connection, subject: Uuid, site: &SiteId) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE subject = ?1 AND (site = ?2 OR site IS NULL) ORDER BY seq");
    entries(connection, &sql, params![subject.as_bytes(), site.as_str()])
}

/// Places whose confirmation no longer stands; what was taken back is found by an index of its own.
pub fn revoked(connection: &Connection, first: i64, count: i64) -> Result<Vec<i64>, StoreError> {
    let mut found = connection.prepare_cached(
        "SELECT (SELECT max(seq) FROM event AS own WHERE own.subject = back.subject AND own.site = back.site \
         AND own.route = back.route AND own.kind = 'confirmed' AND own.seq < back.seq) AS place \
         FROM event AS back WHERE back.kind = 'reopened' AND place >= ?1 AND place - ?1 < ?2 \
         UNION SELECT seq FROM tombstone WHERE seq >= ?1 AND seq - ?1 < ?2 ORDER BY 1",
    )?;
    let places = found.query_map(params![first, count], |row| row.get(0))?;
    Ok(places.collect::<Result<_, _>>()?)
}

/// Where each log at a site ends; answered from the index alone.
pub fn ends_of_unit(connection: &Connection, unit: Uuid) -> Result<Vec<LogEnd>, StoreError> {
    let mut found = connection.prepare_cached(&format!(
        "{BELOW} SELECT event.subject, event.site, max(event.seq) FROM person JOIN event ON event.subject = person.id \
         WHERE person.unit IN (SELECT id FROM below) AND event.site IS NOT NULL GROUP BY event.subject, event.site",
    ))?;
    let mut rows = found.query(params![unit.as_bytes()])?;
    let mut ends = Vec::new();
    while let Some(row) = rows.next()? {
        let site: String = row.get(1)?;
        let site = SiteId::new(&site).map_err(|_| unreadable())?;
        ends.push(LogEnd { subject: Uuid::from_bytes(row.get(0)?), site, seq: row.get(2)? });
    }
    Ok(ends)
}

/// The last entries about people of a unit and those below it, newest first.
pub fn deeds_of_unit(connection: &Connection, unit: Uuid, most: u32) -> Result<Vec<Entry>, StoreError> {
    let sql = format!(
        "{BELOW} SELECT {COLUMNS} FROM event JOIN person ON person.id = event.subject \
         WHERE person.unit IN (SELECT id FROM below) AND event.site IS NULL ORDER BY event.seq DESC LIMIT ?2"
    );
    entries(connection, &sql, params![unit.as_bytes(), most])
}

/// How many others of the unit a person's devices have recorded for.
pub fn sharing(connection: &Connection, person: Uuid) -> Result<usize, StoreError> {
    let count: i64 = connection
        .prepare_cached(
            "SELECT count(DISTINCT other.subject) \
             FROM (SELECT DISTINCT device FROM event WHERE subject = ?1 AND device IS NOT NULL) AS own \
             JOIN event AS other ON other.device = own.device AND other.subject <> ?1 \
             JOIN person ON person.id = other.subject \
             WHERE person.unit = (SELECT unit FROM person WHERE id = ?1)",
        )?
        .query_row(params![person.as_bytes()], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// The rows of a statement that asks for [`COLUMNS`].
pub fn entries(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<Entry>, StoreError> {
    let mut found = connection.prepare_cached(sql)?;
    let mut rows = found.query(values)?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

fn unreadable() -> StoreError {
    StoreError::Refused("the log holds a row that cannot be read".to_owned())
}

fn entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    let id = |column| row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes);
    let kind: String = row.get(2)?;
    let (site, route, station): (Option<String>, Option<String>, Option<String>) =
        (row.get(5)?, row.get(6)?, row.get(7)?);
    Ok(Entry {
        seq: row.get(0)?,
        said: NewEntry {
            id: id(1)?,
            kind: Kind::from_code(&kind).ok_or_else(unreadable)?,
            subject: id(3)?,
            author: id(4)?,
            site: site.as_deref().map(SiteId::new).transpose().map_err(|_| unreadable())?,
            route: route.as_deref().map(RouteId::new).transpose().map_err(|_| unreadable())?,
            station: station.as_deref().map(StationId::new).transpose().map_err(|_| unreadable())?,
            device: row.get::<_, Option<[u8; 16]>>(8)?.map(Uuid::from_bytes),
            captured_at_ms: row.get(9)?,
            received_at_ms: row.get(10)?,
            body: row.get(11)?,
        },
    })
}
