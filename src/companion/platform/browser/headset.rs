//! Headset in the browser: `web/xr.js` calls in with each frame of a session, and the frame is drawn before it returns to
//! the browser.

use crate::platform::headset::{Frame, NUMBERS, Session};
use js_sys::{Float32Array, Object, Reflect};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;
use web_sys::WebGlFramebuffer;

#[wasm_bindgen(raw_module = "./xr.js")]
extern "C" {
    /// Gives the session's events their hearer: `asked()`, `ready()`, `began(layer)`, `frame(numbers)`, `ended()`.
    #[wasm_bindgen(js_name = attach)]
    fn attach_to(hearer: &Object);
    /// Shakes the controller of a hand: strength 0 to 1, for so many milliseconds.
    pub(crate) fn pulse(hand: usize, strength: f32, millis: f32);
}

thread_local! {
    static SESSION: Cell<Session> = const { Cell::new(Session::None) };
    static READY: Cell<bool> = const { Cell::new(false) };
    static NUMBERS_NOW: RefCell<[f32; NUMBERS]> = const { RefCell::new([0.0; NUMBERS]) };
    static LAYER: RefCell<Option<WebGlFramebuffer>> = const { RefCell::new(None) };
}

/// Begins to hear of sessions; `wake` turns the app's loop once, before the browser goes on.
pub(crate) fn attach(wake: impl Fn() + Clone + 'static) {
    let hearer = Object::new();
    let put = |name: &str, heard: JsValue| Reflect::set(&hearer, &name.into(), &heard).is_ok();
    let waking = wake.clone();
    let asked = Closure::<dyn Fn()>::new(move || {
        READY.set(false);
        SESSION.set(Session::Asked);
        waking();
    });
    let ready = Closure::<dyn Fn() -> bool>::new(|| READY.get());
    let began = Closure::<dyn Fn(Option<WebGlFramebuffer>)>::new(|layer| {
        LAYER.set(layer);
        SESSION.set(Session::Running);
    });
    let waking = wake.clone();
    let frame = Closure::<dyn Fn(Float32Array)>::new(move |numbers: Float32Array| {
        NUMBERS_NOW.with_borrow_mut(|now| numbers.copy_to(now));
        waking();
    });
    let ended = Closure::<dyn Fn()>::new(move || {
        SESSION.set(Session::None);
        LAYER.set(None);
        wake();
    });
    let all = [
        put("asked", asked.into_js_value()),
        put("ready", ready.into_js_value()),
        put("began", began.into_js_value()),
        put("frame", frame.into_js_value()),
        put("ended", ended.into_js_value()),
    ];
    if all.into_iter().all(|put| put) {
        attach_to(&hearer);
    }
}

/// The session as it stands, and its latest frame.
pub(crate) fn read(into: &mut Frame) -> Session {
    let session = SESSION.get();
    if session == Session::Running {
        *into = NUMBERS_NOW.with_borrow(Frame::of);
    }
    session
}

/// The loop runs by the session's frames now.
pub(crate) fn acknowledge() {
    READY.set(true);
}

/// What the session shows; the canvas itself where the browser says so.
pub(crate) fn layer<T>(to: impl FnOnce(Option<&WebGlFramebuffer>) -> T) -> T {
    LAYER.with_borrow(|layer| to(layer.as_ref()))
}
