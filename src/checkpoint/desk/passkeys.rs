//! One's own passkeys: which there are, making one, removing one.

use super::first::MOST_NAME;
use super::form::Form;
use super::frame::{Frame, Look, page};
use crate::api::{Address, Fault};
use crate::clock::written_in_china;
use crate::house::App;
use crate::identity::passkey::{self, Asked, is_shared};
use crate::identity::reach::deed;
use crate::identity::{Reader, SignedIn};
use crate::store::passkeys::MOST_PASSKEYS;
use crate::store::{Act, NewAudit};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use heritage::Bilingual;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "passkeys.html")]
struct PasskeysPage {
    at: Frame,
    rows: Vec<Row>,
    asked: Option<Asked>,
    hindrance: Option<Bilingual>,
}

struct Row {
    id: Uuid,
    name: String,
    kind: String,
    made: String,
    used: String,
}

/// The page.
pub async fn get(State(app): State<App>, Reader(who): Reader, look: Look) -> Result<Response, Fault> {
    show(&app, &who, look).await
}

async fn show(app: &App, who: &SignedIn, look: Look) -> Result<Response, Fault> {
    let at = Frame::of(app, look, who);
    let there = app.store.passkeys_of(who.person.id).await?;
    let hindrance = app.passkeys.hindrance().cloned();
    let asks = hindrance.is_none() && there.len() < MOST_PASSKEYS;
    let asked = if asks { Some(passkey::ask_new(app, who).await?) } else { None };
    let kind = |kept: &str| {
        if is_shared(kept) {
            at.say("随账户同步", "shared by its account")
        } else {
            at.say("只在一台设备上", "on one device")
        }
    };
    let rows = there.into_iter().map(|each| Row {
        id: each.id,
        kind: kind(&each.kept).to_owned(),
        name: each.name,
        made: written_in_china(each.made_ms),
        used: each.used_ms.map_or_else(|| "—".to_owned(), written_in_china),
    });
    Ok(page(&PasskeysPage { rows: rows.collect(), at, asked, hindrance }))
}

/// Keeps what the authenticator has made.
pub async fn add(State(app): State<App>, Reader(who): Reader, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let (zh, en) = ("请给通行密钥起个名字（60 字以内）。", "Give the passkey a name, up to 60 characters.");
    let name = form.required("name", MOST_NAME, zh, en)?;
    passkey::add(&app, &who, form.text("challenge"), form.text("answer"), name).await?;
    Ok(back())
}

/// Removes one of one's own.
pub async fn remove(
    State(app): State<App>,
    Reader(who): Reader,
    Address(id): Address<String>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let id = Uuid::parse_str(&id).map_err(|_| Fault::not_found())?;
    let there = app.store.passkeys_of(who.person.id).await?;
    let Some(named) = there.into_iter().find(|each| each.id == id) else { return Err(Fault::not_found()) };
    let audit = NewAudit { about: Some(who.person.id), ..deed(&app, &who, Act::PasskeyRemoved, named.name) };
    app.store.remove_passkey(who.person.id, id, audit).await?;
    Ok(back())
}

fn back() -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, "/desk/passkeys")]).into_response()
}

/// Asks the browser for a passkey. Without it, code and PIN are the way in.
pub async fn script() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, include_str!("passkey.js"))
}
