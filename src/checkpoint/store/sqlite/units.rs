//! Rows of units: each may lie below another.

use super::people::BELOW;
use crate::store::StoreError;
use crate::store::kept::Unit;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// Makes a unit unless the id is there.
pub fn add(connection: &Connection, unit: &Unit) -> Result<bool, StoreError> {
    let sql = "INSERT INTO unit (id, name, parent) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    let parent = unit.parent.as_ref().map(Uuid::as_bytes);
    Ok(connection.execute(sql, params![unit.id.as_bytes(), unit.name, parent])? == 1)
}

/// The unit, then all below it, by name.
pub fn below(connection: &Connection, unit: Uuid) -> Result<Vec<Unit>, StoreError> {
    let mut found = connection.prepare_cached(&format!(
        "{BELOW} SELECT unit.id, unit.name, unit.parent FROM unit WHERE unit.id IN (SELECT id FROM below) \
         ORDER BY unit.id <> ?1, unit.name, unit.id"
    ))?;
    let mut rows = found.query(params![unit.as_bytes()])?;
    let mut units = Vec::new();
    while let Some(row) = rows.next()? {
        let parent: Option<[u8; 16]> = row.get(2)?;
        units.push(Unit { id: Uuid::from_bytes(row.get(0)?), name: row.get(1)?, parent: parent.map(Uuid::from_bytes) });
    }
    Ok(units)
}
