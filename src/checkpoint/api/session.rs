//! `/v1/session`: signing in and out, and asking who one is.

use super::Fault;
use super::events::is_json;
use crate::house::App;
use crate::identity::Learner;
use crate::identity::account::{PASS, PASS_COOKIE, show_pass};
use crate::identity::entrance::{Begun, sign_in};
use crate::identity::origin::is_secure;
use crate::identity::permission::{COOKIE_NAME, cookie, session_of};
use crate::store::Person;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use protocol::api::{Session, SignIn};

/// The name of the header and the value that never lets an answer be kept.
const NO_STORE: (HeaderName, &str) = (CACHE_CONTROL, "no-store");

/// Signs in by code and PIN, or by a pass.
///
/// # Errors
/// A [`Fault`] in the visitor's words; unknown code and wrong PIN answer alike.
pub async fn post(
    State(app): State<App>,
    from: crate::serve::From,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Fault> {
    is_json(&headers)?;
    let asked: SignIn = serde_json::from_slice(&body).map_err(|_| Fault::malformed())?;
    // A page of the built site signs in whoever came back from a provider by the pass that their browser carries.
    let begun = if asked.code == PASS {
        show_pass(&app, cookie(&headers, PASS_COOKIE).unwrap_or_default(), from.0).await?
    } else {
        sign_in(&app, &asked.code, &asked.pin, from.0).await?
    };
    let begins = cookie_of(&begun, is_secure(&headers, &app.settings));
    Ok(([(SET_COOKIE, begins)], [NO_STORE], Json(session(&begun.person))).into_response())
}

/// Who is signed in.
///
/// # Errors
/// A [`Fault`] if nobody is.
pub async fn get(Learner(who): Learner) -> Result<impl IntoResponse, Fault> {
    Ok(([NO_STORE], Json(session(&who.person))))
}

/// Signs out; nothing happens if nobody is signed in.
///
/// # Errors
/// A [`Fault`] where the store cannot be written.
pub async fn delete(State(app): State<App>, headers: HeaderMap) -> Result<impl IntoResponse, Fault> {
    if let Some(token) = session_of(&headers) {
        app.store.close_session(token).await?;
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(SET_COOKIE, cookie_gone()), (CACHE_CONTROL, "no-store".to_owned())])))
}

/// The cookie that carries a session just begun.
pub fn cookie_of(begun: &Begun, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE_NAME}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{secure}", begun.token, begun.lasts_secs)
}

/// The cookie that takes it away.
pub fn cookie_gone() -> String {
    format!("{COOKIE_NAME}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
}

fn session(person: &Person) -> Session {
    Session { person: person.id, name: person.name.clone(), role: person.role, unit: person.unit_name.clone() }
}
