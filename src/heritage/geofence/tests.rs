//! What the geofence must do, case by case.

#[path = "../examples/traces/make.rs"]
mod make;
mod properties;
mod walks;

use super::*;
use make::origin;

fn id(name: &str) -> StationId {
    StationId::new(name).expect("a name")
}

/// Luding's stations as its site file gives them.
fn luding() -> Geofence {
    Geofence::new(LocalFrame::at(origin()), make::fences())
}

/// A fix at these metres from mid-span.
fn fix(at_ms: i64, east_m: f64, north_m: f64, accuracy_m: f64) -> Fix {
    let position = LocalFrame::at(origin()).wgs84_from_enu(EastNorthUp::new(east_m, north_m, 0.0));
    Fix { at_ms, position, accuracy_m }
}

fn dwell_secs(fence: &Geofence, station: &str) -> f64 {
    match fence.proof(&id(station)) {
        Some(Proof::Fix { dwell_secs, .. }) => dwell_secs,
        _ => 0.0,
    }
}

fn arrivals(said: &[Said]) -> Vec<&str> {
    fn station(said: &Said) -> Option<&str> {
        if let Said::Arrived { station } = said { Some(station.as_str()) } else { None }
    }
    said.iter().filter_map(station).collect()
}

#[test]
fn a_poor_fix_is_ignored_and_said_so() {
    let mut fence = luding();
    for accuracy_m in [50.1, 1e9, f64::INFINITY, -1.0] {
        assert_eq!(fence.hear(fix(0, 6.0, 0.0, accuracy_m)), [Said::Ignored { accuracy_m }]);
    }
    assert!(matches!(fence.hear(fix(0, 6.0, 0.0, f64::NAN)).as_slice(), [Said::Ignored { .. }]));
    assert_eq!(fence.here().count(), 0);
    assert!(!fence.hear(fix(0, 6.0, 0.0, 50.0)).is_empty());
}

#[test]
fn a_fix_out_of_time_is_set_aside() {
    let mut fence = luding();
    fence.hear(fix(1000, 6.0, 0.0, 5.0));
    assert_eq!(fence.hear(fix(1000, 6.0, 0.0, 5.0)), [Said::Stale]);
    assert_eq!(fence.hear(fix(i64::MIN, 6.0, 0.0, 5.0)), [Said::Stale]);
    assert!(fence.hear(fix(i64::MAX, 6.0, 0.0, 5.0)).is_empty());
    assert!(dwell_secs(&fence, "mid-span") <= LONGEST_GAP_SECS);
}

#[test]
fn leaving_takes_the_whole_error_circle() {
    // Radius 25 m, margin 20 m: gone once distance less accuracy exceeds 45 m.
    let mut fence = luding();
    fence.hear(fix(0, 6.0, 0.0, 5.0));
    let departed = |said: Vec<Said>| said.contains(&Said::Departed { station: id("mid-span") });
    assert!(!departed(fence.hear(fix(60_000, 6.0, 44.0, 0.0))));
    assert!(!departed(fence.hear(fix(120_000, 6.0, 60.0, 16.0))));
    assert!(departed(fence.hear(fix(180_000, 6.0, 60.0, 14.0))));
}

#[test]
fn a_wide_station_has_a_margin_of_a_tenth() {
    let fence = Fence { station: id("valley"), centre: EastNorthUp::default(), radius_m: 400.0 };
    assert!((fence.leave_m() - 440.0).abs() < 1e-9);
}

#[test]
fn one_stray_fix_moves_nobody() {
    let mut fence = luding();
    fence.hear(fix(0, 6.0, 0.0, 5.0));
    let said = fence.hear(fix(1000, 130.0, 0.0, 5.0));
    assert!(matches!(said.as_slice(), [Said::Jumped { .. }]), "{said:?}");
    assert!(fence.hear(fix(2000, 7.0, 0.0, 5.0)).is_empty());
    assert!(fence.here().any(|station| *station == id("mid-span")));
    assert!(matches!(fence.proof(&id("mid-span")), Some(Proof::Fix { jumps: 1, .. })));
}

#[test]
fn a_bus_takes_the_visitor_along_with_one_flag() {
    let mut fence = luding();
    fence.hear(fix(0, 64.0, -9.0, 5.0));
    let said: Vec<Said> =
        (1..20).flat_map(|n| fence.hear(fix(n * 10_000, 64.0 + n as f64 * 250.0, 0.0, 5.0))).collect();
    assert_eq!(said.iter().filter(|said| matches!(said, Said::Jumped { .. })).count(), 1);
    assert_eq!(fence.here().count(), 0, "the bus has left the stele");
}

