//! Permission is the extractor: a handler that asks for [`Trainer`] cannot be reached by a learner.

use crate::api::Fault;
use crate::house::App;
use crate::routes::Access;
use crate::secrets::digest;
use crate::store::{Person, TokenHash};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::http::request::Parts;

/// Name of the session cookie.
pub const COOKIE_NAME: &str = "retrace";

/// Header by which a page names the person whose record it keeps. A browser holds one session for all its pages: after
/// somebody else has signed in, what waits on a page must not become theirs.
pub const PERSON_HEADER: &str = "retrace-person";

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

/// Somebody who reads the walks of their unit and those below it.
pub struct Reader(pub SignedIn);

/// A mentor, trainer or admin, who rates the practice of those of their unit and those below it, and leads visits.
pub struct Rater(pub SignedIn);

/// Somebody who reads the people and tables of their unit and those below it.
pub struct Overseer(pub SignedIn);

/// A trainer or admin, who writes in the records of their unit and those below it.
pub struct Trainer(pub SignedIn);

/// An auditor or admin, who reads who has looked at what.
pub struct Auditor(pub SignedIn);

/// An admin, acting on the people of their unit and those below it.
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
    is_token(token).then(|| digest(token.as_bytes()))
}

/// 256 bits in hexadecimal, as every token of the service is.
pub(super) fn is_token(token: &str) -> bool {
    token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit())
}

async fn signed_in(parts: &Parts, app: &App, access: Access) -> Result<SignedIn, Fault> {
    let session = session_of(&parts.headers).ok_or_else(Fault::signed_out)?;
    let person = app.store.session(session, app.now_ms()).await?.ok_or_else(Fault::signed_out)?;
    if !may_be(&parts.headers, &person) {
        return Err(Fault::signed_out());
    }
    if access.admits(person.role) { Ok(SignedIn { person, session }) } else { Err(Fault::not_allowed()) }
}

/// The request names this person, or nobody.
pub(super) fn may_be(headers: &HeaderMap, person: &Person) -> bool {
    let mut named = headers.get_all(PERSON_HEADER).iter();
    named.all(|name| name.to_str().is_ok_and(|name| name == person.id.to_string()))
}

macro_rules! permits {
    ($($permission:ident)*) => {
        $(impl FromRequestParts<App> for $permission {
            type Rejection = Fault;
            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
                signed_in(parts, app, Access::$permission).await.map(Self)
            }
        })*
    };
}

permits! { Learner Reader Rater Overseer Trainer Auditor Admin }

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(key, value)| (HeaderName::from_static(key), HeaderValue::from_static(value))).collect()
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
