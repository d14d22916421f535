//! What this device knows of one visit to one station. Pure: knows no clock, page or storage.

use heritage::credit::{merge, union_secs};
use heritage::{Lang, PointId, Proof, StationId, StationRecord, Way};
use protocol::event::{Grade, Heard};
use uuid::Uuid;

/// One station as it has been visited on this device, by whichever way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StationVisit {
    /// What was heard, language by language and point by point.
    pub heard: Vec<HeardIn>,
    /// Transcript open and in view, seconds.
    pub read_secs: f64,
    /// Time at the station, seconds.
    pub dwell_secs: f64,
    /// Answers in the order given.
    pub answers: Vec<Answer>,
    /// Completions of the present passage; emptied when a trainer returns the walk.
    pub done: Vec<Done>,
    /// Enough was heard or read when this was last judged.
    pub attended: bool,
    /// The strongest showing of presence since the last completion; none counts as one's own word.
    pub proof: Option<Proof>,
}

/// What was heard of one narration in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct HeardIn {
    /// The language of the clip.
    pub lang: Lang,
    /// Which story point.
    pub point: PointId,
    /// Merged and rising, seconds of the clip.
    pub ranges: Vec<[f64; 2]>,
}

/// One answer to the recall question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The event that carries it.
    pub event: Uuid,
    /// Index into the choices.
    pub choice: u8,
    /// How the service judged it; `None` until it has.
    pub grade: Option<Grade>,
}

/// One completion.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The event that carries it.
    pub event: Uuid,
    /// By which way.
    pub way: Way,
}

/// What has been seen and heard since the last time it was written down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Stretches of narration.
    pub heard: Vec<HeardIn>,
    /// Reading time, seconds.
    pub read_secs: f64,
    /// Time at the station, seconds.
    pub dwell_secs: f64,
    /// A showing of presence.
    pub proof: Option<Proof>,
}

impl Seen {
    /// Nothing has been seen or heard.
    pub fn is_empty(&self) -> bool {
        self.heard.is_empty() && self.read_secs <= 0.0 && self.dwell_secs <= 0.0 && self.proof.is_none()
    }

    /// Adds what could not be written down, to be tried again.
    pub fn put_back(&mut self, unwritten: &Self) {
        for one in &unwritten.heard {
            self.hear(one.lang, &one.point, &one.ranges);
        }
        self.read_secs += unwritten.read_secs;
        self.dwell_secs += unwritten.dwell_secs;
        let newer = std::mem::replace(&mut self.proof, unwritten.proof.clone());
        self.prove(newer);
    }

    /// Adds a showing of presence.
    pub fn prove(&mut self, proof: Option<Proof>) {
        prove(&mut self.proof, proof);
    }

    /// Adds stretches of one narration.
    pub fn hear(&mut self, lang: Lang, point: &PointId, stretches: &[[f64; 2]]) {
        hear(&mut self.heard, lang, point, stretches);
    }
}

/// To a whole thousandth: no player and no phone knows seconds or metres finer, and such a number is written and read exactly.
pub fn to_milli(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}

fn hear(heard: &mut Vec<HeardIn>, lang: Lang, point: &PointId, stretches: &[[f64; 2]]) {
    let stretches: Vec<[f64; 2]> = stretches.iter().map(|stretch| stretch.map(to_milli)).collect();
    let known = heard.iter_mut().find(|one| one.lang == lang && one.point == *point);
    if let Some(known) = known {
        known.ranges.extend_from_slice(&stretches);
        known.ranges = merge(&known.ranges);
    } else {
        let ranges = merge(&stretches);
        if !ranges.is_empty() {
            heard.push(HeardIn { lang, point: point.clone(), ranges });
        }
    }
}

/// Keeps the stronger showing of presence: a plaque's code over a position, and of two positions the longer stay, as the
/// count begins anew when a page is loaded again. A later code mends an earlier one.
fn prove(kept: &mut Option<Proof>, proof: Option<Proof>) {
    let strength = |proof: &Proof| match proof {
        Proof::Declared => (0, 0.0),
        Proof::Fix { dwell_secs, .. } => (1, *dwell_secs),
        Proof::Code { .. } => (2, 0.0),
        Proof::Trainer => (3, 0.0),
    };
    let Some(proof) = proof else { return };
    if kept.as_ref().is_none_or(|kept| strength(&proof) >= strength(kept)) {
        *kept = Some(match proof {
            Proof::Fix { accuracy_m, dwell_secs, fixes, ignored, jumps, datum } => {
                let (accuracy_m, dwell_secs) = (to_milli(accuracy_m), to_milli(dwell_secs));
                Proof::Fix { accuracy_m, dwell_secs, fixes, ignored, jumps, datum }
            }
            other => other,
        });
    }
}

