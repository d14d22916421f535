//! Following a visit that a trainer leads: what of a state is to be done. Pure; knows neither page nor scene.

use heritage::{PointId, StationId};
use protocol::led::Led;

/// What a follower's scene is to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Go to a station.
    Come(StationId),
    /// Tell a story point from so many seconds on.
    Play(PointId, f64),
    /// Hold what is told.
    Hold,
    /// Show a story point.
    Look(PointId),
}

/// What a follower has done so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    revision: u64,
    /// What was told by the trainer's wish plays here, as far as is known.
    playing: bool,
}

impl Followed {
    /// What of a state that came `late_secs` ago has not been done yet. Each part is done once, and what has passed is not
    /// caught up with.
    pub fn obey(&mut self, led: &Led, late_secs: f64) -> Vec<Deed> {
        let mut deeds = Vec::new();
        let done = self.revision;
        if let Some(going) = led.going.as_ref().filter(|going| going.since > done) {
            if self.playing && led.telling.is_none() {
                deeds.push(Deed::Hold);
                self.playing = false;
            }
            deeds.push(Deed::Come(going.station.clone()));
        }
        if let Some(telling) = led.telling.as_ref().filter(|telling| telling.since > done) {
            if telling.playing {
                deeds.push(Deed::Play(telling.point.clone(), telling.at_secs + late_secs.max(0.0)));
            } else if self.playing {
                deeds.push(Deed::Hold);
            }
            self.playing = telling.playing;
        }
        if let Some(look) = led.look.as_ref().filter(|look| look.since > done) {
            deeds.push(Deed::Look(look.point.clone()));
        }
        self.revision = self.revision.max(led.revision);
        deeds
    }

    /// All that stands now, for whoever comes back to the group.
    pub fn come_back(&mut self, led: &Led, late_secs: f64) -> Vec<Deed> {
        *self = Self { revision: 0, playing: self.playing };
        self.obey(led, late_secs)
    }
}

/// Whether a narration that begins here by itself is held: everybody has just been asked to come, and it is for the trainer
/// to say what is told.
pub fn is_unasked(led: &Led, point: &PointId) -> bool {
    !led.telling.as_ref().is_some_and(|telling| telling.playing && telling.point == *point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::id::BadName;
    use heritage::{RouteId, SiteId};
    use protocol::led::{Going, Look, Telling};

    fn led(revision: u64) -> Result<Led, BadName> {
        let (site, route) = (SiteId::new("hill")?, RouteId::new("path")?);
        Ok(Led { revision, site, route, going: None, telling: None, look: None, finished: false })
    }

    #[test]
    fn each_part_is_done_once_and_a_late_joiner_does_all_that_stands() -> Result<(), BadName> {
        let (gate, point) = (StationId::new("gate")?, PointId::new("river")?);
        let going = Some(Going { station: gate.clone(), since: 1 });
        let first = Led { going: going.clone(), ..led(1)? };
        let telling = Some(Telling { point: point.clone(), playing: true, at_secs: 4.0, since: 2 });
        let second = Led { telling, ..Led { revision: 2, ..first.clone() } };
        let third =
            Led { look: Some(Look { point: point.clone(), since: 3 }), ..Led { revision: 3, ..second.clone() } };
        let mut there = Followed::default();
        assert_eq!(there.obey(&led(0)?, 0.0), []);
        assert_eq!(there.obey(&first, 0.0), [Deed::Come(gate.clone())]);
        assert_eq!(there.obey(&first, 0.0), [], "told again, as on coming back after a break");
        assert_eq!(there.obey(&second, 0.5), [Deed::Play(point.clone(), 4.5)]);
        assert_eq!(there.obey(&third, 0.0), [Deed::Look(point.clone())]);
        assert_eq!(there.obey(&second, 0.0), [], "what comes late is no news");
        let all = [Deed::Come(gate), Deed::Play(point.clone(), 4.0), Deed::Look(point.clone())];
        assert_eq!(Followed::default().obey(&third, 0.0), all);
        assert_eq!(there.come_back(&third, 0.0), all);
        Ok(())
    }

    #[test]
    fn what_is_held_or_left_behind_falls_silent_where_it_plays() -> Result<(), BadName> {
        let (well, point) = (StationId::new("well")?, PointId::new("river")?);
        let telling = |playing, since| Some(Telling { point: point.clone(), playing, at_secs: 4.0, since });
        let (plays, held) =
            (Led { telling: telling(true, 1), ..led(1)? }, Led { telling: telling(false, 2), ..led(2)? });
        let on = Led { going: Some(Going { station: well.clone(), since: 3 }), ..led(3)? };
        let mut there = Followed::default();
        assert_eq!(there.obey(&plays, 0.0).len(), 1);
        assert_eq!(there.obey(&held, 0.0), [Deed::Hold]);
        assert_eq!(there.obey(&on, 0.0), [Deed::Come(well.clone())], "it is silent already");
        assert_eq!(Followed::default().obey(&held, 0.0), [], "who comes late has nothing to hold");
        let mut there = Followed::default();
        there.obey(&plays, 0.0);
        assert_eq!(there.obey(&on, 0.0), [Deed::Hold, Deed::Come(well)]);
        assert!(is_unasked(&on, &point) && is_unasked(&held, &point) && !is_unasked(&plays, &point));
        Ok(())
    }
}
