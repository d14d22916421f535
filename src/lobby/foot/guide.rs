//! What is told next on the ground, one voice at a time. Pure: knows no player and no page.

use heritage::{PointId, StationId, StationOutline};

/// How the voices of the page stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// None has begun, or the last has come to its end.
    Silent,
    /// One plays.
    Speaking,
    /// The last was stopped before its end where the visitor still is: by hand, by a call, or by a browser that asks for a
    /// touch first.
    Held,
}

/// What the guide does.
#[derive(Debug, PartialEq)]
pub enum Step<'a> {
    /// Nothing.
    Rest,
    /// Tells this point.
    Begin(&'a StationOutline, &'a PointId),
    /// Goes on with what is being told; this station follows.
    After(&'a StationOutline),
}

/// What has been told by voice on this page.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    told: Vec<PointId>,
    /// The station and the point told last.
    last: Option<(StationId, PointId)>,
}

impl Guide {
    /// A voice has begun, by itself or by the visitor's hand.
    pub fn begun(&mut self, station: &StationId, point: &PointId) {
        self.told.push(point.clone());
        self.last = Some((station.clone(), point.clone()));
    }

    /// The station and the point told last.
    pub const fn last(&self) -> Option<&(StationId, PointId)> {
        self.last.as_ref()
    }

    /// What to do where the visitor is: `at` holds the stations in whose reach that is, the nearest first.
    ///
    /// The station told last is told to its end before the nearest untold one; a held voice is not talked over.
    pub fn next<'a>(&self, at: &[&'a StationOutline], voice: Voice) -> Step<'a> {
        let is_last = |station: &StationOutline| self.last.as_ref().is_some_and(|(last, _)| *last == station.id);
        match voice {
            Voice::Speaking => match at.first() {
                Some(nearest) if !is_last(nearest) && self.untold(nearest).is_some() => Step::After(nearest),
                _ => Step::Rest,
            },
            Voice::Held => Step::Rest,
            Voice::Silent => {
                let mut told_first = at.iter().filter(|station| is_last(station)).chain(at);
                let next = told_first.find_map(|station| Some((station, self.untold(station)?)));
                next.map_or(Step::Rest, |(station, point)| Step::Begin(station, point))
            }
        }
    }

    fn untold<'a>(&self, station: &'a StationOutline) -> Option<&'a PointId> {
        station.points.iter().find(|point| !self.told.contains(*point))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::Bilingual;
    use heritage::geodesy::EastNorthUp;

    fn point(name: &str) -> PointId {
        PointId::new(name).expect("a name")
    }

    fn station(name: &str, points: &[&str]) -> StationOutline {
        StationOutline {
            id: StationId::new(name).expect("a name"),
            title: Bilingual::default(),
            position: EastNorthUp::default(),
            radius_m: 25.0,
            points: points.iter().map(|name| point(name)).collect(),
            zh_secs: 40.0,
            en_secs: 40.0,
        }
    }

    #[test]
    fn of_overlapping_stations_the_nearest_is_told_and_the_others_follow() {
        let (bank, pavilion) = (station("bank", &["place"]), station("pavilion", &["built"]));
        let mut guide = Guide::default();
        assert_eq!(guide.next(&[&bank, &pavilion], Voice::Silent), Step::Begin(&bank, &point("place")));
        guide.begun(&bank.id, &point("place"));
        assert_eq!(guide.next(&[&bank, &pavilion], Voice::Speaking), Step::Rest, "still nearest to what is told");
        assert_eq!(guide.next(&[&pavilion, &bank], Voice::Speaking), Step::After(&pavilion));
        assert_eq!(guide.next(&[&pavilion, &bank], Voice::Silent), Step::Begin(&pavilion, &point("built")));
        guide.begun(&pavilion.id, &point("built"));
        assert_eq!(guide.next(&[&pavilion, &bank], Voice::Silent), Step::Rest, "nothing is told twice");
        assert_eq!(guide.next(&[], Voice::Silent), Step::Rest);
    }

    #[test]
    fn a_station_is_told_to_its_end_before_the_next() {
        let (span, deck) = (station("mid-span", &["river", "crossing"]), station("deck", &["planks"]));
        let mut guide = Guide::default();
        guide.begun(&span.id, &point("river"));
        assert_eq!(guide.next(&[&deck, &span], Voice::Silent), Step::Begin(&span, &point("crossing")));
        assert_eq!(guide.next(&[&deck], Voice::Silent), Step::Begin(&deck, &point("planks")), "it has been left");
    }

    #[test]
    fn a_held_voice_is_not_talked_over() {
        let (bank, pavilion) = (station("bank", &["place"]), station("pavilion", &["built"]));
        let mut guide = Guide::default();
        guide.begun(&bank.id, &point("place"));
        assert_eq!(guide.next(&[&pavilion, &bank], Voice::Held), Step::Rest);
        assert_eq!(guide.next(&[&pavilion, &bank], Voice::Silent), Step::Begin(&pavilion, &point("built")));
    }
}
