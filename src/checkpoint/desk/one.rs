//! One walk: what was done at each station, why it counts, and what to look at twice.

use super::board::{address, ticket, title};
use super::form::field;
use super::frame::{Frame, Look, page};
use super::list::group;
use super::timeline::{Moment, name, timeline};
use super::words;
use crate::api::{Address, Fault};
use crate::clock::written_in_china;
use crate::house::{App, House};
use crate::identity::reach::{looks_at, within};
use crate::identity::{Reader, SignedIn};
use crate::store::{Act, Entry, Person};
use crate::walk::{Attested, MOST_NOTE, StationFinding, Walk, walk};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use heritage::{Bilingual, Lang, RouteId, Site, SiteId};
use protocol::api::WalkState;
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "one.html")]
struct OnePage {
    at: Frame,
    name: String,
    group: String,
    audit: String,
    title: String,
    state: String,
    state_code: &'static str,
    hours: String,
    rule_version: u32,
    summary: String,
    done: Option<&'static str>,
    decided: Option<String>,
    note: String,
    flags: Vec<String>,
    stations: Vec<StationRow>,
    timeline: Vec<Moment>,
    ticket: String,
    attest: String,
    next_id: Uuid,
    most_note: usize,
    counts_attested: bool,
    walk_state: WalkState,
    is_own: bool,
}

impl OnePage {
    fn can_decide(&self) -> bool {
        self.at.decides() && self.walk_state == WalkState::Waiting && !self.is_own
    }

    fn can_reopen(&self) -> bool {
        self.at.decides() && self.walk_state == WalkState::Confirmed && !self.is_own
    }

    fn can_attest(&self) -> bool {
        self.at.decides() && self.walk_state != WalkState::Confirmed && !self.is_own
    }
}

struct StationRow {
    id: String,
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
    attested: Vec<String>,
    reasons: Vec<(bool, String)>,
    flags: Vec<String>,
}

/// The page.
pub async fn get(
    State(app): State<App>,
    Reader(who): Reader,
    look: Look,
    Address((person, course)): Address<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let (person, site, route) = named(&person, &course).ok_or_else(Fault::not_found)?;
    let (person, walk, log) = seen(&app, &who, person, &site, &route).await?;
    looks_at(&app, &who, Act::WalkOpened, &person, course).await?;
    let place = app.courses.site(&site).ok_or_else(Fault::not_found)?;
    let at = Frame::of(&app, look, &who);
    let names = names(&app, &log).await?;
    let shared_with = app.store.sharing(vec![person.id]).await?.first().copied().unwrap_or_default();
    let is_own = person.id == who.person.id;
    let one = OnePage {
        title: at.pick(&title(&app, &site, &route)).to_owned(),
        state: at.pick(&words::state(walk.state)).to_owned(),
        state_code: words::state_code(walk.state),
        hours: walk.hours.to_string(),
        rule_version: walk.route.rule.version(),
        summary: walk.verdict.reasons.first().map(|reason| at.pick(&reason.text).to_owned()).unwrap_or_default(),
        done: done(&at, query.as_deref()),
        decided: decided(&at, &names, &walk),
        note: walk.decided.as_ref().map(|decided| decided.decision.note.clone()).unwrap_or_default(),
        flags: walk.flags.iter().map(|flag| at.pick(flag).to_owned()).chain(shared(&at, shared_with)).collect(),
        stations: walk
            .stations
            .iter()
            .enumerate()
            .map(|(index, found)| station(&at, &names, place, index, found))
            .collect(),
        timeline: timeline(&at, &app, &names, &walk, &log, place),
        ticket: ticket(person.id, &site, &route, walk.last_seq),
        attest: format!("{}/attest", address(person.id, &site, &route)),
        next_id: Uuid::now_v7(),
        most_note: MOST_NOTE,
        counts_attested: walk.route.rule.attestation(),
        walk_state: walk.state,
        is_own,
        audit: format!("/desk/audit?person={}", person.id),
        group: group(&person, &who.person),
        name: person.name,
        at,
    };
    Ok(page(&one))
}

/// A walk of someone of the unit of whoever asks or one below it, begun or not, with the log it stands on. People of other units are not said to exist.
///
/// # Errors
/// A [`Fault`] where there is no such person in the unit or no such route, or the store cannot be read.
pub async fn seen(
    house: &House,
    who: &SignedIn,
    person: Uuid,
    site: &SiteId,
    route: &RouteId,
) -> Result<(Person, Walk, Vec<Entry>), Fault> {
    let person = within(house, who, person).await?;
    let course = house.courses.route(site, route).ok_or_else(Fault::not_found)?;
    let log = house.store.log_at(person.id, site.clone()).await?;
    let walk = walk(&house.courses, &house.secrets, person.id, course, &log);
    Ok((person, walk, log))
}

/// Names of everyone who wrote in a log.
pub(super) async fn names(house: &House, log: &[Entry]) -> Result<BTreeMap<Uuid, String>, Fault> {
    let mut names = BTreeMap::new();
    for author in log.iter().map(|entry| entry.said.author) {
        if !names.contains_key(&author)
            && let Some(person) = house.store.person(author).await?
        {
            names.insert(author, person.name);
        }
    }
    Ok(names)
}

/// Reads `{person}` and `{site}.{route}`.
pub fn named(person: &str, course: &str) -> Option<(Uuid, SiteId, RouteId)> {
    let (site, route) = course.split_once('.')?;
    Some((Uuid::parse_str(person).ok()?, SiteId::new(site).ok()?, RouteId::new(route).ok()?))
}

fn decided(at: &Frame, names: &BTreeMap<Uuid, String>, walk: &Walk) -> Option<String> {
    let decided = walk.decided.as_ref()?;
    let (kind, by) = (words::kind(decided.kind), name(names, decided.by));
    Some(format!("{} · {} · {by}", at.pick(&kind), written_in_china(decided.at_ms)))
}

fn shared(at: &Frame, others: usize) -> Option<String> {
    let text = Bilingual::new(
        format!("所用设备还为另外 {others} 人提交过记录"),
        format!("A device used here has also recorded for other people: {others}"),
    );
    (others > 0).then(|| at.pick(&text).to_owned())
}

fn station(
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
    StationRow {
        id: record.station.to_string(),
        attested: found.attested.iter().map(attested).collect(),
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

/// What the form just sent came to; the word stands in the address.
fn done(at: &Frame, query: Option<&str>) -> Option<&'static str> {
    let (zh, en) = match field(query, "attest")?.as_str() {
        "stands" => ("证明已写入记录。", "The attestation is in the record."),
        "changed" => (
            "走访已确认，未写入证明。须先撤销确认。",
            "The walk is confirmed; nothing was attested. Take the confirmation back first.",
        ),
        "own" => ("不能为自己证明。", "Nobody attests for themselves."),
        _ => return None,
    };
    Some(match at.lang {
        Lang::Zh => zh,
        Lang::En => en,
    })
}
