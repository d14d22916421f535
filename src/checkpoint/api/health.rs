//! What watches over the service: `/healthz`, `/readyz`, `/metrics`, and the description of the interface.

use super::{Fault, OPENAPI};
use crate::forward;
use crate::house::App;
use crate::metrics::gauge;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The log can be read, and writing has not stopped.
///
/// # Errors
/// A [`Fault`] where it cannot.
pub async fn ready(State(app): State<App>) -> Result<&'static str, Fault> {
    app.store.ready().await?;
    Ok("ready\n")
}

/// Prometheus text.
pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let followers = u64::try_from(app.led.followers()).unwrap_or(u64::MAX);
    let led = gauge("retrace_led_followers", "Devices that follow led visits by this service.", followers);
    let text = app.metrics.text() + &app.store.metrics() + &led + &forward::metrics(&app).await;
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

/// The description of the interface.
pub async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/openapi+json;version=3.1")], OPENAPI)
}
