//! Pad in the browser: `navigator.getGamepads()`, asked once a frame and only after one has been connected.

use crate::platform::pad::Pad;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The first connected gamepad of the standard layout.
pub(crate) fn read() -> Pad {
    find().unwrap_or_default()
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
