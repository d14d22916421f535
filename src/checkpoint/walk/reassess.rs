//! Grading anew: where a newer rule grades a confirmed walk otherwise than it was graded, an entry more says so. What was
//! written stays, and no credit changes.

use super::{Decided, Graded, Walk, walks_of};
use crate::courses::Courses;
use crate::secrets::Secrets;
use crate::store::{Appended, Entry, Kind, NewEntry, Store, StoreError};
use heritage::Route;
use uuid::Uuid;

/// What grading anew came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reassessed {
    /// Confirmed walks that were looked at.
    pub walks: usize,
    /// Entries that were added.
    pub added: usize,
    /// Walks that changed at that very moment and are left for the next time.
    pub left: usize,
}

/// Grades every confirmed walk anew.
///
/// # Errors
/// [`StoreError`] where the log cannot be read or added to; what was added by then stays.
pub async fn reassess(
    courses: &Courses,
    secrets: &Secrets,
    store: &dyn Store,
    now_ms: i64,
) -> Result<Reassessed, StoreError> {
    let mut done = Reassessed::default();
    for person in store.subjects().await? {
        // Each entry lengthens the log that the next one is held to.
        loop {
            let log = store.log_of(person).await?;
            let walks = walks_of(courses, secrets, person, &log);
            let confirmed = || walks.iter().filter(|walk| walk.is_confirmed());
            let Some(walk) = confirmed().find(|walk| walk.recorded != Some(walk.graded())) else {
                done.walks += confirmed().count();
                break;
            };
            let became = store.append_if_unchanged(assessed(walk, now_ms)?, walk.last_seq).await?;
            if !matches!(became, Some(Appended::Stored(_))) {
                done.left += 1;
                break;
            }
            done.added += 1;
        }
    }
    Ok(done)
}

fn assessed(walk: &Walk, now_ms: i64) -> Result<NewEntry, StoreError> {
    let body = serde_json::to_string(&walk.graded()).map_err(|error| StoreError::Refused(error.to_string()))?;
    Ok(NewEntry {
        site: Some(walk.site.clone()),
        route: Some(walk.route.id.clone()),
        ..NewEntry::about(Uuid::now_v7(), Kind::Assessed, (walk.person, walk.person), now_ms, body)
    })
}

/// How the confirmation that stands was last graded: by an entry of its own, else as it was made.
pub(super) fn read(log: &[&Entry], on: &Route, decided: Option<&Decided>) -> Option<Graded> {
    let confirmed = decided.filter(|decided| decided.kind == Kind::Confirmed)?;
    let own = |entry: &&&Entry| {
        let said = &entry.said;
        said.kind == Kind::Assessed && said.route.as_ref() == Some(&on.id) && entry.seq > confirmed.seq
    };
    let latest = log.iter().filter(own).max_by_key(|entry| entry.seq);
    latest.and_then(|entry| serde_json::from_str(&entry.said.body).ok()).or(confirmed.decision.presence)
}
