//! The report of a unit's year: to read, to print, to take out, and to close.

use super::board::title;
use super::form::{Form, field};
use super::frame::{Frame, Look, page};
use crate::api::Fault;
use crate::clock::{written_in_china, year_in_china};
use crate::history::Signer;
use crate::house::{App, House};
use crate::identity::reach::looks;
use crate::identity::{Admin, Overseer, SignedIn};
use crate::store::{Act, Entry, Person, Unit};
use crate::year::{Closed, Wanted, Year, close, closed, sum_up, text_digest};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use heritage::assessment::{Conferred, Line, Tally, Visited};
use heritage::credit::Level;
use heritage::{Bilingual, Hours};
use protocol::api::Role;
use uuid::Uuid;

/// Learners on one page: as many as a browser prints without trouble.
const PAGE_LEARNERS: usize = 2_000;

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    at: Frame,
    tabs: YearTabs,
    learners: usize,
    totals: Vec<(String, String)>,
    tables: Vec<TotalsTable>,
    rows: Vec<LearnerRow>,
    pages: Vec<(usize, String, bool)>,
    target: String,
    upto: i64,
    digest: String,
    shown: Option<ClosedShown>,
    closed: Vec<(String, String)>,
    next_id: Uuid,
    query: String,
}

/// Unit and year of a page, and the way to others.
pub(super) struct YearTabs {
    /// Which unit.
    pub unit: Uuid,
    /// What it is called.
    pub unit_name: String,
    /// Which year.
    pub year: i16,
    /// Units within reach.
    pub units: Vec<Unit>,
    /// The page's own address, without its query.
    pub path: &'static str,
}

struct TotalsTable {
    head: &'static str,
    rows: Vec<(String, Tally)>,
}

struct LearnerRow {
    name: String,
    group: String,
    hours: String,
    share: String,
    reached: bool,
    walks: Vec<String>,
    returns: u32,
    appeals: u32,
}

/// A closed report beside what the log says today.
struct ClosedShown {
    at: String,
    digest: String,
    fits: bool,
    seq: i64,
    proof: String,
    /// Leaf, size of the tree, root of the checkpoint, origin.
    place: Option<(u64, u64, String, String)>,
    note: String,
}

/// Which unit and year somebody asks for: their own and this one where they do not say.
///
/// # Errors
/// A [`Fault`] where the unit is out of reach, or the store cannot be read.
pub(super) async fn tabs(
    house: &House,
    who: &SignedIn,
    query: Option<&str>,
    path: &'static str,
) -> Result<YearTabs, Fault> {
    let units = house.store.units_below(who.person.unit).await?;
    let unit = match field(query, "unit").filter(|unit| !unit.is_empty()) {
        Some(unit) => Uuid::parse_str(&unit).map_err(|_| Fault::not_found())?,
        None => who.person.unit,
    };
    let unit_name = units.iter().find(|each| each.id == unit).ok_or_else(Fault::not_found)?.name.clone();
    let this_year = year_in_china(house.now_ms());
    let year = field(query, "year").and_then(|year| year.parse().ok()).unwrap_or(this_year);
    if !(1..=this_year).contains(&year) {
        return Err(Fault::not_found());
    }
    Ok(YearTabs { unit, unit_name, year, units, path })
}

/// The year that is asked for: as a closed report has it where one is named, else as the log stands.
///
/// # Errors
/// A [`Fault`] where there is no such report of the unit, or the log cannot be read.
pub(super) async fn asked(
    house: &House,
    tabs: &mut YearTabs,
    query: Option<&str>,
) -> Result<(Year, Option<(Entry, Closed)>), Fault> {
    let named = field(query, "closed").and_then(|id| Uuid::parse_str(&id).ok());
    let found = match named {
        None => None,
        Some(id) => {
            let all = closed(house, tabs.unit).await?;
            Some(all.into_iter().find(|(entry, _)| entry.said.id == id).ok_or_else(Fault::not_found)?)
        }
    };
    let (unit, target) = (tabs.unit, house.settings.annual_target);
    let wanted = match &found {
        Some((_, closed)) => {
            tabs.year = closed.year;
            Wanted { unit, year: closed.year, target: closed.target, upto: Some(closed.upto) }
        }
        None => Wanted { unit, year: tabs.year, target, upto: None },
    };
    Ok((sum_up(house, wanted, |_, _| {}).await?, found))
}

