//! One walk: what was done at each station, why it counts, and what to look at twice.

use super::board::{Board, Filter, address, ticket, title};
use super::decide::next;
use super::form::field;
use super::frame::{Frame, Look, page};
use super::list::group;
use super::opinions::{AppealShown, RecheckShown, appealed, presence, rechecks};
use super::plan::{Plan, plan};
use super::practice::{PracticeShown, practice};
use super::station::{StationRow, station};
use super::timeline::{Moment, name, timeline};
use super::words;
use crate::api::{Address, Fault};
use crate::clock::written_in_china;
use crate::house::{App, House};
use crate::identity::reach::{looks_at, within};
use crate::identity::{Reader, SignedIn};
use crate::store::{Act, Entry, Person};
use crate::walk::{MOST_NOTE, StationFinding, Walk, walk};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use heritage::credit::Flag;
use heritage::{Bilingual, Lang, RouteId, SiteId};
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
    station_flags: Vec<(String, String)>,
    level: (&'static str, String),
    presence: Vec<String>,
    appeal: Option<AppealShown>,
    rechecks: Vec<RecheckShown>,
    recheck: Option<String>,
    is_decider: bool,
    query: String,
    next: Option<String>,
    plan: Plan,
    stations: Vec<StationRow>,
    timeline: Vec<Moment>,
    ticket: String,
    attest: String,
    certificate: String,
    next_id: Uuid,
    most_note: usize,
    counts_attested: bool,
    walk_state: WalkState,
    is_own: bool,
    /// The least presence that the course asks for, where the walk shows less.
    falls_short: Option<String>,
    practice: Option<PracticeShown>,
    course_version: Option<u32>,
}

impl OnePage {
    fn can_decide(&self) -> bool {
        self.at.decides()
            && self.walk_state == WalkState::Waiting
            && !self.is_own
            && self.appeal.as_ref().is_none_or(|appeal| appeal.is_answered || appeal.may_answer)
    }

    fn can_reopen(&self) -> bool {
        self.at.decides() && self.walk_state == WalkState::Confirmed && !self.is_own
    }

