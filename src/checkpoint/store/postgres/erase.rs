//! Erasing a person on a server: what the log says of them goes with its salts, and the leaves stay, so that every proof
//! holds.

use super::ask::{change, is, row, rows};
use super::deeds::one;
use super::frontier::Frontier;
use super::step::write;
use super::trouble::Trouble;
use super::{Postgres, forwards, people};
use crate::secrets::random;
use crate::store::StoreError;
use crate::store::erased::{Deed, Erased};
use crate::store::kept::{Appended, Kind, NewEntry};
use deadpool_postgres::Transaction;
use uuid::Uuid;

/// Erases a person: every entry about them with its salt, name, group, code, PIN and sessions. What has come in since an
/// earlier erasure is erased by another one.
///
/// # Errors
/// [`StoreError`] where nobody has the id or nothing is left of them, and where the database refuses; nothing is changed then.
pub async fn erase(store: &Postgres, person: Uuid, words: (&str, &str), now_ms: i64) -> Result<Erased, StoreError> {
    write!(store, false, |step, _again| all(&step, person, words, now_ms))
}

async fn all(step: &Transaction<'_>, person: Uuid, words: (&str, &str), now_ms: i64) -> Result<Erased, Trouble> {
    let refused = |said: String| Trouble::from(StoreError::Refused(said));
    let mut frontier = Frontier::take(step).await?;
    if !is(step, "SELECT EXISTS (SELECT 1 FROM person WHERE id = $1)", &[&person]).await? {
        return Err(refused(format!("nobody has the id {person}")));
    }
    let about = "SELECT seq FROM event WHERE subject = $1 AND kind <> ALL ($2) ORDER BY seq";
    let stay: Vec<&str> = Kind::ALL.into_iter().filter(|kind| kind.outlasts_subject()).map(Kind::code).collect();
    let found = rows(step, about, &[&person, &stay]).await?;
    let seqs = found.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
    if seqs.is_empty() && people::is_erased(step, person).await? {
        return Err(refused(format!("nothing is left of {person}")));
    }
    let deed = Deed::of(words, &seqs);
    let body = serde_json::to_string(&deed).map_err(|error| refused(error.to_string()))?;
    let entry = NewEntry::about(Uuid::now_v7(), Kind::Erased, (person, person), now_ms, body);
    let Appended::Stored(seq) = one(step, &mut frontier, &entry).await? else {
        return Err(refused("the entry that says so has an id that is taken".to_owned()));
    };
    let forwarded = forwards::erase(step, person, &seqs).await?;
    let marked = "INSERT INTO tombstone (seq, erased_by) SELECT place, $2 FROM unnest($1::bigint[]) AS gone (place)";
    change(step, marked, &[&seqs, &seq]).await?;
    change(step, "DELETE FROM salt WHERE seq = ANY ($1)", &[&seqs]).await?;
    change(step, "DELETE FROM event WHERE seq = ANY ($1)", &[&seqs]).await?;
    people::erase(step, person, random::<32>(), seq).await?;
    frontier.give_back(step).await?;
    let others = row(step, "SELECT count(*) FROM event WHERE author = $1 AND subject <> $1", &[&person]).await?;
    let made_for_others = others.map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
    Ok(Erased { entries: seqs.len(), made_for_others, seq, forwarded, is_swept: false })
}
