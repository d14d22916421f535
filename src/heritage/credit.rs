//! Credit: from what a learner did at each station to a verdict with its reasons. Knows no clock and no log.

mod assess;
mod flags;
mod hours;
mod passage;
mod presence;
mod ranges;
mod rule;
mod taps;

pub use assess::{READING_CHARACTERS_PER_SEC, READING_WORDS_PER_SEC, assess_station, assess_walk, ready, telling_secs};
pub use flags::{Circumstances, Flag, MOST_WRONG_ANSWERS, MOST_WRONG_CODES, SKEW_SECS, TOGETHER_MS, Unfit, flags};
pub use hours::{BadHours, Hours};
pub use passage::{Delivery, burst, passage_flags};
pub use presence::{Level, PRESENCE_RULE, Presence, grade, grade_walk};
pub use ranges::{merge, union_secs};
pub use rule::{BadRule, CreditRule};
pub use taps::{Tap, Taps};

use crate::{Bilingual, Proof, StationId, Way};
use serde::{Deserialize, Serialize};

/// What is recorded of one learner at one station.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationRecord {
    /// Which station.
    pub station: StationId,
    /// By which way; `None` while nothing has been completed.
    pub way: Option<Way>,
    /// Narration heard, seconds, overlaps counted once ([`union_secs`]).
    pub heard_secs: f64,
    /// Transcript open and in view, seconds.
    pub read_secs: f64,
    /// Length of all that is told at the station, seconds, in the language that was heard or read ([`telling_secs`]).
    pub narration_secs: f64,
    /// Time at the station, seconds.
    pub dwell_secs: f64,
    /// Whether the recall question was answered rightly; `None` if not yet answered.
    pub recall: Option<bool>,
    /// The strongest proof given.
    pub proof: Option<Proof>,
}

/// Whether a station or a walk counts, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// It counts.
    pub met: bool,
    /// Every requirement with its finding, met ones included.
    pub reasons: Vec<Reason>,
}

/// What a reason is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Requirement {
    /// Narration heard, or its text read.
    Attended,
    /// The recall question answered rightly.
    Recall,
    /// Time spent at the station.
    Dwell,
    /// The station completed, and how presence is shown.
    Completed,
    /// One station of a walk, or all of them.
    Stations,
}

/// One requirement and how it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What it is about.
    pub requirement: Requirement,
    /// This requirement is met.
    pub met: bool,
    /// In the learner's language, with the numbers.
    pub text: Bilingual,
}

#[cfg(test)]
mod tests;
