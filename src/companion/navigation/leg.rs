//! Leg: one eased stretch of travel along the stations, over the ground that lies between.

use super::gaze::{eased, mix_rad, turn_toward};
use super::ground::{Ground, plan};
use super::way::Feet;
use bevy::prelude::*;

/// Pace of travel, metres per second; faster than a walk, slow enough to look.
const METRES_PER_SEC: f32 = 6.0;
/// Least and most time for a stretch, seconds.
const SECS: (f32, f32) = (0.9, 15.0);
/// Over this length the eye turns along the way before it turns to the thing.
const LONG_M: f32 = 9.0;
/// A station is passed on the way if that lengthens the way by no more than this share.
const DETOUR: f32 = 1.12;

/// A stretch of travel.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    /// Feet, about a metre apart.
    path: Vec<Vec3>,
    from: Feet,
    to: Feet,
    gone_secs: f32,
    secs: f32,
}

impl Leg {
    /// From where the feet are to where they will be, past those of `between` that lie on the way.
    pub(super) fn new(ground: &Ground, from: Feet, to: Feet, between: &[Vec3], reduced_motion: bool) -> Self {
        let mut corners = vec![from.at];
        for (i, &at) in between.iter().enumerate() {
            let last = corners[corners.len() - 1];
            let next = between.get(i + 1).copied().unwrap_or(to.at);
            if last.distance(at) + at.distance(next) <= last.distance(next) * DETOUR {
                corners.push(at);
            }
        }
        corners.push(to.at);
        let path = paced(ground, &corners);
        let length_m: f32 = path.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
        let secs = if reduced_motion { 0.0 } else { (length_m / METRES_PER_SEC).clamp(SECS.0, SECS.1) };
        Self { path, from, to, gone_secs: 0.0, secs }
    }

    /// Where the visitor is after `secs` more, and whether that is the end.
    pub(super) fn on(&mut self, secs: f32) -> (Feet, bool) {
        self.gone_secs += secs;
        if self.gone_secs >= self.secs {
            return (self.to, true);
        }
        let share = eased(self.gone_secs / self.secs);
        let steps = share * (self.path.len() - 1) as f32;
        let index = (steps as usize).min(self.path.len() - 2);
        let (a, b) = (self.path[index], self.path[index + 1]);
        let at = a.lerp(b, steps - index as f32);
        let (yaw_rad, pitch_rad) = self.look(share, at);
        (Feet { at, yaw_rad, pitch_rad }, false)
    }

    fn look(&self, share: f32, at: Vec3) -> (f32, f32) {
        let straight =
            |t: f32| (mix_rad(self.from.yaw_rad, self.to.yaw_rad, t), self.from.pitch_rad.lerp(self.to.pitch_rad, t));
        if self.path.len() < LONG_M as usize {
            return straight(share);
        }
        // A little ahead, so that bends are taken softly.
        let ahead = ((share * (self.path.len() - 1) as f32) as usize + 5).min(self.path.len() - 1);
        let (along_rad, _) = turn_toward((self.path[ahead] - at).with_y(0.0));
        let (out, home) = (eased(share / 0.25), eased((share - 0.7) / 0.3));
        let yaw_rad = mix_rad(mix_rad(self.from.yaw_rad, along_rad, out), self.to.yaw_rad, home);
        let pitch_rad = (self.from.pitch_rad * (1.0 - out)).lerp(self.to.pitch_rad, home);
        (yaw_rad, pitch_rad)
    }
}

/// The way through `corners` in steps of about a metre, on the ground wherever there is some.
fn paced(ground: &Ground, corners: &[Vec3]) -> Vec<Vec3> {
    let mut path: Vec<Vec3> = corners.first().copied().into_iter().collect();
    for pair in corners.windows(2) {
        let steps = pair[0].distance(pair[1]).ceil().max(1.0);
        path.extend((1..=steps as u32).map(|i| {
            let at = pair[0].lerp(pair[1], i as f32 / steps);
            let up_m = ground.height_near(plan(at), at.y).unwrap_or(at.y);
            at.with_y(up_m)
        }));
    }
    path
}
