//! How well presence is shown: a grade from E0 to E4 with its reasons. It never refuses and never changes what counts:
//! every way earns the same credit, and a visit on a screen is E0 by its nature.

use super::{CreditRule, Flag};
use crate::{Bilingual, Proof};
use serde::{Deserialize, Serialize};

/// Grows by one with every change of what a grade means. What was graded before is graded anew by an entry more, and stays.
pub const PRESENCE_RULE: u32 = 1;

/// How well presence is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// The learner's own word: studied, from a screen anywhere.
    #[default]
    E0,
    /// One showing that can be passed on or made up: a position, a plaque's code, an answer, another learner's word.
    E1,
    /// Two that bear each other out, or a terminal of the hall.
    E2,
    /// What only the station itself gives, and only at that moment: a rotating code or a tap on its tag.
    E3,
    /// A trainer stands for it.
    E4,
}

/// A grade with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// How well presence is shown.
    pub level: Level,
    /// By which [`PRESENCE_RULE`].
    pub rule: u32,
    /// Why, in plain words; what was shown and does not help is told too.
    pub reasons: Vec<Bilingual>,
}

impl Level {
    /// All levels, the least first.
    pub const ALL: [Self; 5] = [Self::E0, Self::E1, Self::E2, Self::E3, Self::E4];

    /// `E0` to `E4`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::E0 => "E0",
            Self::E1 => "E1",
            Self::E2 => "E2",
            Self::E3 => "E3",
            Self::E4 => "E4",
        }
    }

    /// What it means, in a few words.
    pub fn label(self) -> Bilingual {
        match self {
            Self::E0 => Bilingual::new("本人声明", "own word"),
            Self::E1 => Bilingual::new("单项到场凭证", "one sign of presence"),
            Self::E2 => Bilingual::new("到场凭证互证", "signs that agree"),
            Self::E3 => Bilingual::new("现场即时凭证", "shown by the place itself"),
            Self::E4 => Bilingual::new("带训人证明", "a trainer stands for it"),
        }
    }
}

/// Grades one station by the proofs that hold there; what does not hold is handed in as [`Proof::Declared`]. `flags` are
/// the station's own.
///
/// A position counts where it was at the station for the rule's time and nothing about it is odd.
pub fn grade(rule: &CreditRule, proofs: &[Proof], flags: &[Flag]) -> Presence {
    let mut reasons = Vec::new();
    let position = proofs.iter().any(|proof| matches!(proof, Proof::Fix { .. }));
    let doubts: Vec<&Flag> = flags.iter().filter(|flag| flag.weakens_position()).collect();
    let stayed =
        |proof: &Proof| matches!(proof, Proof::Fix { dwell_secs, .. } if *dwell_secs >= rule.dwell_secs().floor());
    let sound_position = doubts.is_empty() && proofs.iter().any(stayed);
    let has = |wanted: fn(&Proof) -> bool| proofs.iter().find(|proof| wanted(proof));
    let passed_on = has(|proof| matches!(proof, Proof::Code { .. } | Proof::Question { .. } | Proof::Peer));
    let of_the_moment = has(|proof| matches!(proof, Proof::Rotating { .. } | Proof::Tag { .. }));
    let level = if let Some(proof) = has(|proof| matches!(proof, Proof::Trainer)) {
        reasons.push(shown_by(proof));
        Level::E4
    } else if let Some(proof) = of_the_moment {
        reasons.push(shown_by(proof));
        Level::E3
    } else if let Some(proof) = has(|proof| matches!(proof, Proof::Kiosk { .. })) {
        reasons.push(shown_by(proof));
        Level::E2
    } else {
        reasons.extend(passed_on.map(shown_by));
        match (passed_on, sound_position) {
            (Some(_), true) => Level::E2,
            (Some(_), false) | (None, true) => Level::E1,
            (None, false) => Level::E0,
        }
    };
    if sound_position {
        reasons.push(Bilingual::new("手机定位在站内满足停留要求", "The phone was at the station for the time asked"));
    } else if position {
        reasons.push(Bilingual::new("手机定位有疑点，不作凭证", "The phone's position is in doubt and shows nothing"));
        reasons.extend(doubts.into_iter().map(Flag::text));
    }
    if level == Level::E0 && !position {
        let text = if proofs.is_empty() {
            Bilingual::new("尚未提交完成", "Not yet completed")
        } else {
            Bilingual::new(
                "仅本人声明：学时照计，记为研学",
                "The learner's own word: the credit is the same, kept as studied",
            )
        };
        reasons.push(text);
    }
    Presence { level, rule: PRESENCE_RULE, reasons }
}

/// Grades a walk: as its least station, and no higher than E0 by positions alone where the pace between stations is none
/// that anyone walks. `flags` are those of the walk as a whole.
pub fn grade_walk(stations: &[Presence], flags: &[Flag]) -> Presence {
    let least = stations.iter().map(|each| each.level).min().unwrap_or_default();
    let count = |level: Level| stations.iter().filter(|each| each.level == level).count();
    let counts: Vec<(Level, usize)> =
        Level::ALL.into_iter().map(|level| (level, count(level))).filter(|(_, count)| *count > 0).collect();
    let told = |times: &str, unit: &str, between: &str| {
        let each = |(level, count): &(Level, usize)| format!("{} {times}{count}{unit}", level.code());
        counts.iter().map(each).collect::<Vec<_>>().join(between)
    };
    let mut reasons = vec![Bilingual::new(
        format!("以最低一站为准：{}", told("", " 站", "，")),
        format!("As its least station; stations by grade: {}", told("× ", "", ", ")),
    )];
    let hurried: Vec<&Flag> = flags.iter().filter(|flag| matches!(flag, Flag::TooFast { .. })).collect();
    let level = if least == Level::E1 && !hurried.is_empty() { Level::E0 } else { least };
    if level != least {
        reasons.push(Bilingual::new(
            "站间用时非步行所能，定位不作凭证",
            "The pace between stations is none that anyone walks",
        ));
    }
    Presence { level, rule: PRESENCE_RULE, reasons }
}

