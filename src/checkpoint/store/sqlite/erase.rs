//! Erasing a person: what the log says of them goes with its salts, and the leaves stay, so that every proof holds.

use super::{people, rows};
use crate::secrets::random;
use crate::store::StoreError;
use crate::store::kept::{Appended, Kind, NewEntry};
use rusqlite::{Connection, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The body of the entry that says what was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// Who had it done, in words.
    pub by: String,
    /// Why, in words.
    pub reason: String,
    /// Places in the log, each `[first, last]`.
    pub erased: Vec<[i64; 2]>,
}

impl Deed {
    /// Whether it says that this entry was erased.
    pub fn covers(&self, seq: i64) -> bool {
        self.erased.iter().any(|[first, last]| (*first..=*last).contains(&seq))
    }
}

/// What erasing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Entries about the person that are gone.
    pub entries: usize,
    /// Entries about others that the person made, as a trainer; they stay, under an id without a name.
    pub made_for_others: i64,
    /// Place of the entry that says so.
    pub seq: i64,
    /// Whether the file holds no trace any more; `false` while a reader of the running service kept old pages in use.
    pub is_swept: bool,
}

/// Erases a person: every entry about them with its salt, name, group, code, PIN and sessions. What has come in since an
/// earlier erasure is erased by another one.
///
/// # Errors
/// [`StoreError`] where nobody has the id or nothing is left of them, and where the database refuses; nothing is changed then.
pub fn erase(
    connection: &mut Connection,
    person: Uuid,
    (by, reason): (&str, &str),
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
    let deed = Deed { by: by.to_owned(), reason: reason.to_owned(), erased: runs(&seqs) };
    let body = serde_json::to_string(&deed).map_err(|error| StoreError::Refused(error.to_string()))?;
    let entry = NewEntry::about(Uuid::now_v7(), Kind::Erased, (person, person), now_ms, body);
    let Appended::Stored(seq) = rows::append(&step, &entry)? else {
        return Err(StoreError::Refused("the entry that says so has an id that is taken".to_owned()));
    };
    for each in &seqs {
        step.execute("INSERT INTO tombstone (seq, erased_by) VALUES (?1, ?2)", params![each, seq])?;
        step.execute("DELETE FROM salt WHERE seq = ?1", [each])?;
        step.execute("DELETE FROM event WHERE seq = ?1", [each])?;
    }
    people::erase(&step, person, random::<32>(), seq)?;
    let others = "SELECT count(*) FROM event WHERE author = ?1 AND subject <> ?1";
    let made_for_others = step.query_row(others, params![person.as_bytes()], |row| row.get(0))?;
    step.commit()?;
    Ok(Erased { entries: seqs.len(), made_for_others, seq, is_swept: sweep(connection)? })
}

fn about(connection: &Connection, person: Uuid) -> Result<Vec<i64>, StoreError> {
    let mut found = connection.prepare("SELECT seq FROM event WHERE subject = ?1 AND kind <> ?2 ORDER BY seq")?;
    let seqs = found.query_map(params![person.as_bytes(), Kind::Erased.code()], |row| row.get(0))?;
    Ok(seqs.collect::<Result<_, _>>()?)
}

fn runs(seqs: &[i64]) -> Vec<[i64; 2]> {
    let mut runs: Vec<[i64; 2]> = Vec::new();
    for seq in seqs {
        match runs.last_mut() {
            Some([_, last]) if *last + 1 == *seq => *last = *seq,
            _ => runs.push([*seq, *seq]),
        }
    }
    runs
}

/// Writes the file anew without what was deleted, and empties the write-ahead log.
fn sweep(connection: &Connection) -> Result<bool, StoreError> {
    connection.execute_batch("VACUUM")?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_in_runs() {
        assert_eq!(runs(&[]), Vec::<[i64; 2]>::new());
        let deed = Deed { by: String::new(), reason: String::new(), erased: runs(&[1, 2, 3, 7, 9, 10]) };
        assert_eq!(deed.erased, [[1, 3], [7, 7], [9, 10]]);
        let covered: Vec<i64> = (0..12).filter(|seq| deed.covers(*seq)).collect();
        assert_eq!(covered, [1, 2, 3, 7, 9, 10]);
    }
}
