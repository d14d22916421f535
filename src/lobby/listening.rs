//! What was heard of a playing clip, from its clock. Pure.

/// Follows the clock of a playing clip and tells what was heard between two of its ticks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listening {
    last_secs: Option<f64>,
}

impl Listening {
    /// The clock shows `at_secs`, `elapsed_secs` of real time after the last tick; a jump is a seek and was not heard.
    pub fn tick(&mut self, at_secs: f64, elapsed_secs: f64) -> Option<[f64; 2]> {
        // Twice real time is the fastest that browsers' own controls offer; a second allows for late ticks.
        let bound_secs = elapsed_secs.max(0.0) * 2.0 + 1.0;
        let heard = match self.last_secs {
            Some(last_secs) if at_secs > last_secs && at_secs - last_secs <= bound_secs => Some([last_secs, at_secs]),
            _ => None,
        };
        self.last_secs = Some(at_secs);
        heard
    }

    /// The clip has stopped or jumped; what comes next begins anew.
    pub fn pause(&mut self) {
        self.last_secs = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seek_is_not_heard() {
        let mut listening = Listening::default();
        assert_eq!(listening.tick(0.0, 0.25), None);
        assert_eq!(listening.tick(0.25, 0.25), Some([0.0, 0.25]));
        assert_eq!(listening.tick(60.0, 0.25), None);
        assert_eq!(listening.tick(60.25, 0.25), Some([60.0, 60.25]));
        assert_eq!(listening.tick(10.0, 0.25), None);
        listening.pause();
        assert_eq!(listening.tick(10.3, 0.25), None);
    }

    #[test]
    fn a_clock_that_is_no_number_is_not_heard() {
        let mut listening = Listening::default();
        listening.tick(1.0, 0.25);
        assert_eq!(listening.tick(f64::NAN, 0.25), None);
        assert_eq!(listening.tick(2.0, f64::NAN), None);
    }
}
