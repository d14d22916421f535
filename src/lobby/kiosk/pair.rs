//! Pairing the kiosk with a learner's phone (RFC 8628): from then on what is done is sent as theirs at once. What was not
//! sent when the session ends waits under the visit's code like anybody's.

use super::own::{Enrolment, Own};
use super::{card, words};
use crate::db::Fault;
use crate::house::Shared;
use crate::json::Value;
use crate::queue::{self, LARGEST_BATCH, Next};
use crate::wire::{FromJson, field};
use crate::words::Text;
use crate::{dom, network, page, sender};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const TOKEN: &str = "/v1/device/token";
/// How often it is looked whether anything is to be sent.
const OFTEN_MS: i32 = 10_000;
/// A session ends after three minutes without a sign of life; one is given so often.
const ALIVE_MS: f64 = 60_000.0;

/// What the kiosk was given to show.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    device_code: String,
    user_code: String,
    address: String,
    interval_secs: u32,
}

impl FromJson for Asked {
    fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            device_code: field(value, "device_code")?,
            user_code: field(value, "user_code")?,
            address: field(value, "verification_uri_complete")?,
            interval_secs: field(value, "interval")?,
        })
    }
}

/// What the kiosk hears when it asks again.
#[derive(Clone, Debug, PartialEq)]
enum Heard {
    /// The learner accepts.
    Begun(String),
    /// Nobody has decided yet.
    Waiting,
    /// It asks too often.
    TooSoon,
    /// It comes to nothing.
    Over,
}

fn heard(status: u16, body: &str) -> Heard {
    let told = Value::parse(body).unwrap_or(Value::Null);
    match told.get("access_token").text().filter(|_| status == 200) {
        Some(token) => Heard::Begun(token.to_owned()),
        None => match told.get("error").text() {
            Some("authorization_pending") => Heard::Waiting,
            Some("slow_down") => Heard::TooSoon,
            // The service is away for a moment; the code runs out by itself.
            None if status >= 500 => Heard::Waiting,
            _ => Heard::Over,
        },
    }
}

/// A form of these fields, none of which needs a percent sign but the grant.
fn form(enrolment: &Enrolment, more: &str) -> String {
    format!("client_id={}&client_secret={}{more}", enrolment.kiosk, enrolment.key)
}

/// What a session sends with.
fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// Shows the code that the learner types or scans, and waits for their decision. `begun` hears of the session.
pub fn ask(own: &Own, enrolment: &Enrolment, begun: impl Fn() + 'static) {
    if dom::hook("kiosk-pair-dialog").is_some() {
        return;
    }
    let lang = page::Page::read().lang;
    let dialog = dom::dialog("kiosk-pair-dialog", words::PAIR.get(lang));
    let said = dom::element("p", "kiosk-pair-said", words::PAIR_ASKING.get(lang));
    dom::set(&said, "role", "status");
    let actions = dom::element("div", "", "");
    dom::set(&actions, "class", "sheet-actions");
    let close = dom::button("kiosk-pair-close", words::CLOSE.get(lang), "button button-plain");
    let closing = dialog.clone();
    dom::on(&close, "click", move |_| dom::close(&closing));
    dom::append(&actions, [close]);
    dom::append(&dialog, [said.clone(), actions]);
    dom::open(&dialog);
    let (own, enrolment) = (own.clone(), enrolment.clone());
    spawn_local(async move {
        let said_at_end = match shown(&own, &enrolment, &dialog, &said).await {
            Ok(true) => {
                dom::close(&dialog);
                begun();
                return;
            }
            Ok(false) => return,
            Err(why) => why,
        };
        dom::say(&said, said_at_end.get(lang));
    });
}

/// Whether a session began; not where the dialog was closed meanwhile.
async fn shown(own: &Own, enrolment: &Enrolment, dialog: &Element, said: &Element) -> Result<bool, Text> {
    let lang = page::Page::read().lang;
    let asked = network::ask_form("/v1/device/code", &form(enrolment, "")).await.ok_or(words::PAIR_OFFLINE)?;
    let asked: Asked = asked.json().filter(|_| asked.is_ok()).ok_or(words::PAIR_OFFLINE)?;
    let code = dom::element("p", "kiosk-pair-code", &asked.user_code);
    dom::set(&code, "class", "kiosk-code");
    for part in [Some(code), card::drawn(&asked.address, lang)].into_iter().flatten() {
        dialog.insert_before(&part, Some(said)).ok();
    }
    dom::say(said, words::PAIR_HOW.get(lang));
    let poll = form(enrolment, &format!("&device_code={}&grant_type={}", asked.device_code, GRANT.replace(':', "%3A")));
    let mut interval_secs = asked.interval_secs;
    loop {
        page::pause(f64::from(interval_secs) * 1000.0).await;
        if !dialog.is_connected() {
            return Ok(false);
        }
        let Some(reply) = network::ask_form(TOKEN, &poll).await else { continue };
        match heard(reply.status, &reply.body) {
            Heard::Begun(token) => {
                let kept = own.change_current(|current| current.token = Some(token)).await;
                return kept.map(|()| true).map_err(|_| words::NO_STORAGE);
            }
            Heard::Waiting => {}
            Heard::TooSoon => interval_secs += 5,
            Heard::Over => return Err(words::PAIR_OVER),
        }
    }
}

