//! `POST /v1/events`: what the device's outbox holds.

use super::Fault;
use crate::house::App;
use crate::identity::Recorder;
use crate::intake::{MOST_ITEMS, take_in};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use protocol::api::Receipts;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The envelope, with its items unread: one bad item must not spoil the others.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
    #[serde(default)]
    sent_at_ms: Option<i64>,
}

/// Stores a batch and answers item by item. What is answered as stored is on disk.
///
/// # Errors
/// A [`Fault`] for an envelope that cannot be read or is too large, after too many writes, or where nothing can be stored.
pub async fn post(
    State(app): State<App>,
    recorder: Recorder,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Receipts>, Fault> {
    app.take_turn(&recorder.person)?;
    is_json(&headers)?;
    let envelope: Envelope<'_> = serde_json::from_slice(&body).map_err(|_| Fault::malformed())?;
    if envelope.events.is_empty() {
        return Err(Fault::malformed());
    }
    if envelope.events.len() > MOST_ITEMS {
        return Err(Fault::too_large());
    }
    let receipts = take_in(&app, &recorder, &envelope.events, envelope.sent_at_ms).await?;
    Ok(Json(Receipts { receipts }))
}

/// Goes on only if the body is said to be JSON as it is: asking for its type keeps forms of other sites out, and nothing
/// is unpacked, so that little cannot become much.
///
/// # Errors
/// A [`Fault`] for another type or coding.
pub fn is_json(headers: &HeaderMap) -> Result<(), Fault> {
    if headers.get_all(CONTENT_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Fault::not_json());
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let said = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if said { Ok(()) } else { Err(Fault::not_json()) }
}
