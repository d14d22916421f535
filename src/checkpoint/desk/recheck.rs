//! The second look at a confirmation that was drawn, from the walk's page.

use super::board::{Filter, address};
use super::decide::{next, ticket};
use super::form::Form;
use super::one::{named, seen};
use crate::api::{Address, Fault};
use crate::house::App;
use crate::identity::Trainer;
use crate::walk::{Became, recheck};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};

/// Writes the opinion down, and goes on to the next walk that was drawn.
pub async fn post(
    State(app): State<App>,
    Trainer(who): Trainer,
    Address((person, course)): Address<(String, String)>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let (person, site, route) = named(&person, &course).ok_or_else(Fault::not_found)?;
    let (person, walk, _) = seen(&app, &who, person, &site, &route).await?;
    let (of, _, _, seen_seq, id) = ticket(form.text("walk")).ok_or_else(Fault::malformed)?;
    let agrees = match form.text("opinion") {
        "agree" => true,
        "disagree" => false,
        _ => return Err(Fault::malformed()),
    };
    if of != person.id {
        return Err(Fault::malformed());
    }
    let note = form.note("note")?;
    if note.is_empty() && !agrees {
        return Err(Fault::incomplete(
            "有异议须写明理由。未写入复核，请返回填写。",
            "A disagreement needs its reason. The second look was not written; go back and give one.",
        ));
    }
    let here = address(person.id, &site, &route);
    let to = match recheck(&app, &who.person, &walk, (agrees, &note), (id, seen_seq)).await? {
        Became::Stands => {
            let filter = Filter { pile: super::board::Pile::Drawn, ..Filter::read(Some(form.text("query"))) };
            let next = next(&app, &who, &filter, &[person.id]).await?;
            let list = format!("/desk/?{}&rechecked=1", filter.written());
            next.map_or(list, |walk| format!("{walk}?{}&done=rechecked", filter.written()))
        }
        Became::Own => format!("{here}?recheck=not-yours"),
        _ => format!("{here}?recheck=moved"),
    };
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response())
}
