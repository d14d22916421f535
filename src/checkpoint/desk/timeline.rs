//! The log of one walk, entry by entry, in words.

use super::frame::Frame;
use super::words;
use crate::clock::written_in_china;
use crate::house::House;
use crate::store::{Entry, Kind, NewEntry};
use crate::walk::{Appeal, Attestation, Decision, Graded, Reading, Recheck, SiteAnswer, Vouching, Walk};
use heritage::{Bilingual, Site};
use protocol::event::{Event, EventKind};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One entry of the log as the desk shows it.
pub struct Moment {
    /// The device's clock; a dash where no device was involved.
    pub captured: String,
    /// The service's clock.
    pub received: String,
    /// How far the two are apart.
    pub lag: String,
    /// What kind of entry, and at which station.
    pub what: String,
    /// What it says.
    pub more: String,
}

/// The name of someone who wrote in the log.
pub fn name(names: &BTreeMap<Uuid, String>, id: Uuid) -> &str {
    names.get(&id).map_or("—", String::as_str)
}

/// Everything of a person's log that belongs to this walk, and what was done about the person.
pub fn timeline(
    at: &Frame,
    house: &House,
    names: &BTreeMap<Uuid, String>,
    walk: &Walk,
    log: &[Entry],
    place: &Site,
) -> Vec<Moment> {
    let own = |entry: &&Entry| entry.said.route.as_ref().is_none_or(|route| *route == walk.route.id);
    // A draft is nobody's but the learner's.
    let shown = |entry: &&Entry| own(entry) && entry.said.kind != Kind::Drafted;
    log.iter().filter(shown).map(|entry| moment(at, house, names, place, entry)).collect()
}

fn moment(at: &Frame, house: &House, names: &BTreeMap<Uuid, String>, place: &Site, entry: &Entry) -> Moment {
    let said = &entry.said;
    let kind = at.pick(&words::kind(said.kind)).to_owned();
    let title = |id| place.station(id).map(|station| at.pick(&station.title).to_owned());
    let station = said.station.as_ref().and_then(title);
    let received = written_in_china(said.received_at_ms);
    let Ok(event) = serde_json::from_str::<Event>(&said.body) else {
        let more = match said.kind {
            Kind::AnsweredThere => answered_there(at, house, said),
            kind => format!("{} {}", name(names, said.author), from_desk(at, place, kind, &said.body)),
        };
        let kind = station.map_or_else(|| kind.clone(), |station| format!("{kind} · {station}"));
        return Moment { captured: "—".to_owned(), received, lag: String::new(), what: kind, more };
    };
    Moment {
        captured: written_in_china(said.captured_at_ms),
        received,
        lag: at.pick(&words::lag(said.received_at_ms.saturating_sub(said.captured_at_ms))).to_owned(),
        what: station.map_or_else(|| kind.clone(), |station| format!("{kind} · {station}")),
        more: detail(at, house, &event.kind),
    }
}

/// What an entry of the desk says besides who made it.
fn from_desk(at: &Frame, place: &Site, kind: Kind, body: &str) -> String {
    match kind {
        Kind::Attested => {}
        Kind::Vouched => return stood(at, place, body),
        Kind::Appealed => return serde_json::from_str(body).map(|it: Appeal| it.reason).unwrap_or_default(),
        Kind::Rechecked => {
            let Ok(Recheck { agrees, note, .. }) = serde_json::from_str(body) else { return String::new() };
            return format!("{} {note}", at.pick(&words::rechecked(true, Some(agrees))));
        }
        Kind::ClockRead => {
            let Ok(Reading { skew_secs, .. }) = serde_json::from_str(body) else { return String::new() };
            let (ahead, behind) = (at.say("快", "ahead by"), at.say("慢", "behind by"));
            let way = if skew_secs < 0.0 { ahead } else { behind };
            return format!("{way} {:.0} {}", skew_secs.abs(), at.say("秒", "s"));
        }
        Kind::Assessed => {
            let Ok(Graded { level, rule }) = serde_json::from_str(body) else { return String::new() };
            return format!(
                "{}{}{rule}{}",
                level.code(),
                at.say("（评级规则第 ", " (grading rule "),
                at.say(" 版）", ")")
            );
        }
        _ => return serde_json::from_str(body).map(|decision: Decision| decision.note).unwrap_or_default(),
    }
    let Ok(Attestation { basis, stations, reason }) = serde_json::from_str(body) else { return String::new() };
    let titles: Vec<&str> =
        stations.iter().filter_map(|id| place.station(id)).map(|station| at.pick(&station.title)).collect();
    format!("{} · {} · {reason}", at.pick(&basis.label()), titles.join(at.say("、", ", ")))
}

/// Whether the place's own question was answered rightly, and how.
fn answered_there(at: &Frame, house: &House, said: &NewEntry) -> String {
    let Ok(SiteAnswer { answer }) = serde_json::from_str(&said.body) else { return String::new() };
    let question = said.site.as_ref().zip(said.station.as_ref()).and_then(|(site, id)| house.courses.on_site(site, id));
    let is_right = question.is_some_and(|question| question.is_right(&answer));
    format!("{}{answer}", if is_right { at.say("答对：", "right: ") } else { at.say("答错：", "wrong: ") })
}

/// At which stations somebody says that both stood.
fn stood(at: &Frame, place: &Site, body: &str) -> String {
    let Ok(Vouching { stations }) = serde_json::from_str(body) else { return String::new() };
    let titles: Vec<&str> = stations
        .iter()
        .filter_map(|stood| place.station(&stood.station))
        .map(|station| at.pick(&station.title))
        .collect();
    format!("{}{}", at.say("说明同时在场：", "says that both were there: "), titles.join(at.say("、", ", ")))
}

fn detail(at: &Frame, house: &House, kind: &EventKind) -> String {
    match kind {
        EventKind::Completed { way, proof, further, dwell_secs, .. } => {
            let proof: Vec<Bilingual> = std::iter::once(proof).chain(further).flat_map(words::proof).collect();
            let proof: Vec<&str> = proof.iter().map(|part| at.pick(part)).collect();
            let (stayed, unit) = (at.say("停留", "stayed"), at.say("秒", "s"));
            format!("{} · {} · {stayed} {dwell_secs:.0} {unit}", at.pick(&way.label()), proof.join(at.say("，", ", ")))
        }
        EventKind::Answered { site, station, choice } => {
            let right = house.courses.grade(site, station, *choice).is_some_and(|grade| grade.right);
            if right { at.say("答对", "right").to_owned() } else { at.say("答错", "wrong").to_owned() }
        }
    }
}
