//! Positions on the earth and on the site, with the datum in the type. Knows no station and no phone.

mod chinese;
mod datum;
mod frame;
mod ground;

pub use chinese::in_china;
pub use datum::{Bd09, Gcj02, OutOfRange, Wgs84};
pub use frame::LocalFrame;
pub use ground::{Course, course};

use serde::{Deserialize, Serialize};

/// Metres east, north and up from a site's origin.
///
/// In the scene: `x = east`, `y = up`, `z = −north`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EastNorthUp {
    /// Metres east.
    pub east_m: f64,
    /// Metres north.
    pub north_m: f64,
    /// Metres up.
    #[serde(default)]
    pub up_m: f64,
}

impl EastNorthUp {
    /// All three at once, metres.
    pub const fn new(east_m: f64, north_m: f64, up_m: f64) -> Self {
        Self { east_m, north_m, up_m }
    }

    /// Distance in metres along the ground plane; heights are left out, because phones report them badly.
    pub fn level_distance_m(self, other: Self) -> f64 {
        (other.east_m - self.east_m).hypot(other.north_m - self.north_m)
    }

    /// Straight distance in metres.
    pub fn distance_m(self, other: Self) -> f64 {
        self.level_distance_m(other).hypot(other.up_m - self.up_m)
    }

    /// Which way `other` lies from here: degrees from north through east, 0 up to 360.
    pub fn bearing_deg(self, other: Self) -> f64 {
        (other.east_m - self.east_m).atan2(other.north_m - self.north_m).to_degrees().rem_euclid(360.0)
    }

    /// None of the three is infinite or not a number.
    pub const fn is_finite(self) -> bool {
        self.east_m.is_finite() && self.north_m.is_finite() && self.up_m.is_finite()
    }
}

#[cfg(test)]
mod tests;
