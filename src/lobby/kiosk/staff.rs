//! The staff corner: behind a PIN, how the device stands, and what only the staff may do.

use super::deliver::{Delivered, deliver};
use super::own::{Care, Enrolment, Own};
use super::{doors, pin, words};
use crate::words::Text;
use crate::{dom, page};
use heritage::Lang;
use js_sys::Array;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlInputElement};

/// How long the hall's name is pressed, milliseconds.
const PRESSED_MS: i32 = 1_500;

/// What ends the visit, where one is under way.
pub type EndVisit = Option<fn()>;

/// The corner as it is open.
#[derive(Clone)]
struct Corner {
    own: Own,
    enrolment: Enrolment,
    end_visit: EndVisit,
    dialog: Element,
    lang: Lang,
}

/// Opens it by a long press on the hall's name.
pub fn open_by_long_press(own: &Own, enrolment: &Enrolment, end_visit: EndVisit) {
    let Some(corner) = dom::hook("kiosk-corner") else { return };
    let timer: Rc<Cell<Option<i32>>> = Rc::default();
    let (own, enrolment, begun) = (own.clone(), enrolment.clone(), Rc::clone(&timer));
    dom::on(&corner, "pointerdown", move |_| {
        let (own, enrolment) = (own.clone(), enrolment.clone());
        let open = Closure::once_into_js(move || open(&own, &enrolment, end_visit));
        let asked =
            dom::window().set_timeout_with_callback_and_timeout_and_arguments_0(open.unchecked_ref(), PRESSED_MS).ok();
        begun.set(asked);
    });
    for kind in ["pointerup", "pointercancel", "pointerleave"] {
        let timer = Rc::clone(&timer);
        dom::on(&corner, kind, move |_| {
            if let Some(timer) = timer.take() {
                dom::window().clear_timeout_with_handle(timer);
            }
        });
    }
}

/// Asks for the PIN, and opens it.
pub fn open(own: &Own, enrolment: &Enrolment, end_visit: EndVisit) {
    if dom::hook("kiosk-staff").is_some() {
        return;
    }
    let lang = page::Page::read().lang;
    let dialog = dom::dialog("kiosk-staff", words::STAFF.get(lang));
    let corner = Corner { own: own.clone(), enrolment: enrolment.clone(), end_visit, dialog: dialog.clone(), lang };
    let form = dom::element("form", "kiosk-pin-form", "");
    let label = dom::element("label", "", words::PIN.get(lang));
    let input = dom::element("input", "kiosk-pin", "");
    for (name, value) in [
        ("name", "pin"),
        ("type", "password"),
        ("inputmode", "numeric"),
        ("autocomplete", "off"),
        ("maxlength", "6"),
        ("required", ""),
    ] {
        dom::set(&input, name, value);
    }
    dom::append(&label, [input]);
    let said = dom::element("p", "kiosk-pin-said", "");
    dom::set(&said, "role", "status");
    let go = dom::element("button", "kiosk-pin-go", words::PIN_GO.get(lang));
    dom::set(&go, "class", "button button-next");
    let actions = dom::element("div", "", "");
    dom::set(&actions, "class", "sheet-actions");
    dom::append(&actions, [close(&corner), go]);
    dom::append(&form, [label, said, actions]);
    dom::append(&dialog, [form.clone()]);
    let (asked, sent) = (corner, form.clone());
    dom::on(&form, "submit", move |submitted| {
        submitted.prevent_default();
        let (corner, form) = (asked.clone(), sent.clone());
        spawn_local(async move {
            let typed = dom::value(&form, "pin").unwrap_or_default();
            match is_right(&corner, &typed).await {
                Ok(()) => {
                    form.remove();
                    show(&corner).await;
                }
                Err(why) => dom::say_at("kiosk-pin-said", &why),
            }
        });
    });
    dom::open(&dialog);
}

fn close(corner: &Corner) -> Element {
    let button = dom::button("kiosk-staff-close", words::CLOSE.get(corner.lang), "button button-plain");
    let dialog = corner.dialog.clone();
    dom::on(&button, "click", move |_| dom::close(&dialog));
    button
}

/// Whether the PIN is right; why not otherwise, in words. Each try is counted before it is looked at.
async fn is_right(corner: &Corner, typed: &str) -> Result<(), String> {
    let (lang, now_ms) = (corner.lang, page::now_ms());
    let storage = |_: JsValue| words::NO_STORAGE.get(lang).to_owned();
    let Care { locked_until_ms, failures, salt, hash, .. } = corner.own.care().await.map_err(storage)?;
    // A wait beyond the longest was begun by a clock that has been set back since.
    let wait_ms = locked_until_ms - now_ms;
    if wait_ms > 0.0 && wait_ms <= pin::wait_ms(u32::MAX) {
        return Err(words::wait(lang, (wait_ms / 1000.0).ceil() as u32));
    }
    let failures = failures.saturating_add(1);
    let until_ms = now_ms + pin::wait_ms(failures);
    let counted = corner.own.change_care(|care| (care.failures, care.locked_until_ms) = (failures, until_ms));
    counted.await.map_err(storage)?;
    if pin::read(typed).is_none_or(|typed| pin::hash(&salt, &typed) != hash) {
        return Err(words::PIN_WRONG.get(lang).to_owned());
    }
    let cleared = corner.own.change_care(|care| (care.failures, care.locked_until_ms) = (0, 0.0));
    cleared.await.map(drop).map_err(storage)
}

