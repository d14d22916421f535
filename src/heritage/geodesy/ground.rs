//! How far and which way, over any distance on the ellipsoid.

use super::Wgs84;
use geographiclib_rs::{Geodesic, InverseGeodesic};

/// The shortest way over the ground from one position to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Length, metres.
    pub distance_m: f64,
    /// Direction at the start: degrees from north through east, 0 up to 360; 0 where both positions are one.
    pub bearing_deg: f64,
}

/// Ground distance and first bearing between two positions, on the WGS 84 ellipsoid.
///
/// The distance is symmetric, and zero for equal points. Error below a micrometre, far under that of any phone's fix.
/// Method: Karney (2013), doi:10.1007/s00190-012-0578-z.
pub fn course(from: Wgs84, to: Wgs84) -> Course {
    if from == to {
        return Course { distance_m: 0.0, bearing_deg: 0.0 };
    }
    let (distance_m, bearing_deg, _, _) =
        Geodesic::wgs84().inverse(from.lat_deg(), from.lon_deg(), to.lat_deg(), to.lon_deg());
    Course { distance_m, bearing_deg: bearing_deg.rem_euclid(360.0) }
}
