//! `/v1/led/{code}`: following a visit that a trainer leads, signed in or not. It tells nothing of anybody and grants
//! nothing; credit is earned by each device's own record, as always.

use super::events::is_json;
use super::{Address, Fault};
use crate::house::App;
use crate::led::follow::last_seen;
use crate::led::{by_code, follow, told};
use crate::store::led::MOST_FOLLOWERS;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::led::Seen;
use uuid::Uuid;

/// How the visit stands. Asked with the id of a follower, whether there is room for them too.
///
/// # Errors
/// A [`Fault`] where nothing is led by this code, there is no room, or the id is none.
pub async fn get(
    State(app): State<App>,
    Address(code): Address<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let follower = named(query.as_deref())?;
    let visit = by_code(&app, &code).await?;
    let now_ms = app.now_ms();
    if let Some(follower) = follower.filter(|_| now_ms < visit.ends_ms) {
        let followers = app.store.led_followers(visit.id, now_ms).await?;
        if followers.iter().filter(|(id, _)| *id != follower).count() >= MOST_FOLLOWERS {
            return Err(Fault::led_full());
        }
    }
    Ok(([(CACHE_CONTROL, "no-store")], Json(told(&visit, now_ms))).into_response())
}

/// The state at first and with every change, as server-sent events, until the visit is over.
///
/// # Errors
/// As for [`get`].
pub async fn events(
    State(app): State<App>,
    Address(code): Address<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let follower = named(query.as_deref())?.unwrap_or_else(Uuid::now_v7);
    follow(&app, &code, follower, last_seen(&headers)).await
}

/// A follower confirms what they have received, so that whoever leads knows.
///
/// # Errors
/// A [`Fault`] where nothing is led by this code, or the body cannot be read.
pub async fn seen(
    State(app): State<App>,
    Address(code): Address<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Fault> {
    is_json(&headers)?;
    let Seen { follower, revision } = serde_json::from_slice(&body).map_err(|_| Fault::malformed())?;
    let revision = i64::try_from(revision).map_err(|_| Fault::malformed())?;
    let visit = by_code(&app, &code).await?;
    // Nobody who does not follow is counted, and nobody has seen what has not come yet: that changes nothing.
    let followers = app.store.led_followers(visit.id, app.now_ms()).await?;
    let is_news =
        revision <= visit.revision && followers.iter().any(|(id, known)| *id == follower && *known < revision);
    if is_news && app.store.see_led(visit.id, follower, revision).await? {
        app.led.stir(visit.id);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The id after `as=`, if there is one.
fn named(query: Option<&str>) -> Result<Option<Uuid>, Fault> {
    let mut fields = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let named = fields.find(|(key, _)| key == "as").map(|(_, value)| value.into_owned());
    named.map(|id| Uuid::parse_str(&id)).transpose().map_err(|_| Fault::malformed())
}
