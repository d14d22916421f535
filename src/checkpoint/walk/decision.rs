//! What a trainer decides, as entries of the same log. History is never rewritten: a confirmation is taken back by one entry more.

use super::{Walk, appeal};
use crate::api::Fault;
use crate::house::House;
use crate::store::{Appended, Kind, NewEntry, Person};
use heritage::Hours;
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
}

impl Walk {
    /// How well presence is shown now.
    pub const fn graded(&self) -> Graded {
        Graded { level: self.presence.level, rule: self.presence.rule }
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
    let rule = &walk.route.rule;
    let decision = Decision {
        note: note.to_owned(),
        rule_version: rule.version(),
        hours: walk.hours,
        seen_seq,
        presence: Some(walk.graded()),
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
