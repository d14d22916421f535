//! The desk's door: signing in and out by plain forms, and the choice of language.

use super::accounts::doors;
use super::form::Form;
use super::frame::{Frame, LANGUAGE, Look, page};
use crate::api::session::{cookie_gone, cookie_of};
use crate::api::{Address, Fault};
use crate::house::{App, House};
use crate::identity::entrance::{self, Begun};
use crate::identity::origin::is_secure;
use crate::identity::passkey::{self, Asked, ask_anyone};
use crate::identity::permission::session_of;
use crate::serve::From;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use heritage::Bilingual;
use protocol::api::Role;

#[derive(Template)]
#[template(path = "door.html")]
struct DoorPage {
    at: Frame,
    to: String,
    fault: Option<Fault>,
    /// What a passkey is asked, where there are passkeys.
    asked: Option<Asked>,
    /// Address and title of each identity provider.
    doors: Vec<(String, Bilingual)>,
}

impl DoorPage {
    fn is_for_pairing(&self) -> bool {
        is_pairing(&self.to)
    }

    fn is_for_learners(&self) -> bool {
        is_learners(&self.to)
    }
}

/// `/desk` without its slash.
pub async fn slash() -> Redirect {
    Redirect::permanent("/desk/")
}

/// The form.
pub async fn get(State(app): State<App>, look: Look, RawQuery(query): RawQuery) -> Response {
    shown(&app, look, wanted(query.as_deref()), None)
}

fn shown(house: &House, look: Look, to: String, fault: Option<Fault>) -> Response {
    // Learners have no passkeys.
    let asked = if is_learners(&to) { None } else { ask_anyone(house) };
    let status = fault.as_ref().map_or(StatusCode::OK, |fault| fault.status);
    let doors = doors(house, &to);
    let mut response = page(&DoorPage { at: Frame::outside(look), to, fault, asked, doors });
    if status != StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// Signs in and goes on to the page that was wanted; on a fault, says it above the form.
pub async fn sign_in(State(app): State<App>, from: From, look: Look, headers: HeaderMap, form: Form) -> Response {
    let to = own_address(form.text("to"));
    let outcome = entrance::sign_in(&app, form.text("code"), form.text("pin"), from.0).await;
    entered(&app, look, &headers, to, outcome)
}

/// Signs in by passkey, and goes on alike.
pub async fn sign_in_by_passkey(
    State(app): State<App>,
    from: From,
    look: Look,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let to = own_address(form.text("to"));
    let outcome = passkey::sign_in(&app, form.text("challenge"), form.text("answer"), from.0).await;
    entered(&app, look, &headers, to, outcome)
}

fn entered(house: &House, look: Look, headers: &HeaderMap, to: String, outcome: Result<Begun, Fault>) -> Response {
    match outcome {
        Ok(begun) => {
            let is_desk = to.starts_with("/desk/") || to.starts_with("/admin/");
            let to =
                if is_desk && begun.person.role == Role::Learner { format!("/{}/me/", look.lang.code()) } else { to };
            let cookie = cookie_of(&begun, is_secure(headers, &house.settings));
            (StatusCode::SEE_OTHER, [(LOCATION, to), (SET_COOKIE, cookie)]).into_response()
        }
        Err(fault) => shown(house, look, to, Some(fault)),
    }
}

/// Signs out.
pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, Fault> {
    if let Some(token) = session_of(&headers) {
        app.store.close_session(token).await?;
    }
    let headers = [(LOCATION, "/desk/sign-in".to_owned()), (SET_COOKIE, cookie_gone())];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Sets the language and goes back.
pub async fn language(Address(lang): Address<String>, RawQuery(query): RawQuery) -> Response {
    let lang = if lang == "en" { "en" } else { "zh" };
    let cookie = format!("{LANGUAGE}={lang}; Path=/; SameSite=Lax; Max-Age=31536000; HttpOnly");
    let headers = [(LOCATION, wanted(query.as_deref())), (SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn wanted(query: Option<&str>) -> String {
    let to = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(key, _)| key == "to");
    own_address(&to.map(|(_, to)| to.into_owned()).unwrap_or_default())
}

/// An address of these pages, or the desk itself: no link can send anyone elsewhere after signing in.
fn own_address(to: &str) -> String {
    if own(to) && !is_page(to) { to.to_owned() } else { "/desk/".to_owned() }
}

/// An address of the desk's pages or of the built site's.
pub(super) fn own(to: &str) -> bool {
    let plain = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    plain && (super::has(to.split('?').next().unwrap_or_default()) || is_page(to)) && !to.contains("//")
}

/// An address of the built site, whose pages keep the record on the device.
pub(super) fn is_page(to: &str) -> bool {
    to.starts_with("/zh/") || to.starts_with("/en/")
}

/// Where a learner has come from who is to decide on a kiosk.
fn is_pairing(to: &str) -> bool {
    to == "/pair" || to.starts_with("/pair?")
}

/// A page for learners, from which somebody was sent here first.
fn is_learners(to: &str) -> bool {
    is_pairing(to)
        || ["/certificates/", "/course/", "/on-site/", "/vouch", "/claim"].iter().any(|page| to.starts_with(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(own_address("/desk/people?x=1"), "/desk/people?x=1");
        assert_eq!(own_address("/pair?code=BCDF-GHJK"), "/pair?code=BCDF-GHJK");
        assert_eq!(own_address("/claim?code=BCDF-GHJK"), "/claim?code=BCDF-GHJK");
        assert_eq!(own_address("/certificates/hill.path"), "/certificates/hill.path");
        assert_eq!(own_address("/course/hill.path?said=draft"), "/course/hill.path?said=draft");
        for foreign in [
            "",
            "https://evil.example/",
            "//evil.example",
            "/desk//evil.example",
            "/desk/\\evil",
            "/desk/\r\nX: 1",
            "/v1/x",
            "/pairs",
            "/pair/../v1",
        ] {
            assert_eq!(own_address(foreign), "/desk/", "{foreign}");
        }
    }
}
