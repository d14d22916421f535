//! What a trainer should look at twice in a walk as a whole: the order and the pace in which stations were completed on the ground.

use super::Flag;
use crate::geofence::{Stop, order_of_arrivals, too_fast};
use crate::{Route, StationId};

/// Flags of a walk's order and pace. Stops may come in any order and several at one station; those that are not of the route are passed over.
///
/// The order is that in which stations were first completed: coming back changes nothing.
pub fn passage_flags(route: &Route, stops: &[Stop]) -> Vec<Flag> {
    let number = |station: &StationId| route.stations.iter().position(|each| each == station).map(|index| index + 1);
    let mut stops: Vec<Stop> = stops.iter().filter(|stop| route.stations.contains(&stop.station)).cloned().collect();
    // At one moment by the clock, the route's own order is taken for granted.
    stops.sort_by_key(|stop| (stop.at_ms, number(&stop.station)));
    let mut found = Vec::new();
    let walked: Vec<StationId> = stops.iter().map(|stop| stop.station.clone()).collect();
    let order = order_of_arrivals(&route.stations, &walked);
    if !order.in_order {
        found.push(Flag::OutOfOrder { stations: order.reached.iter().filter_map(number).collect() });
    }
    found.extend(too_fast(&stops).iter().filter_map(|leg| {
        let (from, to) = (number(&leg.from)?, number(&leg.to)?);
        Some(Flag::TooFast { from, to, distance_m: leg.distance_m, secs: leg.secs })
    }));
    found
}

/// Age at which stations that come all at once are worth a look, seconds: a week.
const BURST_SECS: f64 = 7.0 * 86_400.0;
/// Stations that come at one moment before it is a burst.
const BURST_STATIONS: usize = 3;

/// When one completion was captured and received, milliseconds since 1970 UTC by the two clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// By the device's clock.
    pub captured_at_ms: i64,
    /// By the service's clock; the same for all of one request.
    pub received_at_ms: i64,
}

/// The burst among a walk's completions, if there is one: the largest of several, and the oldest of equal ones. An outbox
/// that has waited out a tour without network is younger.
pub fn burst(deliveries: &[Delivery]) -> Option<Flag> {
    let of_moment = |at_ms: i64| {
        let age_secs = |each: &Delivery| at_ms.saturating_sub(each.captured_at_ms) as f64 / 1000.0;
        let ages: Vec<f64> = deliveries.iter().filter(|each| each.received_at_ms == at_ms).map(age_secs).collect();
        let old = ages.iter().filter(|age| **age > BURST_SECS).count();
        (old, ages.into_iter().fold(0.0, f64::max))
    };
    let moments = deliveries.iter().map(|each| of_moment(each.received_at_ms));
    let (completions, secs) = moments.max_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)))?;
    (completions >= BURST_STATIONS).then_some(Flag::Burst { completions, secs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesy::EastNorthUp;
    use crate::{Bilingual, CreditRule, Hours, RouteId, SiteId};

    fn id(name: &str) -> StationId {
        StationId::new(name).expect("a name")
    }

    fn route() -> Route {
        Route {
            id: RouteId::new("bridge").expect("a name"),
            site: SiteId::new("luding").expect("a name"),
            title: Bilingual::default(),
            stations: vec![id("a"), id("b"), id("c")],
            rule: CreditRule::new(1, Hours::from_tenths(5), 0.8, true, 20.0).expect("a sound rule"),
        }
    }

    /// The three stations lie 100 m apart in a line; `x` is none of the route's.
    fn stop(station: &str, at_secs: i64) -> Stop {
        let east_m = match station {
            "a" => 0.0,
            "b" => 100.0,
            "c" => 200.0,
            _ => 9_000.0,
        };
        Stop { station: id(station), position: EastNorthUp::new(east_m, 0.0, 0.0), at_ms: at_secs * 1000 }
    }

    #[test]
    fn order_and_pace_on_the_ground_are_judged_afterwards() {
        let out_of_order = |stations: &[usize]| Flag::OutOfOrder { stations: stations.to_vec() };
        let fast = |from, to, distance_m, secs| Flag::TooFast { from, to, distance_m, secs };
        let cases: Vec<(Vec<Stop>, Vec<Flag>)> = vec![
            (vec![], vec![]),
            (vec![stop("a", 0), stop("b", 100), stop("c", 200)], vec![]),
            (vec![stop("c", 200), stop("a", 0), stop("b", 100)], vec![]),
            (vec![stop("a", 0), stop("c", 200)], vec![]),
            (vec![stop("a", 0), stop("b", 100), stop("a", 200), stop("c", 400)], vec![]),
            (vec![stop("a", 0), stop("x", 1), stop("b", 100)], vec![]),
            (vec![stop("b", 0), stop("a", 100), stop("c", 300)], vec![out_of_order(&[2, 1, 3])]),
            (vec![stop("a", 0), stop("b", 5), stop("c", 100)], vec![fast(1, 2, 100.0, 5.0)]),
            (vec![stop("b", 0), stop("a", 0)], vec![fast(1, 2, 100.0, 0.0)]),
            (vec![stop("c", 0), stop("a", 4)], vec![out_of_order(&[3, 1]), fast(3, 1, 200.0, 4.0)]),
        ];
        for (stops, expected) in cases {
            assert_eq!(passage_flags(&route(), &stops), expected, "{stops:?}");
        }
    }

    #[test]
    fn stations_that_come_all_at_once_long_after_are_a_burst() {
        let day_ms = 86_400_000;
        let sent = |days: &[i64], at_days: i64| -> Vec<Delivery> {
            let each =
                |day: &i64| Delivery { captured_at_ms: day.saturating_mul(day_ms), received_at_ms: at_days * day_ms };
            days.iter().map(each).collect()
        };
        assert_eq!(burst(&[]), None);
        assert_eq!(burst(&sent(&[0, 0, 0], 7)), None, "a week without network is no burst");
        assert_eq!(burst(&sent(&[0, 0], 30)), None);
        assert_eq!(burst(&[sent(&[0, 0], 30), sent(&[0], 31)].concat()), None, "one after another is none");
        let secs = 9.0 * 86_400.0;
        assert_eq!(burst(&sent(&[0, 1, 1, 8], 9)), Some(Flag::Burst { completions: 3, secs }));
        assert_eq!(burst(&sent(&[i64::MIN, i64::MAX, 0], 0)), None);
    }

    #[test]
    fn what_is_flagged_is_said_by_the_numbers_of_the_stations() {
        let said: Vec<Bilingual> =
            passage_flags(&route(), &[stop("c", 0), stop("a", 4)]).iter().map(Flag::text).collect();
        assert_eq!(said[0].zh, "实地完成各站的次序为 3、1，与路线次序不同");
        assert_eq!(said[0].en, "On the ground the stations were completed in the order 3, 1, not the route's");
        assert_eq!(said[1].zh, "第 3 站与第 1 站相距 200 米，两次完成只隔 4 秒，非步行所能");
        assert!(said[1].en.starts_with("Stations 3 and 1 lie 200 m apart and were completed 4 s after one another"));
    }
}
