//! Keys: the whole visit by keyboard alone.
//!
//! Keys with Ctrl, Alt or Meta belong to the browser. `platform::page` sees to it that keys come only while the
//! canvas, or nothing at all, has the focus.

use super::intent::{Deed, Intent};
use crate::Step;
use bevy::prelude::*;
use protocol::bridge::Mode;

/// Turning by keys, radians per second.
const TURN_RAD_PER_SEC: f32 = 1.3;

pub(super) const DEEDS: [(KeyCode, Deed); 16] = [
    (KeyCode::Digit1, Deed::Move(Mode::Around)),
    (KeyCode::Digit2, Deed::Move(Mode::Foot)),
    (KeyCode::Digit3, Deed::Move(Mode::Guided)),
    (KeyCode::Numpad1, Deed::Move(Mode::Around)),
    (KeyCode::Numpad2, Deed::Move(Mode::Foot)),
    (KeyCode::Numpad3, Deed::Move(Mode::Guided)),
    (KeyCode::KeyM, Deed::NextMode),
    (KeyCode::KeyE, Deed::Era),
    (KeyCode::KeyL, Deed::Lens),
    (KeyCode::KeyR, Deed::Measure),
    (KeyCode::KeyN, Deed::Next),
    (KeyCode::KeyP, Deed::Previous),
    (KeyCode::BracketRight, Deed::Next),
    (KeyCode::BracketLeft, Deed::Previous),
    (KeyCode::Enter, Deed::Open),
    (KeyCode::Space, Deed::PauseOrGoOn),
];

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<ButtonInput<KeyCode>>().add_systems(Update, (press, hold).in_set(Step::Sense));
}

fn for_the_browser(keys: &ButtonInput<KeyCode>) -> bool {
    use KeyCode::{AltLeft, AltRight, ControlLeft, ControlRight, SuperLeft, SuperRight};
    keys.any_pressed([ControlLeft, ControlRight, AltLeft, AltRight, SuperLeft, SuperRight])
}

fn press(keys: Res<ButtonInput<KeyCode>>, mut deeds: MessageWriter<Deed>) {
    if !for_the_browser(&keys) {
        deeds.write_batch(DEEDS.iter().filter(|(key, _)| keys.just_pressed(*key)).map(|(_, deed)| *deed));
    }
}

fn hold(keys: Res<ButtonInput<KeyCode>>, time: Res<Time>, mut intent: ResMut<Intent>) {
    if for_the_browser(&keys) {
        return;
    }
    let axis = |plus: &[KeyCode], minus: &[KeyCode]| {
        let down = |keys_of: &[KeyCode]| f32::from(u8::from(keys_of.iter().any(|key| keys.pressed(*key))));
        down(plus) - down(minus)
    };
    let step = TURN_RAD_PER_SEC * time.delta_secs();
    let shift = keys.any_pressed([KeyCode::ShiftLeft, KeyCode::ShiftRight]);
    let ahead = axis(&[KeyCode::KeyW, KeyCode::ArrowUp], &[KeyCode::KeyS, KeyCode::ArrowDown]);
    let aside = axis(&[KeyCode::KeyD], &[KeyCode::KeyA]);
    let turn = axis(&[KeyCode::ArrowLeft, KeyCode::KeyZ], &[KeyCode::ArrowRight, KeyCode::KeyX]);
    let raise = axis(&[KeyCode::PageUp], &[KeyCode::PageDown]);

    intent.walk += Vec2::new(aside, ahead);
    intent.hurry |= shift;
    intent.look_rad += Vec2::new(turn, raise) * step;
    // Around the model the letters move the ground and the arrows turn the table.
    let climb = axis(&[KeyCode::ArrowUp, KeyCode::PageUp], &[KeyCode::ArrowDown, KeyCode::PageDown]);
    intent.orbit_rad += Vec2::new(-turn, -climb) * step;
    let along = axis(&[KeyCode::KeyW], &[KeyCode::KeyS]);
    intent.pan += Vec2::new(aside, along) * 0.5 * time.delta_secs();
    intent.near += axis(&[KeyCode::Equal, KeyCode::NumpadAdd], &[KeyCode::Minus, KeyCode::NumpadSubtract])
        * 2.0
        * time.delta_secs();
}
