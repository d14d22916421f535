//! Hold: a narration that is paused, or left behind by going elsewhere.

use super::{Recital, note};
use crate::content::Content;
use crate::platform::voice::{Clock, Voice};
use crate::visit::{Departed, GoTo, Pause, Say, Telling};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_observer(pause).add_observer(hold_when_taken_elsewhere).add_observer(leave);
}

/// Holds the voice where it is and tells the page so, with what has been heard.
fn hold(recital: &mut Recital, voice: &mut Voice, say: &mut MessageWriter<Say>) {
    let Some(tale) = &mut recital.now else { return };
    tale.held = true;
    voice.pause();
    if let Some(clock) = voice.clock() {
        note(tale, &clock);
        tale.was_playing = false;
        say.write_batch(recital.narrating(&Clock { playing: false, ..clock }));
    }
    say.write_batch(recital.heard());
}

fn pause(_: On<Pause>, mut recital: ResMut<Recital>, mut voice: NonSendMut<Voice>, mut say: MessageWriter<Say>) {
    hold(&mut recital, &mut voice, &mut say);
}

/// Whoever is taken to another station is not followed by the voice of the last one.
fn hold_when_taken_elsewhere(
    asked: On<GoTo>,
    content: If<Res<Content>>,
    mut recital: ResMut<Recital>,
    mut voice: NonSendMut<Voice>,
    mut telling: ResMut<Telling>,
    mut say: MessageWriter<Say>,
) {
    let is_there = content.0.0.station(&asked.station).is_some();
    if is_there && recital.now.as_ref().is_some_and(|tale| tale.station != asked.station) {
        hold(&mut recital, &mut voice, &mut say);
        // Nothing that is told any more keeps a guided visitor waiting.
        telling.set_if_neq(Telling(None));
    }
}

/// A voice that was held is not taken along; one that is speaking may finish its sentence from afar.
fn leave(
    departed: On<Departed>,
    mut recital: ResMut<Recital>,
    mut voice: NonSendMut<Voice>,
    mut telling: ResMut<Telling>,
    mut say: MessageWriter<Say>,
) {
    if recital.now.as_ref().is_some_and(|tale| tale.station == departed.station && tale.held) {
        say.write_batch(recital.heard());
        voice.stop();
        recital.now = None;
        telling.0 = None;
    }
}
