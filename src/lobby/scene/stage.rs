//! The stage: the poster, the way in, loading in bytes, and the canvas.

use super::{Scene, failure, tell, tools};
use crate::{dom, platform, words};
use heritage::StationId;
use protocol::bridge::{Failure, Told};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Makes the way in live.
pub fn begin(scene: &Rc<Scene>) {
    let Some(enter) = dom::hook("enter") else { return };
    if !platform::has_webgl2() {
        failure::show(scene, Failure::NoWebgl2, "");
        return;
    }
    dom::flag(&enter, "disabled", false);
    let entering = Rc::clone(scene);
    dom::on(&enter, "click", move |_| {
        let scene = Rc::clone(&entering);
        scene.house.clone().spawn(async move |_| start(&scene).await);
    });
}

async fn start(scene: &Rc<Scene>) {
    if dom::document().get_element_by_id("scene-canvas").is_some() {
        return;
    }
    let Some(place) = dom::hook("canvas-place") else { return };
    let canvas = dom::element("canvas", "", "");
    dom::set(&canvas, "id", "scene-canvas");
    dom::set(&canvas, "tabindex", "0");
    dom::set(&canvas, "role", "application");
    dom::set(&canvas, "aria-label", words::CANVAS.get(scene.house.page.lang));
    dom::append(&place, [canvas]);
    set_state("loading");
    dom::show_at("enter", false);
    dom::show_at("loading", true);
    let counting = Rc::clone(scene);
    let counted = Closure::<dyn FnMut(f64, f64)>::new(move |loaded: f64, total: f64| {
        loading(&counting, loaded as u64, total as u64, words::PROGRAM.get(counting.house.page.lang));
    });
    let counted = counted.into_js_value();
    let started = JsFuture::from(platform::start_companion(&scene.house.page.app, counted.unchecked_ref())).await;
    if let Err(fault) = started {
        let said =
            js_sys::Reflect::get(&fault, &"message".into()).ok().and_then(|text| text.as_string()).unwrap_or_default();
        // The windowing library leaves its caller by an exception where it may not block; that is no fault.
        if !said.contains("control flow") {
            failure::show(scene, Failure::Broken, &said);
        }
    }
}

/// Shows how much has been fetched, and of what.
pub fn loading(scene: &Scene, loaded: u64, total: u64, what: &str) {
    if scene.ready.get() {
        return;
    }
    let file = what.rsplit('/').next().unwrap_or(what);
    dom::say_at("loading-said", &words::loading(scene.house.page.lang, file, loaded, total));
    let Some(bar) = dom::hook("loading-bar") else { return };
    if total >= loaded && total > 0 {
        dom::set(&bar, "max", &total.to_string());
        dom::set(&bar, "value", &loaded.to_string());
    } else {
        // Without a total the bar moves but promises nothing.
        bar.remove_attribute("value").ok();
    }
}

/// The scene can be seen and walked: the poster goes, the tools come.
pub fn ready(scene: &Rc<Scene>) {
    scene.ready.set(true);
    set_state("ready");
    dom::show_at("door", false);
    dom::show_at("tools", true);
    dom::show_at("failure", false);
    tools::tell_settings(scene);
    tell(&Told::Language { lang: scene.house.page.lang });
    if let Some(station) = asked_for().filter(|id| scene.here(id).is_some()) {
        tell(&Told::GoTo { station });
    }
    tools::show(scene);
    focus_canvas();
    platform::keep_offline(&scene.house.page.app, &scene.house.page.root, true);
}

/// The station that the address names after `#`.
pub fn asked_for() -> Option<StationId> {
    let hash = dom::window().location().hash().ok()?;
    StationId::new(hash.trim_start_matches('#')).ok()
}

/// Gives the keyboard to the scene.
pub fn focus_canvas() {
    if let Some(canvas) =
        dom::document().get_element_by_id("scene-canvas").and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
    {
        canvas.focus().ok();
    }
}

/// `closed`, `loading`, `ready` or `failed`, for the style and for tests.
pub fn set_state(state: &str) {
    if let Some(stage) = dom::hook("stage") {
        dom::set(&stage, "data-state", state);
    }
}
