//! Flags: what a trainer should look at twice. A flag queues a review; it never refuses.

mod words;

use super::{CreditRule, StationRecord};
use crate::proof::DatumVerdict;
use crate::{Proof, Way};
use serde::{Deserialize, Serialize};

/// Accuracy worse than which a fix says little about a station, metres; also the geofence's gate.
const ACCURACY_M: f64 = 50.0;
/// Fixes after which a single position is no coincidence: a receiver's noise moves it by decimetres from one to the next.
const CONSTANT_FIXES: u32 = 5;
/// Difference between device and service clocks that is passed over, seconds.
pub const SKEW_SECS: f64 = 300.0;
/// How far apart two people may have completed a station and still have stood there together, milliseconds: half an hour.
pub const TOGETHER_MS: u64 = 30 * 60 * 1000;
/// Age at which a record counts as late, seconds: 30 days.
const LATE_SECS: f64 = 30.0 * 86_400.0;
/// Codes of the moment that may be wrong at one station, over all that was sent. A million codes and three that fit at any time:
/// within these nobody finds one by trying.
pub const MOST_WRONG_CODES: usize = 5;
/// Answers to the question at the place that may be wrong, likewise.
pub const MOST_WRONG_ANSWERS: usize = 5;
/// What hearing may exceed the time spent by before it looks hurried: a twentieth and five seconds, for clocks that differ.
const HURRY: (f64, f64) = (1.05, 5.0);

/// What the service knows of a completion besides its content.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Circumstances {
    /// Received minus captured, seconds, by the two clocks; negative where the device's clock is ahead.
    pub lag_secs: Option<f64>,
    /// Received minus sent, seconds, where the page said when it sent: how far the device's clock is behind.
    pub skew_secs: Option<f64>,
}

/// Why a trainer should look twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "flag", rename_all = "kebab-case")]
pub enum Flag {
    /// The fixes were worse than 50 m.
    Inaccurate {
        /// Median accuracy, metres.
        accuracy_m: f64,
    },
    /// An accuracy that no phone reports: zero, negative or not a number.
    AccuracyImplausible,
    /// Less time at the station than half of what is told there.
    ShortDwell {
        /// Time at the station, seconds.
        dwell_secs: f64,
        /// Length of what is told there, seconds.
        narration_secs: f64,
    },
    /// More was heard than the time spent allows.
    HeardTooFast {
        /// Narration heard, seconds.
        heard_secs: f64,
        /// Time at the station, seconds.
        dwell_secs: f64,
    },
    /// A number that cannot be: negative or not finite.
    Impossible,
    /// The phone's positions fit only as GCJ-02.
    ShiftedDatum,
    /// The datum of the phone's positions is not established.
    DatumUnclear,
    /// Fewer than three fixes.
    FewFixes {
        /// Fixes that counted.
        fixes: u32,
    },
    /// More fixes were set aside than counted.
    MostlyIgnored {
        /// Fixes set aside.
        ignored: u32,
        /// Fixes that counted.
        fixes: u32,
    },
    /// The position jumped as no walker does.
    Jumped {
        /// How often.
        jumps: u32,
    },
    /// The phone's positions were at the station for less than the rule's dwell.
    ShortPresence {
        /// Time inside the radius, seconds.
        dwell_secs: f64,
    },
    /// Many fixes and one position: no phone on the ground reports that.
    Constant {
        /// Fixes that counted.
        fixes: u32,
    },
    /// Others have sent the very same trace of positions.
    SameTrace {
        /// How many others.
        others: usize,
        /// How many of them belong to no unit that whoever looks has to do with.
        elsewhere: usize,
    },
    /// Completed on the ground without a position, a code or a tag.
    FootUnproven,
    /// What was shown does not hold and counts as the learner's own word.
    Unfit {
        /// What it was.
        proof: Unfit,
    },
    /// More codes of the moment than anyone mistypes did not hold: whoever tries long enough finds one, so none counts.
    Guessed {
        /// How many did not hold.
        wrong: usize,
    },
    /// As many answers to the question at the place were wrong as may be: what is right beside them shows nothing.
    GuessedAnswer {
        /// How many.
        wrong: usize,
    },
    /// One tap on a tag was sent more than once.
    TapReplayed {
        /// The tag's counter at that tap.
        counter: u32,
        /// How many of those who sent it belong to no unit that whoever looks has to do with.
        elsewhere: usize,
    },
    /// A tag's counter was lower than at a tap before it: the tap was kept back, or a clock is wrong.
    TapOutOfTurn {
        /// The counter of this tap.
        counter: u32,
        /// The counter of the earlier tap.
        earlier: u32,
    },
    /// Whoever vouches is vouched for by this learner, and neither has vouched for, or was vouched for by, anybody else.
    OnlyEachOther,
    /// Whoever vouches has sent the very same trace of positions.
    VouchedBySameTrace,
    /// A trainer's attestation, not a device's record.
    Attested,
    /// The device's clock is ahead of the service's.
    ClockAhead {
        /// By so many seconds.
        secs: f64,
    },
    /// The device's clock is behind the service's.
    ClockBehind {
        /// By so many seconds.
        secs: f64,
    },
    /// Several stations were sent at one moment, long after the visit they speak of.
    Burst {
        /// Completions sent at that moment.
        completions: usize,
        /// Age of the oldest, seconds.
        secs: f64,
    },
    /// What one device has recorded contradicts itself: an event was changed after the next one was made, or the device's
    /// storage was copied.
    ChainBroken {
        /// Events that do not follow from the one before.
        events: usize,
    },
    /// Received long after it was captured.
    Late {
        /// After so many seconds.
        secs: f64,
    },
    /// On the ground the stations were first completed in another order than the route's.
    OutOfOrder {
        /// Their numbers on the route, from 1, as they were completed.
        stations: Vec<usize>,
    },
    /// Two stations were completed on the ground sooner after one another than anyone gets there.
    TooFast {
        /// Number of the earlier one on the route, from 1.
        from: usize,
        /// Number of the later one.
        to: usize,
        /// Level distance, metres.
        distance_m: f64,
        /// Time between by the device's clock, seconds.
        secs: f64,
    },
}

