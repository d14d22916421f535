//! Stretches of a clip, `[from, to]` in seconds. Pure.

/// The stretches sorted, joined where they touch, and freed of what is empty, reversed, negative or no number.
///
/// Gaps below a tenth of a second close, as the clock of an `<audio>` element ticks no finer than that in effect.
pub fn merged(stretches: &[[f64; 2]]) -> Vec<[f64; 2]> {
    const GAP_SECS: f64 = 0.1;
    let fits = |stretch: &&[f64; 2]| stretch.iter().all(|secs| secs.is_finite()) && stretch[0] >= 0.0 && stretch[0] < stretch[1];
    let mut sorted: Vec<[f64; 2]> = stretches.iter().filter(fits).copied().collect();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut joined: Vec<[f64; 2]> = Vec::new();
    for stretch in sorted {
        match joined.last_mut() {
            Some(last) if stretch[0] <= last[1] + GAP_SECS => last[1] = last[1].max(stretch[1]),
            _ => joined.push(stretch),
        }
    }
    joined
}

/// Total length of merged stretches, seconds.
pub fn length_secs(merged: &[[f64; 2]]) -> f64 {
    merged.iter().map(|stretch| stretch[1] - stretch[0]).sum()
}

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
    fn hostile_stretches_are_left_out() {
        let hostile = [[f64::NAN, 1.0], [3.0, 2.0], [-5.0, 1.0], [1.0, f64::INFINITY], [4.0, 4.0], [2.0, 3.0]];
        assert_eq!(merged(&hostile), vec![[2.0, 3.0]]);
    }

    #[test]
    fn stretches_join_in_any_order() {
        assert_eq!(merged(&[[5.0, 6.0], [0.0, 2.0], [1.5, 5.05]]), vec![[0.0, 6.0]]);
        assert!((length_secs(&merged(&[[0.0, 1.0], [2.0, 3.5]])) - 2.5).abs() < 1e-9);
    }

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
}
