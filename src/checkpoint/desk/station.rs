//! One station on the page of a walk.

use super::frame::Frame;
use super::timeline::name;
use super::words;
use crate::clock::written_in_china;
use crate::walk::{Attested, StationFinding, Vouched};
use heritage::credit::Flag;
use heritage::{Bilingual, Site};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One station as its template shows it.
pub struct StationRow {
    /// Its name in forms.
    pub id: String,
    /// On the route, from 1.
    pub number: usize,
    /// What it is called.
    pub title: String,
    /// Every requirement is met.
    pub met: bool,
    /// By which way it was completed.
    pub way: String,
    /// Narration heard.
    pub heard_secs: u64,
    /// Text read.
    pub read_secs: u64,
    /// Length of what is told.
    pub narration_secs: u64,
    /// Time there.
    pub dwell_secs: u64,
    /// How the question stands.
    pub answers: String,
    /// The strongest proof, part by part.
    pub proof: Vec<String>,
    /// Who stands for it.
    pub attested: Vec<String>,
    /// Every requirement, met or not.
    pub reasons: Vec<(bool, String)>,
    /// `E0` to `E4`, and what it means.
    pub level: (&'static str, String),
    /// Why.
    pub presence: Vec<String>,
    /// What to look at twice.
    pub flags: Vec<String>,
}

/// What is shown of one station.
pub fn station(
    at: &Frame,
    names: &BTreeMap<Uuid, String>,
    place: &Site,
    index: usize,
    found: &StationFinding,
) -> StationRow {
    let record = &found.record;
    let title = place.station(&record.station).map(|station| at.pick(&station.title).to_owned()).unwrap_or_default();
    let pick = |texts: Vec<Bilingual>| texts.iter().map(|text| at.pick(text).to_owned()).collect::<Vec<_>>();
    let answers = match (record.recall, found.attempts) {
        (None, _) => at.say("未作答", "none yet").to_owned(),
        (Some(true), count) => format!("{}{count}", at.say("已答对；共答次数 ", "right; attempts: ")),
        (Some(false), count) => format!("{}{count}", at.say("尚未答对；共答次数 ", "not yet right; attempts: ")),
    };
    let attested = |each: &Attested| {
        let (by, on) = (name(names, each.by), written_in_china(each.at_ms));
        format!("{by} · {} · {on} · {}", at.pick(&each.basis.label()), each.reason)
    };
    let vouched = |each: &Vouched| {
        let (by, on) = (name(names, each.by), written_in_china(each.at_ms));
        format!("{by} · {} · {on}", at.say("同行学员证明", "vouched as a companion"))
    };
    StationRow {
        id: record.station.to_string(),
        attested: found.attested.iter().map(attested).chain(found.vouched.iter().map(vouched)).collect(),
        number: index + 1,
        title,
        met: found.verdict.met,
        way: record.way.map_or_else(|| "—".to_owned(), |way| at.pick(&way.label()).to_owned()),
        heard_secs: record.heard_secs as u64,
        read_secs: record.read_secs as u64,
        narration_secs: record.narration_secs as u64,
        dwell_secs: record.dwell_secs as u64,
        answers,
        proof: record.proof.as_ref().map(|proof| pick(words::proof(proof))).unwrap_or_default(),
        reasons: found.verdict.reasons.iter().map(|reason| (reason.met, at.pick(&reason.text).to_owned())).collect(),
        level: (found.presence.level.code(), at.pick(&found.presence.level.label()).to_owned()),
        presence: pick(found.presence.reasons.clone()),
        flags: pick(found.flags.iter().map(Flag::text).collect()),
    }
}
