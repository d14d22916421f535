//! The headset on a hall's kiosk: its card hangs before the visitor, and whoever takes it off has left. The kiosk's own
//! program is told by events of the window alone, so that no other device carries it.

use super::Scene;
use super::panels::{Leaf, aside, button, line};
use crate::json::Value;
use crate::{dom, page, words};
use protocol::bridge::Panel;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit};

/// A headset that shows nothing for so long was taken off, milliseconds.
const OFF_MS: i32 = 15_000;

/// Whether this page belongs to a kiosk's visit.
pub fn is_here() -> bool {
    dom::document().body().is_some_and(|body| body.has_attribute("data-kiosk"))
}

/// Tells the kiosk what was pressed; nothing elsewhere.
pub fn press(word: &str) {
    if !is_here() {
        return;
    }
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(word));
    if let Ok(event) = CustomEvent::new_with_event_init_dict("retrace:kiosk-press", &init) {
        dom::window().dispatch_event(&event).ok();
    }
}

/// Hears where the kiosk stands, for as long as the page lives.
pub fn begin(scene: &Rc<Scene>) {
    let hearing = Rc::clone(scene);
    dom::on(&dom::window(), "retrace:kiosk-step", move |event| {
        let told = event.dyn_into::<CustomEvent>().ok().and_then(|event| event.detail().as_string());
        let Some(told) = told.and_then(|told| Value::parse(&told)) else { return };
        if told.get("step").text() == Some("card") && hearing.is_in_headset() {
            hearing.headset.card.replace(Some(card(&hearing, &told)));
            hearing.headset.leaf.replace(Leaf::End);
            super::renew(&hearing);
        }
    });
    // Whoever looks about is there, whatever they press.
    dom::on(&dom::window(), "retrace:stirred", |_| press("alive"));
}

/// The card as the kiosk told it: the code, until when and where it is taken up, and what was completed.
fn card(scene: &Scene, told: &Value) -> Panel {
    let lang = scene.house.page.lang;
    let text = |name: &str| told.get(name).text().unwrap_or_default().to_owned();
    let code = text("code");
    let mut lines = Vec::new();
    let title = if code.is_empty() { words::HEADSET_END.get(lang).to_owned() } else { code };
    if told.get("address").text().is_some() {
        lines.push(line(words::HEADSET_CLAIM.get(lang).to_owned()));
        lines.push(aside(text("address")));
    }
    let done = told.get("completed").list().map_or(0, <[Value]>::len);
    lines.push(line(words::headset_done(lang, done, scene.cards.heres.len())));
    let buttons = vec![button("leave", words::HEADSET_LEAVE.get(lang), true)];
    Panel { title, lines, buttons, ..Panel::default() }
}

/// The headset shows nothing: after a while nobody wears it.
pub fn hidden(scene: &Rc<Scene>) {
    if !is_here() {
        return;
    }
    let since = page::since_open_ms();
    scene.headset.hidden_ms.set(Some(since));
    let waiting = Rc::clone(scene);
    dom::after(OFF_MS, move || {
        if waiting.headset.hidden_ms.get() == Some(since) {
            crate::platform::leave_headset();
        }
    });
}
