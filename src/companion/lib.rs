//! The companion: what the visitor carries through the site, drawn and heard.
//!
//! One plugin per feature; features import the shared vocabulary (`content`, `settings`, `visit`, `platform`) and
//! never one another.
#![expect(clippy::needless_pass_by_value, reason = "systems take parameters by value")]

use bevy::prelude::*;

mod afloat;
mod boards;
mod bridge;
mod chains;
mod content;
mod engine;
mod frame;
mod grass;
mod headset;
mod ink;
mod lens;
mod markers;
mod measure;
mod narration;
mod navigation;
mod pace;
pub mod platform;
mod quality;
mod scene;
mod screen;
mod settings;
mod sight;
mod sky;
mod stations;
mod surface;
mod visit;
#[cfg(test)]
mod visit_tests;
mod water;

pub use content::source;
pub use engine::Engine;

/// The order of work within one frame. Features join a step; only this file orders them.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    /// Read the world outside: page, keys, pointers, clocks.
    Sense,
    /// Find what is pointed at.
    Point,
    /// Settle what that means for the visit.
    Decide,
    /// Move the visitor and the camera.
    Move,
    /// Make it seen and heard.
    Show,
}

/// Everything the companion does, apart from opening a window.
pub struct Companion;

impl Plugin for Companion {
    fn build(&self, app: &mut App) {
        app.configure_sets(Update, (Step::Sense, Step::Point, Step::Decide, Step::Move, Step::Show).chain());
        app.add_plugins((
            content::plugin,
            settings::plugin,
            visit::plugin,
            surface::plugin,
            screen::plugin,
            ink::plugin,
            afloat::plugin,
            headset::plugin,
            bridge::plugin,
        ));
        app.add_plugins((
            scene::plugin,
            grass::plugin,
            chains::plugin,
            water::plugin,
            sky::plugin,
            lens::plugin,
            quality::plugin,
        ));
        app.add_plugins((pace::plugin, sight::plugin, frame::plugin));
        app.add_plugins((navigation::plugin, stations::plugin, markers::plugin, narration::plugin, measure::plugin));
        app.add_plugins(boards::plugin);
    }
}
