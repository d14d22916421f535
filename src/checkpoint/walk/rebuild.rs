//! Proving that progress is derived: every walk is worked out from nothing but the log, several times over, as if devices
//! had delivered in other orders, and must come out the same.
//!
//! Nothing derived is stored, so there is no projection to throw away; what is compared is what learners are shown and what
//! was decided. Only what devices sent changes places, and only between two decisions of the desk: a decision is made on
//! sight of what is there, so what came before it and what came after it are different histories. The time at which
//! something was received stays with its place, so flags for lateness may differ; they are not compared.

use super::{Walk, shown, walks_of};
use crate::clock::year_in_china;
use crate::courses::Courses;
use crate::secrets::{Secrets, hex};
use crate::store::{Entry, Kind, Store, StoreError};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Orders in which each log is read: as it is, backwards, and shuffled in this many more ways.
const SHUFFLES: u64 = 3;

/// What rebuilding came to.
#[derive(Clone, Debug, Default)]
pub struct Rebuilt {
    /// People who have entries.
    pub people: usize,
    /// Their entries.
    pub entries: usize,
    /// Walks begun.
    pub walks: usize,
    /// Orders in which each log was read.
    pub orders: u64,
    /// SHA-256 over all walks, by person; hexadecimal. The same for every delivery of the same events.
    pub digest: String,
    /// People whose walks depend on the order.
    pub differing: Vec<Uuid>,
}

/// Works out every walk of everybody.
///
/// # Errors
/// [`StoreError`] where the log cannot be read.
pub async fn rebuild(courses: &Courses, secrets: &Secrets, store: &dyn Store) -> Result<Rebuilt, StoreError> {
    let mut rebuilt = Rebuilt { orders: 2 + SHUFFLES, ..Rebuilt::default() };
    let mut digest = Sha256::new();
    for person in store.subjects().await? {
        let log = store.log_of(person).await?;
        let derive = |log: &[Entry]| walks_of(courses, secrets, person, log);
        let walks = derive(&log);
        let image = image(person, &walks);
        let is_same = |order| self::image(person, &derive(&reordered(&log, order))) == image;
        if !(1..rebuilt.orders).all(is_same) {
            rebuilt.differing.push(person);
        }
        digest.update(image.as_bytes());
        rebuilt.people += 1;
        rebuilt.entries += log.len();
        rebuilt.walks += walks.len();
    }
    rebuilt.digest = hex(&digest.finalize());
    Ok(rebuilt)
}

/// What is compared of a person's walks, one line each.
fn image(person: Uuid, walks: &[Walk]) -> String {
    let line = |walk: &Walk| {
        let decided = walk.decided.as_ref().map(|decided| {
            let year = year_in_china(decided.at_ms);
            (decided.kind.code(), decided.by, year, &decided.decision.note, decided.decision.rule_version)
        });
        let records: Vec<_> = walk.stations.iter().map(|found| (&found.record, found.presence.level)).collect();
        let graded = (walk.presence.level, walk.presence.rule);
        format!("{person} {:?} {decided:?} {graded:?} {records:?}\n", shown(walk))
    };
    walks.iter().map(line).collect()
}

/// The log as it would be if devices had delivered otherwise: 1 backwards, further numbers shuffled.
fn reordered(log: &[Entry], order: u64) -> Vec<Entry> {
    let is_from_device = |entry: &Entry| matches!(entry.said.kind, Kind::Completed | Kind::Answered);
    let mut reordered = Vec::with_capacity(log.len());
    let mut random = order;
    for run in log.chunk_by(|one, next| is_from_device(one) && is_from_device(next)) {
        let mut said: Vec<_> = run.iter().map(|entry| entry.said.clone()).collect();
        if order == 1 {
            said.reverse();
        } else {
            for last in (1..said.len()).rev() {
                said.swap(last, (next(&mut random) % (last as u64 + 1)) as usize);
            }
        }
        reordered.extend(run.iter().zip(said).map(|(at, said)| Entry {
            seq: at.seq,
            said: crate::store::NewEntry { received_at_ms: at.said.received_at_ms, ..said },
        }));
    }
    reordered
}

/// `SplitMix64`: the same shuffles on every machine.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::NewEntry;

    fn log(kinds: &[Kind]) -> Vec<Entry> {
        let person = Uuid::nil();
        let entry = |(at, kind): (i64, &Kind)| {
            let id = Uuid::from_u64_pair(0, at.unsigned_abs());
            let said = NewEntry::about(id, *kind, (person, person), at, "{}".to_owned());
            Entry { seq: at, said }
        };
        (0..).zip(kinds).map(entry).collect()
    }

    #[test]
    fn only_what_devices_sent_changes_places_and_never_past_a_decision() {
        let (sent, decided) = (Kind::Completed, Kind::Returned);
        let log = log(&[sent, sent, sent, decided, sent, Kind::Answered, decided, decided, sent]);
        let order = |log: &[Entry]| log.iter().map(|entry| entry.said.id.as_u128()).collect::<Vec<_>>();
        assert_eq!(order(&reordered(&log, 1)), [2, 1, 0, 3, 5, 4, 6, 7, 8]);
        for number in 1..50 {
            let other = reordered(&log, number);
            assert!(other.iter().zip(&log).all(|(other, own)| other.seq == own.seq
                && other.said.received_at_ms == own.said.received_at_ms
                && (own.said.kind == decided) == (other.said.kind == decided)));
            let mut ids = order(&other);
            ids[..3].sort_unstable();
            ids[4..6].sort_unstable();
            assert_eq!(ids, order(&log));
        }
        assert!((2..50).any(|number| order(&reordered(&log, number))[..3] == [1, 2, 0]));
    }
}
