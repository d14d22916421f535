//! How visits grow, are kept and are sent.

use super::*;
use crate::json::Value;
use crate::wire::{FromJson, ToJson};
use heritage::Bilingual;
use heritage::proof::DatumVerdict;

fn point(name: &str) -> PointId {
    PointId::new(name).expect("a name")
}

fn graded(right: bool) -> Grade {
    Grade { right, explanation: Bilingual::default(), source: Bilingual::default() }
}

#[test]
fn hearing_a_stretch_twice_counts_once() {
    let mut visit = StationVisit::default();
    for stretch in [[0.0, 10.0], [5.0, 12.0], [0.0, 10.0]] {
        let mut seen = Seen::default();
        seen.hear(Lang::Zh, &point("place"), &[stretch]);
        visit.take_in(&seen);
    }
    assert_eq!(visit.heard(Lang::Zh)[0].ranges, vec![[0.0, 12.0]]);
    assert!((visit.heard_secs(Lang::Zh) - 12.0).abs() < 1e-9);
}

#[test]
fn languages_are_kept_apart() {
    let mut seen = Seen::default();
    seen.hear(Lang::Zh, &point("place"), &[[0.0, 4.0]]);
    seen.hear(Lang::En, &point("place"), &[[0.0, 9.0]]);
    let mut visit = StationVisit::default();
    visit.take_in(&seen);
    assert!((visit.heard_secs(Lang::Zh) - 4.0).abs() < 1e-9);
    assert!((visit.heard_secs(Lang::En) - 9.0).abs() < 1e-9);
}

#[test]
fn times_that_are_no_numbers_add_nothing() {
    let mut visit = StationVisit::default();
    visit.take_in(&Seen { read_secs: f64::NAN, dwell_secs: -3.0, ..Seen::default() });
    assert_eq!((visit.read_secs.to_bits(), visit.dwell_secs.to_bits()), (0.0f64.to_bits(), 0.0f64.to_bits()));
}

#[test]
fn a_right_answer_stays_right_whatever_follows() {
    let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let mut visit = StationVisit::default();
    assert_eq!(visit.recall(), Recall::Open);
    visit.answers.push(Answer { event: first, choice: 0, grade: None });
    assert_eq!(visit.recall(), Recall::Pending);
    assert!(visit.grade(first, &graded(false)));
    assert_eq!(visit.recall(), Recall::Wrong);
    visit.answers.push(Answer { event: second, choice: 1, grade: Some(graded(true)) });
    assert_eq!(visit.recall(), Recall::Right);
    assert!(!visit.grade(Uuid::from_u128(3), &graded(false)), "an unknown event grades nothing");
}

fn fix(dwell_secs: f64, fixes: u32) -> Proof {
    Proof::Fix {
        accuracy_m: 5.0,
        dwell_secs,
        fixes,
        ignored: 0,
        jumps: 0,
        datum: DatumVerdict::Wgs84,
        distinct: Some(fixes),
        trace: None,
    }
}

#[test]
fn the_strongest_proof_is_kept() {
    let code = |code: &str| Proof::Code { code: code.to_owned() };
    let cases = [
        (vec![fix(10.0, 5), fix(12.0, 6)], fix(12.0, 6)),
        // After a reload the count begins anew.
        (vec![fix(60.0, 30), fix(0.0, 1)], fix(60.0, 30)),
        (vec![code("BCDFGHJK"), fix(60.0, 30)], code("BCDFGHJK")),
        (vec![fix(60.0, 30), code("BCDFGHJK"), code("LMNPQRST")], code("LMNPQRST")),
        (vec![fix(1.0, 1), Proof::Declared], fix(1.0, 1)),
    ];
    for (proofs, strongest) in cases {
        let (mut visit, mut seen) = (StationVisit::default(), Seen::default());
        for proof in proofs {
            visit.take_in(&Seen { proof: Some(proof.clone()), ..Seen::default() });
            seen.prove(Some(proof));
        }
        assert_eq!(visit.proof, Some(strongest.clone()));
        assert_eq!(seen.proof, Some(strongest));
    }
    let mut unwritten = Seen { proof: Some(fix(1.0, 1)), ..Seen::default() };
    unwritten.put_back(&Seen { proof: Some(fix(9.0, 4)), ..Seen::default() });
    assert_eq!(unwritten.proof, Some(fix(9.0, 4)));
}

#[test]
fn a_position_stands_beside_a_stronger_proof() {
    let code = Proof::Code { code: "BCDFGHJK".to_owned() };
    for (proofs, taken) in [
        (vec![], (Proof::Declared, vec![])),
        (vec![fix(9.0, 4)], (fix(9.0, 4), vec![])),
        (vec![code.clone()], (code.clone(), vec![])),
        (vec![fix(9.0, 4), code.clone(), fix(30.0, 9), fix(1.0, 1)], (code, vec![fix(30.0, 9)])),
    ] {
        let mut visit = StationVisit::default();
        for proof in proofs {
            visit.take_in(&Seen { proof: Some(proof), ..Seen::default() });
        }
        assert_eq!(visit.take_proofs(), taken);
        assert_eq!(visit.take_proofs(), (Proof::Declared, vec![]), "what was sent is not sent again");
    }
}

#[test]
fn what_was_set_aside_joins_what_was_done_since() {
    let mut aside = StationVisit { read_secs: 12.0, ..StationVisit::default() };
    aside.answers.push(Answer { event: Uuid::from_u128(1), choice: 1, grade: Some(graded(true)) });
    assert!(aside.is_worth_keeping());
    let mut visit = StationVisit { read_secs: 3.0, dwell_secs: 5.0, attended: true, ..StationVisit::default() };
    assert!(!visit.is_worth_keeping(), "merely opened");
    visit.join(&aside);
    assert_eq!((visit.read_secs.to_bits(), visit.dwell_secs.to_bits()), (15.0f64.to_bits(), 5.0f64.to_bits()));
    assert_eq!((visit.recall(), visit.attended), (Recall::Right, true));
}

#[test]
fn what_the_service_refuses_can_be_done_again() {
    let (answer, done) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let mut visit = StationVisit::default();
    visit.answers.push(Answer { event: answer, choice: 0, grade: None });
    visit.done.push(Done { event: done, way: Way::Scene });
    visit.take_back(answer, None);
    assert_eq!((visit.recall(), visit.is_done(Way::Scene)), (Recall::Open, true));
    let code = Proof::Code { code: "BCDFGHJK".to_owned() };
    visit.take_back(done, Some(code.clone()));
    assert!(!visit.is_done(Way::Scene));
    assert_eq!(visit.proof, Some(code));
}

#[test]
fn a_visit_survives_its_own_json() {
    let mut visit = StationVisit { read_secs: 1.25, ..StationVisit::default() };
    visit.done.push(Done { event: Uuid::from_u128(9), way: Way::Foot });
    visit.answers.push(Answer { event: Uuid::from_u128(8), choice: 2, grade: Some(graded(true)) });
    let mut seen = Seen { dwell_secs: 1.0 / 3.0, proof: Some(fix(7.25, 3)), ..Seen::default() };
    seen.hear(Lang::En, &point("place"), &[[0.1, 2.0 / 3.0]]);
    visit.take_in(&seen);
    let read = |text: &str| StationVisit::from_json(&Value::parse(text)?);
    assert_eq!(read(&visit.to_json().to_line()), Some(visit));
    assert_eq!(read("{}"), Some(StationVisit::default()), "an older, emptier visit");
    assert_eq!(read("[]"), None);
}
