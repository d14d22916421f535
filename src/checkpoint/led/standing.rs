//! How a led visit stands, and what each command makes of that. Knows no store and no clock.

use heritage::{PointId, StationId};
use protocol::led::{Going, Look, Telling};
use serde::{Deserialize, Serialize};

/// What whoever leads asks of everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Come to a station.
    Go(StationId),
    /// Hear a story point from its beginning.
    Play(PointId),
    /// Hold what is told.
    Pause,
    /// Go on with it.
    Resume,
    /// Look at a story point.
    Look(PointId),
    /// That is all.
    Finish,
}

/// How a visit stands, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Where everybody is asked to be.
    pub going: Option<Going>,
    /// What is told, as of [`Self::told_ms`].
    telling: Option<Telling>,
    /// When that was so, milliseconds since 1970 UTC by the service's clock.
    told_ms: i64,
    /// What everybody is asked to look at.
    pub look: Option<Look>,
    /// Whoever leads has finished.
    pub finished: bool,
}

impl Standing {
    /// As it was kept. What cannot be read stands for nothing yet: followers wait for the next command.
    pub fn read(state: &str) -> Self {
        serde_json::from_str(state).unwrap_or_default()
    }

    /// As it is kept.
    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What is told, with how far it has come by `now_ms`.
    pub fn telling_at(&self, now_ms: i64) -> Option<Telling> {
        let telling = self.telling.clone()?;
        // A clock that was set back lets nothing be told backwards.
        let gone_ms = if telling.playing { (now_ms - self.told_ms).max(0) } else { 0 };
        let at_secs = telling.at_secs + gone_ms as f64 / 1000.0;
        Some(Telling { at_secs, ..telling })
    }

    /// What the command, as change number `since`, makes of it; `None` where it changes nothing.
    pub fn after(&self, command: Command, since: u64, now_ms: i64) -> Option<Self> {
        if self.finished {
            return None;
        }
        let mut next = Self { told_ms: now_ms, telling: self.telling_at(now_ms), ..self.clone() };
        match command {
            Command::Go(station) => {
                // What was told and shown elsewhere stays behind; asked for again, the same place calls everybody back.
                if self.going.as_ref().is_none_or(|going| going.station != station) {
                    (next.telling, next.look) = (None, None);
                }
                next.going = Some(Going { station, since });
            }
            Command::Play(point) => next.telling = Some(Telling { point, playing: true, at_secs: 0.0, since }),
            Command::Pause | Command::Resume => {
                let playing = command == Command::Resume;
                let telling = next.telling.as_mut().filter(|telling| telling.playing != playing)?;
                (telling.playing, telling.since) = (playing, since);
            }
            Command::Look(point) => next.look = Some(Look { point, since }),
            Command::Finish => {
                if let Some(telling) = &mut next.telling {
                    telling.playing = false;
                }
                next.finished = true;
            }
        }
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::id::BadName;

    fn after(standing: &Standing, commands: &[(Command, i64)]) -> Option<Standing> {
        let mut numbered = (1_u64..).zip(commands);
        numbered.try_fold(standing.clone(), |standing, (since, (command, at_ms))| {
            standing.after(command.clone(), since, *at_ms)
        })
    }

    #[test]
    fn what_is_told_goes_on_by_the_clock_and_waits_while_it_is_held() -> Result<(), BadName> {
        let point = PointId::new("river")?;
        let begun = after(&Standing::default(), &[(Command::Play(point.clone()), 1_000)]).unwrap_or_default();
        let at = |standing: &Standing, now_ms| standing.telling_at(now_ms).map(|it| (it.playing, it.at_secs, it.since));
        assert_eq!(at(&begun, 3_500), Some((true, 2.5, 1)));
        assert_eq!(at(&begun, 0), Some((true, 0.0, 1)), "a clock that was set back");
        let held = begun.after(Command::Pause, 2, 5_000).unwrap_or_default();
        assert_eq!(at(&held, 60_000), Some((false, 4.0, 2)));
        assert_eq!(held.after(Command::Pause, 3, 60_000), None, "it is held already");
        let resumed = held.after(Command::Resume, 3, 60_000).unwrap_or_default();
        assert_eq!(at(&resumed, 61_000), Some((true, 5.0, 3)));
        // Another command takes nothing from where it stands.
        let shown = resumed.after(Command::Look(point), 4, 62_000).unwrap_or_default();
        assert_eq!(at(&shown, 63_000), Some((true, 7.0, 3)));
        assert_eq!(Standing::read(&shown.written()), shown);
        Ok(())
    }

    #[test]
    fn going_on_leaves_behind_what_was_told_and_the_same_place_calls_back() -> Result<(), BadName> {
        let (gate, well, point) = (StationId::new("gate")?, StationId::new("well")?, PointId::new("river")?);
        let there = after(&Standing::default(), &[(Command::Go(gate.clone()), 0), (Command::Play(point.clone()), 0)]);
        let there = there.unwrap_or_default();
        let again = there.after(Command::Go(gate), 3, 9_000).unwrap_or_default();
        assert_eq!(again.going.as_ref().map(|going| going.since), Some(3));
        assert_eq!(again.telling_at(9_000).map(|it| (it.at_secs, it.since)), Some((9.0, 2)));
        let on = again.after(Command::Go(well), 4, 9_000).unwrap_or_default();
        assert_eq!((on.telling_at(9_000), on.look.clone()), (None, None));
        assert_eq!(on.after(Command::Resume, 5, 9_000), None, "there is nothing to go on with");
        let over = on.after(Command::Finish, 5, 9_000).unwrap_or_default();
        assert!(over.finished);
        assert_eq!(over.after(Command::Look(point), 6, 9_000), None, "nothing comes after the end");
        Ok(())
    }

    #[test]
    fn what_cannot_be_read_stands_for_nothing_yet() {
        for state in ["", "{}", "[]", "{\"going\":7}"] {
            assert_eq!(Standing::read(state).going, None, "{state}");
        }
    }
}
