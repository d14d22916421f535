//! The judgement itself: a rule and a record in, a verdict with its reasons out.
//!
//! The same by every way: scene, page, headset and ground are asked for the same. A rule may let a trainer's attestation stand for hearing and time, never for the answer. Seconds are compared whole, in the learner's favour, so that what is printed is what was judged.

use super::{CreditRule, Reason, Requirement, StationRecord, Verdict};
use crate::{Bilingual, Lang, Proof, Route, Station, StoryPoint};

/// Chinese characters read in a second: 300 a minute, an unhurried pace for reading to understand (our judgement).
pub const READING_CHARACTERS_PER_SEC: f64 = 5.0;
/// English words read in a second: 210 a minute, an unhurried pace (our judgement).
pub const READING_WORDS_PER_SEC: f64 = 3.5;

/// How long all that is told at a station takes, seconds: its narration, or the time to read it where no recording is there yet.
pub fn telling_secs(station: &Station, lang: Lang) -> f64 {
    station.points.iter().map(|point| point_secs(point, lang)).sum()
}

fn point_secs(point: &StoryPoint, lang: Lang) -> f64 {
    let narration_secs = point.narration_secs(lang);
    if narration_secs.is_finite() && narration_secs > 0.0 {
        return narration_secs;
    }
    let texts = point.claims(lang).iter().map(|claim| claim.text.as_str());
    match lang {
        Lang::Zh => {
            texts.map(|text| text.chars().filter(|c| !c.is_whitespace()).count()).sum::<usize>() as f64
                / READING_CHARACTERS_PER_SEC
        }
        Lang::En => texts.map(|text| text.split_whitespace().count()).sum::<usize>() as f64 / READING_WORDS_PER_SEC,
    }
}

/// Whether a station counts: all that [`ready`] asks for, and that it was completed.
pub fn assess_station(rule: &CreditRule, record: &StationRecord) -> Verdict {
    let mut reasons = ready(rule, record).reasons;
    reasons.push(completed(record));
    verdict(reasons)
}

/// Whether a learner may complete a station now: what was heard or read, the answer, the time spent.
pub fn ready(rule: &CreditRule, record: &StationRecord) -> Verdict {
    let mut reasons = vec![attended(rule, record)];
    if rule.recall() {
        reasons.push(recall(record));
    }
    if whole(rule.dwell_secs()) > 0 {
        reasons.push(dwell(rule, record));
    }
    verdict(reasons)
}

/// Whether a walk counts: every station of the route does, in whatever order they were completed.
///
/// The first reason counts the stations; one reason per station follows, in the route's order. Of several records for one station the one that counts is taken.
pub fn assess_walk(rule: &CreditRule, route: &Route, records: &[StationRecord]) -> Verdict {
    let stations: Vec<Reason> = route
        .stations
        .iter()
        .enumerate()
        .map(|(index, station)| {
            let verdicts = records.iter().filter(|record| record.station == *station).map(|r| assess_station(rule, r));
            station_reason(index + 1, verdicts.max_by_key(|verdict| verdict.met))
        })
        .collect();
    let (met, all) = (stations.iter().filter(|reason| reason.met).count(), stations.len());
    let count = Reason {
        requirement: Requirement::Stations,
        met: met == all && all > 0,
        text: Bilingual::new(format!("已完成 {met} 站，共 {all} 站"), format!("{met} of {all} stations completed")),
    };
    verdict(std::iter::once(count).chain(stations).collect())
}

fn station_reason(number: usize, verdict: Option<Verdict>) -> Reason {
    let (met, zh, en) = match verdict {
        None => (false, "尚无记录".to_owned(), "nothing recorded yet".to_owned()),
        Some(Verdict { met: true, .. }) => (true, "各项要求均已达到".to_owned(), "every requirement met".to_owned()),
        Some(Verdict { reasons, .. }) => {
            let open: Vec<&Reason> = reasons.iter().filter(|reason| !reason.met).collect();
            let said = |lang| open.iter().map(|reason| reason.text.get(lang)).collect::<Vec<_>>();
            (false, said(Lang::Zh).join("；"), said(Lang::En).join("; "))
        }
    };
    Reason {
        requirement: Requirement::Stations,
        met,
        text: Bilingual::new(format!("第 {number} 站：{zh}"), format!("Station {number}: {en}")),
    }
}

