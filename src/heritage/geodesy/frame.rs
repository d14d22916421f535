//! The site's own frame: metres east, north and up of its origin, to and from WGS 84.

use super::{EastNorthUp, Wgs84};

/// Semi-major axis of the WGS 84 ellipsoid, metres (NGA.STND.0036).
const AXIS_M: f64 = 6_378_137.0;
/// Its flattening.
const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// Its first eccentricity squared.
const ECCENTRICITY_2: f64 = FLATTENING * (2.0 - FLATTENING);

/// The plane that touches the ellipsoid at a site's origin.
///
/// Method: EPSG guidance note 7-2, operations 9602 and 9837. Written out and not taken from a crate: `map_3d` passes bare radians, so that datum and unit would leave the type, and `nav-types` brings `nalgebra` into the wasm for what is two rotations. Sites put their origin at height 0, so that `up` is height over the origin as in the scene.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LocalFrame {
    origin: Wgs84,
    height_m: f64,
}

impl LocalFrame {
    /// The frame whose origin is `origin`, at height 0.
    pub const fn at(origin: Wgs84) -> Self {
        Self { origin, height_m: 0.0 }
    }

    /// The frame whose origin is `height_m` over the ellipsoid at `origin`.
    pub const fn at_height(origin: Wgs84, height_m: f64) -> Self {
        Self { origin, height_m }
    }

    /// Where the frame has its origin.
    pub const fn origin(&self) -> Wgs84 {
        self.origin
    }

    /// Where a position on the ellipsoid lies in this frame.
    ///
    /// `up_m` is the earth's curvature alone: below a millimetre within 100 m, −8 cm at 1 km.
    pub fn enu_from_wgs84(&self, position: Wgs84) -> EastNorthUp {
        self.enu_from_geodetic(position, 0.0)
    }

    /// The position over which a point of this frame lies; its height is left out. Exact to under a micrometre near the ground.
    pub fn wgs84_from_enu(&self, point: EastNorthUp) -> Wgs84 {
        self.geodetic_from_enu(point).0
    }

    /// As [`Self::enu_from_wgs84`], for a position `height_m` over the ellipsoid.
    pub fn enu_from_geodetic(&self, position: Wgs84, height_m: f64) -> EastNorthUp {
        let from = geocentric_m(self.origin, self.height_m);
        let to = geocentric_m(position, height_m);
        let [x, y, z] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        let (sin_lat, cos_lat) = self.origin.lat_deg().to_radians().sin_cos();
        let (sin_lon, cos_lon) = self.origin.lon_deg().to_radians().sin_cos();
        let outward = cos_lon * x + sin_lon * y;
        EastNorthUp {
            east_m: -sin_lon * x + cos_lon * y,
            north_m: -sin_lat * outward + cos_lat * z,
            up_m: cos_lat * outward + sin_lat * z,
        }
    }

    /// As [`Self::wgs84_from_enu`], with the height over the ellipsoid in metres.
    pub fn geodetic_from_enu(&self, point: EastNorthUp) -> (Wgs84, f64) {
        let from = geocentric_m(self.origin, self.height_m);
        let (sin_lat, cos_lat) = self.origin.lat_deg().to_radians().sin_cos();
        let (sin_lon, cos_lon) = self.origin.lon_deg().to_radians().sin_cos();
        let outward = cos_lat * point.up_m - sin_lat * point.north_m;
        geodetic([
            from[0] + cos_lon * outward - sin_lon * point.east_m,
            from[1] + sin_lon * outward + cos_lon * point.east_m,
            from[2] + sin_lat * point.up_m + cos_lat * point.north_m,
        ])
    }
}

/// Radius of curvature across the meridian, metres.
fn prime_vertical_m(sin_lat: f64) -> f64 {
    AXIS_M / (1.0 - ECCENTRICITY_2 * sin_lat * sin_lat).sqrt()
}

/// Earth-centred metres.
fn geocentric_m(position: Wgs84, height_m: f64) -> [f64; 3] {
    let (sin_lat, cos_lat) = position.lat_deg().to_radians().sin_cos();
    let (sin_lon, cos_lon) = position.lon_deg().to_radians().sin_cos();
    let radius_m = prime_vertical_m(sin_lat);
    let across_m = (radius_m + height_m) * cos_lat;
    [across_m * cos_lon, across_m * sin_lon, (radius_m * (1.0 - ECCENTRICITY_2) + height_m) * sin_lat]
}

/// Back from earth-centred metres, by Bowring's method (Survey Review 23, 1976), repeated three times for points far from the ground.
fn geodetic([x, y, z]: [f64; 3]) -> (Wgs84, f64) {
    let across_m = x.hypot(y);
    let polar_axis_m = AXIS_M * (1.0 - FLATTENING);
    let second_eccentricity_2 = ECCENTRICITY_2 / (1.0 - ECCENTRICITY_2);
    let mut reduced = (z * AXIS_M).atan2(across_m * polar_axis_m);
    let mut lat = 0.0_f64;
    for _ in 0..3 {
        let (sin, cos) = reduced.sin_cos();
        lat = (z + second_eccentricity_2 * polar_axis_m * sin.powi(3))
            .atan2(across_m - ECCENTRICITY_2 * AXIS_M * cos.powi(3));
        reduced = ((1.0 - FLATTENING) * lat.sin()).atan2(lat.cos());
    }
    let (sin_lat, cos_lat) = lat.sin_cos();
    // This form of the height holds at the poles as well, where dividing by the cosine would not.
    let height_m = across_m * cos_lat + z * sin_lat - AXIS_M * (1.0 - ECCENTRICITY_2 * sin_lat * sin_lat).sqrt();
    (Wgs84::nearest_to(lat.to_degrees(), y.atan2(x).to_degrees()), height_m)
}
