//! The people of a unit: who they are, adding them, and what was given out to whom.

use super::board::title;
use super::first::MOST_NAME;
use super::form::{Form, field};
use super::frame::{Frame, Look, page};
use super::list::group;
use super::one::names;
use super::words;
use crate::api::Fault;
use crate::clock::{DAY_MS, written_in_china};
use crate::house::App;
use crate::identity::code::Code;
use crate::identity::reach::{deed, looks};
use crate::identity::{Admin, Overseer, SignedIn};
use crate::store::kept::{role_code, role_from_code};
use crate::store::{Act, Entry, NewAudit, NewPerson, Person, Unit};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use heritage::Bilingual;
use protocol::api::Role;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How long an unused code may be taken up.
pub(super) const CODE_LASTS_MS: i64 = 30 * DAY_MS;

/// People on one page.
const PAGE_PEOPLE: usize = 100;

/// Entries about people that the page shows.
const MOST_DEEDS: u32 = 20;

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    at: Frame,
    rows: Vec<Row>,
    deeds: Vec<Deed>,
    made: Option<Made>,
    next_id: Uuid,
    roles: Vec<words::RoleChoice>,
    units: Vec<Unit>,
    /// What a name must contain to be listed.
    sought: String,
    /// Name and address of each page, where there is more than one, and whether it is this one.
    pages: Vec<(String, String, bool)>,
}

/// A secret that is shown once.
pub(super) struct Made {
    pub what: What,
    pub name: String,
    pub secret: String,
}

/// What was made.
#[derive(PartialEq, Eq)]
pub(super) enum What {
    Code,
    Pin,
}

struct Row {
    id: Uuid,
    name: String,
    group: String,
    role: String,
    standing: String,
    /// Title and address of each walk there can be.
    walks: Vec<(String, String)>,
    /// Each account that is bound: the binding and the provider's title.
    accounts: Vec<(Uuid, String)>,
    can_renew_code: bool,
    can_renew_pin: bool,
    code_id: Uuid,
    pin_id: Uuid,
}

/// Who did what for whom.
struct Deed {
    at: String,
    what: String,
    subject: String,
    author: String,
}

/// Everyone, and for an admin the form to add someone.
pub async fn get(
    State(app): State<App>,
    Overseer(who): Overseer,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let sought = field(query.as_deref(), "name").unwrap_or_default().trim().to_owned();
    let number = field(query.as_deref(), "page").and_then(|page| page.parse().ok()).unwrap_or(1);
    listed(&app, &who, look, None, (sought, number)).await
}

/// Adds someone to the unit or one below it, and shows the code once. Sending the same form twice adds one person.
pub async fn add(State(app): State<App>, Admin(who): Admin, look: Look, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let name = form.required("name", MOST_NAME, "请填写姓名（60 字以内）。", "Write a name, up to 60 characters.")?;
    let cohort = match form.text("cohort") {
        "" => String::new(),
        _ => form.required(
            "cohort",
            MOST_NAME,
            "组名过长（60 字以内）。",
            "The group's name is too long; 60 characters at most.",
        )?,
    };
    let role = role_from_code(form.text("role")).ok_or_else(Fault::malformed)?;
    let unit = match form.text("unit") {
        "" => who.person.unit,
        id => Uuid::parse_str(id).map_err(|_| Fault::malformed())?,
    };
    if !app.store.units_below(who.person.unit).await?.iter().any(|each| each.id == unit) {
        return Err(Fault::not_found());
    }
    // An admin appoints admins of units below; a second one beside them would be their equal.
    if role == Role::Admin && unit == who.person.unit {
        return Err(Fault::incomplete(
            "管理员只能设在下级单位，没有添加。请返回选择下级单位或其他身份。",
            "An administrator is appointed for a unit below only, and nobody was added. Go back and choose a unit below or another role.",
        ));
    }
    let id = Uuid::parse_str(form.text("id")).map_err(|_| Fault::malformed())?;
    let code = Code::fresh();
    let made = NewPerson {
        id,
        unit,
        role,
        name: name.clone(),
        cohort,
        code_key: code.key(&app.secrets),
        code_ends_ms: app.now_ms() + CODE_LASTS_MS,
        pin_hash: None,
    };
    let about = Some(id);
    let audit = NewAudit { unit, about, ..deed(&app, &who, Act::PersonAdded, role_code(role).to_owned()) };
    if !app.store.add_people(vec![made], vec![audit]).await? {
        return Err(Fault::incomplete(
            "此表单已提交过，此人已在名单中。如未记下邀请码，请在名单中换发。",
            "This form was sent before and the person is on the list. If the code was not noted, give a new one there.",
        ));
    }
    show(&app, &who, look, Some(Made { what: What::Code, name, secret: code.written() })).await
}

/// The page, with what was just made.
pub(super) async fn show(app: &App, who: &SignedIn, look: Look, made: Option<Made>) -> Result<Response, Fault> {
    listed(app, who, look, made, (String::new(), 1)).await
}

