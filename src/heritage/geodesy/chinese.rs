//! GCJ-02 and BD-09: the shifts that mainland maps apply, both ways.
//!
//! The state's own algorithm is not published; these are the formulas in general use, which reproduce published map positions to about a metre.

use super::{Bd09, Gcj02, Wgs84};
use std::f64::consts::PI;

/// Semi-major axis of the Krasovsky 1940 ellipsoid, metres, which the shift is reckoned on.
const AXIS_M: f64 = 6_378_245.0;
/// Its first eccentricity squared.
const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;

/// Steps of the inverse. Each takes the error down by a factor of 400 or more, so ten reach the last bit of a double from 700 m.
const STEPS: usize = 10;

/// Whether the shift is applied at these degrees: the box in general use, which is larger than the country.
pub fn in_china(lat_deg: f64, lon_deg: f64) -> bool {
    (0.8293..=55.8271).contains(&lat_deg) && (72.004..=137.8347).contains(&lon_deg)
}

impl From<Wgs84> for Gcj02 {
    fn from(position: Wgs84) -> Self {
        let (lat_deg, lon_deg) = gcj02_from_wgs84(position.lat_deg(), position.lon_deg());
        Self::nearest_to(lat_deg, lon_deg)
    }
}

impl From<Gcj02> for Wgs84 {
    fn from(position: Gcj02) -> Self {
        let (lat_deg, lon_deg) = inverse(gcj02_from_wgs84, position.lat_deg(), position.lon_deg());
        Self::nearest_to(lat_deg, lon_deg)
    }
}

impl From<Gcj02> for Bd09 {
    fn from(position: Gcj02) -> Self {
        let (lat_deg, lon_deg) = bd09_from_gcj02(position.lat_deg(), position.lon_deg());
        Self::nearest_to(lat_deg, lon_deg)
    }
}

impl From<Bd09> for Gcj02 {
    fn from(position: Bd09) -> Self {
        let (lat_deg, lon_deg) = inverse(bd09_from_gcj02, position.lat_deg(), position.lon_deg());
        Self::nearest_to(lat_deg, lon_deg)
    }
}

impl From<Wgs84> for Bd09 {
    fn from(position: Wgs84) -> Self {
        Gcj02::from(position).into()
    }
}

impl From<Bd09> for Wgs84 {
    fn from(position: Bd09) -> Self {
        Gcj02::from(position).into()
    }
}

/// What `forward` carries to the given degrees, by fixed-point iteration: forward is the identity plus a shift that hardly varies.
///
/// At the edge of the box, where the shift begins at once, a position may have no original; the nearest iterate is given then.
fn inverse(forward: fn(f64, f64) -> (f64, f64), lat_deg: f64, lon_deg: f64) -> (f64, f64) {
    let (mut lat, mut lon) = (lat_deg, lon_deg);
    for _ in 0..STEPS {
        let (reached_lat, reached_lon) = forward(lat, lon);
        lat += lat_deg - reached_lat;
        lon += lon_deg - reached_lon;
    }
    (lat, lon)
}

fn gcj02_from_wgs84(lat_deg: f64, lon_deg: f64) -> (f64, f64) {
    if !in_china(lat_deg, lon_deg) {
        return (lat_deg, lon_deg);
    }
    let (x, y) = (lon_deg - 105.0, lat_deg - 35.0);
    let phi = lat_deg.to_radians();
    let w_2 = 1.0 - ECCENTRICITY_2 * phi.sin().powi(2);
    let meridian_m = AXIS_M * (1.0 - ECCENTRICITY_2) / (w_2 * w_2.sqrt());
    let parallel_m = AXIS_M / w_2.sqrt() * phi.cos();
    (
        lat_deg + (north_shift_m(x, y) / meridian_m).to_degrees(),
        lon_deg + (east_shift_m(x, y) / parallel_m).to_degrees(),
    )
}

/// The term that both shifts share.
fn ripple(x: f64) -> f64 {
    (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
}

fn north_shift_m(x: f64, y: f64) -> f64 {
    -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + ripple(x)
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0
}

fn east_shift_m(x: f64, y: f64) -> f64 {
    300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + ripple(x)
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0
}

fn bd09_from_gcj02(lat_deg: f64, lon_deg: f64) -> (f64, f64) {
    if !in_china(lat_deg, lon_deg) {
        return (lat_deg, lon_deg);
    }
    let turn = PI * 3000.0 / 180.0;
    let radius = lon_deg.hypot(lat_deg) + 0.000_02 * (lat_deg * turn).sin();
    let angle = lat_deg.atan2(lon_deg) + 0.000_003 * (lon_deg * turn).cos();
    (radius * angle.sin() + 0.006, radius * angle.cos() + 0.0065)
}
