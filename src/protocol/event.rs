//! Events: what a device says happened, kept for ever; and receipts: what became of each.

use heritage::{Lang, PointId, Proof, RouteId, SiteId, StationId, Way};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One immutable entry of the log, made on the device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// `UUIDv7` made on the device; the same id always means the same event.
    pub id: Uuid,
    /// The device's clock when it happened, milliseconds since 1970 UTC. Never trusted, only compared.
    pub captured_at_ms: i64,
    /// Milliseconds since the page was opened, by the monotonic clock.
    pub offset_ms: i64,
    /// The installation that made it.
    pub device: Uuid,
    /// Counts this device's events from 1 without gaps.
    pub sequence: u64,
    /// SHA-256 of this device's event before it, as JSON on one line in the order of these fields: 64 hexadecimal digits. Absent
    /// for a device's first event and from older pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum EventKind {
    /// A learner has completed a station, by whichever way.
    Completed {
        /// Where the station is.
        site: SiteId,
        /// As part of which route.
        route: RouteId,
        /// Which station.
        station: StationId,
        /// By which way.
        way: Way,
        /// In which language it was heard or read.
        lang: Lang,
        /// What was heard, story point by story point.
        heard: Vec<Heard>,
        /// Transcript open and in view, seconds.
        read_secs: f64,
        /// Time at the station, seconds.
        dwell_secs: f64,
        /// How presence is shown.
        proof: Proof,
        /// What else shows it, of the same stay; absent from older pages.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        further: Vec<Proof>,
    },
    /// A learner has answered a station's recall question.
    Answered {
        /// Where the station is.
        site: SiteId,
        /// Which station.
        station: StationId,
        /// Index into the question's choices, from 0.
        choice: u8,
    },
}

/// How much of one narration was heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Which story point.
    pub point: PointId,
    /// Heard stretches in seconds of the clip, `[from, to]`, merged and rising.
    pub ranges: Vec<[f64; 2]>,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Which event; absent only where the item's id could not be read.
    pub id: Option<Uuid>,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of an event. `Stored` and `Duplicate` both mean: it is on disk, the device may forget it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "lowercase")]
pub enum Outcome {
    /// On disk now.
    Stored {
        /// Place in the log.
        seq: i64,
        /// The grade, where the event was an answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grade: Option<Grade>,
    },
    /// Already on disk, with the same content.
    Duplicate {
        /// Place in the log.
        seq: i64,
        /// The grade, where the event was an answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grade: Option<Grade>,
    },
    /// Another event has this id; the first is kept.
    Conflict {
        /// In words, for the learner.
        reason: heritage::Bilingual,
    },
    /// Cannot be taken as it is.
    Rejected {
        /// Machine word: `malformed`, `unknown-site`, `unknown-station`, `unknown-route`, `out-of-range`, `other-hall`, `repeated-in-batch`.
        code: String,
        /// In words, for the learner.
        reason: heritage::Bilingual,
    },
}

/// How an answer was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// It was right.
    pub right: bool,
    /// Why, with its source named in the text's last clause.
    pub explanation: heritage::Bilingual,
    /// Title of the source the explanation rests on.
    pub source: heritage::Bilingual,
}
