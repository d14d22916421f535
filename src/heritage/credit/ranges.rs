//! Heard stretches of a narration: merged, so that hearing a sentence twice counts once.

/// Longest clip that is believed, seconds: a day. Keeps hostile stretches from adding up to infinity.
const LONGEST_SECS: f64 = 86_400.0;

/// The stretches in rising order without overlap. Stretches that are reversed, empty, not finite or wholly outside a day are left out; others are cut to it.
pub fn merge(stretches: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut sound: Vec<[f64; 2]> = stretches
        .iter()
        .filter(|stretch| stretch.iter().all(|secs| secs.is_finite()))
        .map(|&[from, to]| [from.clamp(0.0, LONGEST_SECS), to.clamp(0.0, LONGEST_SECS)])
        .filter(|[from, to]| from < to)
        .collect();
    sound.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut merged: Vec<[f64; 2]> = Vec::with_capacity(sound.len());
    for [from, to] in sound {
        match merged.last_mut() {
            Some(last) if from <= last[1] => last[1] = last[1].max(to),
            _ => merged.push([from, to]),
        }
    }
    merged
}

/// Seconds covered by the stretches, overlaps counted once; the same whatever their order.
pub fn union_secs(stretches: &[[f64; 2]]) -> f64 {
    merge(stretches).iter().map(|[from, to]| to - from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_heard_twice_counts_once() {
        for (stretches, secs) in [
            (&[][..], 0.0),
            (&[[0.0, 10.0]][..], 10.0),
            (&[[0.0, 10.0], [5.0, 12.0]][..], 12.0),
            (&[[20.0, 30.0], [0.0, 10.0], [10.0, 20.0]][..], 30.0),
            (&[[0.0, 100.0], [10.0, 20.0]][..], 100.0),
        ] {
            assert!((union_secs(stretches) - secs).abs() < 1e-12, "{stretches:?}");
        }
    }

    #[test]
    fn hostile_stretches_count_for_nothing() {
        let hostile = [
            [f64::NAN, 5.0],
            [0.0, f64::NAN],
            [9.0, 3.0],
            [4.0, 4.0],
            [0.0, f64::INFINITY],
            [f64::NEG_INFINITY, f64::INFINITY],
            [-50.0, -10.0],
        ];
        assert!(merge(&hostile).is_empty());
        assert_eq!(merge(&[[-5.0, 5.0]]), [[0.0, 5.0]]);
        assert!(union_secs(&[[0.0, 1e300]]) <= LONGEST_SECS);
    }

    proptest! {
        #[test]
        fn more_heard_is_never_less(
            stretches in prop::collection::vec(prop::array::uniform2(-10.0..500.0f64), 0..20),
            more in prop::array::uniform2(any::<f64>()),
        ) {
            let before = union_secs(&stretches);
            let mut all = stretches.clone();
            all.push(more);
            prop_assert!(union_secs(&all) >= before - 1e-9);
            all.reverse();
            let merged = merge(&all);
            prop_assert!(merged.windows(2).all(|pair| pair[0][1] < pair[1][0]));
            prop_assert_eq!(merge(&merged), merged);
        }
    }
}
