//! Heard: stretches of a clip that have been heard, merged, each second counted once.

/// Two stretches this close are one; a frame on a slow machine is shorter.
const SEAM_SECS: f64 = 0.3;

/// Heard stretches in rising order, apart from one another.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ranges(Vec<[f64; 2]>);

impl Ranges {
    /// Adds what was heard from `from` to `to`, seconds of the clip. Nothing and nonsense add nothing.
    pub(super) fn add(&mut self, from: f64, to: f64) {
        if !(from.is_finite() && to.is_finite() && from >= 0.0 && to > from) {
            return;
        }
        self.0.push([from, to]);
        self.0.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let mut merged: Vec<[f64; 2]> = Vec::with_capacity(self.0.len());
        for range in self.0.drain(..) {
            match merged.last_mut() {
                Some(last) if range[0] <= last[1] + SEAM_SECS => last[1] = last[1].max(range[1]),
                _ => merged.push(range),
            }
        }
        self.0 = merged;
    }

    /// The stretches, to the hundredth of a second.
    pub(super) fn list(&self) -> Vec<[f64; 2]> {
        let hundredth = |secs: f64| (secs * 100.0).round() / 100.0;
        self.0.iter().map(|[from, to]| [hundredth(*from), hundredth(*to)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_are_heard_once_and_gaps_stay_gaps() {
        let cases: [(&[[f64; 2]], &[[f64; 2]]); 5] = [
            (&[[0.0, 1.0], [1.0, 2.0]], &[[0.0, 2.0]]),
            (&[[5.0, 6.0], [0.0, 1.0]], &[[0.0, 1.0], [5.0, 6.0]]),
            (&[[0.0, 4.0], [1.0, 2.0], [3.0, 6.0]], &[[0.0, 6.0]]),
            (&[[0.0, 1.0], [1.2, 2.0]], &[[0.0, 2.0]]),
            (&[[2.0, 1.0], [f64::NAN, 3.0], [-1.0, 2.0], [4.0, f64::INFINITY]], &[]),
        ];
        for (added, expected) in cases {
            let mut ranges = Ranges::default();
            for [from, to] in added {
                ranges.add(*from, *to);
            }
            assert_eq!(ranges.list(), expected, "{added:?}");
        }
    }
}
