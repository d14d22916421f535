//! Who adds to a learner's record: the learner, signed in, or the kiosk with which the learner has paired.

use super::permission::{Learner, is_token, may_be};
use crate::api::Fault;
use crate::house::App;
use crate::secrets::digest;
use crate::store::{Kiosk, Person, TokenHash};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

/// Somebody who may add events and answers to one learner's record.
pub struct Recorder {
    /// Whose record it is.
    pub person: Person,
    /// By way of which kiosk, if by one.
    pub kiosk: Option<Kiosk>,
}

/// A kiosk within a session. It may add to the record of the one learner, and reads nothing of it.
pub struct Paired {
    /// Whose record it is.
    pub person: Person,
    /// Which kiosk.
    pub kiosk: Kiosk,
    /// Its session.
    pub session: TokenHash,
}

impl FromRequestParts<App> for Paired {
    type Rejection = Fault;

    /// Counts as a sign of life of the session.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let session = bearer(&parts.headers).ok_or_else(Fault::unpaired)?;
        let (person, kiosk) = app.store.kiosk_session(session, app.now_ms()).await?.ok_or_else(Fault::unpaired)?;
        if kiosk.withdrawn_ms.is_some() || !may_be(&parts.headers, &person) {
            return Err(Fault::unpaired());
        }
        Ok(Self { person, kiosk, session })
    }
}

impl FromRequestParts<App> for Recorder {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        // Whoever names a token speaks by it alone, whatever cookie comes with it.
        if parts.headers.contains_key(AUTHORIZATION) {
            let Paired { person, kiosk, .. } = Paired::from_request_parts(parts, app).await?;
            return Ok(Self { person, kiosk: Some(kiosk) });
        }
        let Learner(who) = Learner::from_request_parts(parts, app).await?;
        Ok(Self { person: who.person, kiosk: None })
    }
}

/// Hash of the token that a request carries as RFC 6750 tells, if it has the form of one of ours.
fn bearer(headers: &HeaderMap) -> Option<TokenHash> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let is_ours = scheme.eq_ignore_ascii_case("bearer") && is_token(token);
    is_ours.then(|| digest(token.as_bytes()))
}
