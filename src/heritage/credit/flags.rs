//! Flags: what a trainer should look at twice. A flag queues a review; it never refuses.

use super::{CreditRule, StationRecord};
use crate::proof::DatumVerdict;
use crate::{Bilingual, Proof, Way};
use serde::{Deserialize, Serialize};

/// Accuracy worse than which a fix says little about a station, metres; also the geofence's gate.
const ACCURACY_M: f64 = 50.0;
/// Difference between device and service clocks that is passed over, seconds.
const SKEW_SECS: f64 = 300.0;
/// Age at which a record counts as late, seconds: 30 days.
const LATE_SECS: f64 = 30.0 * 86_400.0;
/// What hearing may exceed the time spent by before it looks hurried: a twentieth and five seconds, for clocks that differ.
const HURRY: (f64, f64) = (1.05, 5.0);

/// What the service knows of a completion besides its content.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Circumstances {
    /// Received minus captured, seconds, by the two clocks; negative where the device's clock is ahead.
    pub lag_secs: Option<f64>,
}

/// Why a trainer should look twice.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Completed on the ground without a position or a code.
    FootUnproven,
    /// A trainer's attestation, not a device's record.
    Attested,
    /// The device's clock is ahead of the service's.
    ClockAhead {
        /// By so many seconds.
        secs: f64,
    },
    /// Received long after it was captured.
    Late {
        /// After so many seconds.
        secs: f64,
    },
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
    match circumstances.lag_secs {
        Some(lag) if lag < -SKEW_SECS => found.push(Flag::ClockAhead { secs: -lag }),
        Some(lag) if lag > LATE_SECS => found.push(Flag::Late { secs: lag }),
        _ => {}
    }
    found
}

fn fix_flags(rule: &CreditRule, proof: &Proof) -> Vec<Flag> {
    let &Proof::Fix { accuracy_m, dwell_secs, fixes, ignored, jumps, datum } = proof else { return Vec::new() };
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
    if dwell_secs.is_nan() || dwell_secs < rule.dwell_secs().floor() {
        found.push(Flag::ShortPresence { dwell_secs });
    }
    found
}

impl Flag {
    /// In words for the trainer, with the numbers.
    pub fn text(&self) -> Bilingual {
        let said = |zh: String, en: String| Bilingual { zh, en };
        match *self {
            Self::Inaccurate { accuracy_m } => said(
                format!("定位精度较差：{accuracy_m:.0} 米，超过 50 米"),
                format!("Position is poor: accuracy {accuracy_m:.0} m, worse than 50 m"),
            ),
            Self::AccuracyImplausible => {
                Bilingual::new("定位精度数值不合常理", "The reported accuracy is one that no phone gives")
            }
            Self::ShortDwell { dwell_secs, narration_secs } => said(
                format!("停留 {dwell_secs:.0} 秒，不到讲解时长 {narration_secs:.0} 秒的一半"),
                format!("Stayed {dwell_secs:.0} s, less than half of the {narration_secs:.0} s told there"),
            ),
            Self::HeardTooFast { heard_secs, dwell_secs } => said(
                format!("收听 {heard_secs:.0} 秒，多于停留的 {dwell_secs:.0} 秒"),
                format!("Heard {heard_secs:.0} s within {dwell_secs:.0} s at the station"),
            ),
            Self::Impossible => Bilingual::new("记录中有不可能的数值", "The record holds a number that cannot be"),
            Self::ShiftedDatum => {
                Bilingual::new("手机坐标疑为 GCJ-02", "The phone's positions fit only when read as GCJ-02")
            }
            Self::DatumUnclear => {
                Bilingual::new("手机坐标系未能判定", "The datum of the phone's positions is not established")
            }
            Self::FewFixes { fixes } => {
                said(format!("有效定位仅 {fixes} 次"), format!("Only {fixes} usable position fixes"))
            }
            Self::MostlyIgnored { ignored, fixes } => said(
                format!("弃用定位 {ignored} 次，多于有效的 {fixes} 次"),
                format!("{ignored} fixes set aside, more than the {fixes} used"),
            ),
            Self::Jumped { jumps } => said(
                format!("位置跳变 {jumps} 次，非步行所能"),
                format!("The position jumped as no walker does, times counted: {jumps}"),
            ),
            Self::ShortPresence { dwell_secs } => said(
                format!("定位显示在站内仅 {dwell_secs:.0} 秒"),
                format!("Positions show only {dwell_secs:.0} s inside the station"),
            ),
            Self::FootUnproven => Bilingual::new(
                "称实地走访，但无定位或铭牌代码",
                "Said to be on the ground, but without a position or a plaque code",
            ),
            Self::Attested => {
                Bilingual::new("由带训人证明，非设备所记", "Attested by a trainer, not recorded by a device")
            }
            Self::ClockAhead { secs } => {
                said(format!("设备时钟快 {secs:.0} 秒"), format!("The device's clock is {secs:.0} s ahead"))
            }
            Self::Late { secs } => said(
                format!("记录后 {:.0} 天才收到", secs / 86_400.0),
                format!("Received {:.0} days after it was recorded", secs / 86_400.0),
            ),
        }
    }
}
