//! Foot: walking on the floors, and travelling between stations.

use super::ground::plan;
use super::intent::Intent;
use super::way::Way;
use super::{Aim, MoveBody};
use crate::Step;
use crate::settings::Settings;
use crate::visit::{Answering, Held};
use bevy::prelude::*;
use protocol::bridge::Mode;

/// A visitor's stroll and a quick walk, metres per second.
const STROLL_M_PER_SEC: f32 = 1.8;
const HURRY_M_PER_SEC: f32 = 3.6;
/// How far the head goes up and down, radians.
const PITCH_RAD: f32 = 1.3;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, (travel, walk).chain().in_set(Step::Move).in_set(MoveBody));
}

pub(super) fn travel(
    time: Res<Time>,
    settings: Res<Settings>,
    held: Res<Held>,
    answering: Res<Answering>,
    intent: Res<Intent>,
    mut aim: ResMut<Aim>,
    mut way: ResMut<Way>,
) {
    if settings.mode == Mode::Guided && (held.0 || answering.0) {
        return;
    }
    let hand = intent.walk != Vec2::ZERO || intent.look_rad != Vec2::ZERO;
    if settings.mode == Mode::Foot && hand && way.leg.take().is_some() {
        // Stopped, the visitor is on the way to nothing; next and previous count from where that is.
        aim.0 = None;
        way.find_footing();
        return;
    }
    if let Some(mut leg) = way.leg.take() {
        let (feet, there) = leg.on(time.delta_secs());
        way.feet = feet;
        way.leg = (!there).then_some(leg);
    }
}

fn walk(time: Res<Time>, settings: Res<Settings>, intent: Res<Intent>, mut way: ResMut<Way>) {
    if settings.mode == Mode::Around || !way.set_out || way.leg.is_some() || !intent.is_some() {
        return;
    }
    way.feet.yaw_rad += intent.look_rad.x;
    way.feet.pitch_rad = (way.feet.pitch_rad + intent.look_rad.y).clamp(-PITCH_RAD, PITCH_RAD);
    if settings.mode != Mode::Foot || intent.walk == Vec2::ZERO {
        return;
    }
    let pace = way.ground.footing(plan(way.feet.at), way.feet.at.y).map_or(1.0, |footing| footing.pace);
    let speed = if intent.hurry { HURRY_M_PER_SEC } else { STROLL_M_PER_SEC } * pace;
    let lean = intent.walk.clamp_length_max(1.0);
    // Yaw turns left from north; in plan, north is up and east is right.
    let delta = Vec2::from_angle(way.feet.yaw_rad).rotate(lean) * speed * time.delta_secs();
    way.feet.at = way.ground.walk(way.feet.at, delta);
}