/// Sends what was done as the learner's, for as long as the session lasts.
pub fn go_on(house: &Shared, own: &Own) {
    let alive_ms = Rc::new(Cell::new(page::since_open_ms()));
    let (house, own) = (Rc::clone(house), own.clone());
    dom::every(OFTEN_MS, move |_| {
        let (house, own, alive_ms) = (Rc::clone(&house), own.clone(), Rc::clone(&alive_ms));
        spawn_local(async move {
            if send(&house, &own).await.unwrap_or_default() {
                alive_ms.set(page::since_open_ms());
            } else if super::quiet_ms() < ALIVE_MS && page::since_open_ms() - alive_ms.get() > ALIVE_MS {
                alive_ms.set(page::since_open_ms());
                stay(&own).await.ok();
            }
        });
    });
}

/// Sends what waits, one after another; whether anything was sent.
pub async fn send(house: &Shared, own: &Own) -> Result<bool, Fault> {
    let ended = Rc::new(Cell::new(Ok(false)));
    let (house, own, result) = (Rc::clone(house), own.clone(), Rc::clone(&ended));
    sender::alone("retrace-kiosk-pair", async move { result.set(send_here(&house, &own).await) }).await;
    ended.replace(Ok(false))
}

async fn send_here(house: &Shared, own: &Own) -> Result<bool, Fault> {
    let Some(token) = own.current().await?.and_then(|current| current.token) else { return Ok(false) };
    let mut any = false;
    loop {
        let entries = house.store.entries().await?;
        let events: Vec<_> = entries.into_iter().take(LARGEST_BATCH).map(|entry| entry.event).collect();
        if events.is_empty() {
            return Ok(any);
        }
        let body = queue::body(&events, page::now_ms() as i64);
        let reply = network::ask_as(&bearer(&token), "POST", "/v1/events", Some(&body)).await;
        let seen = reply.as_ref().map(|reply| (reply.status, reply.body.as_str()));
        let (fates, next) = queue::judge(&events, seen);
        house.store.settle(&fates).await?;
        let sent = fates.iter().filter(|fate| matches!(fate, queue::Fate::Kept { .. })).count();
        own.change_current(|current| current.sent += sent).await?;
        house.announce();
        any |= !fates.is_empty();
        match next {
            Next::More => {}
            Next::SignIn => {
                // The session is over: from now on the visit is claimed by its code.
                own.change_current(|current| current.token = None).await?;
                return Ok(any);
            }
            Next::Fewer | Next::Later => return Ok(any),
        }
    }
}

async fn stay(own: &Own) -> Result<(), Fault> {
    if let Some(token) = own.current().await?.and_then(|current| current.token)
        && let Some(reply) = network::ask_as(&bearer(&token), "GET", TOKEN, None).await
        && reply.status == 401
    {
        own.change_current(|current| current.token = None).await?;
    }
    Ok(())
}

/// Ends the session, if there is one.
pub async fn end(token: Option<&str>) {
    if let Some(token) = token {
        network::ask_as(&bearer(token), "DELETE", TOKEN, None).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_of_the_standard_has_its_meaning() {
        let error = |word: &str| format!("{{\"error\":\"{word}\"}}");
        assert_eq!(heard(200, "{\"access_token\":\"ab\"}"), Heard::Begun("ab".to_owned()));
        assert_eq!(heard(400, &error("authorization_pending")), Heard::Waiting);
        assert_eq!(heard(400, &error("slow_down")), Heard::TooSoon);
        for word in ["access_denied", "expired_token", "invalid_grant"] {
            assert_eq!(heard(400, &error(word)), Heard::Over, "{word}");
        }
        assert_eq!(heard(503, "{}"), Heard::Waiting);
        assert_eq!(heard(400, "{\"access_token\":\"ab\"}"), Heard::Over);
    }

    #[test]
    fn what_is_to_be_shown_is_read_from_the_reply() {
        let body = "{\"device_code\":\"d\",\"user_code\":\"BCDF-GHJK\",\"verification_uri_complete\":\"https://x/pair\",\"interval\":5}";
        let asked = Asked::from_json(&Value::parse(body).expect("JSON")).expect("whole");
        assert_eq!((asked.interval_secs, asked.address.as_str()), (5, "https://x/pair"));
    }
}
