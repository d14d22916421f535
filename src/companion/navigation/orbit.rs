//! Orbit: the view around the whole, as around a model on a table.

use super::gaze::{Gaze, forward, mix_rad};
use bevy::prelude::*;

/// Nearest and furthest the eye comes to what it turns around, metres.
const DISTANCE_M: (f32, f32) = (5.0, 240.0);
/// Steepest and flattest look down, radians; never level, so that the eye stays over the banks.
const PITCH_RAD: (f32, f32) = (-1.45, -0.05);
/// Half the box in which the centre may be moved, engine metres, and its middle.
const REACH: (Vec3, Vec3) = (Vec3::new(95.0, 13.0, 70.0), Vec3::new(0.0, -2.0, 0.0));
/// Least height of the eye over water and ground, metres.
pub(super) const CLEAR_M: f32 = 2.0;

/// An eye on a sphere around a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Orbit {
    /// What the eye turns around, engine metres.
    pub target: Vec3,
    pub distance_m: f32,
    pub yaw_rad: f32,
    pub pitch_rad: f32,
}

impl Default for Orbit {
    /// The whole bridge from over the south-western bank.
    fn default() -> Self {
        Self { target: Vec3::new(0.0, -3.0, 0.0), distance_m: 96.0, yaw_rad: -0.62, pitch_rad: -0.3 }
    }
}

impl Orbit {
    pub(super) fn gaze(&self) -> Gaze {
        let eye = self.target - forward(self.yaw_rad, self.pitch_rad) * self.distance_m;
        Gaze { eye, yaw_rad: self.yaw_rad, pitch_rad: self.pitch_rad }
    }

    /// Turns by so many radians: to the left, and up over the horizon.
    pub(super) fn turn(&mut self, by_rad: Vec2) {
        self.yaw_rad += by_rad.x;
        self.pitch_rad += by_rad.y;
    }

    /// Moves the centre with the hand: right and forward over the ground, metres per metre of distance.
    pub(super) fn pan(&mut self, right: f32, ahead: f32) {
        let right_dir = Quat::from_rotation_y(self.yaw_rad) * Vec3::X;
        let ahead_dir = forward(self.yaw_rad, 0.0);
        self.target += (right_dir * right + ahead_dir * ahead) * self.distance_m;
    }

    /// Comes nearer by natural steps: 1 is about two thirds of a halving.
    pub(super) fn near(&mut self, steps: f32) {
        self.distance_m *= (-steps * 0.5).exp();
    }

    /// Brings everything back within its limits; `ground_m` is the height under a place, where known.
    pub(super) fn keep(&mut self, water_m: f32, ground_m: impl Fn(Vec3) -> Option<f32>) {
        let (half, middle) = REACH;
        self.target = self.target.clamp(middle - half, middle + half).max(Vec3::new(f32::MIN, water_m, f32::MIN));
        self.distance_m = self.distance_m.clamp(DISTANCE_M.0, DISTANCE_M.1);
        self.pitch_rad = self.pitch_rad.clamp(PITCH_RAD.0, PITCH_RAD.1);
        // Rising on the same sphere is what a hand would do before it let the eye into a cliff.
        for _ in 0..24 {
            let eye = self.gaze().eye;
            let floor_m = ground_m(eye).map_or(water_m, |m| m.max(water_m)) + CLEAR_M;
            if eye.y >= floor_m || self.pitch_rad <= PITCH_RAD.0 {
                break;
            }
            self.pitch_rad = (self.pitch_rad - 0.05).max(PITCH_RAD.0);
        }
    }

    /// Between this and `to`, turning the shorter way.
    pub(super) fn mix(&self, to: &Self, share: f32) -> Self {
        Self {
            target: self.target.lerp(to.target, share),
            // By ratio, so that coming near is as even as the eye takes it.
            distance_m: self.distance_m * (to.distance_m / self.distance_m).powf(share),
            yaw_rad: mix_rad(self.yaw_rad, to.yaw_rad, share),
            pitch_rad: self.pitch_rad.lerp(to.pitch_rad, share),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hand_brings_the_eye_under_water_or_into_a_cliff() {
        let cliff = |at: Vec3| Some((at.x.abs() - 55.0).max(0.0) * 1.2 - 14.5);
        let mut orbit = Orbit::default();
        for step in 0..4000_u32 {
            let hand = |k: u32| ((step.wrapping_mul(k) >> 3) % 201) as f32 / 100.0 - 1.0;
            orbit.turn(Vec2::new(hand(7919), hand(104_729)) * 0.4);
            orbit.pan(hand(1_299_709) * 0.3, hand(15_485_863) * 0.3);
            orbit.near(hand(32_452_843));
            orbit.keep(-14.5, cliff);
            let eye = orbit.gaze().eye;
            assert!(eye.y >= -14.5 + CLEAR_M - 0.01, "step {step}: {eye}");
            let steepest = orbit.pitch_rad <= PITCH_RAD.0 + 0.01;
            assert!(steepest || eye.y >= cliff(eye).unwrap_or(0.0) + CLEAR_M - 0.01, "step {step}: {eye}");
        }
    }
}
