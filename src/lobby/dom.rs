//! The page's live parts, found by `data-hook`; knows nothing of what they are for.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, EventTarget, Window};

/// The window.
pub fn window() -> Window {
    web_sys::window().expect("the lobby runs in a page")
}

/// The document.
pub fn document() -> Document {
    window().document().expect("a window has a document")
}

/// The first element with this hook.
pub fn hook(name: &str) -> Option<Element> {
    document().query_selector(&selector(name)).ok().flatten()
}

/// The first element with this hook within `place`.
pub fn hook_in(place: &Element, name: &str) -> Option<Element> {
    place.query_selector(&selector(name)).ok().flatten()
}

/// All elements with this hook within `place`, in document order.
pub fn hooks_in(place: &Element, name: &str) -> Vec<Element> {
    all(place, &selector(name))
}

/// All elements with this hook, in document order.
pub fn hooks(name: &str) -> Vec<Element> {
    document().document_element().map(|root| hooks_in(&root, name)).unwrap_or_default()
}

/// All elements within `place` that `selector` names.
pub fn all(place: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = place.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

fn selector(name: &str) -> String {
    format!("[data-hook=\"{name}\"]")
}

/// Hears events of this kind for as long as the page lives.
pub fn on(target: &EventTarget, kind: &str, heard: impl Fn(Event) + 'static) {
    // `Fn`, as what is done on hearing one event may cause the next of the same kind.
    let heard = Closure::<dyn Fn(Event)>::new(heard).into_js_value();
    // Adding a listener fails only for what is no function.
    target.add_event_listener_with_callback(kind, heard.unchecked_ref()).ok();
}

/// Hears the press of the element with this hook, wherever there is one.
pub fn on_press(name: &str, pressed: impl Fn(Event) + Clone + 'static) {
    for element in hooks(name) {
        on(&element, "click", pressed.clone());
    }
}

/// A function for JavaScript that is kept for as long as the page lives.
pub fn function(called: impl Fn(JsValue) + 'static) -> Function {
    Closure::<dyn Fn(JsValue)>::new(called).into_js_value().unchecked_into()
}

/// Calls once, after so many milliseconds.
pub fn after(wait_ms: i32, called: impl Fn() + 'static) {
    let called = function(move |_| called());
    window().set_timeout_with_callback_and_timeout_and_arguments_0(&called, wait_ms).ok();
}

/// Calls back every `period_ms`.
pub fn every(period_ms: i32, called: impl Fn(JsValue) + 'static) {
    let called = function(called);
    window().set_interval_with_callback_and_timeout_and_arguments_0(&called, period_ms).ok();
}

/// A new element with its hook and text.
pub fn element(tag: &str, hook: &str, text: &str) -> Element {
    let element = document().create_element(tag).expect("a known tag");
    if !hook.is_empty() {
        set(&element, "data-hook", hook);
    }
    element.set_text_content(Some(text));
    element
}

/// A new button that a form does not send.
pub fn button(hook: &str, text: &str, class: &str) -> Element {
    let button = element("button", hook, text);
    set(&button, "type", "button");
    set(&button, "class", class);
    button
}

/// Sets an attribute.
pub fn set(element: &Element, name: &str, value: &str) {
    // Fails only for a name that is no attribute name.
    element.set_attribute(name, value).ok();
}

/// Sets or removes an attribute that needs no value.
pub fn flag(element: &Element, name: &str, on: bool) {
    element.toggle_attribute_with_force(name, on).ok();
}

/// Writes text, unless it is there already: screen readers read a status again whenever it is written.
pub fn say(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Writes text into the element with this hook, where there is one.
pub fn say_at(name: &str, text: &str) {
    if let Some(element) = hook(name) {
        say(&element, text);
    }
}

/// Shows or hides an element.
pub fn show(element: &Element, shown: bool) {
    flag(element, "hidden", !shown);
}

/// Shows or hides the element with this hook, where there is one.
pub fn show_at(name: &str, shown: bool) {
    if let Some(element) = hook(name) {
        show(&element, shown);
    }
}

/// Replaces all children.
pub fn fill(place: &Element, children: impl IntoIterator<Item = Element>) {
    place.set_text_content(None);
    append(place, children);
}

/// Adds children at the end.
pub fn append(place: &Element, children: impl IntoIterator<Item = Element>) {
    for child in children {
        place.append_child(&child).ok();
    }
}

/// The value of the checked radio, or of the input, named `name` within a form.
pub fn value(form: &Element, name: &str) -> Option<String> {
    let radio = form.query_selector(&format!("input[name=\"{name}\"]:checked")).ok().flatten();
    let input =
        radio.or_else(|| form.query_selector(&format!("input[name=\"{name}\"]:not([type=\"radio\"])")).ok().flatten());
    input.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()).map(|input| input.value())
}

/// A new dialog at the end of the page, which goes when it is closed, by a button or by Esc.
pub fn dialog(hook: &str, title: &str) -> Element {
    let dialog = element("dialog", hook, "");
    set(&dialog, "class", "sheet");
    set(&dialog, "aria-label", title);
    append(&dialog, [element("h2", "", title)]);
    if let Some(body) = document().body() {
        append(&body, [dialog.clone()]);
    }
    let closed = dialog.clone();
    on(&dialog, "close", move |_| closed.remove());
    dialog
}

/// Opens a dialog over the page; one that is open already stays so.
pub fn open(dialog: &Element) {
    if let Some(dialog) = dialog.dyn_ref::<web_sys::HtmlDialogElement>()
        && !dialog.open()
    {
        dialog.show_modal().ok();
    }
}

/// Closes a dialog.
pub fn close(dialog: &Element) {
    if let Some(dialog) = dialog.dyn_ref::<web_sys::HtmlDialogElement>() {
        dialog.close();
    }
}
