//! New codes for many at once: who gets one is ticked, and all of them come as one sheet to print.

use super::first::MOST_NAME;
use super::form::{Form, field};
use super::frame::{Frame, Look, page};
use super::list::group;
use super::people::{CODE_LASTS_MS, standing};
use super::sheet::{Card, show};
use super::words;
use crate::api::Fault;
use crate::house::{App, House};
use crate::identity::code::Code;
use crate::identity::reach::looks;
use crate::identity::{Admin, SignedIn};
use crate::roster::MOST_PEOPLE;
use crate::secrets::id_of;
use crate::store::{Act, Kind, NewCode, NewEntry, Person, Renewal, Unit};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "codes.html")]
struct CodesPage {
    at: Frame,
    id: Uuid,
    rows: Vec<Row>,
    units: Vec<(Unit, bool)>,
    /// Everyone is listed, not only those who have not taken their code up.
    is_everyone: bool,
    /// What a name must contain to be listed.
    sought: String,
}

struct Row {
    id: Uuid,
    name: String,
    group: String,
    role: String,
    standing: String,
    is_unused: bool,
}

/// Those of a unit, or of all there are, who have not taken their code up, or everyone. The former come ticked.
pub async fn get(
    State(app): State<App>,
    Admin(who): Admin,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let asked = |name: &str| field(query.as_deref(), name).unwrap_or_default();
    let at = Frame::of(&app, look, &who);
    looks(&app, &who, Act::PeopleListed, String::new()).await?;
    let unit = Uuid::parse_str(&asked("unit")).ok();
    let is_everyone = asked("who") == "everyone";
    let sought: String = asked("name").trim().chars().take(MOST_NAME).collect();
    let units = app.store.units_below(who.person.unit).await?;
    let is_meant = |person: &Person| {
        person.id != who.person.id
            && unit.is_none_or(|unit| person.unit == unit)
            && (is_everyone || person.pin_hash.is_none())
            && person.name.contains(&sought)
    };
    let row = |person: Person| Row {
        id: person.id,
        group: group(&person, &who.person),
        role: at.pick(&words::role(person.role)).to_owned(),
        standing: standing(&at, &person, app.now_ms()),
        is_unused: person.pin_hash.is_none(),
        name: person.name,
    };
    let people = app.store.people_of(who.person.unit).await?;
    let rows = people.into_iter().filter(is_meant).take(MOST_PEOPLE).map(row).collect();
    let units = units.into_iter().map(|each| (each.clone(), Some(each.id) == unit)).collect();
    Ok(page(&CodesPage { at, id: Uuid::now_v7(), rows, units, is_everyone, sought }))
}

/// Gives everyone who is ticked a new code, or nobody, and shows the sheet. Old codes, PINs and sessions of theirs end.
pub async fn post(
    State(app): State<App>,
    Admin(who): Admin,
    look: Look,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Fault> {
    let id = form.id_made_for(&app, &who)?;
    let ticked: BTreeSet<Uuid> =
        form.all("person").map(Uuid::parse_str).collect::<Result<_, _>>().map_err(|_| Fault::malformed())?;
    if ticked.is_empty() || ticked.len() > MOST_PEOPLE {
        return Err(Fault::incomplete(
            "请勾选要换发的人（至少一人），没有改动任何内容。请返回再试。",
            "Tick those who are to get a new code, one at least; nothing was changed. Go back and try again.",
        ));
    }
    // In the order of the page. People of other units, and oneself, are not said to exist.
    let mut people = app.store.people_of(who.person.unit).await?;
    people.retain(|person| ticked.contains(&person.id) && person.id != who.person.id);
    if people.len() != ticked.len() {
        return Err(Fault::not_found());
    }
    let codes: Vec<Code> = people.iter().map(|_| Code::fresh()).collect();
    let renewals = people.iter().zip(&codes).map(|(person, code)| renewal(&app, &who, id, person, code)).collect();
    if !app.store.renew_codes(renewals).await? {
        return Err(Fault::incomplete(
            "此表单已提交过，或名单刚有变动；没有再次换发。请回到名单重新勾选。",
            "This form was sent before, or the people have just changed, and no code was given again. Go back to the list and tick anew.",
        ));
    }
    let card = |(person, code): (&Person, &Code)| {
        Card::of(&person.name, (&person.unit_name, &person.cohort), person.role, code)
    };
    let cards = people.iter().zip(&codes).map(card).collect();
    Ok(show(&app, Frame::of(&app, look, &who), &headers, true, cards))
}

/// What is changed for one person. The entry's id follows from the form's and theirs, so that sending it twice does it once.
fn renewal(house: &House, who: &SignedIn, form: Uuid, person: &Person, code: &Code) -> Renewal {
    let named = [b"codes\0".as_slice(), form.as_bytes(), person.id.as_bytes()].concat();
    let (id, now_ms) = (id_of(&named), house.now_ms());
    Renewal {
        person: person.id,
        code: NewCode { key: code.key(&house.secrets), ends_ms: now_ms + CODE_LASTS_MS },
        entry: NewEntry::about(id, Kind::CodeRenewed, (person.id, who.person.id), now_ms, "{}".to_owned()),
    }
}