/// The page with those whose names contain what is sought, so many at a time.
async fn listed(
    app: &App,
    who: &SignedIn,
    look: Look,
    made: Option<Made>,
    (sought, number): (String, usize),
) -> Result<Response, Fault> {
    let at = Frame::of(app, look, who);
    looks(app, who, Act::PeopleListed, String::new()).await?;
    let people = app.store.people_of(who.person.unit).await?;
    let units = app.store.units_below(who.person.unit).await?;
    let bindings = app.store.bindings_of_unit(who.person.unit).await?;
    let deeds = app.store.deeds_of_unit(who.person.unit, MOST_DEEDS).await?;
    let courses: Vec<(Bilingual, String)> = app
        .courses
        .sites()
        .flat_map(|site| site.routes.iter().map(move |route| (&site.id, &route.id)))
        .map(|(site, route)| (title(app, site, route), format!("{site}.{route}")))
        .collect();
    let found: Vec<&Person> = people.iter().filter(|person| person.name.contains(&sought)).collect();
    let pages = pages(&sought, number, found.len());
    let here = pages.iter().position(|(.., is_here)| *is_here).unwrap_or_default();
    let shown = found.chunks(PAGE_PEOPLE).nth(here).unwrap_or_default();
    let row = |person: &&Person| {
        let own = bindings.iter().filter(|binding| binding.person == person.id);
        let accounts = own.map(|binding| {
            let provider = app.settings.providers.of_issuer(&binding.issuer);
            (binding.id, provider.map_or(binding.issuer.as_str(), |provider| at.pick(&provider.title)).to_owned())
        });
        Row { accounts: accounts.collect(), ..row(&at, person, app.now_ms(), who, &courses) }
    };
    let rows = shown.iter().map(row).collect();
    // Who gave something out may be of a unit above.
    let authors = names(app, &deeds).await?;
    let deeds = deeds.iter().map(|entry| told(&at, &people, &authors, entry)).collect();
    let roles = words::roles(units.len() > 1);
    Ok(page(&PeoplePage { at, rows, deeds, made, next_id: Uuid::now_v7(), roles, units, sought, pages }))
}

/// Links to the pages, each named by the people it holds; the last is this one where there are fewer than asked for.
fn pages(sought: &str, number: usize, found: usize) -> Vec<(String, String, bool)> {
    let last = found.div_ceil(PAGE_PEOPLE);
    let name: String = form_urlencoded::byte_serialize(sought.as_bytes()).collect();
    let page = |page: usize| {
        let held = format!("{}–{}", (page - 1) * PAGE_PEOPLE + 1, (page * PAGE_PEOPLE).min(found));
        (held, format!("/desk/people?name={name}&page={page}"), page == number.clamp(1, last))
    };
    if last > 1 { (1..=last).map(page).collect() } else { Vec::new() }
}

fn told(at: &Frame, people: &[Person], authors: &BTreeMap<Uuid, String>, entry: &Entry) -> Deed {
    let name = |id| people.iter().find(|person| person.id == id).map_or("—", |person| &*person.name).to_owned();
    Deed {
        at: written_in_china(entry.said.received_at_ms),
        what: at.pick(&words::kind(entry.said.kind)).to_owned(),
        subject: name(entry.said.subject),
        author: authors.get(&entry.said.author).cloned().unwrap_or_else(|| "—".to_owned()),
    }
}

/// How somebody's code stands.
pub(super) fn standing(at: &Frame, person: &Person, now_ms: i64) -> String {
    if person.pin_hash.is_some() {
        at.say("已启用", "in use").to_owned()
    } else if now_ms < person.code_ends_ms {
        let until = at.say("邀请码未启用，有效至", "code unused, good until");
        format!("{until} {}", written_in_china(person.code_ends_ms))
    } else {
        at.say("邀请码已过期", "code has run out").to_owned()
    }
}

fn row(at: &Frame, person: &Person, now_ms: i64, who: &SignedIn, courses: &[(Bilingual, String)]) -> Row {
    let walk = |(title, course): &(Bilingual, String)| {
        (at.pick(title).to_owned(), format!("/desk/walks/{}/{course}", person.id))
    };
    Row {
        id: person.id,
        name: person.name.clone(),
        group: group(person, &who.person),
        role: at.pick(&words::role(person.role)).to_owned(),
        standing: standing(at, person, now_ms),
        walks: if person.role == Role::Learner { courses.iter().map(walk).collect() } else { Vec::new() },
        accounts: Vec::new(),
        can_renew_code: who.person.role == Role::Admin && person.id != who.person.id,
        can_renew_pin: at.decides() && person.role == Role::Learner && person.pin_hash.is_some(),
        code_id: Uuid::now_v7(),
        pin_id: Uuid::now_v7(),
    }
}
