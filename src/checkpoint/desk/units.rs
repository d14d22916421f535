//! Units below one's own: which there are, and making one.

use super::first::MOST_NAME;
use super::form::Form;
use super::frame::{Frame, Look, page};
use crate::api::Fault;
use crate::house::App;
use crate::identity::Admin;
use crate::identity::reach::{deed, looks};
use crate::store::{Act, NewAudit, Unit};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Units that one unit may have below it, all floors together.
const MOST_UNITS: usize = 1_000;

#[derive(Template)]
#[template(path = "units.html")]
struct UnitsPage {
    at: Frame,
    rows: Vec<Row>,
    next_id: Uuid,
}

struct Row {
    id: Uuid,
    name: String,
    /// The unit above it; empty for one's own.
    above: String,
    people: usize,
}

/// The page.
pub async fn get(State(app): State<App>, Admin(who): Admin, look: Look) -> Result<Response, Fault> {
    looks(&app, &who, Act::UnitsListed, String::new()).await?;
    let units = app.store.units_below(who.person.unit).await?;
    let mut people: BTreeMap<Uuid, usize> = BTreeMap::new();
    for person in app.store.people_of(who.person.unit).await? {
        *people.entry(person.unit).or_default() += 1;
    }
    let name = |id: Option<Uuid>| units.iter().find(|unit| Some(unit.id) == id).map(|unit| unit.name.clone());
    let rows = units
        .iter()
        .map(|unit| Row {
            id: unit.id,
            name: unit.name.clone(),
            above: name(unit.parent).unwrap_or_default(),
            people: people.get(&unit.id).copied().unwrap_or_default(),
        })
        .collect();
    Ok(page(&UnitsPage { at: Frame::of(&app, look, &who), rows, next_id: Uuid::now_v7() }))
}

/// Makes a unit below one's own or one below that. Sending the same form twice makes one. No two units within reach have
/// one name, since a list of people names them by it.
pub async fn add(State(app): State<App>, Admin(who): Admin, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let (zh, en) = ("请填写单位名称（60 字以内）。", "Write the unit's name, up to 60 characters.");
    let name = form.required("name", MOST_NAME, zh, en)?;
    let id = Uuid::parse_str(form.text("id")).map_err(|_| Fault::malformed())?;
    let above = Uuid::parse_str(form.text("above")).map_err(|_| Fault::malformed())?;
    let units = app.store.units_below(who.person.unit).await?;
    if !units.iter().any(|unit| unit.id == above) {
        return Err(Fault::not_found());
    }
    if units.len() >= MOST_UNITS {
        return Err(Fault::incomplete(
            "下级单位已达上限，没有新设。",
            "There are as many units as there can be; none was made.",
        ));
    }
    if units.iter().any(|unit| unit.name == name && unit.id != id) {
        return Err(Fault::incomplete(
            "已有同名单位，没有新设。请返回换一个名称。",
            "A unit of this name is there already and none was made. Go back and choose another name.",
        ));
    }
    let made = Unit { id, name: name.clone(), parent: Some(above) };
    let audit = NewAudit { unit: above, ..deed(&app, &who, Act::UnitMade, name) };
    // Made by an earlier sending of the same form, it is there as it was asked for.
    app.store.add_unit_below(made, audit).await?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, "/desk/units")]).into_response())
}
