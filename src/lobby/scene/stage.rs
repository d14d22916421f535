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
    if platform::scene_canvas().is_none() {
        failure::show(scene, Failure::NoWebgl2, "");
        return;
    }
    let entering = Rc::clone(scene);
    let open = move || {
        let scene = Rc::clone(&entering);
        scene.house.clone().spawn(async move |_| start(&scene).await);
    };
    // Somebody knocked before the page was live (boot.js).
    if enter.has_attribute("data-asked") {
        open();
    }
    let opening = Rc::new(open);
    let pressed = Rc::clone(&opening);
    dom::on(&enter, "click", move |_| pressed());
    super::headset::open_on_kiosk(scene, move || opening());
}

async fn start(scene: &Rc<Scene>) {
    if dom::document().get_element_by_id("scene-canvas").is_some() {
        return;
    }
    let Some(place) = dom::hook("canvas-place") else { return };
    let Some(canvas) = platform::scene_canvas() else {
        failure::show(scene, Failure::NoWebgl2, "");
        return;
    };
    dom::set(&canvas, "id", "scene-canvas");
    dom::set(&canvas, "tabindex", "0");
    dom::set(&canvas, "role", "application");
    dom::set(&canvas, "aria-label", words::CANVAS.get(scene.house.page.lang));
    dom::append(&place, [canvas]);
    failure::watch(scene);
    set_state("loading");
    dom::show_at("enter", false);
    dom::show_at("loading", true);
    let counting = Rc::clone(scene);
    let counted = Closure::<dyn FnMut(f64, f64)>::new(move |loaded: f64, total: f64| {
        // Sent compressed, counted as it comes out: only the share of it tells how much is left.
        let total = if total > 0.0 { total } else { program_bytes() };
        let share = if total > 0.0 { (loaded / total).min(1.0) } else { 0.0 };
        show_loading(&words::loading_program(counting.house.page.lang, share), share);
    });
    let counted = counted.into_js_value();
    let first = told_by_page("data-first").unwrap_or_default();
    let starting = platform::start_companion(&scene.house.page.app, &first, counted.unchecked_ref());
    let started = JsFuture::from(starting).await;
    if let Err(fault) = started {
        let (name, said) = failure::told_by(&fault);
        // The windowing library leaves its caller by an exception where it may not block; that is no fault.
        if !said.contains("control flow") {
            failure::show(scene, failure::of_fault(&name, &said).unwrap_or(Failure::Broken), &said);
        }
    }
}

/// Shows how much has been fetched, and of what.
pub fn loading(scene: &Scene, loaded: u64, total: u64, what: &str) {
    if scene.ready.get() {
        return;
    }
    let (done, all) = words::parts_of(what).unwrap_or_default();
    let share = if all > 0 { f64::from(done) / f64::from(all) } else { 0.0 };
    show_loading(&words::loading(scene.house.page.lang, what, loaded, total), share);
}

/// How large the scene's program is once it is unpacked, as the page says; 0 where it does not.
fn program_bytes() -> f64 {
    told_by_page("data-program-bytes").and_then(|bytes| bytes.parse::<u32>().ok()).map_or(0.0, f64::from)
}

fn told_by_page(name: &str) -> Option<String> {
    dom::hook("stage")?.get_attribute(name)
}

fn show_loading(said: &str, share: f64) {
    dom::say_at("loading-said", said);
    let Some(bar) = dom::hook("loading-bar") else { return };
    if share > 0.0 {
        dom::set(&bar, "value", &words::figure(share, 3));
    } else {
        // Without a share the bar moves but promises nothing.
        bar.remove_attribute("value").ok();
    }
}

/// The scene can be seen and walked: the poster goes, the tools come.
pub fn ready(scene: &Rc<Scene>) {
    if failure::has_ended(scene) {
        return;
    }
    scene.ready.set(true);
    set_state("ready");
    dom::show_at("door", false);
    dom::show_at("tools", true);
    tools::tell_settings(scene);
    if let Some(mode) = scene.settings.get().mode {
        tell(&Told::Move { mode });
    }
    if let Some(era) = scene.settings.get().era {
        tell(&Told::ShowEra { era });
    }
    tell(&Told::Language { lang: scene.house.page.lang });
    if let Some(station) = asked_for().filter(|id| scene.here(id).is_some()) {
        tell(&Told::GoTo { station });
    }
    tools::show(scene);
    focus_canvas();
    super::headset::offer(scene);
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
