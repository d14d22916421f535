//! Settings: what the visitor has chosen. The page keeps them; the scene obeys them.

use bevy::prelude::*;
use heritage::{Lang, scene::Era};
use protocol::bridge::{Mode, Tier};

/// The choices in force. Features read them and react to change; `bridge` and key bindings write them.
#[derive(Resource, Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Settings {
    /// Language of the narration.
    pub lang: Lang,
    /// Way of moving.
    pub mode: Mode,
    /// State of the place that is shown.
    pub era: Era,
    /// Evidence lens on.
    pub lens: bool,
    /// Measuring tool on.
    pub measuring: bool,
    /// Quality tier asked for by the visitor; `None` lets `quality` measure.
    pub tier_asked: Option<Tier>,
    /// Cuts instead of eased travel.
    pub reduced_motion: bool,
    /// In a headset: steps by pointing and turns in steps alone, and on the bridge along its middle.
    pub steady: bool,
    /// Where the room is seen through: the place lies there as a model, and not in its own size.
    pub model: bool,
    /// Loudness of the voice, 0–1.
    pub voice_volume: f32,
    /// Loudness of river, wind and chains, 0–1.
    pub ambience_volume: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lang: Lang::default(),
            mode: Mode::default(),
            era: Era::default(),
            lens: false,
            measuring: false,
            tier_asked: None,
            reduced_motion: false,
            steady: true,
            model: true,
            voice_volume: 1.0,
            ambience_volume: 0.6,
        }
    }
}

/// The tier in force; written by `quality` alone.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TierInForce(pub Tier);

/// Whether frames are being timed to find the tier; written by `quality` alone.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measuring(pub bool);

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Settings>().init_resource::<TierInForce>().init_resource::<Measuring>();
}
