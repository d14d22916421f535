//! Erasing a person: what the log says of them goes with its salts, and the leaves stay, so that every proof holds.

use super::{forwards, people, rows};
use crate::secrets::random;
use crate::store::StoreError;
use crate::store::erased::{Deed, Erased};
use crate::store::kept::{Appended, Kind, NewEntry};
use rusqlite::{Connection, TransactionBehavior, params};
use uuid::Uuid;

/// Erases a person: every entry about them with its salt, name, group, code, PIN and sessions. What has come in since an
/// earlier erasure is erased by another one.
///
/// # Errors
/// [`StoreError`] where nobody has the id or nothing is left of them, and where the database refuses; nothing is changed then.
pub fn erase(
    connection: &mut Connection,
    person: Uuid,
    words: (&str, &str),
    now_ms: i64,
) -> Result<Erased, StoreError> {
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let there = "SELECT EXISTS (SELECT 1 FROM person WHERE id = ?1)";
    if !step.query_row(there, params![person.as_bytes()], |row| row.get(0))? {
        return Err(StoreError::Refused(format!("nobody has the id {person}")));
    }
    let seqs = about(&step, person)?;
    if seqs.is_empty() && people::is_erased(&step, person)? {
        return Err(StoreError::Refused(format!("nothing is left of {person}")));
    }
    let deed = Deed::of(words, &seqs);
    let body = serde_json::to_string(&deed).map_err(|error| StoreError::Refused(error.to_string()))?;
    let entry = NewEntry::about(Uuid::now_v7(), Kind::Erased, (person, person), now_ms, body);
    let Appended::Stored(seq) = rows::append(&step, &entry)? else {
        return Err(StoreError::Refused("the entry that says so has an id that is taken".to_owned()));
    };
    let forwarded = forwards::erase(&step, person, &seqs)?;
    for each in &seqs {
        step.execute("INSERT INTO tombstone (seq, erased_by) VALUES (?1, ?2)", params![each, seq])?;
        step.execute("DELETE FROM salt WHERE seq = ?1", [each])?;
        step.execute("DELETE FROM event WHERE seq = ?1", [each])?;
    }
    people::erase(&step, person, random::<32>(), seq)?;
    let others = "SELECT count(*) FROM event WHERE author = ?1 AND subject <> ?1";
    let made_for_others = step.query_row(others, params![person.as_bytes()], |row| row.get(0))?;
    step.commit()?;
    Ok(Erased { entries: seqs.len(), made_for_others, seq, forwarded, is_swept: sweep(connection)? })
}

fn about(connection: &Connection, person: Uuid) -> Result<Vec<i64>, StoreError> {
    let mut found = connection.prepare("SELECT seq, kind FROM event WHERE subject = ?1 ORDER BY seq")?;
    let mut rows = found.query(params![person.as_bytes()])?;
    let mut seqs = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(1)?;
        // A kind that only a later version knows is the person's like any other.
        if !Kind::from_code(&kind).is_some_and(Kind::outlasts_subject) {
            seqs.push(row.get(0)?);
        }
    }
    Ok(seqs)
}

/// Writes the file anew without what was deleted, and empties the write-ahead log.
fn sweep(connection: &Connection) -> Result<bool, StoreError> {
    connection.execute_batch("VACUUM")?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}
