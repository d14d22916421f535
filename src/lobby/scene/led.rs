//! A led visit seen from the page that follows it: joining by code, doing as the trainer asks, and leaving at any time.
//!
//! The service tells the whole state whenever it changes; `crate::led` says what of it is to be done. Whoever goes their own
//! way is left alone until the next command.

mod line;

use super::{Scene, card, tell};
use crate::json::Value;
use crate::led::{Deed, Followed, is_unasked};
use crate::network;
use crate::wire::{FromJson, Refusal, ToJson};
use crate::{dom, page, plaque, words};
use heritage::StationId;
use protocol::bridge::{Mode, Said, Told};
use protocol::led::{Led, Seen};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, EventSource, MessageEvent};

/// How often it is looked whether the way to the service still holds.
const LOOK_MS: i32 = 1_000;
/// After so long without a word from the service the way is broken: it gives a sign of life every ten seconds.
const SILENT_MS: f64 = 25_000.0;
/// How long the way to a station may take before whoever is not there has strayed.
const WAY_MS: f64 = 15_000.0;
/// How long there may be no room, or no service, before it is asked again.
const AGAIN_MS: f64 = 5_000.0;
/// Where the code is kept while the page is open: a reload follows on.
const KEPT: &str = "retrace-led";

/// Who follows from this page, and what.
struct Party {
    scene: Rc<Scene>,
    /// Under which the service counts this page. A reload is another.
    id: Uuid,
    /// The visit that is followed.
    code: RefCell<Option<String>>,
    /// The visit that was left, to be joined again.
    left: RefCell<Option<String>>,
    events: RefCell<Option<EventSource>>,
    /// It is being asked whether there is such a visit.
    asking: Cell<bool>,
    /// When something last came from the service, or it was last asked in vain.
    heard_ms: Cell<f64>,
    /// The state, and when it came.
    led: RefCell<Option<(Led, f64)>>,
    followed: RefCell<Followed>,
    /// When everybody was last asked to come, and whether this visitor has been there since.
    called_ms: Cell<f64>,
    was_there: Cell<bool>,
    /// At this station nothing is told unasked.
    hushed: RefCell<Option<StationId>>,
}

/// Makes it live. A code in the address is followed at once.
pub fn begin(scene: &Rc<Scene>) {
    let party = Rc::new(Party {
        scene: Rc::clone(scene),
        id: page::fresh_id(),
        code: RefCell::default(),
        left: RefCell::default(),
        events: RefCell::default(),
        asking: Cell::default(),
        heard_ms: Cell::default(),
        led: RefCell::default(),
        followed: RefCell::default(),
        called_ms: Cell::default(),
        was_there: Cell::default(),
        hushed: RefCell::default(),
    });
    let press = |hook: &str, asked: fn(&Rc<Party>)| {
        let party = Rc::clone(&party);
        dom::on_press(hook, move |_| asked(&party));
    };
    press("led-leave", |party| party.leave());
    press("led-rejoin", |party| {
        let code = party.left.borrow().clone();
        if let Some(code) = code {
            join(party, code);
        }
    });
    press("led-back", |party| party.come_back());
    press("led-dismiss", |_| dom::show_at("led", false));
    if let Some(form) = dom::hook("led-join") {
        let (party, sent) = (Rc::clone(&party), form.clone());
        dom::on(&form, "submit", move |submitted| {
            submitted.prevent_default();
            match dom::value(&sent, "led").as_deref().and_then(plaque::code) {
                Some(code) => join(&party, code),
                None => dom::say_at("led-join-said", words::LED_NO_CODE.get(party.scene.house.page.lang)),
            }
        });
        // Without this page's scripts there is nothing that would follow.
        dom::show_at("led-door", true);
    }
    let opened = Rc::clone(&party);
    dom::on(&dom::window(), "hashchange", move |_| {
        if let Some(code) = named() {
            join(&opened, code);
        }
    });
    let hearing = Rc::clone(&party);
    dom::on(&dom::window(), "retrace:said", move |said| {
        let detail = said.dyn_into::<CustomEvent>().ok().and_then(|said| said.detail().as_string());
        if let Some(said) = detail.and_then(|json| Said::from_json(&Value::parse(&json)?)) {
            // After the page itself has heard.
            let party = Rc::clone(&hearing);
            party.scene.house.clone().spawn(async move |_| party.hear(&said));
        }
    });
    let looking = Rc::clone(&party);
    dom::every(LOOK_MS, move |_| looking.look());
    if let Some(code) = named().or_else(kept) {
        join(&party, code);
    }
}

