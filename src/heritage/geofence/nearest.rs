//! How far and which way to the nearest station.

use super::Fence;
use crate::StationId;
use crate::geodesy::{LocalFrame, Wgs84, course};

/// The nearest station and the way to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// Which.
    pub station: StationId,
    /// Ground distance to its centre, metres.
    pub distance_m: f64,
    /// Direction to it: degrees from north through east, 0 up to 360.
    pub bearing_deg: f64,
    /// The position lies within the station's radius.
    pub inside: bool,
}

/// The station whose centre is nearest to `position`, at any distance; `None` only where there are no stations. Ask with a single fence for the way to that one.
pub fn nearest(frame: &LocalFrame, fences: &[Fence], position: Wgs84) -> Option<Nearest> {
    let ways = fences.iter().map(|fence| (fence, course(position, frame.wgs84_from_enu(fence.centre))));
    let (fence, way) = ways.min_by(|(_, a), (_, b)| a.distance_m.total_cmp(&b.distance_m))?;
    Some(Nearest {
        station: fence.station.clone(),
        distance_m: way.distance_m,
        bearing_deg: way.bearing_deg,
        inside: way.distance_m <= fence.radius_m,
    })
}