/// How the device stands.
async fn show(corner: &Corner) {
    let lang = corner.lang;
    let (list, said) = (dom::element("dl", "kiosk-care", ""), dom::element("p", "kiosk-staff-said", ""));
    dom::set(&said, "role", "status");
    let label = dom::element("label", "", words::VOLUME.get(lang));
    let volume = dom::element("input", "kiosk-volume", "");
    for (name, value) in [("type", "range"), ("min", "0"), ("max", "100"), ("step", "5")] {
        dom::set(&volume, name, value);
    }
    if let Some(range) = volume.dyn_ref::<HtmlInputElement>() {
        let care = corner.own.care().await.unwrap_or_default();
        range.set_value_as_number(f64::from(care.volume));
    }
    let setting = corner.own.clone();
    dom::on(&volume, "change", move |changed| {
        let range = changed.target().and_then(|range| range.dyn_into::<HtmlInputElement>().ok());
        let (own, volume) = (setting.clone(), range.map_or(100.0, |range| range.value_as_number()) as u32);
        spawn_local(async move { drop(own.change_care(|care| care.volume = volume.min(100)).await) });
    });
    dom::append(&label, [volume]);
    let actions = dom::element("div", "", "");
    dom::set(&actions, "class", "sheet-actions");
    let send = dom::button("kiosk-deliver", words::DELIVER.get(lang), "button button-next");
    let sending = corner.clone();
    dom::on(&send, "click", move |_| {
        let corner = sending.clone();
        spawn_local(async move {
            let delivered = deliver(&corner.own, &corner.enrolment, true).await;
            dom::say_at("kiosk-staff-said", told(delivered).get(corner.lang));
            rows(&corner).await;
        });
    });
    dom::append(&actions, [close(corner), withdrawing(corner)]);
    if let Some(end) = corner.end_visit {
        let button = dom::button("kiosk-end-visit", words::END_VISIT.get(lang), "button");
        dom::on(&button, "click", move |_| end());
        dom::append(&actions, [button]);
    }
    dom::append(&actions, [send]);
    dom::append(&corner.dialog, [list, label, said, actions]);
    rows(corner).await;
}

const fn told(delivered: Delivered) -> Text {
    match delivered {
        Delivered::All => words::DELIVERED,
        Delivered::Refused => words::SOME_REFUSED,
        Delivered::Later => words::NOT_DELIVERED,
        Delivered::Withdrawn => words::NOT_KNOWN,
    }
}

/// Writes how the device stands at this moment.
async fn rows(corner: &Corner) {
    let Some(list) = dom::hook("kiosk-care") else { return };
    let (lang, enrolment) = (corner.lang, &corner.enrolment);
    let care = corner.own.care().await.unwrap_or_default();
    let held = corner.own.held().await.unwrap_or_default();
    let refused = held.iter().filter(|one| one.refused).count();
    let queue = if refused > 0 {
        format!("{} ({})", held.len(), crate::words::refused(lang, refused))
    } else {
        held.len().to_string()
    };
    let never = || words::NEVER.get(lang).to_owned();
    let synced = if care.synced_ms > 0.0 { page::moment(lang, care.synced_ms) } else { never() };
    let app = page::Page::read().app;
    let version = app.trim_end_matches('/').rsplit('/').next().unwrap_or_default().chars().take(12).collect();
    let rows = [
        ("device", words::DEVICE, format!("{} {}", enrolment.name, enrolment.mark)),
        ("hall", words::HALL, enrolment.hall.get(lang).to_owned()),
        ("battery", words::BATTERY, battery(lang).await),
        ("queue", words::QUEUE, queue),
        ("synced", words::SYNCED, synced),
        ("version", words::VERSION, version),
        ("offline", words::OFFLINE, format!("{} / {}", care.kept, care.files)),
    ];
    list.set_text_content(None);
    for (hook, title, value) in rows {
        let (name, said) =
            (dom::element("dt", "", title.get(lang)), dom::element("dd", &format!("kiosk-{hook}"), &value));
        dom::append(&list, [name, said]);
    }
}

/// What the browser tells of the battery.
async fn battery(lang: Lang) -> String {
    let told = JsFuture::from(doors::battery()).await.ok().and_then(|told| told.dyn_into::<Array>().ok());
    match told {
        Some(told) => {
            let level = told.get(0).as_f64().unwrap_or_default() as u32;
            let charging = if told.get(1).is_truthy() { words::CHARGING.get(lang) } else { "" };
            format!("{level} % {charging}").trim_end().to_owned()
        }
        None => words::UNTOLD.get(lang).to_owned(),
    }
}

/// The button that withdraws the device, asked twice.
fn withdrawing(corner: &Corner) -> Element {
    let lang = corner.lang;
    let button = dom::button("kiosk-withdraw", words::WITHDRAW.get(lang), "button button-plain");
    let (corner, pressed) = (corner.clone(), button.clone());
    dom::on(&button, "click", move |_| {
        if pressed.get_attribute("data-hook").as_deref() == Some("kiosk-withdraw") {
            dom::set(&pressed, "data-hook", "kiosk-withdraw-sure");
            dom::say(&pressed, words::WITHDRAW_SURE.get(lang));
            dom::say_at("kiosk-staff-said", words::WITHDRAW_TEXT.get(lang));
            return;
        }
        let own = corner.own.clone();
        spawn_local(async move {
            super::wipe::visitor().await;
            if own.withdraw().await.is_ok() {
                doors::mark_kiosk(false);
                super::go(super::FRONT);
            }
        });
    });
    button
}
