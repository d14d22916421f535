//! Whether the way of visiting or the region decides on what is accepted: figures of groups, never of people.

use crate::Hours;
use std::collections::BTreeSet;

/// Groups of fewer people are not shown: their figures would be figures of people.
pub const LEAST_PEOPLE: usize = 5;

/// One confirmation or return, as it bears on fairness.
#[derive(Clone, Copy, Debug)]
pub struct Decided<P> {
    /// Whose walk.
    pub person: P,
    /// It was confirmed; else it was returned.
    pub confirmed: bool,
    /// From the last record to the decision, seconds; `None` where the record does not say.
    pub waited_secs: Option<u32>,
    /// Completions that the walk had then.
    pub completions: u32,
    /// Those of them that were made offline: they came in later than the clocks explain.
    pub offline: u32,
}

/// Decisions that have something in common.
#[derive(Clone, Debug)]
pub struct Group<P> {
    people: BTreeSet<P>,
    confirmed: u32,
    returned: u32,
    hours: Hours,
    completions: u32,
    offline: u32,
    waited_secs: Vec<u32>,
}

/// What is told of a group that is large enough.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// How many people.
    pub people: usize,
    /// Credit that stands.
    pub hours: Hours,
    /// Confirmations and returns together.
    pub decisions: u32,
    /// Of these confirmed, 0–1; `None` without decisions.
    pub accepted: Option<f64>,
    /// Of these returned, 0–1.
    pub returned: Option<f64>,
    /// Of completions, made offline, 0–1.
    pub offline: Option<f64>,
    /// Half of the decisions came sooner than this, days.
    pub median_days: Option<f64>,
}

impl<P> Default for Group<P> {
    fn default() -> Self {
        Self {
            people: BTreeSet::new(),
            confirmed: 0,
            returned: 0,
            hours: Hours::default(),
            completions: 0,
            offline: 0,
            waited_secs: Vec::new(),
        }
    }
}

impl<P: Ord> Group<P> {
    /// Takes a decision in.
    pub fn decide(&mut self, decided: Decided<P>) {
        self.people.insert(decided.person);
        if decided.confirmed {
            self.confirmed += 1;
        } else {
            self.returned += 1;
        }
        self.completions += decided.completions;
        self.offline += decided.offline;
        self.waited_secs.extend(decided.waited_secs);
    }

    /// Takes credit in that stands.
    pub fn credit(&mut self, person: P, hours: Hours) {
        self.people.insert(person);
        self.hours = self.hours + hours;
    }

    fn figures(mut self) -> Figures {
        let decisions = self.confirmed + self.returned;
        let share = |part: u32, whole: u32| (whole > 0).then(|| f64::from(part) / f64::from(whole));
        self.waited_secs.sort_unstable();
        Figures {
            people: self.people.len(),
            hours: self.hours,
            decisions,
            accepted: share(self.confirmed, decisions),
            returned: share(self.returned, decisions),
            offline: share(self.offline, self.completions),
            median_days: median(&self.waited_secs).map(|secs| secs / 86_400.0),
        }
    }
}

/// The middle of sorted numbers; of two in the middle, half-way.
fn median(sorted: &[u32]) -> Option<f64> {
    let upper = f64::from(*sorted.get(sorted.len() / 2)?);
    let lower = f64::from(*sorted.get((sorted.len() - 1) / 2)?);
    Some(f64::midpoint(lower, upper))
}

/// The figures of groups that together are everybody; `None` for one that is hidden because fewer than [`LEAST_PEOPLE`]
/// are in it. Where a single one is hidden, the next smallest is hidden with it: else the whole minus the others would
/// tell it. An empty group hides nothing.
pub fn masked<K, P: Ord>(groups: Vec<(K, Group<P>)>) -> Vec<(K, Option<Figures>)> {
    let sizes: Vec<usize> = groups.iter().map(|(_, group)| group.people.len()).collect();
    let is_small = |size: usize| (1..LEAST_PEOPLE).contains(&size);
    let small = sizes.iter().filter(|size| is_small(**size)).count();
    let beside = (small == 1)
        .then(|| (0..sizes.len()).filter(|at| sizes[*at] >= LEAST_PEOPLE).min_by_key(|at| sizes[*at]))
        .flatten();
    let shown = |(at, (key, group)): (usize, (K, Group<P>))| {
        let hidden = is_small(group.people.len()) || beside == Some(at);
        (key, (!hidden).then(|| group.figures()))
    };
    groups.into_iter().enumerate().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(people: u32) -> Group<u32> {
        let mut group = Group::default();
        for person in 0..people {
            let waited_secs = Some(86_400 * person);
            group.decide(Decided { person, confirmed: person != 0, waited_secs, completions: 2, offline: person % 2 });
            group.credit(person, Hours::from_tenths(5));
        }
        group
    }

    #[test]
    fn figures_are_of_groups_and_small_ones_are_hidden() {
        let shown = |sizes: &[u32]| {
            let groups = sizes.iter().map(|size| (*size, group(*size))).collect();
            masked(groups).into_iter().map(|(_, figures)| figures.is_some()).collect::<Vec<_>>()
        };
        assert_eq!(shown(&[5, 6]), [true, true]);
        assert_eq!(shown(&[4, 9, 6]), [false, true, false], "the whole minus the others tells nothing");
        assert_eq!(shown(&[4, 9, 1]), [false, true, false]);
        assert_eq!(shown(&[0, 9, 6]), [true, true, true], "an empty group hides nothing");
        assert_eq!(shown(&[3]), [false]);
    }

    #[test]
    fn shares_and_the_median_are_what_they_say() {
        let figures = group(8).figures();
        assert_eq!((figures.people, figures.decisions, figures.hours), (8, 8, Hours::from_tenths(40)));
        assert_eq!((figures.accepted, figures.returned), (Some(0.875), Some(0.125)));
        assert_eq!((figures.offline, figures.median_days), (Some(0.25), Some(3.5)));
        let empty = Group::<u32>::default().figures();
        assert_eq!((empty.accepted, empty.offline, empty.median_days), (None, None, None));
        assert_eq!((median(&[3]), median(&[1, 2, 9])), (Some(3.0), Some(2.0)));
    }
}