#[test]
fn how_fast_a_visitor_comes_is_not_our_business() {
    let mut fence = luding();
    let said: Vec<Said> =
        (0..10).flat_map(|n| fence.hear(fix(n * 10_000, 9000.0 - n as f64 * 300.0, 0.0, 5.0))).collect();
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn a_pause_credits_no_time_and_sees_no_jump() {
    let mut fence = luding();
    fence.hear(fix(90_000, 6.0, 0.0, 5.0));
    fence.pause();
    // After a reload the page's clock begins anew.
    assert!(fence.hear(fix(10, 6.0, 1.0, 5.0)).is_empty());
    assert!(dwell_secs(&fence, "mid-span").abs() < 1e-9);
}

#[test]
fn the_plain_reading_wins_once_it_fits() {
    let mut fence = luding();
    // A sound phone where a shifted one would stand at mid-span: 336 m from the bridge.
    let there = Gcj02::from(LocalFrame::at(origin()).wgs84_from_enu(EastNorthUp::new(6.0, 0.0, 0.0)));
    let there = Wgs84::new(there.lat_deg(), there.lon_deg()).expect("on the earth");
    let said = fence.hear(Fix { at_ms: 0, position: there, accuracy_m: 5.0 });
    assert!(said.contains(&Said::Judged { datum: DatumVerdict::Gcj02 }));
    assert!(fence.place(there).level_distance_m(EastNorthUp::new(6.0, 0.0, 0.0)) < 0.01);
    let said = fence.hear(fix(600_000, 64.0, -9.0, 5.0));
    assert!(said.contains(&Said::Judged { datum: DatumVerdict::Unclear }));
    assert!(said.contains(&Said::Departed { station: id("mid-span") }), "{said:?}");
    assert!(arrivals(&said).contains(&"stele"));
    let datum = |station| match fence.proof(&id(station)) {
        Some(Proof::Fix { datum, .. }) => Some(datum),
        _ => None,
    };
    assert_eq!((datum("mid-span"), datum("stele")), (Some(DatumVerdict::Gcj02), Some(DatumVerdict::Wgs84)));
    assert_eq!(datum("chains"), None);
}

#[test]
fn the_way_to_the_nearest_station_is_told_from_anywhere() {
    let fence = luding();
    let near = fence.nearest(fix(0, 80.0, -9.0, 5.0).position).expect("a station");
    assert_eq!((near.station, near.inside), (id("stele"), true));
    assert!((near.distance_m - 16.0).abs() < 0.01 && (near.bearing_deg - 270.0).abs() < 0.1);
    let way = fence.way_to(&id("east-pavilion"), fix(0, 55.0, -100.0, 5.0).position).expect("a station");
    assert!((way.distance_m - 100.0).abs() < 0.01 && way.bearing_deg.min(360.0 - way.bearing_deg) < 0.1, "{way:?}");
    assert_eq!(fence.way_to(&id("elsewhere"), origin()), None);
    let beijing = fence.nearest(Wgs84::new(39.9, 116.4).expect("on the earth")).expect("a station");
    assert!(!beijing.inside && (1_600_000.0..1_800_000.0).contains(&beijing.distance_m), "{beijing:?}");
    assert_eq!(nearest(&LocalFrame::at(origin()), &[], origin()), None);
}

#[test]
fn order_is_judged_afterwards() {
    let names = |names: &[&str]| names.iter().map(|name| id(name)).collect::<Vec<_>>();
    let route = names(&["a", "b", "c"]);
    for (walked, in_order, missing) in [
        (&["a", "b", "c"][..], true, &[][..]),
        (&["a", "x", "a", "c"][..], true, &["b"][..]),
        (&["b", "a", "c"][..], false, &[][..]),
        (&[][..], true, &["a", "b", "c"][..]),
    ] {
        let found = order_of_arrivals(&route, &names(walked));
        assert_eq!((found.in_order, found.missing), (in_order, names(missing)), "{walked:?}");
    }
}

#[test]
fn only_legs_that_nobody_walks_are_too_fast() {
    let stop = |name, east_m, at_ms| Stop { station: id(name), position: EastNorthUp::new(east_m, 0.0, 0.0), at_ms };
    let stops = [stop("c", 3000.0, 200_000), stop("a", 0.0, 0), stop("b", 120.0, 100_000)];
    let legs = too_fast(&stops);
    assert_eq!(legs.len(), 1);
    assert_eq!((&legs[0].from, &legs[0].to), (&id("b"), &id("c")));
    assert!(too_fast(&[stop("a", 0.0, i64::MIN), stop("b", 9.0, i64::MAX)]).is_empty());
}

/// The trace that a phone tells of after hearing these, each with a shift of its own, metres to the east.
fn trace(fixes: u32, shift_m: impl Fn(u32) -> f64, pause: bool) -> Option<String> {
    let mut fence = luding();
    for number in 0..fixes {
        fence.hear(fix(i64::from(number) * 1000, 6.0 + shift_m(number), 0.0, 5.0));
        if pause && number == 3 {
            fence.pause();
        }
    }
    match fence.proof(&id("mid-span")) {
        Some(Proof::Fix { trace, .. }) => trace,
        other => panic!("{other:?}"),
    }
}

#[test]
fn equal_traces_have_equal_digests_and_no_others_have() {
    let walked = |number: u32| f64::from(number % 7) * 0.13 + f64::from(number) * 0.01;
    let told = trace(16, walked, false).expect("enough of them");
    assert!(told.len() == 32 && told.bytes().all(|digit| digit.is_ascii_hexdigit()), "{told}");
    assert_eq!(trace(40, walked, false), Some(told.clone()), "who stays longer with the same recording");
    assert_eq!(trace(16, walked, true), Some(told.clone()), "a page that was hidden meanwhile");
    assert_eq!(trace(15, walked, false), None, "so few could be found by trying");
    let another = |number: u32| walked(number) + if number == 15 { 0.001 } else { 0.0 };
    assert_ne!(trace(16, another, false), Some(told));
    assert_eq!(trace(40, |_| 0.0, false), None, "one position is told by its count");
}
