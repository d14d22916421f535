//! One station's record, gathered from all of a learner's events there, whatever order they came in.

use super::{Answered, AskedThere, Basis, Heard, Vouched};
use crate::courses::Courses;
use crate::evidence::{Bench, Shown};
use crate::secrets::Secrets;
use heritage::credit::{
    Circumstances, Flag, MOST_WRONG_ANSWERS, MOST_WRONG_CODES, Presence, SKEW_SECS, Tap, Unfit, assess_station, flags,
    grade, telling_secs, union_secs,
};
use heritage::{CreditRule, Lang, Proof, Site, Station, StationId, StationRecord, Verdict, Way};
use protocol::event::{EventKind, Heard as HeardPoint};
use std::cmp::Reverse;
use uuid::Uuid;

/// What is known of one station of a walk.
#[derive(Clone, Debug)]
pub struct StationFinding {
    /// The record that was judged.
    pub record: StationRecord,
    /// What the judgement came to.
    pub verdict: Verdict,
    /// What a trainer should look at twice.
    pub flags: Vec<Flag>,
    /// How well presence is shown, and why.
    pub presence: Presence,
    /// Taps on the station's tags, to be held against those of others.
    pub taps: Vec<Tap>,
    /// Digests of traces, likewise.
    pub traces: Vec<String>,
    /// Answers given, wrong ones included.
    pub attempts: usize,
    /// The first of them, by the device's clock, was right.
    pub right_at_first: bool,
    /// Completions sent.
    pub completions: usize,
    /// Those of them that were made offline.
    pub offline: usize,
    /// Who attested it, if anyone, the latest last.
    pub attested: Vec<Attested>,
    /// How the question that only the place answers stands.
    pub asked: AskedThere,
    /// Who vouched for it, if anyone.
    pub vouched: Vec<Vouched>,
}

/// What was said of a walk, by its devices and by others.
pub struct Said<'a> {
    pub heard: &'a [Heard<'a>],
    pub attested: &'a [Attested],
    pub vouched: &'a [Vouched],
    pub answered: &'a [Answered],
}

/// One station that a trainer attested.
#[derive(Clone, Debug)]
pub struct Attested {
    /// Which station.
    pub station: StationId,
    /// Place of the entry in the log; several stations may share one.
    pub seq: i64,
    /// By whom.
    pub by: Uuid,
    /// When, by the service's clock.
    pub at_ms: i64,
    /// On what ground.
    pub basis: Basis,
    /// In the trainer's words.
    pub reason: String,
}

/// One completion, with its proof as the service judges it.
struct Completion<'a> {
    captured_at_ms: i64,
    id: Uuid,
    /// By the two clocks; none where no device was involved.
    lag_secs: Option<f64>,
    skew_secs: Option<f64>,
    way: Way,
    lang: Lang,
    heard: &'a [HeardPoint],
    read_secs: f64,
    dwell_secs: f64,
    shown: Shown,
}

impl Completion<'_> {
    /// The strongest proof that holds.
    fn proof(&self) -> &Proof {
        self.shown.proofs.first().unwrap_or(&Proof::Declared)
    }

    /// It came in later than its device's clock, put right, explains.
    fn is_offline(&self) -> bool {
        self.lag_secs.is_some_and(|lag_secs| lag_secs - self.skew_secs.unwrap_or_default() > SKEW_SECS)
    }
}

