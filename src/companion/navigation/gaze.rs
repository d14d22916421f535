//! Gaze: an eye's place and direction, and how one passes into another.

use bevy::prelude::*;
use std::f32::consts::{PI, TAU};

/// Where the eye is and which way it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Gaze {
    /// Engine metres.
    pub eye: Vec3,
    /// Turn to the left from north, radians.
    pub yaw_rad: f32,
    /// Over the horizon, radians; negative looks down.
    pub pitch_rad: f32,
}

impl Gaze {
    /// From `eye` towards `at`; level and north where the two coincide.
    pub(super) fn toward(eye: Vec3, at: Vec3) -> Self {
        let (yaw_rad, pitch_rad) = turn_toward(at - eye);
        Self { eye, yaw_rad, pitch_rad }
    }

    pub(super) fn transform(&self) -> Transform {
        let rotation = Quat::from_rotation_y(self.yaw_rad) * Quat::from_rotation_x(self.pitch_rad);
        Transform { translation: self.eye, rotation, ..default() }
    }

    /// Between this and `to`, turning the shorter way.
    pub(super) fn mix(&self, to: &Self, share: f32) -> Self {
        Self {
            eye: self.eye.lerp(to.eye, share),
            yaw_rad: mix_rad(self.yaw_rad, to.yaw_rad, share),
            pitch_rad: self.pitch_rad.lerp(to.pitch_rad, share),
        }
    }
}

/// Turn to the left from north and rise over the horizon of a direction, radians.
pub(super) fn turn_toward(direction: Vec3) -> (f32, f32) {
    let flat_m = direction.xz().length();
    if flat_m < 1e-4 && direction.y.abs() < 1e-4 {
        return (0.0, 0.0);
    }
    ((-direction.x).atan2(-direction.z), direction.y.atan2(flat_m))
}

/// Which way `yaw_rad` and `pitch_rad` look.
pub(super) fn forward(yaw_rad: f32, pitch_rad: f32) -> Vec3 {
    Vec3::new(-yaw_rad.sin() * pitch_rad.cos(), pitch_rad.sin(), -yaw_rad.cos() * pitch_rad.cos())
}

/// Between two directions, the shorter way round.
pub(super) fn mix_rad(from: f32, to: f32, share: f32) -> f32 {
    let turn = (to - from + PI).rem_euclid(TAU) - PI;
    from + turn * share
}

/// Slow start and slow end; 0–1 in and out.
pub(super) fn eased(share: f32) -> f32 {
    let t = share.clamp(0.0, 1.0);
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gaze_looks_at_what_it_was_turned_toward() {
        for at in [Vec3::new(3.0, 1.0, -4.0), Vec3::new(-3.0, -2.0, 5.0), Vec3::new(0.0, 9.0, 0.1)] {
            let gaze = Gaze::toward(Vec3::new(0.5, 1.65, 0.0), at);
            let seen = gaze.transform().forward().as_vec3();
            assert!(seen.distance((at - gaze.eye).normalize_or_zero()) < 1e-4);
            assert!(seen.distance(forward(gaze.yaw_rad, gaze.pitch_rad)) < 1e-4);
        }
    }

    #[test]
    fn turning_takes_the_shorter_way() {
        assert!((mix_rad(3.0, -3.0, 0.5).abs() - PI).abs() < 1e-5);
    }
}
