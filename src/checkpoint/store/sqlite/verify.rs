//! Verifying a file: its rows, handed over at one moment, and whether the file itself is whole.

use super::rows::COLUMNS;
use super::tree::{bound, origin};
use crate::store::StoreError;
use crate::store::kept::Kind;
use crate::store::verified::{Auditor, Leaf, Older, Report, STRAYS};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row};

/// Works everything out again, at one moment of a database that may be in use meanwhile. What `SQLite` finds of the file
/// stands last: an index that leads astray hides entries from whoever is asked for them, while every entry is there.
///
/// # Errors
/// [`StoreError`] where the database cannot be read, unless the file is damaged, or has no tree yet.
pub fn verify(connection: &Connection, older: &[Older]) -> Result<Report, StoreError> {
    let moment = connection.unchecked_transaction()?;
    let (origin, damages) = (origin(&moment)?, damages(&moment)?);
    let mut report = match audited(&moment, origin.clone(), older) {
        Err(error) if !damages.is_empty() => {
            let mut report = Auditor::new(origin, &[], std::iter::empty()).report();
            report.find(format!("file: not all of it can be read: {error}"));
            report
        }
        audited => audited?,
    };
    for damage in damages {
        report.find(format!("file: {damage}"));
    }
    Ok(report)
}

/// What `SQLite` finds of pages, tables and indexes that do not fit together; it ends after a hundred.
fn damages(moment: &Connection) -> Result<Vec<String>, StoreError> {
    let mut checked = moment.prepare("PRAGMA integrity_check")?;
    let mut damages = Vec::new();
    for told in checked.query_map([], |row| row.get::<_, String>(0))? {
        match told {
            Ok(told) => {
                for line in told.lines().filter(|line| *line != "ok" && !line.starts_with("***")) {
                    damages.push(named(moment, line)?);
                }
            }
            // It has told of the damage before it runs into it.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
                damages.push(error.to_string());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(damages)
}

/// `SQLite` calls a damaged table or index by the number of its first page; this says its name too.
fn named(moment: &Connection, damage: &str) -> Result<String, StoreError> {
    let root = damage.strip_prefix("Tree ").and_then(|rest| rest.split(' ').next()?.parse::<i64>().ok());
    let sql = "SELECT name FROM sqlite_schema WHERE rootpage = ?1";
    let name = moment.query_row(sql, [root], |row| row.get::<_, String>(0)).optional()?;
    Ok(name.map_or_else(|| damage.to_owned(), |name| format!("{name}: {damage}")))
}

fn audited(moment: &Connection, origin: String, older: &[Older]) -> Result<Report, StoreError> {
    let mut told = moment.prepare("SELECT seq, CAST(body AS BLOB) FROM event WHERE kind = ?1")?;
    let deeds = told.query_map([Kind::Erased.code()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let deeds = deeds.collect::<Result<Vec<_>, _>>()?;
    let mut auditor = Auditor::new(origin, older, deeds.into_iter());
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
