//! Headers on every answer, and the check on every write.

use super::language;
use crate::api::Fault;
use crate::api::fault::say_in;
use crate::desk::{self, Look};
use crate::house::App;
use crate::identity::origin::{is_own_origin, is_secure};
use crate::log::Asked;
use crate::routes::MOST_BODY_BYTES;
use crate::xapi;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use heritage::Lang;
use std::time::Instant;
use tokio::time::timeout;

/// What a page may load and do: only what this service serves, and wasm.
pub const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' blob:; worker-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What a page may ask the visitor for: position and camera for a visit on foot, and a screen that stays on.
pub const PERMISSIONS: &str = "geolocation=(self), camera=(self), screen-wake-lock=(self), xr-spatial-tracking=(self), \
    fullscreen=(self), autoplay=(self), microphone=(), payment=(), usb=()";

/// Refuses writes from elsewhere, says faults in the asker's language, adds the headers, counts the answer.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let (began, told) = (Instant::now(), Asked::of(&request));
    let secure = is_secure(request.headers(), &app.settings);
    let (asker, is_xapi) = (Asker::of(&request), xapi::has(request.uri().path()));
    let mut response = asker.told(answer(&app, request, next).await.unwrap_or_else(Fault::into_response));
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    // Without the origin, a browser would send `Origin: null` with forms.
    set(REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if is_xapi {
        // What others have stored is never shown as a page of this service.
        set(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'");
    }
    if secure {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if is_xapi {
        xapi::serve::open_to_pages(headers);
    }
    app.metrics.answered(response.status().as_u16());
    app.metrics.times.took(began.elapsed());
    told.answered(response.status(), began.elapsed());
    response
}

/// A write is read whole before anything is done: what comes too slowly has changed nothing for sure.
async fn answer(app: &App, request: Request, next: Next) -> Result<Response, Fault> {
    let patience = app.settings.patience;
    let is_xapi = xapi::has(request.uri().path());
    if is_xapi && request.method() == Method::OPTIONS {
        return Ok(xapi::serve::preflight());
    }
    if request.method().is_safe() {
        return timeout(patience, next.run(request)).await.map_err(|_| Fault::busy());
    }
    // Other systems come by a credential of their own in each request, not by a cookie that a browser adds.
    if !is_xapi && !is_own_origin(request.headers(), app.settings.origin.as_ref()) {
        return Err(Fault::foreign_origin());
    }
    // A length that is announced is believed, and nothing of it is waited for.
    let most = if is_xapi { xapi::serve::MOST_BODY_BYTES } else { MOST_BODY_BYTES };
    if request.body().size_hint().lower() > most as u64 {
        return Err(Fault::too_large());
    }
    let (parts, body) = request.into_parts();
    let mut whole = Request::new(body);
    DefaultBodyLimit::max(most).apply(&mut whole);
    let reading = Bytes::from_request(whole, app);
    let body = timeout(patience, reading).await.map_err(|_| Fault::too_slow())?.map_err(|rejection| {
        let is_long = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        if is_long { Fault::too_large() } else { Fault::malformed() }
    })?;
    let whole = Request::from_parts(parts, Body::from(body));
    timeout(patience, next.run(whole)).await.map_err(|_| Fault::unanswered())
}

/// How someone who asks is told of faults: at the desk by a page, elsewhere by a problem.
enum Asker {
    Desk { look: Look, reads: bool },
    Program(Lang),
}

impl Asker {
    fn of(request: &Request) -> Self {
        if desk::has(request.uri().path()) {
            Self::Desk { look: Look::of(request.headers(), request.uri()), reads: request.method().is_safe() }
        } else {
            Self::Program(language::preferred(request.headers()))
        }
    }

    fn told(self, mut response: Response) -> Response {
        match self {
            Self::Desk { look, reads } => desk::show_fault(look, reads, response),
            Self::Program(lang) => {
                say_in(lang, &mut response);
                response
            }
        }
    }
}
