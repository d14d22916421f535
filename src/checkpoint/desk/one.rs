//! One walk: what was done at each station, why it counts, and what to look at twice.

use super::board::{Board, Line};
use super::frame::{Frame, Look, page};
use super::words;
use crate::api::Fault;
use crate::clock::written_in_china;
use crate::house::{App, House};
use crate::identity::Trainer;
use crate::store::{Entry, Kind};
use crate::walk::{Decision, MOST_NOTE, StationFinding};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use heritage::{Bilingual, RouteId, Site, SiteId};
use protocol::api::WalkState;
use protocol::event::{Event, EventKind};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "one.html")]
struct OnePage {
    at: Frame,
    name: String,
    cohort: String,
    title: String,
    state: String,
    state_code: &'static str,
    hours: String,
    rule_version: u32,
    summary: String,
    decided: Option<String>,
    note: String,
    shared: Option<String>,
    stations: Vec<StationRow>,
    timeline: Vec<Moment>,
    ticket: String,
    most_note: usize,
    can_decide: bool,
    can_reopen: bool,
    is_own: bool,
}

struct StationRow {
    number: usize,
    title: String,
    met: bool,
    way: String,
    heard_secs: u64,
    read_secs: u64,
    narration_secs: u64,
    dwell_secs: u64,
    answers: String,
    proof: Vec<String>,
    reasons: Vec<(bool, String)>,
    flags: Vec<String>,
}

struct Moment {
    captured: String,
    received: String,
    lag: String,
    what: String,
    more: String,
}

/// The page.
pub async fn get(
    State(app): State<App>,
    Trainer(who): Trainer,
    look: Look,
    Path((person, course)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (person, site, route) = named(&person, &course).ok_or_else(Fault::not_found)?;
    let board = Board::of(&app, who.person.unit).await?;
    let line = board.line(person, &site, &route).ok_or_else(Fault::not_found)?;
    let place = app.courses.site(&site).ok_or_else(Fault::not_found)?;
    let at = Frame::of(&app, look, &who);
    let walk = &line.walk;
    let is_own = person == who.person.id;
    let one = OnePage {
        name: line.person.name.clone(),
        cohort: line.person.cohort.clone(),
        title: at.pick(&line.title).to_owned(),
        state: at.pick(&words::state(walk.state)).to_owned(),
        state_code: words::state_code(walk.state),
        hours: walk.hours.to_string(),
        rule_version: walk.route.rule.version(),
        summary: walk.verdict.reasons.first().map(|reason| at.pick(&reason.text).to_owned()).unwrap_or_default(),
        decided: decided(&at, &board, line),
        note: walk.decided.as_ref().map(|decided| decided.decision.note.clone()).unwrap_or_default(),
        shared: shared(&at, line.shared_with),
        stations: walk.stations.iter().enumerate().map(|(index, found)| station(&at, place, index, found)).collect(),
        timeline: timeline(&at, &app, &board, line, place),
        ticket: line.ticket(),
        most_note: MOST_NOTE,
        can_decide: walk.state == WalkState::Waiting && !is_own,
        can_reopen: walk.state == WalkState::Confirmed && !is_own,
        is_own,
        at,
    };
    Ok(page(&one))
}

/// Reads `{person}` and `{site}.{route}`.
pub fn named(person: &str, course: &str) -> Option<(Uuid, SiteId, RouteId)> {
    let (site, route) = course.split_once('.')?;
    Some((Uuid::parse_str(person).ok()?, SiteId::new(site).ok()?, RouteId::new(route).ok()?))
}

fn decided(at: &Frame, board: &Board, line: &Line) -> Option<String> {
    let decided = line.walk.decided.as_ref()?;
    let (kind, by) = (words::kind(decided.kind), board.name(decided.by).unwrap_or("—"));
    Some(format!("{} · {} · {by}", at.pick(&kind), written_in_china(decided.at_ms)))
}

fn shared(at: &Frame, others: usize) -> Option<String> {
    let text = Bilingual::new(
        format!("所用设备还为另外 {others} 人提交过记录"),
        format!("A device used here has also recorded for other people: {others}"),
    );
    (others > 0).then(|| at.pick(&text).to_owned())
}

fn station(at: &Frame, place: &Site, index: usize, found: &StationFinding) -> StationRow {
    let record = &found.record;
    let title = place.station(&record.station).map(|station| at.pick(&station.title).to_owned()).unwrap_or_default();
    let pick = |texts: Vec<Bilingual>| texts.iter().map(|text| at.pick(text).to_owned()).collect::<Vec<_>>();
    let answers = match (record.recall, found.attempts) {
        (None, _) => at.say("未作答", "none yet").to_owned(),
        (Some(true), count) => format!("{}{count}", at.say("已答对；共答次数 ", "right; attempts: ")),
        (Some(false), count) => format!("{}{count}", at.say("尚未答对；共答次数 ", "not yet right; attempts: ")),
    };
    StationRow {
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
        flags: pick(found.flags.clone()),
    }
}

fn timeline(at: &Frame, house: &House, board: &Board, line: &Line, place: &Site) -> Vec<Moment> {
    let own = |entry: &&Entry| {
        let said = &entry.said;
        let on_route = said.route.as_ref().is_none_or(|route| *route == line.walk.route.id);
        said.subject == line.person.id && said.site == line.walk.site && on_route
    };
    board.log.iter().filter(own).map(|entry| moment(at, house, board, place, entry)).collect()
}

fn moment(at: &Frame, house: &House, board: &Board, place: &Site, entry: &Entry) -> Moment {
    let said = &entry.said;
    let kind = at.pick(&words::kind(said.kind)).to_owned();
    let station =
        said.station.as_ref().and_then(|id| place.station(id)).map(|station| at.pick(&station.title).to_owned());
    let from_desk = matches!(said.kind, Kind::Confirmed | Kind::Returned | Kind::Reopened);
    let more = if from_desk {
        let note = serde_json::from_str(&said.body).map(|decision: Decision| decision.note).unwrap_or_default();
        format!("{} {note}", board.name(said.author).unwrap_or("—"))
    } else {
        serde_json::from_str(&said.body).map(|event: Event| detail(at, house, &event.kind)).unwrap_or_default()
    };
    Moment {
        captured: if from_desk { "—".to_owned() } else { written_in_china(said.captured_at_ms) },
        received: written_in_china(said.received_at_ms),
        lag: if from_desk {
            String::new()
        } else {
            at.pick(&words::lag(said.received_at_ms.saturating_sub(said.captured_at_ms))).to_owned()
        },
        what: station.map_or_else(|| kind.clone(), |station| format!("{kind} · {station}")),
        more,
    }
}

fn detail(at: &Frame, house: &House, kind: &EventKind) -> String {
    match kind {
        EventKind::Completed { way, proof, dwell_secs, .. } => {
            let proof = words::proof(proof);
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
