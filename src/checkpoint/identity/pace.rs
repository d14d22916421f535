//! How often one account may write: a burst is free, a steady stream is slowed. No outbox of a phone comes near it.

use crate::clock::MINUTE_MS;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Accounts remembered at most; past it, those that have paused are forgotten.
const REMEMBERED: usize = 10_000;

/// When each account's writes so far would have been due at an even pace, milliseconds since 1970 UTC.
#[derive(Default)]
pub struct Pace(Mutex<HashMap<Uuid, i64>>);

impl Pace {
    /// Counts one write; how long to wait, milliseconds, where there have been too many. A minute's worth may come at once.
    pub fn wait_ms(&self, person: Uuid, a_minute: u32, now_ms: i64) -> Option<i64> {
        let step_ms = (MINUTE_MS / i64::from(a_minute.max(1))).max(1);
        let mut due = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if due.len() >= REMEMBERED {
            due.retain(|_, due_ms| *due_ms > now_ms);
        }
        let due_ms = due.entry(person).or_insert(now_ms);
        // Nothing is due so late but by a clock that has been set back since; that must not shut anyone out.
        *due_ms = if *due_ms > now_ms + MINUTE_MS { now_ms } else { (*due_ms).max(now_ms) };
        let ahead_ms = *due_ms - now_ms;
        if ahead_ms + step_ms > MINUTE_MS {
            return Some(ahead_ms + step_ms - MINUTE_MS);
        }
        *due_ms += step_ms;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_free_and_a_stream_is_slowed_for_its_account_alone() {
        let pace = Pace::default();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for _ in 0..60 {
            assert_eq!(pace.wait_ms(one, 60, 5), None);
        }
        assert_eq!(pace.wait_ms(one, 60, 5), Some(1_000));
        assert_eq!(pace.wait_ms(two, 60, 5), None);
        assert_eq!(pace.wait_ms(one, 60, 1_005), None);
        assert!(pace.wait_ms(one, 60, 1_005).is_some());
    }

    #[test]
    fn a_clock_that_jumps_shuts_nobody_out() {
        let pace = Pace::default();
        let one = Uuid::from_u128(1);
        assert_eq!(pace.wait_ms(one, 1, i64::MAX / 2), None);
        assert_eq!(pace.wait_ms(one, 1, 0), None);
        assert!(pace.wait_ms(one, 1, 0).is_some_and(|wait_ms| wait_ms <= MINUTE_MS));
        assert_eq!(pace.wait_ms(one, 1, MINUTE_MS), None);
    }
}
