//! Rows of units: each may lie below another.

use super::ask::{change, name, rows};
use super::people::BELOW;
use super::trouble::Trouble;
use crate::store::kept::Unit;
use deadpool_postgres::GenericClient;
use uuid::Uuid;

/// Makes a unit unless the id is there.
pub async fn add(step: &impl GenericClient, unit: &Unit) -> Result<bool, Trouble> {
    let sql = "INSERT INTO unit (id, name, parent) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    Ok(change(step, sql, &[&unit.id, &unit.name.as_bytes(), &unit.parent]).await? == 1)
}

/// The unit, then all below it, by name.
pub async fn below(client: &impl GenericClient, unit: Uuid) -> Result<Vec<Unit>, Trouble> {
    let sql = format!(
        "{BELOW} SELECT unit.id, unit.name, unit.parent FROM unit WHERE unit.id IN (SELECT id FROM below) \
         ORDER BY unit.id <> $1, unit.name, unit.id"
    );
    let found = rows(client, &sql, &[&unit]).await?;
    found.iter().map(|row| Ok(Unit { id: row.try_get(0)?, name: name(row, 1)?, parent: row.try_get(2)? })).collect()
}
