//! `/v1/providers`: by which accounts of their units people may sign in here.

use crate::house::App;
use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde_json::{Value, json};

/// Each provider's title and the address at which signing in by it begins.
pub async fn get(State(app): State<App>) -> impl IntoResponse {
    let each = app.settings.providers.iter().map(|provider| {
        let at = format!("/sign-in/{}", provider.id);
        json!({ "title": { "zh": provider.title.zh, "en": provider.title.en }, "at": at })
    });
    ([(CACHE_CONTROL, "no-store")], Json(json!({ "providers": each.collect::<Vec<Value>>() })))
}
