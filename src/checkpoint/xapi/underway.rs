//! What is being stored at the moment, so that readers can be told up to when nothing is missing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Writes under way by the time that they are stored under, milliseconds since 1970 UTC.
#[derive(Clone, Default)]
pub struct Underway(Arc<Mutex<BTreeMap<i64, usize>>>);

/// One write; it is under way until this is dropped.
pub struct Writing {
    all: Underway,
    /// The time that it is stored under.
    pub at_ms: i64,
}

impl Underway {
    /// Begins a write.
    pub fn begin(&self, at_ms: i64) -> Writing {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(at_ms).or_default() += 1;
        Writing { all: self.clone(), at_ms }
    }

    /// Up to when everything stored by this service can be read.
    pub fn through_ms(&self, now_ms: i64) -> i64 {
        let first = self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().next().copied();
        first.map_or(now_ms, |first| now_ms.min(first - 1))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let mut all = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.at_ms) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.at_ms);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_is_not_promised() {
        let underway = Underway::default();
        assert_eq!(underway.through_ms(9), 9);
        let (first, second) = (underway.begin(5), underway.begin(5));
        assert_eq!(underway.through_ms(9), 4);
        drop(first);
        assert_eq!(underway.through_ms(9), 4);
        drop(second);
        assert_eq!(underway.through_ms(9), 9);
    }
}
