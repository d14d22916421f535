//! What a learner writes of their practice and of what came of it, and what others say to that, as entries of the log.
//!
//! Texts are personal: they are in no figure and no line of the service's log, and erasing the person erases them. The
//! rubric is the course's; three scores are derived side by side (`heritage::assessment::Scores`) and never made one.

mod draw;
mod said;

pub use draw::{Asked, asked_of, draw};
pub use said::{Check, Draft, FollowUp, Listing, MOST_TEXT, Rating, Reflection, Second, say};

use crate::clock::DAY_MS;
use crate::store::{Entry, Kind};
use crate::walk::Walk;
use heritage::Route;
use heritage::assessment::{Capability, CourseVersion, Scores, effect, knowledge};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Something that was said, with where, when and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// Its entry.
    pub id: Uuid,
    /// Place in the log.
    pub seq: i64,
    /// By whom.
    pub by: Uuid,
    /// When, by the service's clock.
    pub at_ms: i64,
    /// What.
    pub what: T,
}

/// What there is of one learner's course. What is said of a text holds for that text: a new one is looked at anew.
#[derive(Clone, Debug, Default)]
pub struct Learning {
    /// What was put aside since the last text was submitted.
    pub draft: Option<Said<Draft>>,
    /// The last text that was submitted.
    pub reflection: Option<Said<Reflection>>,
    /// Other learners' views of it.
    pub checks: Vec<Said<Check>>,
    /// The last rating of it.
    pub rating: Option<Said<Rating>>,
    /// The last answer to what is asked later.
    pub follow_up: Option<Said<FollowUp>>,
    /// What colleagues added to it.
    pub seconds: Vec<Said<Second>>,
    /// The learner does not want to stand on the list of commendation.
    pub is_unlisted: bool,
}

/// Reads what there is on a route in one person's log.
pub fn learning(log: &[Entry], on: &Route) -> Learning {
    let reflection: Option<Said<Reflection>> = last(log, on, Kind::Reflected, |_| true);
    let follow_up: Option<Said<FollowUp>> = last(log, on, Kind::FollowedUp, |_| true);
    let text = reflection.as_ref().map(|said| said.seq);
    let answer = follow_up.as_ref().map(|said| said.seq);
    Learning {
        draft: last(log, on, Kind::Drafted, |_| true).filter(|draft: &Said<Draft>| Some(draft.seq) > text),
        checks: all(log, on, Kind::PeerChecked).filter(|check: &Said<Check>| Some(check.what.of_seq) == text).collect(),
        rating: last(log, on, Kind::Rated, |rating: &Rating| Some(rating.of_seq) == text),
        seconds: all(log, on, Kind::Seconded)
            .filter(|second: &Said<Second>| Some(second.what.of_seq) == answer)
            .collect(),
        is_unlisted: last(log, on, Kind::ListingChosen, |_: &Listing| true).is_some_and(|said| !said.what.listed),
        reflection,
        follow_up,
    }
}

fn all<'a, T: DeserializeOwned>(log: &'a [Entry], on: &'a Route, kind: Kind) -> impl Iterator<Item = Said<T>> {
    let own = move |entry: &&Entry| {
        let said = &entry.said;
        said.kind == kind && said.site.as_ref() == Some(&on.site) && said.route.as_ref() == Some(&on.id)
    };
    log.iter().filter(own).filter_map(said)
}

fn last<T: DeserializeOwned>(log: &[Entry], on: &Route, kind: Kind, fits: impl Fn(&T) -> bool) -> Option<Said<T>> {
    all(log, on, kind).filter(|said| fits(&said.what)).max_by_key(|said| said.seq)
}

/// Reads an entry. What a later version wrote and this one cannot read is left out.
pub(crate) fn said<T: DeserializeOwned>(entry: &Entry) -> Option<Said<T>> {
    let (id, seq, by, at_ms) = (entry.said.id, entry.seq, entry.said.author, entry.said.received_at_ms);
    Some(Said { id, seq, by, at_ms, what: serde_json::from_str(&entry.said.body).ok()? })
}

/// The three scores as they stand. Without a course version nobody rates and nothing is asked later.
pub fn scores(course: Option<&CourseVersion>, walk: &Walk, learning: &Learning, now_ms: i64) -> Scores {
    let answers = walk.stations.iter().map(|found| (found.record.recall, found.right_at_first));
    let confirmed_ms = walk.decided.as_ref().filter(|_| walk.is_confirmed()).map(|decided| decided.at_ms);
    let days = |until_ms: i64, from_ms: i64| u32::try_from((until_ms - from_ms).max(0) / DAY_MS).unwrap_or(u32::MAX);
    let effect = course.zip(confirmed_ms).map(|(course, from_ms)| {
        let answered = learning.follow_up.as_ref().map(|said| days(said.at_ms, from_ms));
        effect(&course.follow_up, days(now_ms, from_ms), answered, !learning.seconds.is_empty())
    });
    let capability = learning.rating.as_ref().map(|said| Capability::of(&said.what.levels));
    Scores { knowledge: knowledge(answers), capability, effect }
}
