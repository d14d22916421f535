//! The first admin: by a link that is printed once at the start and works once.

use super::form::Form;
use super::frame::{Frame, Look, page};
use crate::api::Fault;
use crate::api::session::cookie_of;
use crate::house::App;
use crate::identity::code::Code;
use crate::identity::entrance;
use crate::identity::origin::is_secure;
use crate::identity::pin::Pin;
use crate::secrets::digest;
use crate::store::NewPerson;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use protocol::api::Role;
use uuid::Uuid;

/// Longest name of a person, group or unit, in characters.
pub const MOST_NAME: usize = 60;

#[derive(Template)]
#[template(path = "first.html")]
struct FirstPage {
    at: Frame,
    link: String,
    code: Option<String>,
}

/// The form, while the link is good.
pub async fn get(State(app): State<App>, look: Look, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let link = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find_map(|(key, value)| (key == "token").then(|| value.into_owned()))
        .unwrap_or_default();
    if !app.store.first_link_is(digest(link.as_bytes()), app.now_ms()).await? {
        return Err(Fault::link_used());
    }
    Ok(page(&FirstPage { at: Frame::outside(look), link, code: None }))
}

/// Makes unit and admin, uses the link up, signs in and shows the code once.
pub async fn post(State(app): State<App>, look: Look, headers: HeaderMap, form: Form) -> Result<Response, Fault> {
    let unit = form.required(
        "unit",
        MOST_NAME,
        "请填写单位名称（60 字以内）。",
        "Write the unit's name, up to 60 characters.",
    )?;
    let name =
        form.required("name", MOST_NAME, "请填写姓名（60 字以内）。", "Write your name, up to 60 characters.")?;
    let pin = Pin::read(form.text("pin")).ok_or_else(Fault::unreadable_sign_in)?;
    if pin.is_trivial() {
        return Err(Fault::trivial_pin());
    }
    if form.text("pin") != form.text("again") {
        return Err(Fault::incomplete(
            "两次输入的 PIN 不同。请返回重填。",
            "The two PINs differ. Go back and write them again.",
        ));
    }
    let link = digest(form.text("link").as_bytes());
    // Before the costly hash, so that a guessed link costs nothing.
    if !app.store.first_link_is(link, app.now_ms()).await? {
        return Err(Fault::link_used());
    }
    let (code, unit_id, id) = (Code::fresh(), Uuid::now_v7(), Uuid::now_v7());
    let admin = NewPerson {
        id,
        unit: unit_id,
        role: Role::Admin,
        name,
        cohort: String::new(),
        code_key: code.key(&app.secrets),
        code_ends_ms: app.now_ms(),
        pin_hash: Some(app.pins.hash(&pin).await?),
    };
    if !app.store.use_first_link(link, app.now_ms(), (unit_id, unit), admin).await? {
        return Err(Fault::link_used());
    }
    let person = app.store.person(id).await?.ok_or_else(Fault::link_used)?;
    let begun = entrance::begin(&app, person).await?;
    let mut response = page(&FirstPage { at: Frame::outside(look), link: String::new(), code: Some(code.written()) });
    if let Ok(cookie) = HeaderValue::from_str(&cookie_of(&begun, is_secure(&headers, &app.settings))) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}
