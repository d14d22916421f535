//! Requests to the service. A reply that never comes is no fault: the device goes on without.

use crate::dom;
use crate::json::Value;
use crate::wire::FromJson;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestInit, Response};

/// How long a reply may take, milliseconds; a slow village network answers in seconds.
const PATIENCE_MS: u32 = 20_000;

/// What the service answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// As text.
    pub body: String,
}

impl Reply {
    /// It says yes.
    pub const fn is_ok(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// The body, where it can be read.
    pub fn json<T: FromJson>(&self) -> Option<T> {
        T::from_json(&Value::parse(&self.body)?)
    }
}

/// Asks the service; `None` when it was not reached.
pub async fn ask(method: &str, path: &str, body: Option<&str>) -> Option<Reply> {
    ask_for(None, method, path, body).await
}

/// The same for `person`: where the browser's session is somebody else's by now, the service answers that nobody is signed in.
pub async fn ask_for(person: Option<Uuid>, method: &str, path: &str, body: Option<&str>) -> Option<Reply> {
    // Without a network the browser would log a failed request for nothing.
    if !crate::page::is_online() {
        return None;
    }
    let header = person.map(|person| ("retrace-person", person.to_string()));
    send(method, path, body, header).await
}

/// The same for a hall's kiosk, which shows who it is.
#[cfg(feature = "kiosk")]
pub async fn ask_as(authorization: &str, method: &str, path: &str, body: Option<&str>) -> Option<Reply> {
    if !crate::page::is_online() {
        return None;
    }
    send(method, path, body, Some(("authorization", authorization.to_owned()))).await
}

/// A form, as RFC 8628 has it.
#[cfg(feature = "kiosk")]
pub async fn ask_form(path: &str, body: &str) -> Option<Reply> {
    if !crate::page::is_online() {
        return None;
    }
    send("POST", path, Some(body), Some(("content-type", "application/x-www-form-urlencoded".to_owned()))).await
}

async fn send(method: &str, path: &str, body: Option<&str>, header: Option<(&str, String)>) -> Option<Reply> {
    let request = request(method, path, body).ok()?;
    if let Some((name, value)) = header {
        request.headers().set(name, &value).ok()?;
    }
    let response: Response = JsFuture::from(dom::window().fetch_with_request(&request)).await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    Some(Reply { status: response.status(), body: text.as_string()? })
}

/// Reads a file of the site; from the cache where the page works offline.
pub async fn file(address: &str) -> Option<String> {
    let response: Response = JsFuture::from(dom::window().fetch_with_str(address)).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

fn request(method: &str, path: &str, body: Option<&str>) -> Result<Request, JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE_MS)));
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    let request = Request::new_with_str_and_init(path, &init)?;
    if body.is_some() {
        request.headers().set("content-type", "application/json")?;
    }
    Ok(request)
}
