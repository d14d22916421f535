//! The people of a unit: adding them, and giving a new code to one who has lost theirs.

use super::first::MOST_NAME;
use super::form::Form;
use super::frame::{Frame, Look, page};
use super::words;
use crate::api::Fault;
use crate::clock::{DAY_MS, written_in_china};
use crate::house::App;
use crate::identity::code::Code;
use crate::identity::{Admin, SignedIn};
use crate::store::{NewPerson, Person};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use protocol::api::Role;
use uuid::Uuid;

/// How long an unused code may be taken up.
const CODE_LASTS_MS: i64 = 30 * DAY_MS;

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    at: Frame,
    rows: Vec<Row>,
    made: Option<(String, String)>,
    next_id: Uuid,
}

struct Row {
    id: Uuid,
    name: String,
    cohort: String,
    role: String,
    standing: String,
    can_renew: bool,
}

/// Everyone, and the form to add someone.
pub async fn get(State(app): State<App>, Admin(who): Admin, look: Look) -> Result<Response, Fault> {
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
    show(&app, &who, look, Some((name, code.written()))).await
}

/// Gives a new code: the old one, the PIN and every session end.
pub async fn renew(
    State(app): State<App>,
    Admin(who): Admin,
    look: Look,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let id = Uuid::parse_str(&person).map_err(|_| Fault::not_found())?;
    // People of other units are not said to exist.
    let person =
        app.store.person(id).await?.filter(|person| person.unit == who.person.unit).ok_or_else(Fault::not_found)?;
    if person.id == who.person.id {
        return Err(Fault::not_allowed());
    }
    let code = Code::fresh();
    app.store.renew_code(id, code.key(&app.secrets), app.now_ms() + CODE_LASTS_MS).await?;
    show(&app, &who, look, Some((person.name, code.written()))).await
}

async fn show(app: &App, who: &SignedIn, look: Look, made: Option<(String, String)>) -> Result<Response, Fault> {
    let at = Frame::of(app, look, who);
    let people = app.store.people_of(who.person.unit).await?;
    let rows = people.iter().map(|person| row(&at, person, app.now_ms(), who.person.id)).collect();
    Ok(page(&PeoplePage { at, rows, made, next_id: Uuid::now_v7() }))
}

fn row(at: &Frame, person: &Person, now_ms: i64, admin: Uuid) -> Row {
    let standing = if person.pin_hash.is_some() {
        at.say("已启用", "in use").to_owned()
    } else if now_ms < person.code_ends_ms {
        format!(
            "{} {}",
            at.say("邀请码未启用，有效至", "code unused, good until"),
            written_in_china(person.code_ends_ms)
        )
    } else {
        at.say("邀请码已过期", "code has run out").to_owned()
    };
    Row {
        id: person.id,
        name: person.name.clone(),
        cohort: person.cohort.clone(),
        role: at.pick(&words::role(person.role)).to_owned(),
        standing,
        can_renew: person.id != admin,
    }
}
