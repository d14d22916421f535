//! A list of people from a file: uploaded, checked row by row, confirmed, and their invitation codes as a sheet to print.

use super::form::Form;
use super::frame::{Frame, Look, page};
use super::people::CODE_LASTS_MS;
use super::sheet::{Card, show};
use super::upload::Upload;
use super::words;
use crate::api::Fault;
use crate::house::{App, House};
use crate::identity::code::Code;
use crate::identity::reach::deed;
use crate::identity::{Admin, SignedIn};
use crate::roster::{Finding, Listed, MOST_PEOPLE, Roster, check, draft, read};
use crate::store::{Act, NewAudit, NewPerson};
use askama::Template;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use heritage::Bilingual;
use std::collections::BTreeMap;
use uuid::Uuid;

/// People of a list that the page shows before it is confirmed.
const MOST_SHOWN: usize = 100;

/// Fresh codes are drawn again this often, should one be somebody's already.
const DRAWS: usize = 4;

#[derive(Template)]
#[template(path = "roster.html")]
struct RosterPage {
    at: Frame,
    most: usize,
    checked: Option<Checked>,
}

/// What a file came to.
struct Checked {
    /// By which the list is confirmed; none while something must be mended.
    draft: Option<Uuid>,
    notice: Option<Bilingual>,
    findings: Vec<Finding>,
    faults: usize,
    people: usize,
    /// How many of each role come to each unit.
    sums: Vec<(String, Bilingual, usize)>,
    shown: Vec<(Listed, Bilingual)>,
}

/// The form.
pub async fn get(State(app): State<App>, Admin(who): Admin, look: Look) -> Response {
    page(&RosterPage { at: Frame::of(&app, look, &who), most: MOST_PEOPLE, checked: None })
}

/// A list with its heads, to start from.
pub async fn sample(Admin(_): Admin) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"retrace-people.csv\""),
        (CACHE_CONTROL, "no-store"),
    ];
    // Excel takes a file for UTF-8 only with this mark.
    (headers, "\u{feff}姓名,组,身份,单位\r\n李一,一班,学员,\r\n王二,,带训人,\r\n")
}

/// Checks a file and says everything that is wrong with it. Nothing is written.
pub async fn upload(State(app): State<App>, Admin(who): Admin, look: Look, sent: Upload) -> Result<Response, Fault> {
    sent.form.made_for(&app, &who)?;
    let units = app.store.units_below(who.person.unit).await?;
    let there = app.store.people_of(who.person.unit).await?;
    let file = sent.file;
    let checking = tokio::task::spawn_blocking(move || match read(&file) {
        Ok(table) => (check(&table, &units, &there), table.notice),
        Err(unreadable) => (Roster { findings: vec![unreadable.finding()], ..Roster::default() }, None),
    });
    let (roster, notice) = checking.await.map_err(|_| Fault::malformed())?;
    let faults = roster.faults();
    let checked = checked(&app, &who, roster, notice).await?;
    let mut response = page(&RosterPage { at: Frame::of(&app, look, &who), most: MOST_PEOPLE, checked: Some(checked) });
    if faults > 0 {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn checked(house: &House, who: &SignedIn, roster: Roster, notice: Option<Bilingual>) -> Result<Checked, Fault> {
    let faults = roster.faults();
    let mut sums: BTreeMap<(String, &str), (Bilingual, usize)> = BTreeMap::new();
    for person in &roster.people {
        let sum = sums.entry((person.unit_name.clone(), crate::store::kept::role_code(person.role)));
        sum.or_insert_with(|| (words::role(person.role), 0)).1 += 1;
    }
    let shown = roster.people.iter().take(MOST_SHOWN).map(|person| (person.clone(), words::role(person.role)));
    let draft = if faults == 0 { Some(draft::keep(house, who.person.id, &roster.people).await?) } else { None };
    Ok(Checked {
        notice,
        faults,
        people: roster.people.len(),
        sums: sums.into_iter().map(|((unit, _), (role, count))| (unit, role, count)).collect(),
        shown: shown.collect(),
        findings: roster.findings,
        draft,
    })
}

/// Makes everyone on the list or nobody, and shows their codes once, to be printed.
pub async fn confirm(
    State(app): State<App>,
    Admin(who): Admin,
    look: Look,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let id = Uuid::parse_str(form.text("draft")).map_err(|_| Fault::malformed())?;
    let people = draft::get(&app, who.person.id, id).await?.ok_or_else(|| {
        Fault::incomplete(
            "此名单已添加，或等待过久，或已被您后来上传的名单取代；没有再次添加。请在人员页查看，必要时重新上传。",
            "This list was added already, has waited too long, or you have uploaded another since; nobody was added again. Look at the people, and upload the file again if need be.",
        )
    })?;
    let codes = made(&app, &who, &people).await?;
    // They are there now, and their codes are shown whatever becomes of the draft: no id on it can be made twice.
    let _ = draft::forget(&app, id).await;
    let card = |(person, code): (&Listed, &Code)| {
        Card::of(&person.name, (&person.unit_name, &person.cohort), person.role, code)
    };
    let cards = people.iter().zip(&codes).map(card).collect();
    Ok(show(&app, Frame::of(&app, look, &who), &headers, false, cards))
}

/// Makes them, and gives back their codes in the same order.
async fn made(house: &House, who: &SignedIn, people: &[Listed]) -> Result<Vec<Code>, Fault> {
    let mut units: BTreeMap<Uuid, usize> = BTreeMap::new();
    for person in people {
        *units.entry(person.unit).or_default() += 1;
    }
    let audits: Vec<NewAudit> = units
        .into_iter()
        .map(|(unit, count)| NewAudit { unit, ..deed(house, who, Act::RosterAdded, count.to_string()) })
        .collect();
    for _ in 0..DRAWS {
        let codes: Vec<Code> = people.iter().map(|_| Code::fresh()).collect();
        let new = people.iter().zip(&codes).map(|(person, code)| NewPerson {
            id: person.id,
            unit: person.unit,
            role: person.role,
            name: person.name.clone(),
            cohort: person.cohort.clone(),
            code_key: code.key(&house.secrets),
            code_ends_ms: house.now_ms() + CODE_LASTS_MS,
            pin_hash: None,
        });
        if house.store.add_people(new.collect(), audits.clone()).await? {
            return Ok(codes);
        }
        // Not a code that was somebody's already, but the same list confirmed twice at once.
        if let Some(first) = people.first()
            && house.store.person(first.id).await?.is_some()
        {
            break;
        }
    }
    Err(Fault::incomplete(
        "此名单已添加，没有再次添加。请在人员页查看。",
        "This list was added already and nobody was added again. Look at the people.",
    ))
}