/// Whether a trainer's attestation stands for what was not recorded here.
fn is_attested(rule: &CreditRule, record: &StationRecord) -> bool {
    rule.attestation() && record.proof == Some(Proof::Trainer)
}

fn attended(rule: &CreditRule, record: &StationRecord) -> Reason {
    let requirement = Requirement::Attended;
    if is_attested(rule, record) {
        let text = Bilingual::new("听讲解：由带训人证明", "Hearing it: attested by a trainer");
        return Reason { requirement, met: true, text };
    }
    let telling = record.narration_secs;
    if !telling.is_finite() || telling <= 0.0 {
        let text =
            Bilingual::new("讲解时长未知，无法判定", "The length of the narration is unknown; this cannot be judged");
        return Reason { requirement, met: false, text };
    }
    let asked = whole(rule.attended_share() * telling);
    let (heard, read) = (whole(record.heard_secs), whole(record.read_secs));
    let (met, text) = if heard >= asked {
        (
            true,
            Bilingual::new(
                format!("已听 {heard} 秒，要求 {asked} 秒"),
                format!("Heard {heard} s; {asked} s are asked for"),
            ),
        )
    } else if read >= asked {
        (
            true,
            Bilingual::new(
                format!("已读 {read} 秒，要求 {asked} 秒"),
                format!("Read for {read} s; {asked} s are asked for"),
            ),
        )
    } else {
        let zh = format!("已听 {heard} 秒，已读 {read} 秒；要求听或读满 {asked} 秒");
        let en = format!("Heard {heard} s, read for {read} s; {asked} s of either are asked for");
        (false, Bilingual::new(zh, en))
    };
    Reason { requirement, met, text }
}

fn recall(record: &StationRecord) -> Reason {
    let text = match record.recall {
        Some(true) => Bilingual::new("思考题已答对", "Question answered rightly"),
        Some(false) => Bilingual::new("思考题尚未答对，可再答", "Question not yet answered rightly; you may try again"),
        None => Bilingual::new("思考题尚未作答", "Question not yet answered"),
    };
    Reason { requirement: Requirement::Recall, met: record.recall == Some(true), text }
}

fn dwell(rule: &CreditRule, record: &StationRecord) -> Reason {
    if is_attested(rule, record) {
        let text = Bilingual::new("停留：由带训人证明", "The time there: attested by a trainer");
        return Reason { requirement: Requirement::Dwell, met: true, text };
    }
    let (stayed, asked) = (whole(record.dwell_secs), whole(rule.dwell_secs()));
    Reason {
        requirement: Requirement::Dwell,
        met: stayed >= asked,
        text: Bilingual::new(
            format!("已停留 {stayed} 秒，要求 {asked} 秒"),
            format!("Stayed {stayed} s; {asked} s are asked for"),
        ),
    }
}

fn completed(record: &StationRecord) -> Reason {
    let requirement = Requirement::Completed;
    let (Some(way), Some(proof)) = (record.way, record.proof.as_ref()) else {
        return Reason { requirement, met: false, text: Bilingual::new("尚未提交完成", "Not yet completed") };
    };
    let (way, proof) = (way.label(), proof.label());
    let text = Bilingual::new(
        format!("已完成（方式：{}；凭证：{}）", way.zh, proof.zh),
        format!("Completed {}; shown by {}", way.en, proof.en),
    );
    Reason { requirement, met: true, text }
}

fn verdict(reasons: Vec<Reason>) -> Verdict {
    Verdict { met: !reasons.is_empty() && reasons.iter().all(|reason| reason.met), reasons }
}

/// Whole seconds; 0 for what is negative or not a number. A cast from a float saturates.
const fn whole(secs: f64) -> u64 {
    secs as u64
}
