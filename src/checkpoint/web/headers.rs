//! Headers on every answer, and the check on every write.

use crate::api::Fault;
use crate::house::App;
use crate::identity::permission::is_own_origin;
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

/// What a page may load and do: only what this service serves, and wasm.
pub const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' blob:; worker-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What a page may ask the visitor for: position and camera for a visit on foot, and a screen that stays on.
pub const PERMISSIONS: &str = "geolocation=(self), camera=(self), screen-wake-lock=(self), xr-spatial-tracking=(self), \
    fullscreen=(self), autoplay=(self), microphone=(), payment=(), usb=()";

/// Refuses writes from elsewhere, adds the headers, counts the answer.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = if request.method().is_safe() || is_own_origin(request.headers()) {
        // A body is read inside; one that trickles in for ever is not waited for.
        let is_read = request.method().is_safe();
        match timeout(app.settings.patience, next.run(request)).await {
            Ok(response) => response,
            Err(_) if is_read => Fault::busy().into_response(),
            Err(_) => Fault::too_slow().into_response(),
        }
    } else {
        Fault::foreign_origin().into_response()
    };
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
    if app.settings.behind_proxy {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    app.metrics.answered(response.status().as_u16());
    response
}
