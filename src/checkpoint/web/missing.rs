//! The page for an address that has nothing.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::path::Path;

/// Says so in both languages, and where to go on: the web app's own page, or a plain one where it has none.
pub async fn page(web: &Path) -> Response {
    let own = tokio::fs::read_to_string(web.join("404.html")).await;
    let text = own.unwrap_or_else(|_| include_str!("missing.html").to_owned());
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (StatusCode::NOT_FOUND, headers, text).into_response()
}