    fn can_attest(&self) -> bool {
        self.at.decides() && self.walk_state != WalkState::Confirmed && !self.is_own
    }
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
    let filter = Filter::read(query.as_deref());
    let beside = beside(&app, &who, &person, &walk).await?;
    let wants_recheck = walk.wants_recheck(&app.secrets, app.settings.rechecked) && at.decides();
    let stations: Vec<StationRow> =
        walk.stations.iter().enumerate().map(|(index, found)| station(&at, &names, place, index, found)).collect();
    let one = OnePage {
        station_flags: by_text(&at, &stations),
        level: (walk.presence.level.code(), at.pick(&walk.presence.level.label()).to_owned()),
        presence: presence(&at, &walk),
        appeal: appealed(&at, &app, &who.person, &names, &walk).await?,
        rechecks: rechecks(&at, &names, &walk),
        recheck: (wants_recheck && walk.may_recheck(who.person.id))
            .then(|| format!("{}/recheck", address(person.id, &site, &route))),
        is_decider: wants_recheck && walk.decided.as_ref().is_some_and(|decided| decided.by == who.person.id),
        query: filter.written(),
        next: if at.decides() { next(&app, &who, &filter, &[person.id]).await? } else { None },
        title: at.pick(&title(&app, &site, &route)).to_owned(),
        state: at.pick(&words::state(walk.state)).to_owned(),
        state_code: words::state_code(walk.state),
        hours: walk.hours.to_string(),
        rule_version: walk.route.rule.version(),
        summary: walk.verdict.reasons.first().map(|reason| at.pick(&reason.text).to_owned()).unwrap_or_default(),
        done: done(&at, query.as_deref()),
        decided: decided(&at, &names, &walk),
        note: walk.decided.as_ref().map(|decided| decided.decision.note.clone()).unwrap_or_default(),
        flags: walk
            .flags
            .iter()
            .chain(&beside)
            .map(|flag| at.pick(&flag.text()).to_owned())
            .chain(shared(&at, shared_with))
            .collect(),
        plan: plan(&at, place, &walk, &log),
        stations,
        timeline: timeline(&at, &app, &names, &walk, &log, place),
        ticket: ticket(person.id, &site, &route, walk.last_seq),
        attest: format!("{}/attest", address(person.id, &site, &route)),
        certificate: format!("{}/certificate", address(person.id, &site, &route)),
        next_id: Uuid::now_v7(),
        most_note: MOST_NOTE,
        counts_attested: walk.route.rule.attestation(),
        walk_state: walk.state,
        is_own,
        practice: practice(&at, &app, &walk, &log),
        falls_short: walk
            .falls_short(&app.courses)
            .map(|least| format!("{} {}", least.code(), at.pick(&least.label()))),
        course_version: app.courses.version(&site, &route).map(|course| course.version),
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

/// What shows only beside the walks of others; asked only where there is something to hold against theirs.
async fn beside(house: &House, who: &SignedIn, person: &Person, walk: &Walk) -> Result<Vec<Flag>, Fault> {
    let is_alone =
        |found: &StationFinding| found.taps.is_empty() && found.traces.is_empty() && found.vouched.is_empty();
    if walk.stations.iter().all(is_alone) {
        return Ok(Vec::new());
    }
    let board = Board::of(house, who.person.unit).await?;
    let own = |line: &super::board::Line| {
        line.person.id == person.id && line.walk.site == walk.site && line.walk.route == walk.route.id
    };
    Ok(board.lines.into_iter().find(own).map(|line| line.beside).unwrap_or_default())
}

/// What the stations' flags say, each once, with the numbers of the stations.
fn by_text(at: &Frame, stations: &[StationRow]) -> Vec<(String, String)> {
    let mut found: Vec<(Vec<String>, &str)> = Vec::new();
    for station in stations {
        for flag in &station.flags {
            match found.iter_mut().find(|(_, text)| text == flag) {
                Some((numbers, _)) => numbers.push(station.number.to_string()),
                None => found.push((vec![station.number.to_string()], flag)),
            }
        }
    }
    let between = at.say("、", ", ");
    found.into_iter().map(|(numbers, text)| (numbers.join(between), text.to_owned())).collect()
}

fn shared(at: &Frame, others: usize) -> Option<String> {
    let text = Bilingual::new(
        format!("所用设备还为另外 {others} 人提交过记录"),
        format!("A device used here has also recorded for other people: {others}"),
    );
    (others > 0).then(|| at.pick(&text).to_owned())
}

/// What the form just sent came to; the word stands in the address.
fn done(at: &Frame, query: Option<&str>) -> Option<&'static str> {
    let word = field(query, "attest")
        .or_else(|| field(query, "done"))
        .or_else(|| field(query, "recheck"))
        .or_else(|| field(query, "rating"))?;
    let (zh, en) = match word.as_str() {
        "confirmed" => ("上一份已确认，学时已计入。", "The walk before is confirmed; the credit counts."),
        "returned" => ("上一份已退回，学员会看到说明。", "The walk before is returned; the learner sees the note."),
        "reopened" => ("上一份的确认已撤销。", "The confirmation of the walk before is taken back."),
        "rechecked" => ("上一份的复核已写入记录。", "The second look at the walk before is in the record."),
        "moved" => (
            "在您查看之后有变动，复核未写入；请重新查看。",
            "It has changed since you looked and the second look was not written; look again.",
        ),
        "not-yours" => (
            "复核须由确认人以外的带训人作出，每人一次。",
            "A second look is another trainer's than the one who confirmed, and each takes one.",
        ),
        "stands" => ("证明已写入记录。", "The attestation is in the record."),
        "changed" => (
            "走访已确认，未写入证明。须先撤销确认。",
            "The walk is confirmed; nothing was attested. Take the confirmation back first.",
        ),
        "rated" => ("评定已写入记录。", "The rating is in the record."),
        "own" => ("不能为自己证明。", "Nobody attests for themselves."),
        _ => return None,
    };
    Some(match at.lang {
        Lang::Zh => zh,
        Lang::En => en,
    })
}
