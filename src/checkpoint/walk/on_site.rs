//! Answering the question that only the place answers, on a page of the service: the answer is an entry, judged by the key
//! whenever the walk is derived.

use super::Walk;
use crate::api::Fault;
use crate::house::House;
use crate::store::{Appended, Entry, Kind, NewEntry, Person};
use heritage::credit::MOST_WRONG_ANSWERS;
use heritage::{Route, StationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest answer, in characters.
pub const MOST_ANSWER: usize = 100;

/// The body of such an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteAnswer {
    /// As typed.
    pub answer: String,
}

/// One answer that was given at a station.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Which station.
    pub station: StationId,
    /// As typed.
    pub answer: String,
    /// Place of the entry in the log.
    pub seq: i64,
}

/// How somebody stands towards the question at a station.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AskedThere {
    /// It was answered rightly.
    pub is_right: bool,
    /// Wrong answers.
    pub wrong: usize,
}

impl AskedThere {
    /// How many more may be wrong.
    pub const fn left(self) -> usize {
        MOST_WRONG_ANSWERS.saturating_sub(self.wrong)
    }

    /// Whether another answer is taken.
    pub const fn is_open(self) -> bool {
        !self.is_right && self.left() > 0
    }
}

/// Keeps an answer, where another is taken. `id` comes from the form, so that sending it twice answers once.
///
/// # Errors
/// A [`Fault`] where the store cannot keep it.
pub async fn answer_there(
    house: &House,
    learner: &Person,
    walk: &Walk,
    station: &StationId,
    (id, answer): (Uuid, String),
) -> Result<(), Fault> {
    let asked = walk.stations.iter().find(|found| found.record.station == *station).map(|found| found.asked);
    if !asked.is_some_and(AskedThere::is_open) {
        return Ok(());
    }
    let body = serde_json::to_string(&SiteAnswer { answer }).map_err(|_| Fault::malformed())?;
    let entry = NewEntry {
        site: Some(walk.site.clone()),
        route: Some(walk.route.id.clone()),
        station: Some(station.clone()),
        ..NewEntry::about(id, Kind::AnsweredThere, (learner.id, learner.id), house.now_ms(), body)
    };
    // Only on sight of all that came before: many at once are not all taken.
    match house.store.append_if_unchanged(entry, walk.last_seq).await? {
        Some(Appended::Stored(_) | Appended::Duplicate(_)) => Ok(()),
        Some(Appended::Conflict) | None => Err(Fault::busy()),
    }
}

/// The answer that an entry is, if it was given at a station of the route.
pub(super) fn read(entry: &Entry, on: &Route) -> Option<Answered> {
    let said = &entry.said;
    let station = said.station.clone().filter(|station| on.stations.contains(station))?;
    if said.kind != Kind::AnsweredThere || said.author != said.subject {
        return None;
    }
    let SiteAnswer { answer } = serde_json::from_str(&said.body).ok()?;
    Some(Answered { station, answer, seq: entry.seq })
}
