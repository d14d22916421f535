//! What a scene is made of: models, floors to walk on, chains, water and light. Numbers only; drawing is the companion's.

use crate::geodesy::EastNorthUp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which state of the place is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Era {
    /// 29 May 1935.
    #[serde(rename = "1935")]
    Y1935,
    /// As it stands now.
    #[default]
    #[serde(rename = "today")]
    Today,
}

impl Era {
    /// The other state.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Y1935 => Self::Today,
            Self::Today => Self::Y1935,
        }
    }
}

/// Everything the companion needs to draw a site and to let a visitor walk in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// Models in the order in which they are loaded: first level first.
    pub models: Vec<Model>,
    /// Where a visitor can stand.
    pub floors: Vec<Floor>,
    /// The chains of a chain bridge.
    pub chains: Option<Chains>,
    /// Files under `textures/` that are there; a material whose files are not listed is drawn in its plain colour.
    #[serde(default)]
    pub textures: Vec<String>,
    /// Bytes of each model as it is fetched, by the name of its file, so that loading can say how much is left.
    #[serde(default)]
    pub model_bytes: BTreeMap<String, u64>,
    /// Height of the water's surface, metres over the origin.
    pub water_up_m: f64,
    /// Where the visitor begins.
    pub entry: EastNorthUp,
    /// Which way the visitor looks at first: bearing from north through east, degrees.
    pub entry_bearing_deg: f64,
}

/// One GLB file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// File name under `models/`.
    pub file: String,
    /// 0 is needed for the first view; higher levels follow.
    pub level: u8,
    /// Shown only in this state, if given.
    #[serde(default)]
    pub era: Option<Era>,
}

/// A convex patch of ground that can be walked on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Floor {
    /// What it is, for messages: `west-bank`, `deck`.
    pub name: String,
    /// Corners, counter-clockwise seen from above, at least three, in one plane or nearly so.
    pub corners: Vec<EastNorthUp>,
    /// Walkable only in this state, if given.
    #[serde(default)]
    pub era: Option<Era>,
    /// Walking speed here as a share of the usual; 1 on firm ground, less on boards and chains.
    #[serde(default = "whole")]
    pub pace: f64,
    /// Bare earth, on which grass may grow; else it is paved or built.
    #[serde(default)]
    pub soil: bool,
}

const fn whole() -> f64 {
    1.0
}

/// The chains, hung west to east between two heads at equal height.
///
/// Hung as a parabola: `up = -4 · sag · t · (1 − t)` for `t` from 0 (west head) to 1 (east head).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chains {
    /// Clear span between the heads, metres; centred on the origin.
    pub span_m: f64,
    /// Drop at mid-span, metres. Conjecture.
    pub sag_m: f64,
    /// Offset north of the axis and height over the deck chains of each chain, metres.
    pub lines: Vec<ChainLine>,
    /// Distance between neighbouring links' centres along a chain, metres. Derived: about 0.137.
    pub pitch_m: f64,
    /// Diameter of a link's bar, metres.
    pub bar_m: f64,
}

/// One chain's place across the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainLine {
    /// Metres north of the axis.
    pub north_m: f64,
    /// Metres over the deck chains.
    pub over_m: f64,
}

impl Model {
    /// Name of the file that visitors fetch in its place ([`crate::packed`]).
    pub fn packed_file(&self) -> String {
        format!("{}.{}", self.file.trim_end_matches(".glb"), crate::packed::EXTENSION)
    }
}

impl Scene {
    /// Bytes of all models that the first view needs, as far as their sizes are known.
    pub fn first_level_bytes(&self) -> u64 {
        let first = self.models.iter().filter(|model| model.level == 0);
        first.filter_map(|model| self.model_bytes.get(&model.file)).sum()
    }
}

impl Chains {
    /// Height of the deck chains at `east_m` from mid-span, metres over the heads: 0 at the heads, `-sag_m` in the middle.
    pub fn deck_up_m(&self, east_m: f64) -> f64 {
        let t = (east_m / self.span_m + 0.5).clamp(0.0, 1.0);
        -4.0 * self.sag_m * t * (1.0 - t)
    }
}
