//! What the store says of itself, of activities and of agents.

use super::super::format::person;
use super::super::marks::key;
use super::super::record::{PROFILE, Record, profile as own_profile};
use super::super::version::VERSIONS;
use super::asked::Asked;
use super::documents::{activity_id, agent};
use super::refusal::Refusal;
use crate::house::App;
use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// `/xapi/about`.
///
/// # Errors
/// A [`Refusal`] for parameters.
pub fn about(asked: &Asked) -> Result<Response, Refusal> {
    asked.only(&[])?;
    let published = format!("{}/xapi/profile", asked.base);
    Ok(Json(json!({ "version": VERSIONS, "extensions": { PROFILE: { "profile": published } } })).into_response())
}

/// `/xapi/profile`: what our statements are made of, as JSON-LD.
pub fn profile() -> Response {
    let text = own_profile().to_string();
    ([(CONTENT_TYPE, "application/ld+json"), (CACHE_CONTROL, "no-cache")], text).into_response()
}

/// `/xapi/activities`: an activity with what is known of it.
///
/// # Errors
/// A [`Refusal`].
pub async fn activities(app: &App, asked: &Asked) -> Result<Response, Refusal> {
    asked.only(&["activityId"])?;
    let id = activity_id(asked.required("activityId")?)?;
    let record = Record { courses: &app.courses, base: &asked.base, edition: asked.edition };
    if let Some(own) = record.activity(id) {
        return Ok(Json(own).into_response());
    }
    let known = app.store.definitions(asked.by()?.unit, vec![key(id)]).await?.remove(&key(id));
    let mut activity = json!({ "objectType": "Activity", "id": id });
    if let Some(definition) = known {
        activity["definition"] = definition;
    }
    Ok(Json(activity).into_response())
}

/// `/xapi/agents`: everything that is known to be one person. Nobody's identifiers are joined here.
///
/// # Errors
/// A [`Refusal`].
pub fn agents(asked: &Asked) -> Result<Response, Refusal> {
    asked.only(&["agent"])?;
    Ok(Json(person(&[agent(asked.required("agent")?)?])).into_response())
}
