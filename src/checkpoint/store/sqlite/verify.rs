//! Verifying a file: its rows, handed over at one moment.

use super::rows::COLUMNS;
use super::tree::{bound, origin};
use crate::store::StoreError;
use crate::store::kept::Kind;
use crate::store::verified::{Auditor, Leaf, Older, Report, STRAYS};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

/// Works everything out again, at one moment of a database that may be in use meanwhile.
///
/// # Errors
/// [`StoreError`] where the database cannot be read or has no tree yet.
pub fn verify(connection: &Connection, older: &[Older]) -> Result<Report, StoreError> {
    let moment = connection.unchecked_transaction()?;
    let mut told = moment.prepare("SELECT seq, CAST(body AS BLOB) FROM event WHERE kind = ?1")?;
    let deeds = told.query_map([Kind::Erased.code()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let deeds = deeds.collect::<Result<Vec<_>, _>>()?;
    let mut auditor = Auditor::new(origin(&moment)?, older, deeds.into_iter());
    let sql = format!(
        "SELECT leaf.place, leaf.seq, leaf.version, leaf.hash, salt.salt, tombstone.erased_by, {COLUMNS} FROM leaf \
         LEFT JOIN event ON event.seq = leaf.seq LEFT JOIN salt ON salt.seq = leaf.seq \
         LEFT JOIN tombstone ON tombstone.seq = leaf.seq ORDER BY leaf.place"
    );
    let mut leaves = moment.prepare(&sql)?;
    let mut rows = leaves.query([])?;
    while let Some(row) = rows.next()? {
        auditor.leaf(&leaf(row)?);
    }
    let mut nodes = moment.prepare("SELECT level, place, hash FROM node")?;
    let nodes = nodes.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    auditor.nodes(nodes.collect::<Result<Vec<_>, _>>()?.into_iter(), None);
    for (table, finding) in STRAYS {
        let sql = format!("SELECT seq FROM {table} WHERE seq NOT IN (SELECT seq FROM leaf) ORDER BY seq");
        let mut found = moment.prepare(&sql)?;
        let mut rows = found.query([])?;
        while let Some(row) = rows.next()? {
            auditor.stray(row.get(0)?, finding);
        }
    }
    Ok(auditor.report())
}

fn leaf<'a>(row: &'a Row<'_>) -> Result<Leaf<'a>, StoreError> {
    let is_there = row.get_ref(6)? != ValueRef::Null;
    Ok(Leaf {
        place: row.get(0)?,
        seq: row.get(1)?,
        version: row.get(2)?,
        hash: row.get(3)?,
        salt: row.get(4)?,
        erased_by: row.get(5)?,
        entry: is_there.then(|| bound(row, 6)).transpose()?,
    })
}
