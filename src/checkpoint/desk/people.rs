//! The people of a unit: who they are, adding them, and what was given out to whom.

use super::board::title;
use super::first::MOST_NAME;
use super::form::Form;
use super::frame::{Frame, Look, page};
use super::words;
use crate::api::Fault;
use crate::clock::{DAY_MS, written_in_china};
use crate::house::App;
use crate::identity::code::Code;
use crate::identity::{Admin, SignedIn, Trainer};
use crate::store::{Entry, NewPerson, Person};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use heritage::Bilingual;
use protocol::api::Role;
use uuid::Uuid;

/// How long an unused code may be taken up.
pub(super) const CODE_LASTS_MS: i64 = 30 * DAY_MS;

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
    cohort: String,
    role: String,
    standing: String,
    /// Title and address of each walk there can be.
    walks: Vec<(String, String)>,
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
pub async fn get(State(app): State<App>, Trainer(who): Trainer, look: Look) -> Result<Response, Fault> {
    show(&app, &who, look, None).await
}

/// Adds a learner or trainer and shows the code once. Sending the same form twice adds one person.
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
    let role = match form.text("role") {
        "learner" => Role::Learner,
        "trainer" => Role::Trainer,
        _ => return Err(Fault::malformed()),
    };
    let id = Uuid::parse_str(form.text("id")).map_err(|_| Fault::malformed())?;
    let code = Code::fresh();
    let made = NewPerson {
        id,
        unit: who.person.unit,
        role,
        name: name.clone(),
        cohort,
        code_key: code.key(&app.secrets),
        code_ends_ms: app.now_ms() + CODE_LASTS_MS,
        pin_hash: None,
    };
    if !app.store.add_person(made).await? {
        return Err(Fault::incomplete(
            "此表单已提交过，此人已在名单中。如未记下邀请码，请在名单中换发。",
            "This form was sent before and the person is on the list. If the code was not noted, give a new one there.",
        ));
    }
    show(&app, &who, look, Some(Made { what: What::Code, name, secret: code.written() })).await
}

/// The page, with what was just made.
pub(super) async fn show(app: &App, who: &SignedIn, look: Look, made: Option<Made>) -> Result<Response, Fault> {
    let at = Frame::of(app, look, who);
    let people = app.store.people_of(who.person.unit).await?;
    let deeds = app.store.deeds_of_unit(who.person.unit, MOST_DEEDS).await?;
    let courses: Vec<(Bilingual, String)> = app
        .courses
        .sites()
        .flat_map(|site| site.routes.iter().map(move |route| (&site.id, &route.id)))
        .map(|(site, route)| (title(app, site, route), format!("{site}.{route}")))
        .collect();
    let rows = people.iter().map(|person| row(&at, person, app.now_ms(), who, &courses)).collect();
    let deeds = deeds.iter().map(|entry| told(&at, &people, entry)).collect();
    Ok(page(&PeoplePage { at, rows, deeds, made, next_id: Uuid::now_v7() }))
}

fn told(at: &Frame, people: &[Person], entry: &Entry) -> Deed {
    let name = |id| people.iter().find(|person| person.id == id).map_or("—", |person| &*person.name).to_owned();
    Deed {
        at: written_in_china(entry.said.received_at_ms),
        what: at.pick(&words::kind(entry.said.kind)).to_owned(),
        subject: name(entry.said.subject),
        author: name(entry.said.author),
    }
}

fn row(at: &Frame, person: &Person, now_ms: i64, who: &SignedIn, courses: &[(Bilingual, String)]) -> Row {
    let standing = if person.pin_hash.is_some() {
        at.say("已启用", "in use").to_owned()
    } else if now_ms < person.code_ends_ms {
        let until = at.say("邀请码未启用，有效至", "code unused, good until");
        format!("{until} {}", written_in_china(person.code_ends_ms))
    } else {
        at.say("邀请码已过期", "code has run out").to_owned()
    };
    let walk = |(title, course): &(Bilingual, String)| {
        (at.pick(title).to_owned(), format!("/desk/walks/{}/{course}", person.id))
    };
    Row {
        id: person.id,
        name: person.name.clone(),
        cohort: person.cohort.clone(),
        role: at.pick(&words::role(person.role)).to_owned(),
        standing,
        walks: if person.role == Role::Learner { courses.iter().map(walk).collect() } else { Vec::new() },
        can_renew_code: who.person.role == Role::Admin && person.id != who.person.id,
        can_renew_pin: person.role == Role::Learner && person.pin_hash.is_some(),
        code_id: Uuid::now_v7(),
        pin_id: Uuid::now_v7(),
    }
}