/// The code that the address names after `#led=`.
fn named() -> Option<String> {
    plaque::code(dom::window().location().hash().ok()?.strip_prefix("#led=")?)
}

fn kept() -> Option<String> {
    dom::window().session_storage().ok()??.get_item(KEPT).ok()?
}

fn keep(code: Option<&str>) {
    if let Ok(Some(storage)) = dom::window().session_storage() {
        // Where the browser keeps nothing, a reload begins anew.
        match code {
            Some(code) => storage.set_item(KEPT, code).ok(),
            None => storage.remove_item(KEPT).ok(),
        };
    }
}

/// Asks whether there is such a visit and room in it, and follows it.
fn join(party: &Rc<Party>, code: String) {
    if party.code.borrow().as_ref() != Some(&code) {
        party.close();
        party.followed.take();
        party.led.take();
    }
    party.code.replace(Some(code.clone()));
    if party.asking.replace(true) {
        return;
    }
    let party = Rc::clone(party);
    party.scene.house.clone().spawn(async move |house| {
        let reply = network::ask("GET", &format!("/v1/led/{code}?as={}", party.id), None).await;
        party.asking.set(false);
        party.heard_ms.set(page::since_open_ms());
        if party.code.borrow().as_ref() != Some(&code) {
            return;
        }
        let lang = house.page.lang;
        match reply {
            None => party.say(words::LED_LOST),
            Some(reply) if reply.status == 409 || reply.status >= 500 => {
                let said = reply.json::<Refusal>().map(|refusal| refusal.words.get(lang).to_owned());
                party.say_text(&said.unwrap_or_else(|| words::LED_LOST.get(lang).to_owned()));
            }
            Some(reply) => match reply.json::<Led>() {
                Some(led) if led.site != party.scene.site.id => {
                    keep(Some(&code));
                    let place = house.page.at(&format!("{}/scene/#led={code}", led.site));
                    dom::window().location().set_href(&place).ok();
                }
                Some(led) => {
                    keep(Some(&code));
                    party.take(led);
                    if party.code.borrow().is_some() {
                        listen(&party, &code);
                    }
                }
                None => {
                    party.code.take();
                    keep(None);
                    let said = reply.json::<Refusal>().map(|refusal| refusal.words.get(lang).to_owned());
                    let said = said.unwrap_or_else(|| words::LED_NO_CODE.get(lang).to_owned());
                    dom::say_at("led-join-said", &said);
                    party.say_text(&said);
                }
            },
        }
    });
}

/// Opens the connection. The browser comes back by itself after a break, unless it is answered with something else.
fn listen(party: &Rc<Party>, code: &str) {
    party.close();
    let Ok(events) = EventSource::new(&format!("/v1/led/{code}/events?as={}", party.id)) else { return };
    let on = |kind: &str, heard: fn(&Party, &JsValue)| {
        let (party, own) = (Rc::clone(party), events.clone());
        dom::on(&events, kind, move |event| {
            // One that was replaced has nothing to say any more.
            if party.events.borrow().as_ref() == Some(&own) {
                heard(&party, &event);
            }
        });
    };
    on("open", |party, _| party.heard());
    on("beat", |party, _| party.heard());
    on("state", |party, event| {
        party.heard();
        let data = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
        if let Some(led) = data.and_then(|data| Led::from_json(&Value::parse(&data)?)) {
            party.confirm(led.revision);
            party.take(led);
        }
    });
    on("error", |party, _| {
        party.say(words::LED_LOST);
        let over = party.events.borrow().as_ref().is_some_and(|it| it.ready_state() == EventSource::CLOSED);
        if over {
            party.close();
        }
    });
    party.heard_ms.set(page::since_open_ms());
    party.events.replace(Some(events));
}

impl Party {
    fn close(&self) {
        if let Some(events) = self.events.take() {
            events.close();
        }
    }

