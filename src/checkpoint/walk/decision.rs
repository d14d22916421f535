//! What a trainer decides, as entries of the same log. History is never rewritten: a confirmation is taken back by one entry more.

use super::{Walk, appeal};
use crate::api::Fault;
use crate::courses::Courses;
use crate::house::House;
use crate::store::{Appended, Kind, NewEntry, Person};
use heritage::Hours;
use heritage::assessment::{CourseVersion, Criteria, Ways};
use heritage::credit::Level;
use protocol::api::WalkState;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The body of a confirmation, a return or a reopening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// For the learner, in the trainer's words; a return or reopening must have one.
    pub note: String,
    /// Version of the rule that was applied.
    pub rule_version: u32,
    /// What the walk earned by that rule; a later rule changes nothing here.
    pub hours: Hours,
    /// Where the learner's log at the site ended when the trainer looked.
    pub seen_seq: i64,
    /// How well presence was shown; absent from older entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Graded>,
    /// Which version of the course the walk was judged by; absent where there was none, and from older entries. A later
    /// version judges nothing anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<u32>,
    /// What the course's commendation asked for then; absent where there was no course, and from older entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commendation: Option<Criteria>,
    /// What a year is summed up from, as it was then; absent from older entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// A walk as it was when somebody decided on it, in figures: what came later changes nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Stations by the way in which each was completed.
    pub ways: Ways,
    /// Completions that a device had sent.
    pub completions: u32,
    /// Those of them that were made offline: received more than [`heritage::credit::SKEW_SECS`] later than the device's clock, put right,
    /// says that they were made.
    pub offline: u32,
    /// When the last record of the walk came in, milliseconds since 1970 UTC; 0 where nothing had.
    pub last_received_ms: i64,
}

/// A grade of presence as it was at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graded {
    /// How well presence was shown.
    pub level: Level,
    /// By which rule for grading.
    pub rule: u32,
}

/// What became of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It stands, now or since before.
    Stands,
    /// The walk has changed since the trainer looked, or is not in a state for it.
    Changed,
    /// Nobody decides on their own walk, or attests it; nor takes a second look at their own decision.
    Own,
    /// An appeal goes to another trainer than the one who decided.
    Decider,
    /// An appeal is answered with a reason.
    Wordless,
    /// A walk with flags is confirmed on its own page, not together with others.
    Flagged,
    /// A walk whose presence is shown less well than its course asks for is confirmed with a reason.
    Below,
}

impl Walk {
    /// How well presence is shown now.
    pub const fn graded(&self) -> Graded {
        Graded { level: self.presence.level, rule: self.presence.rule }
    }

    /// How well the course asks for presence to be shown, where it is shown less well.
    pub fn falls_short(&self, courses: &Courses) -> Option<Level> {
        let minimum = courses.version(&self.site, &self.route.id)?.minimum;
        (self.presence.level < minimum).then_some(minimum)
    }

    /// What a commendation asks of this walk, and of which version of the course: of the one by which the confirmation that
    /// stands was made, else of today's. Older confirmations name a version and not what it asked for.
    pub fn criteria(&self, today: &CourseVersion) -> (Criteria, u32) {
        let made = self.decided.as_ref().filter(|_| self.is_confirmed()).map(|decided| &decided.decision);
        let of_then = made.and_then(|decision| decision.commendation.zip(decision.course));
        of_then.unwrap_or((today.commendation, today.version))
    }

    /// The walk in figures, as it is now.
    pub fn seen(&self) -> Seen {
        let mut ways = Ways::default();
        for way in self.stations.iter().filter_map(|found| found.record.way) {
            ways.count(way);
        }
        let count = |of: fn(&super::StationFinding) -> usize| self.stations.iter().map(of).sum::<usize>() as u32;
        Seen {
            ways,
            completions: count(|found| found.completions),
            offline: count(|found| found.offline),
            last_received_ms: self.last_received_ms.unwrap_or_default(),
        }
    }
}

/// Longest note, in characters.
pub const MOST_NOTE: usize = 500;

/// Decides on a walk as the trainer saw it at `seen_seq`. `id` comes from the form, so that sending it twice decides once.
///
/// # Errors
/// A [`Fault`] where the store cannot keep it.
pub async fn decide(
    house: &House,
    trainer: &Person,
    walk: &Walk,
    kind: Kind,
    note: &str,
    (id, seen_seq): (Uuid, i64),
) -> Result<Became, Fault> {
    if walk.person == trainer.id {
        return Ok(Became::Own);
    }
    let stands_already =
        walk.decided.as_ref().is_some_and(|decided| decided.kind == kind && decided.decision.seen_seq == seen_seq);
    let fits = match kind {
        Kind::Confirmed | Kind::Returned => walk.state == WalkState::Waiting,
        Kind::Reopened => walk.state == WalkState::Confirmed,
        _ => false,
    };
    if !fits {
        return Ok(if stands_already { Became::Stands } else { Became::Changed });
    }
    if walk.is_appealed() {
        if !appeal::may_answer(house, trainer, walk).await? {
            return Ok(Became::Decider);
        }
        if note.is_empty() {
            return Ok(Became::Wordless);
        }
    }
    if kind == Kind::Confirmed && note.is_empty() && walk.falls_short(&house.courses).is_some() {
        return Ok(Became::Below);
    }
    let rule = &walk.route.rule;
    let decision = Decision {
        note: note.to_owned(),
        rule_version: rule.version(),
        hours: walk.hours,
        seen_seq,
        presence: Some(walk.graded()),
        course: house.courses.version(&walk.site, &walk.route.id).map(|course| course.version),
        commendation: house.courses.version(&walk.site, &walk.route.id).map(|course| course.commendation),
        seen: Some(walk.seen()),
    };
    let now_ms = house.now_ms();
    let entry = NewEntry {
        id,
        kind,
        subject: walk.person,
        author: trainer.id,
        site: Some(walk.site.clone()),
        route: Some(walk.route.id.clone()),
        station: None,
        device: None,
        captured_at_ms: now_ms,
        received_at_ms: now_ms,
        body: serde_json::to_string(&decision).map_err(|_| Fault::malformed())?,
    };
    Ok(match house.store.append_if_unchanged(entry, seen_seq).await? {
        Some(Appended::Stored(_) | Appended::Duplicate(_)) => Became::Stands,
        Some(Appended::Conflict) | None => Became::Changed,
    })
}