/// Gathers and judges one station.
pub fn find(
    courses: &Courses,
    secrets: &Secrets,
    (site, rule): (&Site, &CreditRule),
    station: &Station,
    said: &Said<'_>,
) -> StationFinding {
    let question = courses.on_site(&site.id, &station.id);
    let bench = Bench::of(secrets, &site.id, &station.id).asking(question);
    let log = said.heard;
    let vouched: Vec<Vouched> = said.vouched.iter().filter(|each| each.station == station.id).cloned().collect();
    let sent = log.iter().filter_map(|from| completion(from, station, &bench)).map(|each| borne_out(each, &vouched));
    let attested: Vec<Attested> = said.attested.iter().filter(|each| each.station == station.id).cloned().collect();
    let mut completions: Vec<Completion<'_>> = sent.chain(attested.iter().take(1).map(witnessed)).collect();
    let wrong: usize = completions.iter().map(|each| each.shown.wrong_codes).sum();
    if wrong > MOST_WRONG_CODES {
        for each in &mut completions {
            each.shown.without_codes();
        }
    }
    let there = said.answered.iter().filter(|each| each.station == station.id);
    let (right, wrong_there): (Vec<&Answered>, Vec<_>) =
        there.partition(|each| question.is_some_and(|question| question.is_right(&each.answer)));
    let wrong_answers = wrong_there.len() + completions.iter().map(|each| each.shown.wrong_answers).sum::<usize>();
    let asked = AskedThere { is_right: !right.is_empty(), wrong: wrong_answers };
    for each in &mut completions {
        if wrong_answers >= MOST_WRONG_ANSWERS {
            each.shown.without_answers();
        } else if let Some(answered) = right.first().filter(|_| each.way == Way::Foot && each.lag_secs.is_some()) {
            each.shown.add(Proof::Question { answer: answered.answer.clone() });
        }
    }
    let best =
        completions.iter().max_by_key(|each| (each.proof().strength(), Reverse(each.captured_at_ms), Reverse(each.id)));
    let answers: Vec<Answer> = log.iter().filter_map(|from| answer(courses, site, station, from)).collect();
    let first = answers.iter().min_by_key(|answer| (answer.captured_at_ms, answer.id));
    let (lang, heard_secs, read_secs) = attended(station, &completions);
    let record = StationRecord {
        station: station.id.clone(),
        way: best.map(|best| best.way),
        heard_secs,
        read_secs,
        narration_secs: telling_secs(station, lang),
        dwell_secs: greatest(completions.iter().map(|each| each.dwell_secs)),
        recall: (!answers.is_empty()).then(|| answers.iter().any(|answer| answer.right)),
        proof: best.map(|best| best.proof().clone()),
    };
    let circumstances = Circumstances {
        lag_secs: best.and_then(|best| best.lag_secs),
        skew_secs: best.and_then(|best| best.skew_secs),
    };
    let mut flags = flags(rule, &record, &circumstances);
    let proofs: Vec<Proof> = completions.iter().flat_map(|each| each.shown.proofs.iter().cloned()).collect();
    flags.extend(position_flags(rule, &record, &proofs));
    let did_not_hold = |unfit: &Unfit| completions.iter().any(|each| each.shown.unfit.contains(unfit));
    flags.extend(Unfit::ALL.into_iter().filter(did_not_hold).map(|proof| Flag::Unfit { proof }));
    if wrong > MOST_WRONG_CODES {
        flags.push(Flag::Guessed { wrong });
    }
    if wrong_answers >= MOST_WRONG_ANSWERS {
        flags.push(Flag::GuessedAnswer { wrong: wrong_answers });
    }
    let presence = grade(rule, &proofs, &flags);
    let verdict = assess_station(rule, &record);
    let taps = completions.iter().flat_map(|each| each.shown.taps.iter().cloned()).collect();
    let traces = completions.iter().flat_map(|each| each.shown.traces.iter().cloned()).collect();
    let offline = completions.iter().filter(|each| each.is_offline()).count();
    let completions = completions.iter().filter(|each| each.lag_secs.is_some()).count();
    let (attempts, right_at_first) = (answers.len(), first.is_some_and(|first| first.right));
    StationFinding {
        record,
        verdict,
        flags,
        presence,
        taps,
        traces,
        attempts,
        right_at_first,
        completions,
        offline,
        attested,
        asked,
        vouched,
    }
}

/// What is odd about the positions given beside a stronger proof; those of the strongest stand in the record's own flags.
fn position_flags(rule: &CreditRule, record: &StationRecord, proofs: &[Proof]) -> Vec<Flag> {
    if matches!(record.proof, Some(Proof::Fix { .. })) {
        return Vec::new();
    }
    let longest = proofs.iter().filter_map(|proof| match proof {
        Proof::Fix { dwell_secs, .. } => Some((proof, *dwell_secs)),
        _ => None,
    });
    let Some((fix, _)) = longest.max_by(|one, other| one.1.total_cmp(&other.1)) else { return Vec::new() };
    let beside = StationRecord { proof: Some(fix.clone()), ..record.clone() };
    let found = flags(rule, &beside, &Circumstances::default());
    found.into_iter().filter(Flag::weakens_position).collect()
}

