//! Guided: led along the stations, waiting for the voice at each; held and resumed with it.

use super::way::Way;
use super::{Aim, MoveBody, Route};
use crate::Step;
use crate::settings::Settings;
use crate::visit::{Answering, GoTo, Held, Here, Pause, Play, Resume, Say, Telling};
use bevy::prelude::*;
use heritage::StationId;
use protocol::bridge::{Mode, Said};

/// Time left to look, at each station after the voice has ended.
const LINGER_SECS: f32 = 4.0;
/// The same after a question was answered: how it was judged, and by which source, takes reading.
const JUDGED_SECS: f32 = 14.0;

pub(super) fn plugin(app: &mut App) {
    app.add_observer(|_: On<Pause>, mut held: ResMut<Held>| held.0 = true)
        .add_observer(|_: On<Resume>, mut held: ResMut<Held>, mut answering: ResMut<Answering>| {
            held.0 = false;
            // Whoever asks to go on is done with the question.
            answering.0 = false;
        })
        .add_observer(|_: On<Play>, mut held: ResMut<Held>| held.0 = false)
        .add_systems(Update, lead.in_set(Step::Decide).after(super::change_mode).before(MoveBody))
        .add_systems(Update, tell_held.in_set(Step::Show));
}

/// The page shows whether the visit is held, whoever held it.
fn tell_held(held: Res<Held>, mut last: Local<bool>, mut say: MessageWriter<Say>) {
    if *last != held.0 {
        *last = held.0;
        say.write(Say(Said::Held { on: held.0 }));
    }
}

fn lead(
    time: Res<Time>,
    settings: Res<Settings>,
    held: Res<Held>,
    answering: Res<Answering>,
    telling: Res<Telling>,
    here: Res<Here>,
    aim: Res<Aim>,
    route: Route,
    way: Res<Way>,
    mut silent_secs: Local<f32>,
    mut tried: Local<Option<StationId>>,
    mut commands: Commands,
) {
    if settings.mode != Mode::Guided || !way.set_out || held.0 {
        return;
    }
    if !way.settled() {
        *silent_secs = 0.0;
        return;
    }
    if answering.0 {
        *silent_secs = LINGER_SECS - JUDGED_SECS;
        return;
    }
    if telling.0.is_some() {
        *silent_secs = silent_secs.min(0.0);
        return;
    }
    // A station that has no floor within its reach is passed, not tried for ever.
    let arrived = aim.0.is_some() && (here.0 == aim.0 || *tried == aim.0);
    if arrived {
        *silent_secs += time.delta_secs();
        if *silent_secs < LINGER_SECS {
            return;
        }
    }
    *silent_secs = 0.0;
    let next = if arrived { route.beside(true) } else { aim.0.clone().or_else(|| route.beside(true)) };
    if let Some(station) = next {
        *tried = Some(station.clone());
        commands.trigger(GoTo { station });
    }
}
