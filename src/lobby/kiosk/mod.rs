//! A hall's shared device: attract view, language, visit, a card with a code, and nothing left of whoever was there.
//!
//! Steps are decided in [`steps`]; what is kept apart from visitors stands in [`own`]. A visit's state lies where every
//! visitor's does and is cleared away as a whole.

mod card;
mod code;
mod deliver;
mod doors;
mod enrol;
mod front;
mod held;
mod looking;
mod own;
mod pair;
mod pin;
mod qr;
mod signals;
mod staff;
mod steps;
mod visit;
mod wipe;
mod words;

use crate::page::Page;
use crate::{dom, page};
use std::cell::Cell;
use steps::Step;
pub use visit::accompany;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The kiosk's own page.
const FRONT: &str = "/kiosk/";
/// Pages of the hall that a visit may open.
const OPEN: [&str; 2] = ["scene", "station"];

thread_local! {
    static ON: Cell<bool> = const { Cell::new(false) };
    static STEP: Cell<Step> = const { Cell::new(Step::Attract) };
    static LAST_SIGN_MS: Cell<f64> = const { Cell::new(0.0) };
}

/// Whether this device is a hall's.
pub fn is_on() -> bool {
    ON.get()
}

/// Where the kiosk stands.
fn step() -> Step {
    STEP.get()
}

fn stand_at(step: Step) {
    STEP.set(step);
    if let Some(body) = dom::document().body() {
        dom::set(&body, "data-kiosk", step.code());
    }
}

/// Somebody is there: a press, a key, a turn of the head, a narration that plays.
pub fn sign_of_life() {
    LAST_SIGN_MS.set(page::since_open_ms());
}

/// How long nothing has been heard of anybody, milliseconds.
fn quiet_ms() -> f64 {
    page::since_open_ms() - LAST_SIGN_MS.get()
}

/// Takes every press and key of this page as a sign of life.
fn watch() {
    sign_of_life();
    for kind in ["pointerdown", "pointermove", "keydown", "wheel", "touchmove"] {
        dom::on(&dom::window(), kind, |_| sign_of_life());
    }
    // A page that comes back from the browser's memory is of a visitor who has gone.
    dom::on(&dom::window(), "pageshow", |shown| {
        if js_sys::Reflect::get(&shown, &"persisted".into()).is_ok_and(|kept| kept.is_truthy()) {
            dom::window().location().reload().ok();
        }
    });
}

/// Whether the page goes on as any other does: on a kiosk only a page of its hall within a visit. What an earlier visitor
/// may have left is cleared away before anything of it is read.
pub async fn admits(opened: &Page) -> bool {
    let is_front = opened.name == "kiosk";
    let Ok(own) = own::Own::open().await else {
        if is_front {
            front::say(words::NO_STORAGE);
        }
        return !is_front;
    };
    let enrolment = own.enrolment().await.ok().flatten();
    let Some(enrolment) = enrolment else {
        if is_front {
            enrol::begin(&own);
        }
        return !is_front;
    };
    ON.set(true);
    let mut current = own.current().await.ok().flatten();
    if current.take_if(|current| current.is_stale(page::now_ms())).is_some() {
        own.forget().await.ok();
    }
    let step = current.as_ref().map_or(Step::Attract, own::Current::step);
    if step != Step::Visit {
        wipe::visitor().await;
    }
    watch();
    stand_at(step);
    match (is_front, current) {
        (false, Some(current)) if step == Step::Visit => {
            let is_open = opened.site == enrolment.site && OPEN.contains(&opened.name.as_str());
            if !is_open {
                go(&visit::address(&current, &enrolment));
            }
            is_open
        }
        (true, Some(current)) if step == Step::Visit => {
            go(&visit::address(&current, &enrolment));
            false
        }
        (false, _) => {
            go(FRONT);
            false
        }
        (true, current) => {
            front::begin(own, enrolment, current);
            false
        }
    }
}

/// Opens a page in place of this one, so that there is no way back to it.
fn go(address: &str) {
    dom::window().location().replace(address).ok();
}

/// Random bytes.
fn chance() -> [u8; 32] {
    let mut chance = [0; 32];
    if let Ok(crypto) = dom::window().crypto() {
        // Fails only for a longer array than this.
        crypto.get_random_values_with_u8_array(&mut chance).ok();
    }
    chance
}

fn focus(hook: &str) {
    if let Some(element) = dom::hook(hook).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.focus().ok();
    }
}
