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

/// The legs that no walker covers in their time; `stops` are stations completed on the ground, with their place and the time in milliseconds, in any order.
pub fn too_fast(stops: &[(StationId, EastNorthUp, i64)]) -> Vec<Leg> {
    let mut stops = stops.to_vec();
    stops.sort_by_key(|(_, _, at_ms)| *at_ms);
    let legs = stops.windows(2).filter_map(|pair| {
        let [(from, start, from_ms), (to, end, to_ms)] = pair else { return None };
        let secs = to_ms.saturating_sub(*from_ms) as f64 / 1000.0;
        Some(Leg { from: from.clone(), to: to.clone(), distance_m: start.level_distance_m(*end), secs })
    });
    legs.filter(|leg| leg.distance_m > FASTEST_M_PER_S * leg.secs.max(1.0)).collect()
}
