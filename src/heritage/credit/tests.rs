//! What earns credit, case by case, and what holds whatever was recorded.

use super::*;
use crate::geodesy::EastNorthUp;
use crate::proof::DatumVerdict;
use crate::{Certainty, Claim, Lang, PointId, Question, Route, RouteId, SiteId, SourceId, Station, StoryPoint};
use proptest::prelude::*;

fn id(name: &str) -> StationId {
    StationId::new(name).expect("a name")
}

fn rule() -> CreditRule {
    CreditRule::new(1, Hours::from_tenths(5), 0.8, true, 20.0).expect("a sound rule")
}

/// A station done as it should be: 78 of 90 seconds heard, answered, 95 seconds there.
fn record() -> StationRecord {
    StationRecord {
        station: id("chains"),
        way: Some(Way::Scene),
        heard_secs: 78.4,
        read_secs: 0.0,
        narration_secs: 90.0,
        dwell_secs: 95.0,
        recall: Some(true),
        proof: Some(Proof::Declared),
    }
}

fn fix_proof() -> Proof {
    Proof::Fix {
        accuracy_m: 8.0,
        dwell_secs: 95.0,
        fixes: 40,
        ignored: 2,
        jumps: 0,
        datum: DatumVerdict::Wgs84,
        distinct: Some(40),
        trace: None,
    }
}

fn open(verdict: &Verdict) -> Vec<Requirement> {
    verdict.reasons.iter().filter(|reason| !reason.met).map(|reason| reason.requirement).collect()
}

#[test]
fn a_verdict_tells_every_requirement_with_its_numbers() {
    let verdict = assess_station(&rule(), &record());
    assert!(verdict.met);
    let zh: Vec<&str> = verdict.reasons.iter().map(|reason| reason.text.zh.as_str()).collect();
    assert_eq!(
        zh,
        [
            "已听 78 秒，要求 72 秒",
            "思考题已答对",
            "已停留 95 秒，要求 20 秒",
            "已完成（方式：三维场景；凭证：本人声明）"
        ]
    );
    assert_eq!(verdict.reasons[0].text.en, "Heard 78 s; 72 s are asked for");
}

#[test]
fn what_is_open_is_said_and_nothing_else() {
    let recorded = record();
    let cases = [
        (StationRecord { heard_secs: 71.9, ..recorded.clone() }, &[Requirement::Attended][..]),
        (StationRecord { heard_secs: 0.0, read_secs: 72.0, ..recorded.clone() }, &[]),
        (StationRecord { heard_secs: 40.0, read_secs: 40.0, ..recorded.clone() }, &[Requirement::Attended]),
        (StationRecord { recall: None, ..recorded.clone() }, &[Requirement::Recall]),
        (StationRecord { recall: Some(false), ..recorded.clone() }, &[Requirement::Recall]),
        (StationRecord { dwell_secs: 19.9, ..recorded.clone() }, &[Requirement::Dwell]),
        (StationRecord { way: None, ..recorded.clone() }, &[Requirement::Completed]),
        (StationRecord { proof: None, ..recorded.clone() }, &[Requirement::Completed]),
        (StationRecord { narration_secs: 0.0, ..recorded.clone() }, &[Requirement::Attended]),
        (StationRecord { narration_secs: f64::NAN, ..recorded.clone() }, &[Requirement::Attended]),
        (StationRecord { heard_secs: f64::NAN, ..recorded.clone() }, &[Requirement::Attended]),
        (StationRecord { dwell_secs: f64::NEG_INFINITY, ..recorded }, &[Requirement::Dwell]),
    ];
    for (record, requirements) in cases {
        let verdict = assess_station(&rule(), &record);
        assert_eq!(open(&verdict), requirements, "{record:?}");
        assert_eq!(verdict.met, requirements.is_empty());
    }
}

#[test]
fn a_learner_may_complete_once_all_but_completing_is_done() {
    let begun = StationRecord { way: None, proof: None, ..record() };
    assert!(ready(&rule(), &begun).met);
    assert!(!assess_station(&rule(), &begun).met);
}

#[test]
fn a_rule_asks_only_for_what_it_names() {
    let lenient = CreditRule::new(2, Hours::from_tenths(5), 0.0, false, 0.0).expect("a sound rule");
    let nothing = StationRecord { heard_secs: 0.0, dwell_secs: 0.0, recall: None, ..record() };
    let verdict = assess_station(&lenient, &nothing);
    assert!(verdict.met);
    assert_eq!(verdict.reasons.len(), 2);
}

