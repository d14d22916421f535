//! Credit: from what a learner did at each station to a verdict with its reasons.

use crate::{Bilingual, Proof, StationId, Way};
use serde::{Deserialize, Serialize};

/// Training credit, 学时, counted in tenths of an hour so that sums are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hours {
    /// Tenths of an hour.
    pub tenths: u32,
}

/// What completing a route asks for, and what it earns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreditRule {
    /// Grows by one with every change of meaning.
    pub version: u32,
    /// What the whole route earns.
    pub hours: Hours,
    /// Share of a station's narration that must be heard, or of its reading time spent reading, 0–1.
    pub attended_share: f64,
    /// Whether the recall question must be answered rightly.
    pub recall: bool,
    /// Least time at a station, seconds.
    pub dwell_secs: f64,
}

/// What is recorded of one learner at one station.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationRecord {
    /// Which station.
    pub station: StationId,
    /// By which way; `None` while nothing has been completed.
    pub way: Option<Way>,
    /// Narration heard, seconds, overlaps counted once.
    pub heard_secs: f64,
    /// Transcript open and in view, seconds.
    pub read_secs: f64,
    /// Length of the narration, seconds, in the language that was heard.
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

/// One requirement and how it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// This requirement is met.
    pub met: bool,
    /// In the learner's language, with the numbers.
    pub text: Bilingual,
}
