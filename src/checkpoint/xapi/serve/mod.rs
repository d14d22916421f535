//! `/xapi`: the learning record store over HTTP. Each request is read into one form, whichever way it was sent, and then
//! answered by the resource that it asks for.

mod asked;
mod documents;
mod envelope;
mod found;
mod others;
mod refusal;
mod reply;
mod signature;
mod statements;
mod who;

use super::time;
use crate::house::App;
use crate::routes::{Access, Route, route};
use crate::serve::From;
use asked::{Asked, Resource};
use axum::extract::{Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
pub use who::secret_hash;

/// Bytes of one request: statements with their attachments, or a document.
pub const MOST_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Header that names the edition spoken.
const VERSION: HeaderName = HeaderName::from_static("x-experience-api-version");
/// Header that says up to when what was stored can be read.
const CONSISTENT: HeaderName = HeaderName::from_static("x-experience-api-consistent-through");

/// Whether an address is one of the store's.
pub fn has(path: &str) -> bool {
    path.starts_with("/xapi/")
}

/// Addresses of the store.
pub fn table() -> Vec<Route> {
    let mut table = Vec::new();
    for resource in Resource::ALL {
        for method in resource.methods() {
            let access = if resource.is_open() { Access::Anyone } else { Access::System };
            table.push(route(method.clone(), resource.path(), access, answer));
        }
    }
    table
}

/// Answers any request to the store.
async fn answer(State(app): State<App>, from: From, request: Request) -> Response {
    // Taken before anything is read: what is stored from now on may be missing.
    let through_ms = app.underway.through_ms(app.now_ms());
    let is_about_statements = request.uri().path() == Resource::Statements.path();
    let (edition, is_head, mut response) = match Asked::read(&app, from, request).await {
        Ok(asked) => {
            let (edition, is_head) = (asked.edition, asked.method == Method::HEAD);
            (edition, is_head, respond(&app, asked).await.unwrap_or_else(IntoResponse::into_response))
        }
        Err((edition, refusal)) => (edition, false, refusal.into_response()),
    };
    if is_head {
        *response.body_mut() = axum::body::Body::empty();
    }
    let headers = response.headers_mut();
    headers.insert(VERSION, HeaderValue::from_static(edition.number()));
    if let (true, Ok(through)) = (is_about_statements, HeaderValue::from_str(&time::written(through_ms))) {
        headers.insert(CONSISTENT, through);
    }
    response
}

async fn respond(app: &App, asked: Asked) -> Result<Response, refusal::Refusal> {
    match asked.resource {
        Resource::About => others::about(&asked),
        Resource::Profile => Ok(others::profile()),
        Resource::Statements => statements::respond(app, asked).await,
        Resource::Activities => others::activities(app, &asked).await,
        Resource::Agents => others::agents(&asked),
        Resource::State | Resource::ActivityProfile | Resource::AgentProfile => documents::respond(app, asked).await,
    }
}

/// Lets programs on pages of other origins in: what they may do hangs on the credential that they send, on no cookie.
pub fn open_to_pages(headers: &mut HeaderMap) {
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, HEAD, PUT, POST, DELETE, OPTIONS"),
        (
            "access-control-allow-headers",
            "Authorization, Content-Type, Accept, Accept-Language, If-Match, If-None-Match, X-Experience-API-Version",
        ),
        (
            "access-control-expose-headers",
            "ETag, Last-Modified, Content-Type, X-Experience-API-Version, X-Experience-API-Consistent-Through",
        ),
        ("access-control-max-age", "86400"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

/// What a browser asks before it sends a request from a page of another origin.
pub fn preflight() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
