//! Guided: led along the stations, waiting for the voice at each; held and resumed with it.

use super::way::Way;
use super::{Aim, MoveBody, Route};
use crate::Step;
use crate::settings::Settings;
use crate::visit::{GoTo, Held, Here, Pause, Play, Resume, Telling};
use bevy::prelude::*;
use heritage::StationId;
use protocol::bridge::Mode;

/// Time left to look, at each station after the voice has ended.
const LINGER_SECS: f32 = 4.0;

pub(super) fn plugin(app: &mut App) {
    app.add_observer(|_: On<Pause>, mut held: ResMut<Held>| held.0 = true)
        .add_observer(|_: On<Resume>, mut held: ResMut<Held>| held.0 = false)
        .add_observer(|_: On<Play>, mut held: ResMut<Held>| held.0 = false)
        .add_systems(Update, lead.in_set(Step::Decide).after(super::change_mode).before(MoveBody));
}

fn lead(
    time: Res<Time>,
    settings: Res<Settings>,
    held: Res<Held>,
    telling: Res<Telling>,
    here: Res<Here>,
    aim: Res<Aim>,
    route: Route,
    way: Res<Way>,
    mut silent_secs: Local<f32>,
    mut tried: Local<Option<StationId>>,
    mut commands: Commands,
) {
    if settings.mode != Mode::Guided || !way.set_out || held.0 || !way.settled() {
        return;
    }
    if telling.0.is_some() {
        *silent_secs = 0.0;
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
