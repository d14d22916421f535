//! `GET /v1/me/progress`: one's own record, as it stands.

use super::Fault;
use crate::house::App;
use crate::identity::Learner;
use crate::walk;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use protocol::api::Progress;

/// Derived from the log alone, each time.
///
/// # Errors
/// A [`Fault`] where the log cannot be read.
pub async fn get(
    State(app): State<App>,
    Learner(who): Learner,
) -> Result<([(HeaderName, &'static str); 1], Json<Progress>), Fault> {
    let log = app.store.log_of(who.person.id).await?;
    let walks = walk::walks_of(&app.courses, &app.secrets, who.person.id, &log);
    let progress = walk::progress(&walks, app.now_ms(), app.settings.annual_target);
    Ok(([(CACHE_CONTROL, "no-store")], Json(progress)))
}