fn completion<'a>(from: &'a Heard<'a>, at: &Station, bench: &Bench<'_>) -> Option<Completion<'a>> {
    let EventKind::Completed { station, way, lang, heard, read_secs, dwell_secs, proof, further, .. } =
        &from.event.kind
    else {
        return None;
    };
    if *station != at.id {
        return None;
    }
    let shown = bench.judge(std::iter::once(proof).chain(further));
    let (way, lang, read_secs, dwell_secs) = (*way, *lang, *read_secs, *dwell_secs);
    let (captured_at_ms, id) = (from.event.captured_at_ms, from.event.id);
    let (lag_secs, skew_secs) = (Some(lag_secs(from)), from.skew_secs);
    Some(Completion { captured_at_ms, id, lag_secs, skew_secs, way, lang, heard, read_secs, dwell_secs, shown })
}

/// With the word of whoever vouched for this very completion.
fn borne_out<'a>(mut sent: Completion<'a>, vouched: &[Vouched]) -> Completion<'a> {
    if vouched.iter().any(|each| each.of == sent.id) {
        sent.shown.add(Proof::Peer);
    }
    sent
}

/// What an attestation says of a station: that the learner completed it on the ground. It names no seconds.
fn witnessed(attested: &Attested) -> Completion<'_> {
    Completion {
        captured_at_ms: attested.at_ms,
        id: Uuid::nil(),
        lag_secs: None,
        skew_secs: None,
        way: Way::Foot,
        lang: Lang::Zh,
        heard: &[],
        read_secs: 0.0,
        dwell_secs: 0.0,
        shown: Shown { proofs: vec![Proof::Trainer], ..Shown::default() },
    }
}

/// One answer, as it is judged.
struct Answer {
    captured_at_ms: i64,
    id: Uuid,
    right: bool,
}

fn answer(courses: &Courses, site: &Site, at: &Station, from: &Heard<'_>) -> Option<Answer> {
    match &from.event.kind {
        EventKind::Answered { station, choice, .. } if *station == at.id => {
            let right = courses.grade(&site.id, station, *choice)?.right;
            Some(Answer { captured_at_ms: from.event.captured_at_ms, id: from.event.id, right })
        }
        _ => None,
    }
}

/// The language in which most was attended, with what was heard and read in it, seconds.
fn attended(station: &Station, completions: &[Completion<'_>]) -> (Lang, f64, f64) {
    let in_lang = |lang: Lang| {
        let own = || completions.iter().filter(move |each| each.lang == lang);
        let heard_secs: f64 = station
            .points
            .iter()
            .map(|point| {
                let stretches: Vec<[f64; 2]> = own()
                    .flat_map(|each| each.heard)
                    .filter(|heard| heard.point == point.id)
                    .flat_map(|heard| heard.ranges.iter().copied())
                    .collect();
                // A clip cannot be heard past its end.
                union_secs(&stretches).min(point.narration_secs(lang).max(0.0))
            })
            .sum();
        (lang, heard_secs, greatest(own().map(|each| each.read_secs)))
    };
    let share =
        |(lang, heard_secs, read_secs): (Lang, f64, f64)| heard_secs.max(read_secs) / telling_secs(station, lang);
    let (zh, en) = (in_lang(Lang::Zh), in_lang(Lang::En));
    if share(en) > share(zh) { en } else { zh }
}

fn greatest(secs: impl Iterator<Item = f64>) -> f64 {
    secs.fold(0.0, f64::max)
}

/// Received minus captured, seconds; negative where the device's clock is ahead.
fn lag_secs(from: &Heard<'_>) -> f64 {
    from.entry.said.received_at_ms.saturating_sub(from.event.captured_at_ms) as f64 / 1000.0
}
