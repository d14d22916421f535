//! What is judged after a walk and never during it: order and pace.

use super::FASTEST_M_PER_S;
use crate::StationId;
use crate::geodesy::EastNorthUp;

/// How the stations were reached, compared with the order in which they are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderOfArrivals {
    /// The stations of the route as they were first reached.
    pub reached: Vec<StationId>,
    /// They were reached in the route's order, gaps allowed.
    pub in_order: bool,
    /// The stations of the route that were not reached.
    pub missing: Vec<StationId>,
}

/// Compares arrivals with a route. Coming back to a station changes nothing; stations outside the route are passed over.
pub fn order_of_arrivals(route: &[StationId], arrivals: &[StationId]) -> OrderOfArrivals {
    let mut reached: Vec<StationId> = Vec::new();
    for station in arrivals {
        if route.contains(station) && !reached.contains(station) {
            reached.push(station.clone());
        }
    }
    let told = route.iter().filter(|station| reached.contains(station));
    OrderOfArrivals {
        in_order: told.eq(reached.iter()),
        missing: route.iter().filter(|station| !reached.contains(station)).cloned().collect(),
        reached,
    }
}

/// A station completed on the ground.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Which.
    pub station: StationId,
    /// Its place in the site's frame.
    pub position: EastNorthUp,
    /// When, by the device's clock, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// A move from one completed station to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// From here.
    pub from: StationId,
    /// To there.
    pub to: StationId,
    /// Level distance, metres.
    pub distance_m: f64,
    /// Time between, seconds.
    pub secs: f64,
}

/// The legs that no walker covers in their time; stops may come in any order.
pub fn too_fast(stops: &[Stop]) -> Vec<Leg> {
    let mut stops = stops.to_vec();
    stops.sort_by_key(|stop| stop.at_ms);
    let legs = stops.windows(2).filter_map(|pair| {
        let [start, end] = pair else { return None };
        let secs = end.at_ms.saturating_sub(start.at_ms) as f64 / 1000.0;
        let distance_m = start.position.level_distance_m(end.position);
        Some(Leg { from: start.station.clone(), to: end.station.clone(), distance_m, secs })
    });
    legs.filter(|leg| leg.distance_m > FASTEST_M_PER_S * leg.secs.max(1.0)).collect()
}
