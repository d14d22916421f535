//! What went wrong in the scene, in words: what happened, what is safe, what to do.

use super::{Scene, stage};
use crate::words::{self, Text};
use crate::{dom, page};
use protocol::bridge::Failure;
use std::rc::Rc;

/// The word in `data-failure`, what happened, and whether the scene goes on.
const fn words_for(failure: Failure) -> (&'static str, Text, bool) {
    match failure {
        Failure::NoWebgl2 => ("no-webgl2", words::NO_WEBGL2, false),
        Failure::ContextLost => ("context-lost", words::CONTEXT_LOST, false),
        Failure::AssetMissing => ("asset-missing", words::ASSET_MISSING, true),
        Failure::NoSound => ("no-sound", words::NO_SOUND, true),
        Failure::OutOfMemory => ("out-of-memory", words::OUT_OF_MEMORY, false),
        Failure::Broken => ("broken", words::BROKEN, false),
    }
}

/// Makes the panel's buttons live.
pub fn begin(_scene: &Rc<Scene>) {
    dom::on_press("failure-reload", |_| {
        dom::window().location().reload().ok();
    });
    dom::on_press("failure-dismiss", |_| dom::show_at("failure", false));
}

/// Says what went wrong. A context that has come back takes its message away again.
pub fn show(scene: &Scene, failure: Failure, what: &str) {
    if failure == Failure::ContextLost && what.ends_with("restored") {
        dom::show_at("failure", false);
        stage::set_state("ready");
        return;
    }
    let lang = scene.house.page.lang;
    let (code, mut text, goes_on) = words_for(failure);
    if failure == Failure::Broken && !page::is_online() {
        text = words::SCENE_OFFLINE;
    }
    if !goes_on {
        stage::set_state("failed");
        dom::show_at("loading", false);
    }
    let Some(panel) = dom::hook("failure") else { return };
    dom::set(&panel, "data-failure", code);
    dom::say_at("failure-said", text.get(lang));
    dom::say_at("failure-safe", if goes_on { "" } else { words::NOTHING_LOST.get(lang) });
    dom::say_at("failure-what", what);
    // Reloading cannot give a browser WebGL2.
    dom::show_at("failure-reload", !goes_on && failure != Failure::NoWebgl2);
    dom::show_at("failure-dismiss", goes_on);
    dom::show_at("door", !goes_on && !scene.ready.get());
    dom::show_at("enter", false);
    dom::show(&panel, true);
}
