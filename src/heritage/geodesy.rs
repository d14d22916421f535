//! Positions on the earth and on the site, with the datum in the type.

use serde::{Deserialize, Serialize};

/// A position on the WGS 84 ellipsoid, degrees; what satellites and this project's data use.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wgs84 {
    /// Latitude, degrees north, −90 to 90.
    pub lat_deg: f64,
    /// Longitude, degrees east, −180 to 180.
    pub lon_deg: f64,
}

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