/// Which proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unfit {
    /// Another code stands on the plaque.
    Code,
    /// No such code was shown at the station when it was read.
    Rotating,
    /// No tag of the station gives that answer.
    Tag,
    /// Another answer is right, or no question is asked at the place.
    Question,
}

impl Unfit {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Code, Self::Rotating, Self::Tag, Self::Question];
}

/// Everything about one station's record that a trainer should look at, in a fixed order.
pub fn flags(rule: &CreditRule, record: &StationRecord, circumstances: &Circumstances) -> Vec<Flag> {
    let mut found = Vec::new();
    let StationRecord { heard_secs, read_secs, narration_secs, dwell_secs, .. } = *record;
    if [heard_secs, read_secs, narration_secs, dwell_secs].iter().any(|secs| !secs.is_finite() || *secs < 0.0) {
        found.push(Flag::Impossible);
    }
    // An attestation names no seconds.
    if record.way.is_some() && record.proof != Some(Proof::Trainer) && dwell_secs < narration_secs * 0.5 {
        found.push(Flag::ShortDwell { dwell_secs, narration_secs });
    }
    if heard_secs > dwell_secs * HURRY.0 + HURRY.1 {
        found.push(Flag::HeardTooFast { heard_secs, dwell_secs });
    }
    match &record.proof {
        Some(proof @ Proof::Fix { .. }) => found.extend(fix_flags(rule, proof)),
        Some(Proof::Trainer) => found.push(Flag::Attested),
        Some(Proof::Declared) | None if record.way == Some(Way::Foot) => found.push(Flag::FootUnproven),
        _ => {}
    }
    match (circumstances.lag_secs, circumstances.skew_secs) {
        (Some(lag), _) if lag < -SKEW_SECS => found.push(Flag::ClockAhead { secs: -lag }),
        (_, Some(skew)) if skew < -SKEW_SECS => found.push(Flag::ClockAhead { secs: -skew }),
        (_, Some(skew)) if skew > SKEW_SECS => found.push(Flag::ClockBehind { secs: skew }),
        _ => {}
    }
    if let Some(secs) = circumstances.lag_secs.filter(|lag| *lag > LATE_SECS) {
        found.push(Flag::Late { secs });
    }
    found
}

fn fix_flags(rule: &CreditRule, proof: &Proof) -> Vec<Flag> {
    let &Proof::Fix { accuracy_m, dwell_secs, fixes, ignored, jumps, datum, distinct, .. } = proof else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if accuracy_m.is_nan() || accuracy_m <= 0.0 {
        found.push(Flag::AccuracyImplausible);
    } else if accuracy_m > ACCURACY_M {
        found.push(Flag::Inaccurate { accuracy_m });
    }
    match datum {
        DatumVerdict::Gcj02 => found.push(Flag::ShiftedDatum),
        DatumVerdict::Unclear => found.push(Flag::DatumUnclear),
        DatumVerdict::Wgs84 => {}
    }
    if fixes < 3 {
        found.push(Flag::FewFixes { fixes });
    }
    if ignored > fixes {
        found.push(Flag::MostlyIgnored { ignored, fixes });
    }
    if jumps > 0 {
        found.push(Flag::Jumped { jumps });
    }
    if distinct == Some(1) && fixes >= CONSTANT_FIXES {
        found.push(Flag::Constant { fixes });
    }
    if dwell_secs.is_nan() || dwell_secs < rule.dwell_secs().floor() {
        found.push(Flag::ShortPresence { dwell_secs });
    }
    found
}

impl Flag {
    /// Whether it says that the phone's position does not show the visit.
    pub const fn weakens_position(&self) -> bool {
        matches!(
            self,
            Self::Inaccurate { .. }
                | Self::AccuracyImplausible
                | Self::DatumUnclear
                | Self::FewFixes { .. }
                | Self::MostlyIgnored { .. }
                | Self::Jumped { .. }
                | Self::ShortPresence { .. }
                | Self::Constant { .. }
                | Self::SameTrace { .. }
        )
    }
}
