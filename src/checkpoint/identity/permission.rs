//! Permission is the extractor: a handler that asks for [`Trainer`] cannot be reached by a learner.

use crate::api::Fault;
use crate::house::App;
use crate::secrets::digest;
use crate::store::{Person, TokenHash};
use axum::extract::FromRequestParts;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Uri};
use protocol::api::Role;

/// Name of the session cookie.
pub const COOKIE_NAME: &str = "retrace";

/// A person and the session by which they come.
#[derive(Clone)]
pub struct SignedIn {
    /// Who it is.
    pub person: Person,
    /// Their session.
    pub session: TokenHash,
}

/// Anyone signed in, acting on their own record: trainers and admins are learners too.
pub struct Learner(pub SignedIn);

/// A trainer or admin, acting on the records of their own unit.
pub struct Trainer(pub SignedIn);

/// An admin, acting on the people of their own unit.
pub struct Admin(pub SignedIn);

/// The value of one cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Hash of the session token a request carries, if it has the form of one.
pub fn session_of(headers: &HeaderMap) -> Option<TokenHash> {
    let token = cookie(headers, COOKIE_NAME)?;
    (token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| digest(token.as_bytes()))
}

async fn signed_in(parts: &Parts, app: &App, roles: &[Role]) -> Result<SignedIn, Fault> {
    let session = session_of(&parts.headers).ok_or_else(Fault::signed_out)?;
    let person = app.store.session(session, app.now_ms()).await?.ok_or_else(Fault::signed_out)?;
    if roles.contains(&person.role) { Ok(SignedIn { person, session }) } else { Err(Fault::not_allowed()) }
}

impl FromRequestParts<App> for Learner {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        signed_in(parts, app, &[Role::Learner, Role::Trainer, Role::Admin]).await.map(Self)
    }
}

impl FromRequestParts<App> for Trainer {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        signed_in(parts, app, &[Role::Trainer, Role::Admin]).await.map(Self)
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        signed_in(parts, app, &[Role::Admin]).await.map(Self)
    }
}

/// Whether a write comes from our own pages: browsers name the origin of every write, other programs send none.
///
/// The session cookie is `SameSite=Strict` already; this also holds where a neighbour shares the site but not the origin.
pub fn is_own_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let site_is_own = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin_is_own = text("origin").is_none_or(|origin| {
        let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(ToString::to_string));
        authority.is_some_and(|authority| text("host").is_some_and(|host| host.eq_ignore_ascii_case(&authority)))
    });
    site_is_own && origin_is_own
}

/// Whether the visitor's connection is encrypted, as a trusted proxy says.
pub fn is_secure(headers: &HeaderMap, behind_proxy: bool) -> bool {
    behind_proxy && headers.get(HeaderName::from_static("x-forwarded-proto")).is_some_and(|proto| proto == "https")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(key, value)| (HeaderName::from_static(key), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_write_is_ours_only_by_origin() {
        let own = [("host", "127.0.0.1:8470"), ("origin", "http://127.0.0.1:8470"), ("sec-fetch-site", "same-origin")];
        assert!(is_own_origin(&headers(&own)));
        assert!(is_own_origin(&headers(&own[..1])), "a program names no origin");
        for foreign in
            ["http://evil.example", "null", "", "http://127.0.0.1:8471", "http://127.0.0.1:8470.evil.example"]
        {
            assert!(!is_own_origin(&headers(&[own[0], ("origin", foreign)])), "{foreign}");
        }
        assert!(!is_own_origin(&headers(&[own[0], ("sec-fetch-site", "cross-site")])));
    }

    #[test]
    fn only_a_token_shaped_cookie_is_looked_up() {
        let token: &'static str = Box::leak("a".repeat(64).into_boxed_str());
        let both: &'static str = Box::leak(format!("other=1; retrace={token}").into_boxed_str());
        assert!(session_of(&headers(&[("cookie", both)])).is_some());
        for bad in ["retrace=", "retrace=abc", "retraced=1", "="] {
            assert!(session_of(&headers(&[("cookie", bad)])).is_none(), "{bad}");
        }
    }
}
