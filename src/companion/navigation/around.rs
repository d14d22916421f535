//! Around: turning the whole like a model on a table.

use super::intent::Intent;
use super::orbit::Orbit;
use super::way::{Swing, Way};
use super::{Aim, MoveBody};
use crate::Step;
use crate::settings::Settings;
use bevy::prelude::*;
use protocol::bridge::Mode;

/// Time for the eye to come to another station.
const SWING_SECS: f32 = 1.8;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, turn.in_set(Step::Move).in_set(MoveBody));
}

/// Begins to ease to `to`, or cuts there.
pub(super) fn swing_to(way: &mut Way, to: Orbit, cut: bool) {
    let secs = if cut { 0.0 } else { SWING_SECS };
    way.swing = Some(Swing { from: way.orbit, to, gone_secs: 0.0, secs });
}

fn turn(
    time: Res<Time>,
    settings: Res<Settings>,
    intent: Res<Intent>,
    terrain: crate::sight::Sight,
    mut aim: ResMut<Aim>,
    mut way: ResMut<Way>,
) {
    if settings.mode != Mode::Around || !way.set_out {
        return;
    }
    if let Some(mut swing) = way.swing.take() {
        let (orbit, there) = swing.on(time.delta_secs());
        way.orbit = orbit;
        way.swing = (!there).then_some(swing);
    }
    let asked = intent.orbit_rad != Vec2::ZERO || intent.pan != Vec2::ZERO || intent.near != 0.0;
    if asked {
        // A hand on the table stops what was still easing.
        way.swing = None;
        if intent.pan != Vec2::ZERO {
            aim.0 = None;
        }
        way.orbit.turn(intent.orbit_rad);
        way.orbit.pan(intent.pan.x, intent.pan.y);
        way.orbit.near(intent.near);
    }
    if asked || way.swing.is_some() {
        let water_m = way.water_m;
        way.orbit.keep(water_m, |eye| terrain.ground_m(eye));
    }
}