    fn heard(&self) {
        self.heard_ms.set(page::since_open_ms());
    }

    /// Once a second: comes back where the way is broken, and sees whether the visitor has strayed.
    fn look(self: &Rc<Self>) {
        let Some(code) = self.code.borrow().clone() else { return };
        let silent_ms = page::since_open_ms() - self.heard_ms.get();
        let is_open = self.events.borrow().is_some();
        if is_open && silent_ms > SILENT_MS {
            self.close();
            self.say(words::LED_LOST);
            join(self, code);
        } else if !is_open && silent_ms > AGAIN_MS {
            join(self, code);
        } else if is_open {
            self.show_strayed();
        }
    }

    /// The trainer is told that it has come.
    fn confirm(&self, revision: u64) {
        let Some(code) = self.code.borrow().clone() else { return };
        let body = Seen { follower: self.id, revision }.to_json().to_line();
        self.scene.house.spawn(async move |_| {
            // Where it does not arrive, the next one says as much.
            network::ask("POST", &format!("/v1/led/{code}/seen"), Some(&body)).await;
        });
    }

    /// A state has come.
    fn take(&self, led: Led) {
        if led.finished {
            self.close();
            self.code.take();
            keep(None);
            self.led.take();
            self.say(words::LED_OVER);
            return;
        }
        self.led.replace(Some((led, page::since_open_ms())));
        if self.scene.ready.get() {
            self.obey(Followed::obey);
        } else {
            self.show();
        }
    }

    /// Does what is to be done of the state that stands.
    fn obey(&self, which: fn(&mut Followed, &Led, f64) -> Vec<Deed>) {
        let deeds = {
            let led = self.led.borrow();
            let Some((led, came_ms)) = led.as_ref() else { return };
            let late_secs = (page::since_open_ms() - came_ms) / 1000.0;
            which(&mut self.followed.borrow_mut(), led, late_secs)
        };
        for deed in deeds {
            self.act(deed);
        }
        self.show();
    }

    fn act(&self, deed: Deed) {
        let scene = &self.scene;
        match deed {
            Deed::Come(station) => {
                // A guide that goes on by itself would lead away from everybody.
                if scene.mode.get() == Mode::Guided {
                    tell(&Told::Move { mode: Mode::Foot });
                }
                let is_there = scene.arrived.borrow().as_ref() == Some(&station);
                self.called_ms.set(page::since_open_ms());
                self.was_there.set(is_there);
                self.hushed.replace((!is_there).then(|| station.clone()));
                tell(&Told::GoTo { station });
            }
            Deed::Play(point, at_secs) => {
                self.hushed.take();
                tell(&Told::Play { point, from_secs: Some(at_secs) });
            }
            Deed::Hold => tell(&Told::Pause),
            Deed::Look(point) => {
                tell(&Told::Look { point: point.clone() });
                if let Some(station) = scene.site.telling(&point).map(|station| station.id.clone()) {
                    // Shown in the card; the page behind it, and with it the picture, stays where it is.
                    let top_px = dom::window().scroll_y().unwrap_or_default();
                    card::open(scene, &station, Some(&point));
                    dom::window().scroll_to_with_x_and_y(0.0, top_px);
                }
            }
        }
    }

    fn come_back(&self) {
        self.obey(Followed::come_back);
    }

    fn leave(&self) {
        self.close();
        self.left.replace(self.code.take());
        keep(None);
        self.followed.take();
        self.led.take();
        self.say(words::LED_LEFT);
    }

    /// What the scene says, after the page has heard it.
    fn hear(&self, said: &Said) {
        match said {
            Said::Ready => self.obey(Followed::obey),
            Said::Arrived { .. } | Said::Departed { .. } => self.show_strayed(),
            Said::Narrating { point, playing: true, ended: false, .. } => {
                let at = self.scene.site.telling(point).map(|station| &station.id);
                let is_hushed = at.is_some() && self.hushed.borrow().as_ref() == at;
                let led = self.led.borrow();
                if is_hushed && led.as_ref().is_some_and(|(led, _)| is_unasked(led, point)) {
                    self.hushed.take();
                    tell(&Told::Pause);
                }
            }
            _ => {}
        }
    }
}
