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
    /// The best position, kept beside a stronger proof until the completion that carries both.
    pub position: Option<Proof>,
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
    let strength = |proof: &Proof| {
        let dwell_secs = if let Proof::Fix { dwell_secs, .. } = proof { *dwell_secs } else { 0.0 };
        (proof.strength(), dwell_secs)
    };
    let Some(proof) = proof else { return };
    if kept.as_ref().is_none_or(|kept| strength(&proof) >= strength(kept)) {
        *kept = Some(match proof {
            Proof::Fix { accuracy_m, dwell_secs, fixes, ignored, jumps, datum, distinct, trace } => {
                let (accuracy_m, dwell_secs) = (to_milli(accuracy_m), to_milli(dwell_secs));
                Proof::Fix { accuracy_m, dwell_secs, fixes, ignored, jumps, datum, distinct, trace }
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
        let is_position = |proof: &&Proof| matches!(proof, Proof::Fix { .. });
        prove(&mut self.position, seen.proof.as_ref().filter(is_position).cloned());
    }

    /// Takes out what shows presence: the strongest, and a position beside it where both were given.
    pub fn take_proofs(&mut self) -> (Proof, Vec<Proof>) {
        let proof = self.proof.take().unwrap_or(Proof::Declared);
        let position = self.position.take().filter(|_| !matches!(proof, Proof::Fix { .. }));
        (proof, position.into_iter().collect())
    }

    /// Adds what was done at the same station by somebody who turns out to be the same person.
    pub fn join(&mut self, other: &Self) {
        let Self { heard, read_secs, dwell_secs, answers, done, attended, proof, position } = other.clone();
        self.take_in(&Seen { heard, read_secs, dwell_secs, proof });
        prove(&mut self.position, position);
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
mod tests;
