//! What a year came to, person by person: the same rule as a learner's own figure, so that both always agree.
//!
//! A walk counts for the year in which the confirmation that stands was made. Entries may come in any order.

use super::Visited;
use crate::credit::Level;
use crate::{Hours, RouteId, SiteId};
use std::collections::BTreeMap;

/// What an entry does to a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It was confirmed.
    Confirmed(Conferred),
    /// It was returned.
    Returned,
    /// Its confirmation was taken back.
    Reopened,
    /// The learner appealed.
    Appealed,
}

/// What a confirmation conferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conferred {
    /// The credit.
    pub hours: Hours,
    /// How well presence was shown; `None` where the record does not say.
    pub level: Option<Level>,
    /// How the walk was made.
    pub visited: Visited,
}

/// One entry that bears on a year.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a, P> {
    /// Place in the log: of several decisions on a walk the one at the greatest place stands.
    pub place: i64,
    /// Whose walk.
    pub person: P,
    /// At which site.
    pub site: &'a SiteId,
    /// On which route.
    pub route: &'a RouteId,
    /// In which calendar year.
    pub year: i16,
    /// What it does.
    pub deed: Deed,
}

/// One walk of one person: the place of what stands, and what that confers in the year.
#[derive(Clone, Debug)]
struct Walk {
    site: SiteId,
    route: RouteId,
    place: i64,
    conferred: Option<Conferred>,
}

/// What the year came to for one person.
#[derive(Clone, Debug, Default)]
pub struct Line {
    walks: Vec<Walk>,
    /// Walks returned in the year, each time counted.
    pub returns: u32,
    /// Appeals made in the year.
    pub appeals: u32,
    /// Confirmations taken back in the year.
    pub reopened: u32,
}

impl Line {
    /// What was conferred, by site and route.
    pub fn conferred(&self) -> impl Iterator<Item = (&SiteId, &RouteId, &Conferred)> {
        self.walks.iter().filter_map(|walk| Some((&walk.site, &walk.route, walk.conferred.as_ref()?)))
    }

    /// The credit of the year.
    pub fn hours(&self) -> Hours {
        self.conferred().map(|(.., conferred)| conferred.hours).sum()
    }

    fn is_empty(&self) -> bool {
        self.returns == 0 && self.appeals == 0 && self.reopened == 0 && self.conferred().next().is_none()
    }
}

/// A year being summed up. Holds a line for each person and a few words for each walk, and nothing else of the log.
#[derive(Clone, Debug)]
pub struct Annual<P> {
    year: i16,
    lines: BTreeMap<P, Line>,
}

/// Walks and their credit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many walks.
    pub walks: u32,
    /// Their credit together.
    pub hours: Hours,
}

/// What a year came to for everyone together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// People to whom anything was conferred.
    pub people: u32,
    /// People who reached what the year asks for.
    pub reached: u32,
    /// All walks that were conferred.
    pub all: Tally,
    /// By site and route.
    pub routes: BTreeMap<(SiteId, RouteId), Tally>,
    /// By how they were made.
    pub visited: BTreeMap<Visited, Tally>,
    /// By how well presence was shown; `None` where the record does not say.
    pub levels: BTreeMap<Option<Level>, Tally>,
    /// Walks returned, each time counted.
    pub returns: u32,
    /// Appeals made.
    pub appeals: u32,
    /// Confirmations taken back.
    pub reopened: u32,
}

impl Tally {
    fn add(&mut self, hours: Hours) {
        self.walks += 1;
        self.hours = self.hours + hours;
    }
}

impl<P: Ord> Annual<P> {
    /// Nothing of a calendar year yet.
    pub const fn new(year: i16) -> Self {
        Self { year, lines: BTreeMap::new() }
    }

    /// Takes one entry in. Each is taken once.
    pub fn take(&mut self, said: Said<'_, P>) {
        let in_year = said.year == self.year;
        let line = self.lines.entry(said.person).or_default();
        let count = u32::from(in_year);
        let conferred = match said.deed {
            Deed::Appealed => {
                line.appeals += count;
                return;
            }
            Deed::Confirmed(conferred) => in_year.then_some(conferred),
            Deed::Returned => {
                line.returns += count;
                None
            }
            Deed::Reopened => {
                line.reopened += count;
                None
            }
        };
        let own = |walk: &&mut Walk| walk.site == *said.site && walk.route == *said.route;
        match line.walks.iter_mut().find(own) {
            Some(walk) if walk.place > said.place => {}
            Some(walk) => (walk.place, walk.conferred) = (said.place, conferred),
            None => {
                let (site, route, place) = (said.site.clone(), said.route.clone(), said.place);
                line.walks.push(Walk { site, route, place, conferred });
                line.walks.sort_by(|one, other| (&one.site, &one.route).cmp(&(&other.site, &other.route)));
            }
        }
    }

