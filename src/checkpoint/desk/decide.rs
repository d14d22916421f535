//! Confirming, returning and taking back: one walk or many, each as the trainer saw it.

use super::form::Form;
use super::one::{named, seen};
use crate::api::Fault;
use crate::house::App;
use crate::identity::Trainer;
use crate::store::Kind;
use crate::walk::{Became, decide};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use heritage::{RouteId, SiteId};
use uuid::Uuid;

/// Walks that one form may decide on.
const MOST_WALKS: usize = 200;

/// Decides, and goes back to the list with what it came to.
pub async fn post(State(app): State<App>, Trainer(who): Trainer, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let kind = match form.text("decision") {
        "confirm" => Kind::Confirmed,
        "return" => Kind::Returned,
        "reopen" => Kind::Reopened,
        _ => return Err(Fault::malformed()),
    };
    let note = form.note("note")?;
    if note.is_empty() && kind != Kind::Confirmed {
        return Err(Fault::incomplete(
            "退回或撤销须写明原因，学员会看到。未作决定，请返回填写。",
            "A return or a taking back needs a reason, which the learner sees. Nothing was decided; go back and write one.",
        ));
    }
    let tickets: Vec<Ticket> =
        form.all("walk").map(|text| ticket(text).ok_or_else(Fault::malformed)).collect::<Result<_, _>>()?;
    if tickets.is_empty() {
        return Err(Fault::incomplete("没有选中任何走访。请返回勾选。", "No walk was chosen. Go back and tick one."));
    }
    if tickets.len() > MOST_WALKS {
        return Err(Fault::too_large());
    }
    let (mut stand, mut changed, mut own) = (0, 0, 0);
    for (person, site, route, seen_seq, id) in tickets {
        let (_, walk, _) = seen(&app, &who, person, &site, &route).await?;
        match decide(&app, &who.person, &walk, kind, &note, (id, seen_seq)).await? {
            Became::Stands => stand += 1,
            Became::Changed => changed += 1,
            Became::Own => own += 1,
        }
    }
    let back = super::board::Filter::read(Some(form.text("query"))).written();
    let to = format!("/desk/?{back}&{}={stand}&changed={changed}&own={own}", kind.code());
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response())
}

type Ticket = (Uuid, SiteId, RouteId, i64, Uuid);

fn ticket(text: &str) -> Option<Ticket> {
    let mut parts = text.split('/');
    let (person, course) = (parts.next()?, parts.next()?);
    let (person, site, route) = named(person, course)?;
    let seen_seq = parts.next()?.parse().ok()?;
    let id = Uuid::parse_str(parts.next()?).ok()?;
    parts.next().is_none().then_some((person, site, route, seen_seq, id))
}