/// Learners of a unit, and whoever else earned anything in the year, as the store orders them.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub(super) async fn learners(house: &House, year: &Year) -> Result<Vec<Person>, Fault> {
    let mut people = house.store.people_of(year.unit).await?;
    people.retain(|person| person.role == Role::Learner || year.annual.line(&person.id).is_some());
    Ok(people)
}

/// Credit as a share of what is asked, in whole per cent, never rounded up to all of it.
pub(super) fn share(hours: Hours, target: Hours) -> String {
    let percent = u64::from(hours.tenths) * 100 / u64::from(target.tenths.max(1));
    format!("{percent} %")
}

/// The page.
pub async fn get(
    State(app): State<App>,
    Overseer(who): Overseer,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let query = query.as_deref();
    let mut tabs = tabs(&app, &who, query, "/desk/report").await?;
    let (year, found) = asked(&app, &mut tabs, query).await?;
    looks(&app, &who, Act::ReportOpened, format!("{} {}", tabs.unit_name, tabs.year)).await?;
    let at = Frame::of(&app, look, &who);
    let people = learners(&app, &year).await?;
    let digest = text_digest(&year);
    let number = field(query, "page").and_then(|page| page.parse::<usize>().ok()).unwrap_or(1);
    let last = people.len().div_ceil(PAGE_LEARNERS).max(1);
    let number = number.clamp(1, last);
    let address = |closed: Option<Uuid>, number: usize| {
        let closed = closed.map(|id| format!("&closed={id}")).unwrap_or_default();
        format!("unit={}&year={}{closed}&page={number}", year.unit, year.year)
    };
    let own = found.as_ref().map(|(entry, _)| entry.said.id);
    let all_closed = closed(&app, year.unit).await?;
    let of_year = all_closed.iter().filter(|(_, closed)| closed.year == year.year);
    let report = ReportPage {
        learners: people.len(),
        totals: totals(&at, &year),
        tables: tables(&at, &app, &year),
        rows: people
            .chunks(PAGE_LEARNERS)
            .nth(number - 1)
            .unwrap_or_default()
            .iter()
            .map(|person| row(&at, &app, &year, person, who.person.unit))
            .collect(),
        pages: (1..=last)
            .filter(|_| last > 1)
            .map(|page| (page, format!("/desk/report?{}", address(own, page)), page == number))
            .collect(),
        target: year.target.to_string(),
        upto: year.upto,
        shown: match found {
            Some((entry, closed)) => Some(shown(&app, &entry, &closed, &digest).await?),
            None => None,
        },
        closed: of_year
            .map(|(entry, _)| {
                let to = format!("/desk/report?{}", address(Some(entry.said.id), 1));
                (written_in_china(entry.said.received_at_ms), to)
            })
            .collect(),
        digest,
        next_id: Uuid::now_v7(),
        query: address(own, number),
        tabs,
        at,
    };
    Ok(page(&report))
}

/// Closes the report as it was seen.
pub async fn post(State(app): State<App>, Admin(who): Admin, form: Form) -> Result<Response, Fault> {
    let id = form.id_made_for(&app, &who)?;
    let query = format!("unit={}&year={}", form.text("unit"), form.text("year"));
    let tabs = tabs(&app, &who, Some(&query), "/desk/report").await?;
    let upto = form.text("upto").parse().map_err(|_| Fault::malformed())?;
    let target = form.text("target").parse().map_err(|_| Fault::malformed())?;
    let wanted = Wanted { unit: tabs.unit, year: tabs.year, target, upto: Some(upto) };
    close(&app, &who.person, id, wanted, form.text("digest")).await?;
    let to = format!("/desk/report?unit={}&year={}&closed={id}", tabs.unit, tabs.year);
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response())
}

