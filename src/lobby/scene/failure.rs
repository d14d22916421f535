//! What went wrong in the scene, in words: what happened, what is safe, what to do.

use super::{Scene, stage};
use crate::words::{self, Text};
use crate::{dom, page, platform};
use js_sys::Reflect;
use protocol::bridge::Failure;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// One failure, and the file or detail that it names.
pub type Named = (Failure, String);

/// The word in `data-failure`, and what happened, before the scene could be seen or after.
const fn words_for(failure: Failure, seen: bool) -> (&'static str, Text) {
    match failure {
        Failure::NoWebgl2 => ("no-webgl2", words::NO_WEBGL2),
        Failure::ContextLost => ("context-lost", words::CONTEXT_LOST),
        Failure::AssetMissing => ("asset-missing", words::ASSET_MISSING),
        Failure::NoSound => ("no-sound", words::NO_SOUND),
        Failure::OutOfMemory => ("out-of-memory", words::OUT_OF_MEMORY),
        Failure::Broken if seen => ("broken", words::STOPPED),
        Failure::Broken => ("broken", words::BROKEN),
    }
}

/// The scene goes on without a file that it lacks, and without sound; it ends with anything else.
const fn ends(failure: Failure) -> bool {
    !matches!(failure, Failure::AssetMissing | Failure::NoSound)
}

/// What an error that nobody caught means for the scene, by its name and message; nothing where it is none of the scene's.
///
/// A browser that has no memory left says `RangeError` or "out of memory"; a program that has ended says `RuntimeError`,
/// for want of memory or for another reason, which it does not tell.
pub fn of_fault(name: &str, message: &str) -> Option<Failure> {
    let message = message.to_lowercase();
    match name {
        "RuntimeError" => Some(Failure::Broken),
        "RangeError" if message.contains("call stack") => Some(Failure::Broken),
        "RangeError" => Some(Failure::OutOfMemory),
        _ => message.contains("out of memory").then_some(Failure::OutOfMemory),
    }
}

/// Name and message of an error.
pub fn told_by(fault: &JsValue) -> (String, String) {
    let part = |name: &str| Reflect::get(fault, &name.into()).ok().and_then(|part| part.as_string());
    (part("name").unwrap_or_default(), part("message").or_else(|| fault.as_string()).unwrap_or_default())
}

/// Makes the panel's buttons live.
pub fn begin(scene: &Rc<Scene>) {
    dom::on_press("failure-reload", |_| {
        dom::window().location().reload().ok();
    });
    let noted = Rc::clone(scene);
    dom::on_press("failure-dismiss", move |_| {
        noted.failures.borrow_mut().clear();
        dom::show_at("failure", false);
    });
}

/// Hears errors that nobody caught while the scene runs: its program cannot say any more that it has ended.
pub fn watch(scene: &Rc<Scene>) {
    for (kind, holds) in [("error", "error"), ("unhandledrejection", "reason")] {
        let hearing = Rc::clone(scene);
        dom::on(&dom::window(), kind, move |event| {
            let fault = Reflect::get(&event, &holds.into()).unwrap_or_default();
            // Where the browser keeps the error to itself, the event has its message.
            let (name, message) = told_by(if fault.is_object() { &fault } else { &event });
            if let Some(failure) = of_fault(&name, &message) {
                show(&hearing, failure, format!("{name}: {message}").trim_start_matches(": "));
            }
        });
    }
}

/// The scene has come to its end.
pub fn has_ended(scene: &Scene) -> bool {
    scene.failures.borrow().iter().any(|(failure, _)| ends(*failure))
}

/// Says what went wrong, with all that went wrong before: the first failure that ends the scene keeps the word.
pub fn show(scene: &Scene, failure: Failure, what: &str) {
    if !matches!(failure, Failure::AssetMissing | Failure::NoSound) {
        // Words are read on the page: nobody is left in the dark with a headset on.
        platform::leave_headset();
    }
    let named = (failure, what.to_owned());
    if !scene.failures.borrow().contains(&named) {
        scene.failures.borrow_mut().push(named);
    }
    let (lang, seen) = (scene.house.page.lang, scene.ready.get());
    let failures = scene.failures.borrow();
    let ended = failures.iter().map(|(failure, _)| *failure).find(|failure| ends(*failure));
    let (code, mut text) = words_for(ended.unwrap_or(failure), seen);
    if ended == Some(Failure::Broken) && !seen && !page::is_online() {
        text = words::SCENE_OFFLINE;
    }
    let missing = failures.iter().filter(|(failure, _)| *failure == Failure::AssetMissing).count();
    let said = if ended.is_none() && failure == Failure::AssetMissing && missing > 1 {
        words::assets_missing(lang, missing)
    } else {
        text.get(lang).to_owned()
    };
    let whats: Vec<&str> = failures.iter().map(|(_, what)| what.as_str()).filter(|what| !what.is_empty()).collect();
    if ended.is_some() {
        stage::set_state("failed");
        dom::show_at("loading", false);
        dom::show_at("tools", false);
        dom::show_at("scene-caption", false);
        dom::show_at("enter", false);
        dom::show_at("door", !seen);
    }
    let Some(panel) = dom::hook("failure") else { return };
    dom::set(&panel, "data-failure", code);
    dom::say_at("failure-said", &said);
    dom::say_at("failure-safe", if ended.is_some() { words::NOTHING_LOST.get(lang) } else { "" });
    dom::say_at("failure-what", &whats.join(" · "));
    // Reloading cannot give a browser WebGL2.
    dom::show_at("failure-reload", ended.is_some_and(|failure| failure != Failure::NoWebgl2));
    dom::show_at("failure-dismiss", ended.is_none());
    dom::show(&panel, true);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_that_end_the_scene_are_told_from_those_that_do_not() {
        use Failure::{Broken, OutOfMemory};
        let cases = [
            // As Chromium, Firefox and Safari word them.
            ("RangeError", "WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory", Some(OutOfMemory)),
            ("RangeError", "Array buffer allocation failed", Some(OutOfMemory)),
            ("Error", "Out of memory", Some(OutOfMemory)),
            ("", "uncaught exception: out of memory", Some(OutOfMemory)),
            ("RangeError", "Maximum call stack size exceeded", Some(Broken)),
            ("RuntimeError", "unreachable", Some(Broken)),
            ("RuntimeError", "memory access out of bounds", Some(Broken)),
            ("TypeError", "x is not a function", None),
            ("Error", "Using exceptions for control flow, don't mind me. This isn't actually an error!", None),
            ("AbortError", "The play() request was interrupted", None),
        ];
        for (name, message, failure) in cases {
            assert_eq!(of_fault(name, message), failure, "{name}: {message}");
        }
    }
}
