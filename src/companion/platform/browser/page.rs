//! Page in the browser: the body's data, the two custom events, the keys, and the loss of the graphics context.

use crate::content::Entry;
use crate::platform::page::OURS;
use heritage::{Lang, StationId};
use js_sys::{Function, Object, Reflect};
use protocol::bridge::Said;
use std::cell::{Cell, RefCell};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, HtmlElement, KeyboardEvent, WheelEvent, Window};

#[wasm_bindgen]
extern "C" {
    /// `CustomEvent`, bound here because every added feature of `web-sys` has the whole engine compiled again.
    #[wasm_bindgen(extends = Event)]
    type CustomEvent;
    #[wasm_bindgen(constructor, catch)]
    fn new(kind: &str, init: &Object) -> Result<CustomEvent, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn detail(this: &CustomEvent) -> JsValue;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &Closure<dyn Fn()>, millis: i32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: i32);

    #[wasm_bindgen(js_name = KeyboardEvent)]
    type KeyCopy;
    #[wasm_bindgen(constructor, catch, js_class = "KeyboardEvent")]
    fn new(kind: &str, like: &JsValue) -> Result<KeyCopy, JsValue>;
}

thread_local! {
    static TOLD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static DARK: Cell<bool> = const { Cell::new(false) };
    static WAKE: RefCell<Option<Box<dyn Fn()>>> = const { RefCell::new(None) };
    static REMINDER: Closure<dyn Fn()> = Closure::new(wake);
    static REMINDED: Cell<i32> = const { Cell::new(0) };
}

fn wake() {
    WAKE.with_borrow(|wake| {
        if let Some(wake) = wake {
            wake();
        }
    });
}

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

fn canvas() -> Option<HtmlElement> {
    document()?.get_element_by_id("scene-canvas")?.dyn_into().ok()
}

fn data(name: &str) -> Option<String> {
    document()?.body()?.get_attribute(name)
}

pub(crate) fn entry() -> Entry {
    let hash = || -> Option<String> {
        let location = Reflect::get(window()?.as_ref(), &"location".into()).ok()?;
        let hash = Reflect::get(&location, &"hash".into()).ok()?.as_string()?;
        hash.strip_prefix('#').map(str::to_owned)
    };
    let named = |text: String| StationId::new(&text).ok();
    let station = hash().and_then(named).or_else(|| data("data-station").and_then(named));
    Entry { root: data("data-root").unwrap_or_default(), station }
}

pub(crate) fn lang() -> Option<Lang> {
    let text = data("data-lang")?;
    Lang::ALL.into_iter().find(|lang| text.starts_with(lang.code()))
}

pub(crate) fn reduced_motion() -> bool {
    let asked = || window()?.match_media("(prefers-reduced-motion: reduce)").ok()?.map(|list| list.matches());
    asked().unwrap_or(false)
}

/// Everything told since last asked, as it came.
pub(crate) fn hear() -> Vec<String> {
    TOLD.with_borrow_mut(std::mem::take)
}

/// Dispatches `retrace:said` on the window.
pub(crate) fn say(said: &Said) {
    let Ok(json) = serde_json::to_string(said) else { return };
    let init = Object::new();
    let filled = Reflect::set(&init, &"detail".into(), &json.into()).is_ok();
    if let (true, Some(window), Ok(event)) = (filled, window(), CustomEvent::new("retrace:said", &init)) {
        // An error thrown by a listener is the page's own and is reported there.
        let _ = window.dispatch_event(&event);
    }
}

/// Calls `wake` whenever the page has told something, and whenever `remind` is due.
pub(crate) fn wake_with(wake: impl Fn() + 'static) {
    WAKE.set(Some(Box::new(wake)));
}

/// Whether `remind` is kept.
pub(crate) const REMINDS: bool = true;

/// Wakes the scene after `wait`, once; the last word counts.
pub(crate) fn remind(wait: Duration) {
    let millis = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
    REMINDER.with(|reminder| {
        clear_timeout(REMINDED.get());
        REMINDED.set(set_timeout(reminder, millis));
    });
}