async fn shown(house: &House, entry: &Entry, closed: &Closed, digest: &str) -> Result<ClosedShown, Fault> {
    let proven = house.store.proof(entry.said.id).await?;
    let place = proven.as_ref().map(|proven| {
        let root = BASE64_STANDARD.encode(proven.head.root);
        (proven.place, proven.head.size, root, proven.head.origin.clone())
    });
    let note = proven.map(|proven| Signer::new(&house.secrets, &proven.head.origin).sign(&proven.head));
    Ok(ClosedShown {
        at: written_in_china(entry.said.received_at_ms),
        digest: closed.digest.clone(),
        fits: closed.digest == *digest,
        seq: entry.seq,
        proof: format!("/v1/events/{}/proof", entry.said.id),
        place,
        note: note.unwrap_or_default(),
    })
}

fn totals(at: &Frame, year: &Year) -> Vec<(String, String)> {
    let totals = year.annual.totals(year.target);
    let said = |zh: &str, en: &str, figure: String| (at.say(zh, en).to_owned(), figure);
    vec![
        said("授予学时", "Hours conferred", totals.all.hours.to_string()),
        said("确认走访", "Walks confirmed", totals.all.walks.to_string()),
        said("获得学时人数", "People with credit", totals.people.to_string()),
        said("达到年度目标人数", "People who reached the target", totals.reached.to_string()),
        said("退回（次）", "Returns", totals.returns.to_string()),
        said("申诉（次）", "Appeals", totals.appeals.to_string()),
        said("撤销确认（次）", "Confirmations taken back", totals.reopened.to_string()),
    ]
}

fn tables(at: &Frame, house: &House, year: &Year) -> Vec<TotalsTable> {
    let totals = year.annual.totals(year.target);
    let routes = totals.routes.iter().map(|((site, route), tally)| {
        let title = at.pick(&title(house, site, route)).to_owned();
        (if title.is_empty() { format!("{site}.{route}") } else { title }, *tally)
    });
    let visited = Visited::ALL
        .into_iter()
        .filter_map(|visited| Some((at.pick(&visited.label()).to_owned(), *totals.visited.get(&visited)?)));
    let levels = totals.levels.iter().map(|(level, tally)| (grade(at, *level), *tally));
    vec![
        TotalsTable { head: at.say("路线", "Route"), rows: routes.collect() },
        TotalsTable { head: at.say("走访方式", "Way of visiting"), rows: visited.collect() },
        TotalsTable { head: at.say("到场凭证", "Presence"), rows: levels.collect() },
    ]
}

fn grade(at: &Frame, level: Option<Level>) -> String {
    match level {
        Some(level) => format!("{} {}", level.code(), at.pick(&level.label())),
        None => at.say("未记录", "not recorded").to_owned(),
    }
}

fn row(at: &Frame, house: &House, year: &Year, person: &Person, own_unit: Uuid) -> LearnerRow {
    let empty = Line::default();
    let line = year.annual.line(&person.id).unwrap_or(&empty);
    let hours = line.hours();
    let walk = |(site, route, conferred): (&heritage::SiteId, &heritage::RouteId, &Conferred)| {
        let title = at.pick(&title(house, site, route)).to_owned();
        let level = conferred.level.map_or("—", Level::code);
        let visited = conferred.visited.label();
        at.pick(&Bilingual::new(
            format!("{title}（{}，{level}，{}）", visited.zh, conferred.hours),
            format!("{title} ({}, {level}, {})", visited.en, conferred.hours),
        ))
        .to_owned()
    };
    let unit = if person.unit == own_unit { "" } else { &person.unit_name };
    LearnerRow {
        name: person.name.clone(),
        group: [unit, &person.cohort].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        hours: hours.to_string(),
        share: share(hours, year.target),
        reached: hours >= year.target && hours > Hours::default(),
        walks: line.conferred().map(walk).collect(),
        returns: line.returns,
        appeals: line.appeals,
    }
}
