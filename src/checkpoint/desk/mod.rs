//! The trainer's desk: plain pages and forms, made on the server, without scripts.

use crate::routes::{Access, Route, route};
use axum::http::Method;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

/// Addresses of the desk.
pub fn table() -> Vec<Route> {
    vec![route(Method::GET, "/desk/style.css", Access::Anyone, style)]
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")], include_str!("desk.css"))
}