#[test]
fn an_attestation_stands_for_hearing_and_time_where_the_rule_says_so_and_never_for_the_answer() {
    let attested = StationRecord {
        way: Some(Way::Foot),
        proof: Some(Proof::Trainer),
        heard_secs: 0.0,
        dwell_secs: 0.0,
        narration_secs: f64::NAN,
        ..record()
    };
    let unanswered = StationRecord { recall: None, ..attested.clone() };
    let declared = StationRecord { proof: Some(Proof::Declared), ..attested.clone() };
    let (strict, lenient) = (rule(), rule().with_attestation(true));
    let (attended, dwell) = (Requirement::Attended, Requirement::Dwell);
    for (rule, record, expected) in [
        (&strict, &attested, &[attended, dwell][..]),
        (&lenient, &attested, &[]),
        (&lenient, &unanswered, &[Requirement::Recall]),
        (&lenient, &declared, &[attended, dwell]),
    ] {
        assert_eq!(open(&assess_station(rule, record)), expected, "{record:?}");
    }
}

#[test]
fn every_way_earns_the_same() {
    for way in [Way::Scene, Way::Page, Way::Headset, Way::Foot] {
        for proof in [Proof::Declared, fix_proof(), Proof::Code { code: "ABCD".to_owned() }] {
            let record = StationRecord { way: Some(way), proof: Some(proof), ..record() };
            assert!(assess_station(&rule(), &record).met);
        }
    }
}

#[test]
fn a_walk_counts_when_every_station_does_in_any_order() {
    let name = |text| RouteId::new(text).expect("a name");
    let route = Route {
        id: name("bridge"),
        site: SiteId::new("luding").expect("a name"),
        title: Bilingual::default(),
        stations: vec![id("chains"), id("deck")],
        rule: rule(),
    };
    let deck = StationRecord { station: id("deck"), ..record() };
    let unheard = StationRecord { heard_secs: 1.0, ..record() };
    let verdict = assess_walk(&route.rule, &route, &[deck.clone(), unheard.clone(), record()]);
    assert!(verdict.met, "the better of two records is taken: {verdict:?}");
    assert_eq!(verdict.reasons[0].text.zh, "已完成 2 站，共 2 站");
    let verdict = assess_walk(&route.rule, &route, &[unheard]);
    assert_eq!(verdict.reasons[0].text.en, "0 of 2 stations completed");
    assert_eq!(verdict.reasons[1].text.zh, "第 1 站：已听 1 秒，已读 0 秒；要求听或读满 72 秒");
    assert_eq!(verdict.reasons[2].text.en, "Station 2: nothing recorded yet");
    let empty = Route { stations: Vec::new(), ..route };
    assert!(!assess_walk(&empty.rule, &empty, &[deck]).met, "a route without stations earns nothing");
}

#[test]
fn what_is_told_takes_its_narration_or_its_reading_time() {
    let claim = |text: &str| Claim {
        text: text.to_owned(),
        source: SourceId::new("tmwt").expect("a name"),
        grade: Certainty::Attested.into(),
    };
    let point = StoryPoint {
        id: PointId::new("chains").expect("a name"),
        title: Bilingual::default(),
        position: EastNorthUp::default(),
        zh: vec![claim("净跨一百米。"), claim("共十三根。")],
        en: vec![claim("A span of one hundred metres.")],
        zh_secs: 0.0,
        en_secs: 6.5,
    };
    let question = Question { station: id("chains"), prompt: Bilingual::default(), choices: Vec::new() };
    let mut station = Station {
        id: id("chains"),
        title: Bilingual::default(),
        position: EastNorthUp::default(),
        radius_m: 25.0,
        points: vec![point],
        question,
    };
    assert!((telling_secs(&station, Lang::Zh) - 11.0 / 5.0).abs() < 1e-9);
    assert!((telling_secs(&station, Lang::En) - 6.5).abs() < 1e-9);
    station.points[0].en_secs = f64::NAN;
    assert!((telling_secs(&station, Lang::En) - 6.0 / 3.5).abs() < 1e-9);
}