fn shown_by(proof: &Proof) -> Bilingual {
    let label = proof.label();
    Bilingual::new(format!("凭证：{}", label.zh), format!("Shown by {}", label.en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hours;
    use crate::proof::DatumVerdict;

    fn rule() -> CreditRule {
        CreditRule::new(1, Hours::from_tenths(5), 0.8, true, 20.0).expect("a sound rule")
    }

    fn fix(dwell_secs: f64) -> Proof {
        let datum = DatumVerdict::Wgs84;
        Proof::Fix { accuracy_m: 8.0, dwell_secs, fixes: 9, ignored: 0, jumps: 0, datum, distinct: None, trace: None }
    }

    fn code() -> Proof {
        Proof::Code { code: "BCDFGHJK".to_owned() }
    }

    #[test]
    fn a_grade_is_what_the_proofs_show_together() {
        let rotating = Proof::Rotating { code: "123456".to_owned(), read_at_ms: 0 };
        let tag = Proof::Tag { picc_data: String::new(), cmac: String::new(), read_at_ms: 0 };
        let question = Proof::Question { answer: String::new() };
        let kiosk = Proof::Kiosk { kiosk: "hall".to_owned() };
        let cases: [(&[Proof], &[Flag], Level); 19] = [
            (&[], &[], Level::E0),
            (&[Proof::Declared], &[], Level::E0),
            (&[fix(20.0)], &[], Level::E1),
            (&[fix(19.0)], &[], Level::E0),
            (&[fix(f64::NAN)], &[], Level::E0),
            (&[fix(95.0)], &[Flag::Inaccurate { accuracy_m: 60.0 }], Level::E0),
            (&[fix(95.0)], &[Flag::Constant { fixes: 9 }], Level::E0),
            (&[fix(95.0)], &[Flag::ShiftedDatum, Flag::Late { secs: 9e9 }], Level::E1),
            (&[code()], &[], Level::E1),
            (std::slice::from_ref(&question), &[], Level::E1),
            (&[Proof::Peer], &[], Level::E1),
            (&[code(), question.clone()], &[], Level::E1),
            (&[code(), fix(95.0)], &[], Level::E2),
            (&[code(), fix(95.0)], &[Flag::DatumUnclear], Level::E1),
            (&[question.clone(), Proof::Declared, fix(95.0)], &[], Level::E2),
            (&[kiosk], &[], Level::E2),
            (&[rotating, fix(1.0)], &[], Level::E3),
            (&[tag], &[], Level::E3),
            (&[Proof::Declared, Proof::Trainer], &[Flag::Attested], Level::E4),
        ];
        for (proofs, flags, level) in cases {
            let graded = grade(&rule(), proofs, flags);
            assert_eq!((graded.level, graded.rule), (level, PRESENCE_RULE), "{proofs:?} {flags:?}");
            assert!(!graded.reasons.is_empty(), "{proofs:?}");
            assert!(graded.reasons.iter().all(|reason| !reason.zh.is_empty() && !reason.en.is_empty()));
        }
    }

    #[test]
    fn a_doubted_position_is_told_with_what_is_doubted() {
        let graded = grade(&rule(), &[code(), fix(95.0)], &[Flag::DatumUnclear]);
        let zh: Vec<&str> = graded.reasons.iter().map(|reason| reason.zh.as_str()).collect();
        assert_eq!(zh, ["凭证：铭牌代码", "手机定位有疑点，不作凭证", "手机坐标系未能判定"]);
    }

    #[test]
    fn a_walk_is_shown_as_well_as_its_least_station() {
        let station = |level| Presence { level, rule: PRESENCE_RULE, reasons: Vec::new() };
        let fast = Flag::TooFast { from: 1, to: 2, distance_m: 300.0, secs: 3.0 };
        let cases: [(&[Level], &[Flag], Level); 6] = [
            (&[], &[], Level::E0),
            (&[Level::E3, Level::E1], &[], Level::E1),
            (&[Level::E3, Level::E0, Level::E4], &[], Level::E0),
            (&[Level::E1, Level::E2], std::slice::from_ref(&fast), Level::E0),
            (&[Level::E3, Level::E3], std::slice::from_ref(&fast), Level::E3),
            (&[Level::E4], &[Flag::OutOfOrder { stations: vec![2, 1] }], Level::E4),
        ];
        for (levels, flags, level) in cases {
            let stations: Vec<Presence> = levels.iter().copied().map(station).collect();
            assert_eq!(grade_walk(&stations, flags).level, level, "{levels:?}");
        }
        let said = grade_walk(&[Level::E3, Level::E0, Level::E3].map(station), &[]).reasons;
        assert_eq!(said[0].zh, "以最低一站为准：E0 1 站，E3 2 站");
        assert_eq!(said[0].en, "As its least station; stations by grade: E0 × 1, E3 × 2");
    }
}
