//! Pad in the browser: `navigator.getGamepads()`, asked once a frame and only after one has been connected.

use crate::platform::pad::Pad;
use js_sys::{Array, Reflect};
use std::cell::Cell;
use std::sync::Once;
use wasm_bindgen::prelude::*;

thread_local! {
    /// A gamepad has been connected since the page was opened.
    static CONNECTED: Cell<bool> = const { Cell::new(false) };
    static LISTEN: Once = const { Once::new() };
}

/// The first connected gamepad of the standard layout.
pub(crate) fn read() -> Pad {
    LISTEN.with(|listen| listen.call_once(listen_for_one));
    if CONNECTED.get() { find().unwrap_or_default() } else { Pad::default() }
}

/// Browsers show a gamepad to a page only with its first touch, and tell the page then.
fn listen_for_one() {
    let Some(window) = web_sys::window() else { return };
    let connected = Closure::<dyn Fn()>::new(|| CONNECTED.set(true));
    let _ = window.add_event_listener_with_callback("gamepadconnected", connected.as_ref().unchecked_ref());
    connected.forget();
}

fn find() -> Option<Pad> {
    let navigator = web_sys::window()?.navigator();
    let get = Reflect::get(&navigator, &"getGamepads".into()).ok()?;
    let pads = get.dyn_ref::<js_sys::Function>()?.call0(&navigator).ok()?;
    Array::from(&pads).iter().find_map(|pad| standard(&pad))
}

fn standard(pad: &JsValue) -> Option<Pad> {
    if !pad.is_object() || field(pad, "mapping")?.as_string()? != "standard" {
        return None;
    }
    let axes = Array::from(&field(pad, "axes")?);
    let lean = |i: u32| axes.get(i).as_f64().unwrap_or(0.0) as f32;
    let buttons = Array::from(&field(pad, "buttons")?);
    let value = |i: u32| field(&buttons.get(i), "value").and_then(|value| value.as_f64()).unwrap_or(0.0) as f32;
    let pressed = |i: &u32| field(&buttons.get(*i), "pressed").is_some_and(|pressed| pressed.is_truthy());
    Some(Pad {
        left: [lean(0), lean(1)],
        right: [lean(2), lean(3)],
        triggers: [value(6), value(7)],
        buttons: (0..buttons.length().min(17)).filter(pressed).map(|i| 1 << i).sum(),
    })
}

fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined())
}
