//! What the service tells an operator while it runs. It names no person, code, session, position or address.

use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use std::str::FromStr;
use std::time::Duration;
use tracing::Level;
use tracing_subscriber::fmt;
use tracing_subscriber::util::SubscriberInitExt;

/// How it is told, on the standard error stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lines to read, of what went wrong alone.
    Text,
    /// One JSON object a line, of every answer too.
    Json,
}

impl FromStr for Form {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("write text or json"),
        }
    }
}

/// Begins telling; what began first stays.
pub fn begin(form: Form) {
    let told = fmt().with_writer(std::io::stderr).with_target(false);
    // Where something tells already, nothing changes.
    let _ = match form {
        Form::Text => told.with_max_level(Level::WARN).without_time().with_ansi(false).finish().try_init(),
        Form::Json => told.with_max_level(Level::INFO).json().flatten_event(true).finish().try_init(),
    };
}

/// What of a request may be told: its method and the pattern of its address, never the address.
pub struct Asked {
    method: &'static str,
    route: String,
}

impl Asked {
    /// Of a request that has been routed.
    pub fn of(request: &Request) -> Self {
        // A method of somebody's invention is none that is told.
        let known = ["GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"];
        let method = known.into_iter().find(|known| request.method() == known).unwrap_or("other");
        let route = request.extensions().get::<MatchedPath>().map_or("file", MatchedPath::as_str).to_owned();
        Self { method, route }
    }

    /// Tells of the answer.
    pub fn answered(&self, status: StatusCode, took: Duration) {
        let (Self { method, route }, status) = (self, status.as_u16());
        tracing::info!(method, route, status, ms = took.as_secs_f64() * 1_000.0, "answered");
    }
}
