//! Attesting stations of a walk, from its page: some of them or all.

use super::board::address;
use super::form::Form;
use super::one::{named, seen};
use crate::api::{Address, Fault};
use crate::house::App;
use crate::identity::Trainer;
use crate::walk::{Attestation, Basis, Became, attest};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use heritage::StationId;
use uuid::Uuid;

/// Attests, and goes back to the walk with what it came to.
pub async fn post(
    State(app): State<App>,
    Trainer(who): Trainer,
    Address((person, course)): Address<(String, String)>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let (person, site, route) = named(&person, &course).ok_or_else(Fault::not_found)?;
    let (person, walk, _) = seen(&app, &who, person, &site, &route).await?;
    let id = Uuid::parse_str(form.text("id")).map_err(|_| Fault::malformed())?;
    let basis = Basis::from_code(form.text("basis")).ok_or_else(Fault::malformed)?;
    let stations = match form.text("scope") {
        "all" => walk.route.stations.clone(),
        "chosen" => form
            .all("station")
            .map(|id| StationId::new(id).map_err(|_| Fault::malformed()))
            .collect::<Result<Vec<_>, _>>()?,
        _ => return Err(Fault::malformed()),
    };
    if stations.is_empty() {
        return Err(Fault::incomplete(
            "没有选中任何站点，未写入证明。请返回勾选。",
            "No station was chosen and nothing was attested. Go back and tick one.",
        ));
    }
    let reason = form.note("reason")?;
    if reason.is_empty() {
        return Err(Fault::incomplete(
            "证明须写明依据，例如名单日期或当时情形。未写入证明，请返回填写。",
            "An attestation needs its reason, such as the list's date or what you saw. Nothing was attested; go back and write it.",
        ));
    }
    let attestation = Attestation { basis, stations, reason };
    let became = match attest(&app, &who.person, &walk, &attestation, id).await? {
        Became::Stands => "stands",
        Became::Own => "own",
        // The last three are of decisions alone.
        Became::Changed | Became::Decider | Became::Wordless | Became::Flagged | Became::Below => "changed",
    };
    let to = format!("{}?attest={became}", address(person.id, &site, &route));
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response())
}
