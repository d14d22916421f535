//! Unheard: a narration that cannot be had, does not come, or finds no sound to be heard in.
//!
//! Its text stands on the card and counts by reading, so that it is given the time that the voice would have taken; then
//! the visit goes on as after a voice.

use super::{After, Recital, Tale};
use crate::Step;
use crate::content::Content;
use crate::platform::voice::{Clock, Fault, Voice};
use crate::visit::{Held, Say, ToldToTheEnd};
use bevy::prelude::*;
use heritage::Site;
use protocol::bridge::{Failure, Said};

/// A recording that has not come after this long is taken for missing, seconds. The longest weighs about 200 kB: a
/// network that brings it later than this brings no scene either.
const PATIENCE_SECS: f32 = 45.0;
/// Time to read an account whose length is not known, seconds.
const UNKNOWN_SECS: f32 = 20.0;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, (give_up, give_time).chain().in_set(Step::Show).after(super::tell));
}

fn give_up(
    time: Res<Time>,
    content: If<Res<Content>>,
    mut recital: ResMut<Recital>,
    mut voice: NonSendMut<Voice>,
    mut silence_said: Local<bool>,
    mut say: MessageWriter<Say>,
) {
    let Some(clock) = voice.clock() else { return };
    let Some(tale) = &mut recital.now else { return };
    if clock.awaited && !tale.held {
        tale.awaited_secs += time.delta_secs();
    }
    let late = (tale.awaited_secs >= PATIENCE_SECS).then_some(Fault::Missing);
    let Some(fault) = clock.failed.or(late) else { return };
    tale.reading_secs = Some(reading_secs(&content.0.0, tale));
    let what = tale.address.clone();
    voice.stop();
    say.write_batch(recital.narrating(&Clock { playing: false, ended: true, ..clock }));
    match fault {
        Fault::Missing => {
            say.write(Say(Said::Failed { failure: Failure::AssetMissing, what }));
        }
        // It is true of every narration, and said of the first.
        Fault::NoSound if *silence_said => {}
        Fault::NoSound => {
            *silence_said = true;
            say.write(Say(Said::Failed { failure: Failure::NoSound, what: String::new() }));
        }
    }
}

/// How long the voice would have taken.
fn reading_secs(site: &Site, tale: &Tale) -> f32 {
    let told_secs = site.point(&tale.point).map_or(0.0, |(_, point)| point.narration_secs(tale.lang)) as f32;
    if told_secs > 0.0 { told_secs } else { UNKNOWN_SECS }
}

fn give_time(
    time: Res<Time>,
    held: Res<Held>,
    told: Res<ToldToTheEnd>,
    mut recital: ResMut<Recital>,
    mut after: After,
) {
    let Some(left_secs) = recital.now.as_mut().and_then(|tale| tale.reading_secs.as_mut()) else { return };
    if !held.0 {
        *left_secs -= time.delta_secs();
    }
    if *left_secs <= 0.0
        && let Some(tale) = recital.now.take()
    {
        after.follow(&tale, &told);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::{Pause, Play, Telling};
    use crate::visit_tests::{TOLD_SECS, arrivals, pass, point, site, tap, visit};

    fn visit_with(fresh: Clock) -> App {
        let mut app = visit();
        app.world_mut().non_send_mut::<Voice>().fresh = fresh;
        app
    }

    fn play(app: &mut App, id: &str) {
        app.world_mut().trigger(Play { point: point(id), from_secs: None });
    }

    fn failures(said: &[Said]) -> Vec<(Failure, String)> {
        let failed = said.iter().filter_map(|said| match said {
            Said::Failed { failure, what } => Some((*failure, what.clone())),
            _ => None,
        });
        failed.collect()
    }

    fn telling(app: &App) -> Option<String> {
        app.world().resource::<Telling>().0.as_ref().map(ToString::to_string)
    }

    #[test]
    fn a_narration_that_never_comes_is_given_up_in_words_and_left_time_to_read() {
        let mut app = visit_with(Clock { awaited: true, ..Clock::default() });
        play(&mut app, "place");
        assert_eq!(failures(&pass(&mut app, PATIENCE_SECS - 1.0)), []);
        let said = pass(&mut app, 2.0);
        assert_eq!(failures(&said), [(Failure::AssetMissing, "narration/zh/place.ogg".to_owned())]);
        assert!(said.iter().any(|said| matches!(said, Said::Narrating { ended: true, playing: false, .. })));
        assert_eq!(telling(&app).as_deref(), Some("place"), "there is time to read it");
        pass(&mut app, TOLD_SECS as f32);
        assert_eq!(telling(&app), None);
        assert!(app.world().resource::<ToldToTheEnd>().0.is_empty(), "nobody has heard it");
    }

    #[test]
    fn waiting_is_held_with_everything_else() {
        let mut app = visit_with(Clock { awaited: true, ..Clock::default() });
        play(&mut app, "place");
        app.world_mut().trigger(Pause);
        assert_eq!(failures(&pass(&mut app, PATIENCE_SECS + 5.0)), []);
    }

    #[test]
    fn a_missing_narration_is_asked_for_again_when_the_visitor_asks() {
        let mut app = visit_with(Clock { failed: Some(Fault::Missing), ..Clock::default() });
        play(&mut app, "place");
        assert_eq!(failures(&pass(&mut app, 1.0)).len(), 1);
        app.world_mut().non_send_mut::<Voice>().fresh = Clock::default();
        play(&mut app, "place");
        let said = pass(&mut app, 1.0);
        assert_eq!(failures(&said), []);
        assert!(said.iter().any(|said| matches!(said, Said::Narrating { playing: true, .. })));
    }

    #[test]
    fn without_sound_a_guided_visit_goes_on_at_the_pace_of_reading_and_says_so_once() {
        let mut app = visit_with(Clock { failed: Some(Fault::NoSound), ..Clock::default() });
        let mut said = tap(&mut app, KeyCode::Digit3);
        said.extend(pass(&mut app, 200.0));
        let expected: Vec<String> = site().stations.iter().map(|station| station.id.to_string()).collect();
        assert_eq!(arrivals(&said), expected);
        assert_eq!(failures(&said), [(Failure::NoSound, String::new())]);
        let opened = said.iter().filter(|said| matches!(said, Said::Opened { .. })).count();
        assert_eq!(opened, 3, "the second accounts of three stations are opened in their turn");
    }

    #[test]
    fn a_bed_that_cannot_be_had_is_named_once() {
        let mut app = visit();
        app.world_mut().non_send_mut::<Voice>().lost.push("ambience/wind.ogg".to_owned());
        let said = pass(&mut app, 1.0);
        assert_eq!(failures(&said), [(Failure::AssetMissing, "ambience/wind.ogg".to_owned())]);
    }
}
