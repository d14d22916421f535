//! Rows of the audit log. They are added and read, never changed.

use super::people::BELOW;
use crate::store::StoreError;
use crate::store::audit::{Act, Audit, NewAudit};
use crate::store::kept::NewEntry;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

/// Adds an entry.
pub fn add(connection: &Connection, audit: &NewAudit) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO audit (at_ms, who, unit, act, about, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            audit.at_ms,
            audit.who.as_bytes(),
            audit.unit.as_bytes(),
            audit.act.code(),
            audit.about.as_ref().map(Uuid::as_bytes),
            audit.detail,
        ])?;
    Ok(())
}

/// Adds what an entry of the log of events means here, if it was written at the desk; in the same commit as the entry.
pub fn add_entry(connection: &Connection, entry: &NewEntry) -> Result<(), StoreError> {
    if !entry.kind.is_of_desk() {
        return Ok(());
    }
    let course = entry.site.as_ref().zip(entry.route.as_ref()).map(|(site, route)| format!("{site}.{route}"));
    connection
        .prepare_cached(
            "INSERT INTO audit (at_ms, who, unit, act, about, detail) \
             SELECT ?1, ?2, person.unit, ?3, person.id, ?4 FROM person WHERE person.id = ?5",
        )?
        .execute(params![
            entry.received_at_ms,
            entry.author.as_bytes(),
            entry.kind.code(),
            course.unwrap_or_default(),
            entry.subject.as_bytes(),
        ])?;
    Ok(())
}

/// The last `most` entries before `before` that concern the unit or one below it, or all of a unit above it; newest first.
pub fn of_unit(
    connection: &Connection,
    unit: Uuid,
    person: Option<Uuid>,
    before: i64,
    most: u32,
) -> Result<Vec<Audit>, StoreError> {
    let mut found = connection.prepare_cached(&format!(
        "{BELOW}, above (id) AS (SELECT parent FROM unit WHERE id = ?1 \
             UNION SELECT unit.parent FROM unit JOIN above ON unit.id = above.id) \
         SELECT audit.seq, audit.at_ms, audit.who, audit.unit, audit.act, audit.about, audit.detail, \
             author.name, unit.name, subject.name \
         FROM audit LEFT JOIN person AS author ON author.id = audit.who LEFT JOIN unit ON unit.id = audit.unit \
             LEFT JOIN person AS subject ON subject.id = audit.about \
         WHERE (audit.unit IN (SELECT id FROM below) OR audit.about IS NULL AND audit.unit IN (SELECT id FROM above)) \
             AND audit.seq < ?2 AND (?3 IS NULL OR audit.who = ?3 OR audit.about = ?3) \
         ORDER BY audit.seq DESC LIMIT ?4"
    ))?;
    let mut rows = found.query(params![unit.as_bytes(), before, person.as_ref().map(Uuid::as_bytes), most])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

fn entry(row: &Row<'_>) -> Result<Audit, StoreError> {
    let act: String = row.get(4)?;
    let unreadable = || StoreError::Refused("the audit log holds a row that cannot be read".to_owned());
    Ok(Audit {
        seq: row.get(0)?,
        said: NewAudit {
            at_ms: row.get(1)?,
            who: Uuid::from_bytes(row.get(2)?),
            unit: Uuid::from_bytes(row.get(3)?),
            act: Act::from_code(&act).ok_or_else(unreadable)?,
            about: row.get::<_, Option<[u8; 16]>>(5)?.map(Uuid::from_bytes),
            detail: row.get(6)?,
        },
        who: row.get(7)?,
        unit: row.get(8)?,
        about: row.get(9)?,
    })
}
