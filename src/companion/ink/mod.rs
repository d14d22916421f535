//! Ink: discs, lines and numerals over the scene, sized in CSS pixels and never lit, and the mist that may lie over both.
//!
//! Each of the two sheets is cleared and laid anew by one feature, when something on it changes; `frame` draws
//! both in one call. Headless, the sheets are kept and nothing is drawn.

use bevy::prelude::*;
pub(crate) use sheet::{Sheet, Wash};

mod numerals;
mod sheet;

/// Ink of the museum's palette, as sRGB bytes: cinnabar for the next thing, iron for the rest, paper under both.
pub(crate) const CINNABAR: [u8; 3] = [0xA6, 0x26, 0x1C];
pub(crate) const IRON: [u8; 3] = [0x4A, 0x4E, 0x52];
pub(crate) const PAPER: [u8; 3] = [0xF6, 0xF1, 0xE7];

/// What is drawn over the scene, lowest first.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheets {
    /// Measured lines. Laid by `measure` alone.
    pub under: Sheet,
    /// Marks of story points. Laid by `markers` alone.
    pub over: Sheet,
    /// Mist over all of the view: linear colour and opacity. Laid by `scene` alone.
    pub veil: Vec4,
    /// Darkness before a headset's eyes. Laid by `navigation` alone.
    pub blind: Blind,
}

/// How much of a headset's view is dark.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Blind {
    /// All of it, 0 to 1.
    pub dark: f32,
    /// Its edge, which comes inwards as this goes from 0 to 1.
    pub narrow: f32,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Sheets>();
}