    /// Everyone of whom the year says anything, in order.
    pub fn lines(&self) -> impl Iterator<Item = (&P, &Line)> {
        self.lines.iter().filter(|(_, line)| !line.is_empty())
    }

    /// One person's line.
    pub fn line(&self, person: &P) -> Option<&Line> {
        self.lines.get(person)
    }

    /// All lines together; `target` is what the year asks of each.
    pub fn totals(&self, target: Hours) -> Totals {
        let mut totals = Totals::default();
        for (_, line) in self.lines() {
            let hours = line.hours();
            totals.people += u32::from(hours > Hours::default());
            totals.reached += u32::from(hours >= target && hours > Hours::default());
            totals.returns += line.returns;
            totals.appeals += line.appeals;
            totals.reopened += line.reopened;
            for (site, route, conferred) in line.conferred() {
                totals.all.add(conferred.hours);
                totals.routes.entry((site.clone(), route.clone())).or_default().add(conferred.hours);
                totals.visited.entry(conferred.visited).or_default().add(conferred.hours);
                totals.levels.entry(conferred.level).or_default().add(conferred.hours);
            }
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: Hours = Hours::from_tenths(5);

    fn confirmed(visited: Visited) -> Deed {
        Deed::Confirmed(Conferred { hours: HALF, level: Some(Level::E1), visited })
    }

    type Entry = (i64, u8, &'static str, i16, Deed);

    fn year(said: &[Entry]) -> Annual<u8> {
        let mut annual = Annual::new(2026);
        let site = SiteId::new("hill").expect("a name");
        for (place, person, route, year, deed) in said {
            let route = RouteId::new(route).expect("a name");
            annual.take(Said { place: *place, person: *person, site: &site, route: &route, year: *year, deed: *deed });
        }
        annual
    }

    #[test]
    fn a_walk_counts_for_the_year_of_the_confirmation_that_stands() {
        let foot = confirmed(Visited::Foot);
        let cases: [(&[Entry], u32); 7] = [
            (&[(1, 1, "a", 2026, foot)], 5),
            (&[(1, 1, "a", 2025, foot)], 0),
            (&[(1, 1, "a", 2026, foot), (2, 1, "a", 2026, Deed::Reopened)], 0),
            (&[(1, 1, "a", 2026, foot), (2, 1, "a", 2027, Deed::Reopened)], 0),
            (&[(2, 1, "a", 2026, Deed::Reopened), (3, 1, "a", 2026, foot), (1, 1, "a", 2026, foot)], 5),
            (&[(1, 1, "a", 2026, foot), (2, 1, "b", 2026, foot)], 10),
            (&[(1, 1, "a", 2026, Deed::Returned), (2, 1, "a", 2026, Deed::Appealed), (3, 1, "a", 2026, foot)], 5),
        ];
        for (said, tenths) in cases {
            assert_eq!(year(said).line(&1).map_or(0, |line| line.hours().tenths), tenths, "{said:?}");
        }
    }

    #[test]
    fn totals_are_the_lines_together() {
        let annual = year(&[
            (1, 1, "a", 2026, confirmed(Visited::Foot)),
            (2, 1, "b", 2026, confirmed(Visited::Page)),
            (3, 2, "a", 2026, Deed::Returned),
            (4, 2, "a", 2026, Deed::Appealed),
            (5, 2, "a", 2026, confirmed(Visited::Page)),
            (6, 3, "a", 2025, Deed::Returned),
        ]);
        let totals = annual.totals(Hours::from_tenths(10));
        assert_eq!((totals.people, totals.reached, totals.returns, totals.appeals), (2, 1, 1, 1));
        assert_eq!(totals.all, Tally { walks: 3, hours: Hours::from_tenths(15) });
        assert_eq!(totals.visited[&Visited::Page], Tally { walks: 2, hours: Hours::from_tenths(10) });
        assert_eq!(totals.levels[&Some(Level::E1)].walks, 3);
        assert_eq!(totals.routes.values().map(|tally| tally.walks).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(annual.lines().map(|(person, _)| *person).collect::<Vec<_>>(), [1, 2], "of 3 the year says nothing");
    }
}