/// Whether nobody can see the canvas: the page is hidden, or the canvas is scrolled away.
pub(crate) fn out_of_sight() -> bool {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let number = |of: &JsValue, name: &str| get(of, name).and_then(|value| value.as_f64());
    let hidden = document().and_then(|page| get(&page, "hidden")).is_some_and(|hidden| hidden.is_truthy());
    let scrolled = || -> Option<bool> {
        let canvas = canvas()?;
        let measure: Function = get(&canvas, "getBoundingClientRect")?.dyn_into().ok()?;
        let place = measure.call0(&canvas).ok()?;
        let high_px = number(window()?.as_ref(), "innerHeight")?;
        Some(number(&place, "bottom")? <= 0.0 || number(&place, "top")? >= high_px)
    };
    hidden || scrolled().unwrap_or(false)
}

/// Whether the browser has taken the graphics context away since last asked.
pub(crate) fn went_dark() -> bool {
    DARK.take()
}

/// Begins to listen to the page. Called once; the listeners live as long as the page.
pub(crate) fn listen() {
    let Some(window) = window() else { return };
    on(&window, "retrace:told", |event| {
        if let Some(json) = event.unchecked_ref::<CustomEvent>().detail().as_string() {
            TOLD.with_borrow_mut(|told| told.push(json));
            wake();
        }
    });
    on(&window, "keydown", lend_focus);
    let Some(canvas) = canvas() else { return };
    // Fingers on the canvas move the visitor, not the page; the page around it scrolls as ever.
    let _ = canvas.style().set_property("touch-action", "none");
    on(&canvas, "keydown", |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        if is_ours(key) {
            event.prevent_default();
        }
    });
    on(&canvas, "contextmenu", Event::prevent_default);
    on(&canvas, "wheel", keep_the_page_still);
    // The engine cannot take a context back, so the browser is not asked for one: the page offers to load anew.
    on(&canvas, "webglcontextlost", |_| {
        DARK.set(true);
        // No frame may come any more in which the companion could say so.
        say(&Said::Failed { failure: protocol::bridge::Failure::ContextLost, what: "webglcontextlost".into() });
    });
}

fn on(target: &web_sys::EventTarget, kind: &str, hear: impl Fn(&Event) + 'static) {
    let hear = Closure::<dyn Fn(Event)>::new(move |event: Event| hear(&event));
    let _ = target.add_event_listener_with_callback(kind, hear.as_ref().unchecked_ref());
    hear.forget();
}

/// Keys that the companion uses; all others, and all with a modifier of the browser's, are the page's.
fn is_ours(key: &KeyboardEvent) -> bool {
    let code = key.code();
    let for_the_browser = key.ctrl_key() || key.alt_key() || key.meta_key();
    OURS.contains(&code.as_str()) && !for_the_browser
}

/// While nothing has the focus, the first key of ours gives it to the canvas and is heard there.
fn lend_focus(event: &Event) {
    let Some(key) = event.dyn_ref::<KeyboardEvent>().filter(|key| is_ours(key)) else { return };
    let focused = document().and_then(|document| document.active_element());
    let nothing = focused.as_ref().is_none_or(|element: &Element| element.tag_name() == "BODY");
    let Some(canvas) = canvas().filter(|_| nothing) else { return };
    if canvas.focus().is_ok() {
        event.prevent_default();
        if let Ok(copy) = KeyCopy::new("keydown", key) {
            let _ = canvas.dispatch_event(copy.unchecked_ref());
        }
    }
}

/// The wheel comes nearer instead of scrolling only where the page cannot scroll or the canvas has the focus.
fn keep_the_page_still(event: &Event) {
    let Some(document) = document() else { return };
    let scrolls = document.document_element().is_some_and(|root| root.scroll_height() > root.client_height() + 1);
    let focused = document.active_element().is_some_and(|element| element.id() == "scene-canvas");
    if event.is_instance_of::<WheelEvent>() && (focused || !scrolls) {
        event.prevent_default();
    }
}
