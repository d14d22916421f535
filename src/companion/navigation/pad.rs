//! Pad: the two sticks and the buttons of a gamepad in the standard layout.

use super::intent::{Deed, Intent};
use crate::Step;
use crate::platform::pad::{Pad, read};
use bevy::prelude::*;

/// Turning at full lean, radians per second.
const TURN_RAD_PER_SEC: f32 = 1.8;
/// Under this lean a stick is at rest.
const REST: f32 = 0.14;

/// Standard layout: 0 south, 1 east, 2 west, 3 north, 4 and 5 shoulders, 8 select, 9 start, 11 right stick.
pub(super) const DEEDS: [(u32, Deed); 9] = [
    (0, Deed::Open),
    (1, Deed::NextMode),
    (2, Deed::Era),
    (3, Deed::Lens),
    (4, Deed::Previous),
    (5, Deed::Next),
    (8, Deed::Measure),
    (9, Deed::PauseOrGoOn),
    (11, Deed::Measure),
];

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, feel.in_set(Step::Sense));
}

fn feel(time: Res<Time>, mut before: Local<u32>, mut intent: ResMut<Intent>, mut deeds: MessageWriter<Deed>) {
    let pad = read();
    let fresh = pad.buttons & !*before;
    *before = pad.buttons;
    deeds.write_batch(DEEDS.iter().filter(|(button, _)| fresh & (1 << button) != 0).map(|(_, deed)| *deed));
    lean(&pad, time.delta_secs(), &mut intent);
}

fn lean(pad: &Pad, secs: f32, intent: &mut Intent) {
    let stick = |[x, y]: [f32; 2]| {
        let lean = Vec2::new(x, -y);
        if lean.length() < REST { Vec2::ZERO } else { lean.clamp_length_max(1.0) }
    };
    let (left, right) = (stick(pad.left), stick(pad.right));
    intent.walk += left;
    intent.pan += left * 0.5 * secs;
    intent.look_rad += Vec2::new(-right.x, right.y) * TURN_RAD_PER_SEC * secs;
    intent.orbit_rad += Vec2::new(right.x, -right.y) * TURN_RAD_PER_SEC * secs;
    intent.near += (pad.triggers[1] - pad.triggers[0]) * 2.0 * secs;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stick_at_rest_moves_nothing_and_a_leaning_one_walks() {
        let mut intent = Intent::default();
        lean(&Pad { left: [0.05, -0.08], ..Pad::default() }, 0.016, &mut intent);
        assert!(!intent.is_some());
        lean(&Pad { left: [0.0, -1.0], ..Pad::default() }, 0.016, &mut intent);
        assert!(intent.walk.y > 0.99);
    }
}
