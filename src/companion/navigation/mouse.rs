//! Mouse: drag to look or turn, wheel to come nearer, click to pick.

use super::intent::{Intent, Press};
use crate::Step;
use crate::screen::{Pointing, Screen};
use bevy::input::mouse::{MouseScrollUnit, MouseWheel};
use bevy::prelude::*;

/// Radians per CSS pixel of drag; a canvas of 1440 is about three quarters of a full turn.
pub(super) const DRAG_RAD_PER_PX: f32 = 0.0033;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<ButtonInput<MouseButton>>()
        .add_message::<MouseWheel>()
        .init_resource::<Dragging>()
        .add_systems(Update, (drag, wheel).in_set(Step::Sense));
}

/// The button now held, and since where.
#[derive(Resource, Default)]
struct Dragging(Option<(MouseButton, Press)>);

fn drag(
    buttons: Res<ButtonInput<MouseButton>>,
    keys: Res<ButtonInput<KeyCode>>,
    time: Res<Time>,
    screen: Screen,
    mut dragging: ResMut<Dragging>,
    mut pointing: ResMut<Pointing>,
    mut intent: ResMut<Intent>,
    mut commands: Commands,
) {
    let cursor_px = screen.cursor_px();
    pointing.set_if_neq(Pointing(cursor_px));
    let size_px = screen.size_px();

    if dragging.0.is_none()
        && let Some(at_px) = cursor_px
        && let Some(button) = buttons.get_just_pressed().next()
    {
        dragging.0 = Some((*button, Press::at(at_px)));
    }
    let Some((button, press)) = &mut dragging.0 else { return };
    press.held_secs += time.delta_secs();
    let way = cursor_px.map_or(Vec2::ZERO, |to| press.follow(to));
    if *button == MouseButton::Left && !keys.any_pressed([KeyCode::ShiftLeft, KeyCode::ShiftRight]) {
        intent.look_rad += way * DRAG_RAD_PER_PX;
        intent.orbit_rad += Vec2::new(-way.x, -way.y) * DRAG_RAD_PER_PX * 1.5;
    } else {
        intent.pan += Vec2::new(-way.x, way.y) / size_px.y.max(1.0);
    }
    if !buttons.pressed(*button) {
        if *button == MouseButton::Left
            && let Some(tapped) = press.tapped()
        {
            commands.trigger(tapped);
        }
        dragging.0 = None;
    }
}

fn wheel(mut turns: MessageReader<MouseWheel>, mut intent: ResMut<Intent>) {
    for turn in turns.read() {
        let lines = match turn.unit {
            MouseScrollUnit::Line => turn.y,
            MouseScrollUnit::Pixel => turn.y / 100.0,
        };
        intent.near += lines.clamp(-3.0, 3.0) * 0.35;
    }
}
