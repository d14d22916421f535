//! `POST /v1/walks/{site}.{route}/appeal`: a learner has another trainer look at a decision.

use super::address::route_named;
use super::events::is_json;
use super::{Address, Fault};
use crate::house::App;
use crate::identity::Learner;
use crate::walk::{self, MOST_NOTE};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use heritage::Bilingual;
use protocol::api::{Appeal, WalkProgress};

/// Keeps the appeal and answers with the walk as it then stands. The same appeal again gets the same answer.
///
/// # Errors
/// A [`Fault`] where there is no such route, nothing to appeal, no reason, or an appeal already.
pub async fn post(
    State(app): State<App>,
    Learner(who): Learner,
    Address(id): Address<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<WalkProgress>, Fault> {
    let (site, route) = route_named(&id)?;
    let course = app.courses.route(&site, &route).ok_or_else(Fault::not_found)?;
    app.take_turn(&who.person)?;
    is_json(&headers)?;
    let asked: Appeal = serde_json::from_slice(&body).map_err(|_| Fault::malformed())?;
    let reason: String = asked.reason.trim().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    if !(1..=MOST_NOTE).contains(&reason.chars().count()) || asked.id.is_nil() {
        return Err(Fault::rejected(Bilingual::new(
            "申诉须写明理由（500 字以内），未提交。",
            "An appeal needs its reason, in 500 characters at most; it was not made.",
        )));
    }
    let learner = who.person.id;
    let read = async || -> Result<walk::Walk, Fault> {
        let log = app.store.log_at(learner, site.clone()).await?;
        Ok(walk::walk(&app.courses, &app.secrets, learner, course, &log))
    };
    walk::appeal(&app, &who.person, &read().await?, asked.id, &reason).await?;
    Ok(Json(walk::shown(&read().await?)))
}
