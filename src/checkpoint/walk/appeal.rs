//! Appealing: a learner has another trainer look at a decision that went against them, once for each walk.

use super::{Decided, Walk};
use crate::api::Fault;
use crate::house::House;
use crate::routes::Access;
use crate::store::{Appended, Entry, Kind, NewEntry, Person};
use heritage::{Bilingual, Route};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The body of an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// In the learner's words; never empty.
    pub reason: String,
    /// Place of the decision appealed against.
    pub against_seq: i64,
}

/// An appeal as it stands.
#[derive(Clone, Debug)]
pub struct Appealed {
    /// When, by the service's clock.
    pub at_ms: i64,
    /// In the learner's words.
    pub reason: String,
    /// Who had decided.
    pub against: Option<Uuid>,
    /// Somebody has decided since.
    pub is_answered: bool,
}

/// Appeals. The same id and reason again appeal once.
///
/// # Errors
/// A [`Fault`] where nothing was decided against the learner, where there has been an appeal, or where it cannot be kept.
pub async fn appeal(house: &House, learner: &Person, walk: &Walk, id: Uuid, reason: &str) -> Result<(), Fault> {
    let against = walk.decided.as_ref().filter(|_| walk.may_appeal() || walk.is_appealed());
    let Some(against) = against else { return Err(refused(walk)) };
    let now_ms = house.now_ms();
    let body = Appeal { reason: reason.to_owned(), against_seq: against.seq };
    let entry = NewEntry {
        site: Some(walk.site.clone()),
        route: Some(walk.route.id.clone()),
        ..NewEntry::about(
            id,
            Kind::Appealed,
            (learner.id, learner.id),
            now_ms,
            serde_json::to_string(&body).map_err(|_| Fault::malformed())?,
        )
    };
    // With one appeal there already, only the very same is a duplicate; any other finds the log changed.
    let seen_seq = if walk.is_appealed() { -1 } else { walk.last_seq };
    match house.store.append_if_unchanged(entry, seen_seq).await? {
        Some(Appended::Stored(_) | Appended::Duplicate(_)) => Ok(()),
        Some(Appended::Conflict) => Err(refused(walk)),
        None if walk.is_appealed() => Err(refused(walk)),
        None => Err(Fault::conflict(Bilingual::new(
            "记录刚刚有变动，申诉未提交。请刷新后再试。",
            "The record has just changed and the appeal was not made. Load the page again and try once more.",
        ))),
    }
}

fn refused(walk: &Walk) -> Fault {
    Fault::conflict(if walk.appeal.is_some() {
        Bilingual::new(
            "此走访已申诉过一次，不能再次申诉。",
            "This walk has been appealed once already; there is no second appeal.",
        )
    } else {
        Bilingual::new(
            "此走访没有可申诉的决定，未提交申诉。",
            "Nothing was decided against this walk, so there is nothing to appeal.",
        )
    })
}

/// Whether this trainer may answer the appeal that waits on a walk: another one than whoever decided, where the learner's
/// unit has one.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn may_answer(house: &House, trainer: &Person, walk: &Walk) -> Result<bool, Fault> {
    let against = walk.appeal.as_ref().filter(|appeal| !appeal.is_answered).and_then(|appeal| appeal.against);
    if against != Some(trainer.id) {
        return Ok(true);
    }
    let Some(learner) = house.store.person(walk.person).await? else { return Ok(true) };
    let people = house.store.people_of(learner.unit).await?;
    let is_another = |person: &Person| {
        let decides = Access::Trainer.admits(person.role) && person.unit == learner.unit;
        decides && person.id != trainer.id && person.id != learner.id
    };
    Ok(!people.iter().any(is_another))
}

/// The one appeal of a walk, if there is one.
pub(super) fn read(log: &[&Entry], on: &Route, decided: Option<&Decided>) -> Option<Appealed> {
    let own = |entry: &&&Entry| entry.said.kind == Kind::Appealed && entry.said.route.as_ref() == Some(&on.id);
    let entry = log.iter().filter(own).min_by_key(|entry| entry.seq)?;
    let Appeal { reason, against_seq } = serde_json::from_str(&entry.said.body).ok()?;
    let against = log.iter().find(|other| other.seq == against_seq).map(|other| other.said.author);
    let is_answered = decided.is_some_and(|decided| decided.seq > entry.seq);
    Some(Appealed { at_ms: entry.said.received_at_ms, reason, against, is_answered })
}
