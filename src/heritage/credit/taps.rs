//! Taps on the stations' tags, held against one another: each counts once, and a tag's counter rises with time.

use super::Flag;
use std::collections::BTreeMap;

/// One tap on a tag that held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tap {
    /// The tag's own number.
    pub tag: [u8; 7],
    /// Rises by one with each tap.
    pub counter: u32,
    /// When it was read, by the reader's clock, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// Clocks of different phones that read one tag may differ by as much, milliseconds.
const SKEW_MS: i64 = 300_000;

/// All taps that are known, each once for every time that it was sent.
#[derive(Clone, Debug, Default)]
pub struct Taps {
    sent: BTreeMap<([u8; 7], u32), usize>,
    /// By tag: moments, rising, with the highest counter up to each.
    highest: BTreeMap<[u8; 7], Vec<(i64, u32)>>,
}

impl Taps {
    /// Of taps in any order.
    pub fn of<'a>(taps: impl IntoIterator<Item = &'a Tap>) -> Self {
        let mut all = Self::default();
        for tap in taps {
            *all.sent.entry((tap.tag, tap.counter)).or_default() += 1;
            all.highest.entry(tap.tag).or_default().push((tap.at_ms, tap.counter));
        }
        for moments in all.highest.values_mut() {
            moments.sort_unstable();
            let mut highest = 0;
            for (_, counter) in moments {
                highest = highest.max(*counter);
                *counter = highest;
            }
        }
        all
    }

    /// What is odd about one of them, which so many people `elsewhere` have sent too.
    pub fn flags_of(&self, tap: &Tap, elsewhere: usize) -> Vec<Flag> {
        let Tap { tag, counter, at_ms } = *tap;
        let mut found = Vec::new();
        if elsewhere > 0 || self.sent.get(&(tag, counter)).is_some_and(|times| *times > 1) {
            found.push(Flag::TapReplayed { counter, elsewhere });
        }
        let moments = self.highest.get(&tag).map(Vec::as_slice).unwrap_or_default();
        let before = moments.partition_point(|(moment, _)| moment.saturating_add(SKEW_MS) < at_ms);
        let earlier = before.checked_sub(1).and_then(|last| moments.get(last)).map(|(_, highest)| *highest);
        found.extend(
            earlier.filter(|earlier| *earlier > counter).map(|earlier| Flag::TapOutOfTurn { counter, earlier }),
        );
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_counts_once_and_counters_rise_with_time() {
        let tap = |tag: u8, counter, at_secs: i64| Tap { tag: [tag; 7], counter, at_ms: at_secs * 1000 };
        let all = [tap(1, 5, 0), tap(1, 6, 10), tap(1, 6, 900), tap(2, 6, 10), tap(1, 4, 1_000), tap(1, 7, 5)];
        let taps = Taps::of(&all);
        let replayed = Flag::TapReplayed { counter: 6, elsewhere: 0 };
        for (index, expected) in [
            (0, vec![]),
            (1, vec![replayed.clone()]),
            (2, vec![replayed, Flag::TapOutOfTurn { counter: 6, earlier: 7 }]),
            (3, vec![]),
            (4, vec![Flag::TapOutOfTurn { counter: 4, earlier: 7 }]),
            (5, vec![]),
        ] {
            assert_eq!(taps.flags_of(&all[index], 0), expected, "{index}");
        }
        assert_eq!(taps.flags_of(&all[0], 2), [Flag::TapReplayed { counter: 5, elsewhere: 2 }]);
        let extremes =
            [Tap { tag: [0; 7], counter: 1, at_ms: i64::MIN }, Tap { tag: [0; 7], counter: 0, at_ms: i64::MAX }];
        let earliest = Taps::of(&extremes).flags_of(&extremes[1], 0);
        assert_eq!(earliest, [Flag::TapOutOfTurn { counter: 0, earlier: 1 }]);
    }
}
