//! `POST /v1/quizzes/{site}.{station}/attempts`: an answer, judged at once by the key that only the service has.

use super::events::is_json;
use super::{Address, Fault};
use crate::house::App;
use crate::identity::Recorder;
use crate::intake::take_in;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use heritage::{SiteId, StationId};
use protocol::api::Attempt;
use protocol::event::{Event, EventKind, Outcome};
use serde_json::value::RawValue;

/// Stores the answer and says whether it is right, and why. The same event again gets the same answer.
///
/// # Errors
/// A [`Fault`] where the body is no answer to this question, or its id belongs to something else.
pub async fn post(
    State(app): State<App>,
    recorder: Recorder,
    Address(id): Address<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Attempt>, Fault> {
    let (site, station) = id.split_once('.').ok_or_else(Fault::not_found)?;
    let site = SiteId::new(site).map_err(|_| Fault::not_found())?;
    let station = StationId::new(station).map_err(|_| Fault::not_found())?;
    app.courses.choices(&site, &station).ok_or_else(Fault::not_found)?;
    app.take_turn(&recorder.person)?;
    is_json(&headers)?;
    let item: &RawValue = serde_json::from_slice(&body).map_err(|_| Fault::malformed())?;
    let asked = |kind: &EventKind| matches!(kind, EventKind::Answered { site: s, station: t, .. } if *s == site && *t == station);
    if !serde_json::from_str::<Event>(item.get()).is_ok_and(|event| asked(&event.kind)) {
        return Err(Fault::malformed());
    }
    let receipt = take_in(&app, &recorder, &[item], None).await?.pop().ok_or_else(Fault::malformed)?;
    match receipt.outcome.clone() {
        Outcome::Stored { grade: Some(grade), .. } | Outcome::Duplicate { grade: Some(grade), .. } => {
            Ok(Json(Attempt { receipt, grade }))
        }
        Outcome::Conflict { reason } => Err(Fault::conflict(reason)),
        Outcome::Rejected { reason, .. } => Err(Fault::rejected(reason)),
        Outcome::Stored { .. } | Outcome::Duplicate { .. } => Err(Fault::malformed()),
    }
}