/// How the recall question stands on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recall {
    /// Not answered.
    Open,
    /// Answered; not judged yet.
    Pending,
    /// Answered wrongly; may be answered again.
    Wrong,
    /// Answered rightly.
    Right,
}

impl StationVisit {
    /// Adds what was seen and heard.
    pub fn take_in(&mut self, seen: &Seen) {
        for one in &seen.heard {
            hear(&mut self.heard, one.lang, &one.point, &one.ranges);
        }
        let whole = |secs: f64| if secs.is_finite() { secs.max(0.0) } else { 0.0 };
        self.read_secs = to_milli(self.read_secs + whole(seen.read_secs));
        self.dwell_secs = to_milli(self.dwell_secs + whole(seen.dwell_secs));
        prove(&mut self.proof, seen.proof.clone());
    }

    /// Adds what was done at the same station by somebody who turns out to be the same person.
    pub fn join(&mut self, other: &Self) {
        let Self { heard, read_secs, dwell_secs, answers, done, attended, proof } = other.clone();
        self.take_in(&Seen { heard, read_secs, dwell_secs, proof });
        self.answers.extend(answers);
        self.done.extend(done);
        self.attended |= attended;
    }

    /// Enough was done here to ask whose it is: a page that was only opened is not asked about.
    pub fn is_worth_keeping(&self) -> bool {
        !self.heard.is_empty() || self.read_secs >= 10.0 || !self.answers.is_empty() || !self.done.is_empty()
    }

    /// What was heard in `lang`, as events carry it.
    pub fn heard(&self, lang: Lang) -> Vec<Heard> {
        let in_lang = self.heard.iter().filter(|one| one.lang == lang);
        in_lang.map(|one| Heard { point: one.point.clone(), ranges: one.ranges.clone() }).collect()
    }

    /// Seconds heard in `lang`, each second once.
    pub fn heard_secs(&self, lang: Lang) -> f64 {
        let in_lang = self.heard.iter().filter(|one| one.lang == lang);
        in_lang.map(|one| union_secs(&one.ranges)).sum()
    }

    /// How the recall question stands: once right stays right, and a later answer not yet judged may mend a wrong one.
    pub fn recall(&self) -> Recall {
        if self.answers.iter().any(|answer| answer.grade.as_ref().is_some_and(|grade| grade.right)) {
            Recall::Right
        } else if self.answers.iter().any(|answer| answer.grade.is_none()) {
            Recall::Pending
        } else if self.answers.is_empty() {
            Recall::Open
        } else {
            Recall::Wrong
        }
    }

    /// Writes the grade to the answer that `event` carried; tells whether there was one.
    pub fn grade(&mut self, event: Uuid, grade: &Grade) -> bool {
        let answer = self.answers.iter_mut().find(|answer| answer.event == event);
        answer.map(|answer| answer.grade = Some(grade.clone())).is_some()
    }

    /// Takes back what `event` carried, with its proof: the service would not have it, so it must be possible to do it again.
    pub fn take_back(&mut self, event: Uuid, proof: Option<Proof>) {
        self.answers.retain(|answer| answer.event != event);
        self.done.retain(|done| done.event != event);
        prove(&mut self.proof, proof);
    }

    /// This station has been completed by `way` in the present passage.
    pub fn is_done(&self, way: Way) -> bool {
        self.done.iter().any(|done| done.way == way)
    }

    /// What the credit rule judges, for a learner who follows in `lang`.
    pub fn record(&self, station: &StationId, lang: Lang, narration_secs: f64, way: Way) -> StationRecord {
        StationRecord {
            station: station.clone(),
            way: Some(way),
            heard_secs: self.heard_secs(lang),
            read_secs: self.read_secs,
            narration_secs,
            dwell_secs: self.dwell_secs,
            recall: match self.recall() {
                Recall::Right => Some(true),
                Recall::Wrong => Some(false),
                Recall::Open | Recall::Pending => None,
            },
            proof: Some(Proof::Declared),
        }
    }
}

#[cfg(test)]
mod tests {
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
        Proof::Fix { accuracy_m: 5.0, dwell_secs, fixes, ignored: 0, jumps: 0, datum: DatumVerdict::Wgs84 }
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
}