#[test]
fn flags_name_what_a_trainer_should_look_at() {
    let on_foot = StationRecord { way: Some(Way::Foot), proof: Some(fix_proof()), ..record() };
    let fix = |accuracy_m, dwell_secs, fixes, ignored, jumps, datum| StationRecord {
        proof: Some(Proof::Fix { accuracy_m, dwell_secs, fixes, ignored, jumps, datum, distinct: None, trace: None }),
        ..on_foot.clone()
    };
    let lag = |secs| Circumstances { lag_secs: Some(secs), skew_secs: None };
    let skew = |lag_secs, secs| Circumstances { lag_secs: Some(lag_secs), skew_secs: Some(secs) };
    let constant = |fixes| StationRecord {
        proof: Some(Proof::Fix {
            accuracy_m: 8.0,
            dwell_secs: 95.0,
            fixes,
            ignored: 0,
            jumps: 0,
            datum: DatumVerdict::Wgs84,
            distinct: Some(1),
            trace: None,
        }),
        ..on_foot.clone()
    };
    let none = Circumstances::default();
    let wgs84 = DatumVerdict::Wgs84;
    let cases: Vec<(StationRecord, Circumstances, Vec<Flag>)> = vec![
        (record(), none, vec![]),
        (on_foot.clone(), lag(60.0), vec![]),
        (fix(62.0, 95.0, 40, 2, 0, wgs84), none, vec![Flag::Inaccurate { accuracy_m: 62.0 }]),
        (fix(0.0, 95.0, 40, 2, 0, wgs84), none, vec![Flag::AccuracyImplausible]),
        (fix(f64::NAN, 95.0, 40, 2, 0, wgs84), none, vec![Flag::AccuracyImplausible]),
        (fix(8.0, 95.0, 40, 2, 0, DatumVerdict::Gcj02), none, vec![Flag::ShiftedDatum]),
        (fix(8.0, 95.0, 40, 2, 0, DatumVerdict::Unclear), none, vec![Flag::DatumUnclear]),
        (
            fix(8.0, 95.0, 2, 3, 1, wgs84),
            none,
            vec![Flag::FewFixes { fixes: 2 }, Flag::MostlyIgnored { ignored: 3, fixes: 2 }, Flag::Jumped { jumps: 1 }],
        ),
        (fix(8.0, 19.0, 40, 2, 0, wgs84), none, vec![Flag::ShortPresence { dwell_secs: 19.0 }]),
        (StationRecord { proof: Some(Proof::Declared), ..on_foot.clone() }, none, vec![Flag::FootUnproven]),
        (
            StationRecord { dwell_secs: 44.0, heard_secs: 40.0, ..record() },
            none,
            vec![Flag::ShortDwell { dwell_secs: 44.0, narration_secs: 90.0 }],
        ),
        (
            StationRecord { heard_secs: 120.0, ..record() },
            none,
            vec![Flag::HeardTooFast { heard_secs: 120.0, dwell_secs: 95.0 }],
        ),
        (StationRecord { read_secs: -1.0, ..record() }, none, vec![Flag::Impossible]),
        (
            StationRecord { proof: Some(Proof::Trainer), dwell_secs: 0.0, heard_secs: 0.0, ..on_foot.clone() },
            none,
            vec![Flag::Attested],
        ),
        (on_foot.clone(), lag(-301.0), vec![Flag::ClockAhead { secs: 301.0 }]),
        (on_foot.clone(), lag(31.0 * 86_400.0), vec![Flag::Late { secs: 31.0 * 86_400.0 }]),
        (on_foot.clone(), skew(60.0, 299.0), vec![]),
        (on_foot.clone(), skew(60.0, 301.0), vec![Flag::ClockBehind { secs: 301.0 }]),
        (on_foot.clone(), skew(60.0, -400.0), vec![Flag::ClockAhead { secs: 400.0 }]),
        (on_foot.clone(), skew(-350.0, -400.0), vec![Flag::ClockAhead { secs: 350.0 }]),
        (constant(4), none, vec![]),
        (constant(5), none, vec![Flag::Constant { fixes: 5 }]),
    ];
    for (record, circumstances, expected) in cases {
        let found = flags(&rule(), &record, &circumstances);
        assert_eq!(found, expected, "{record:?}");
        assert!(found.iter().all(|flag| !flag.text().zh.is_empty() && !flag.text().en.is_empty()));
    }
}

#[test]
fn a_flag_never_refuses() {
    let flagged = StationRecord { way: Some(Way::Foot), proof: Some(Proof::Declared), dwell_secs: 21.0, ..record() };
    assert!(flags(&rule(), &flagged, &Circumstances { lag_secs: Some(-1e9), skew_secs: None }).len() >= 3);
    assert!(assess_station(&rule(), &flagged).met);
}

fn any_record() -> impl Strategy<Value = StationRecord> {
    let secs = || prop_oneof![0.0..200.0f64, any::<f64>()];
    (secs(), secs(), secs(), secs(), any::<Option<bool>>(), any::<bool>()).prop_map(
        |(heard_secs, read_secs, narration_secs, dwell_secs, recall, done)| StationRecord {
            heard_secs,
            read_secs,
            narration_secs,
            dwell_secs,
            recall,
            way: done.then_some(Way::Page),
            proof: done.then_some(Proof::Declared),
            ..record()
        },
    )
}

proptest! {
    #[test]
    fn more_never_unmeets(record in any_record(), more in prop::array::uniform3(0.0..100.0f64)) {
        let grown = StationRecord {
            heard_secs: record.heard_secs + more[0],
            read_secs: record.read_secs + more[1],
            dwell_secs: record.dwell_secs + more[2],
            recall: Some(true),
            ..record.clone()
        };
        let (before, after) = (assess_station(&rule(), &record), assess_station(&rule(), &grown));
        prop_assert_eq!(before.reasons.len(), after.reasons.len());
        for (before, after) in before.reasons.iter().zip(&after.reasons) {
            prop_assert!(!before.met || after.met, "{before:?} then {after:?}");
        }
        flags(&rule(), &record, &Circumstances::default());
    }

    #[test]
    fn a_verdict_is_met_exactly_when_all_its_reasons_are(record in any_record()) {
        let verdict = assess_station(&rule(), &record);
        prop_assert_eq!(verdict.met, verdict.reasons.iter().all(|reason| reason.met));
    }
}
