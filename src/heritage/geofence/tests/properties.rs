//! What holds of the geofence whatever the fixes.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

proptest! {
    #[test]
    fn a_phone_that_lies_still_never_flaps(
        east_m in -150.0..150.0f64, north_m in -60.0..60.0f64, accuracy_m in 0.0..=50.0f64,
        gaps_ms in prop::collection::vec(1i64..200_000, 1..60),
    ) {
        let mut fence = luding();
        let mut at_ms = 0;
        let mut said = Vec::new();
        for gap_ms in gaps_ms {
            at_ms += gap_ms;
            said.push(fence.hear(fix(at_ms, east_m, north_m, accuracy_m)));
        }
        prop_assert!(said[1..].iter().all(Vec::is_empty));
    }

    #[test]
    fn ignored_fixes_change_nothing_wherever_they_stand(
        steps in prop::collection::vec((-100.0..100.0f64, -30.0..30.0f64, 1.0..50.0f64), 1..30),
        poor in prop::collection::vec((0usize..30, -100.0..100.0f64, 51.0..500.0f64), 0..10),
    ) {
        let walk: Vec<Fix> = steps.iter().enumerate().map(|(n, (e, s, a))| fix(20_000 * i64::try_from(n).unwrap_or_default(), *e, *s, *a)).collect();
        let mut with_poor = walk.clone();
        for (index, east_m, accuracy_m) in &poor {
            with_poor.insert(index % (with_poor.len() + 1), fix(7, *east_m, 0.0, *accuracy_m));
        }
        let hear = |fixes: Vec<Fix>| {
            let mut fence = luding();
            let said: Vec<Said> = fixes.into_iter().flat_map(|fix| fence.hear(fix)).filter(|said| !matches!(said, Said::Ignored { .. })).collect();
            (said, dwell_secs(&fence, "mid-span").to_bits())
        };
        prop_assert_eq!(hear(walk), hear(with_poor));
    }

    #[test]
    fn arrivals_and_departures_alternate(
        steps in prop::collection::vec((-400.0..400.0f64, -400.0..400.0f64, -5.0..80.0f64, -1000i64..120_000), 0..60),
    ) {
        let mut fence = luding();
        let (mut at_ms, mut inside) = (0_i64, BTreeSet::new());
        for (east_m, north_m, accuracy_m, gap_ms) in steps {
            at_ms += gap_ms;
            for said in fence.hear(fix(at_ms, east_m, north_m, accuracy_m)) {
                match said {
                    Said::Arrived { station } => prop_assert!(inside.insert(station)),
                    Said::Departed { station } => prop_assert!(inside.remove(&station)),
                    _ => {}
                }
            }
            prop_assert!(fence.here().eq(fence.fences.iter().map(|fence| &fence.station).filter(|station| inside.contains(*station))));
        }
    }
}
