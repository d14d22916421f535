//! Place: where a board hangs. It follows the wearer lazily, never with the head, and never inside a wall.

use super::layout::PX_PER_DEGREE;
use crate::headset::yaw_of;
use crate::sight::Sight;
use bevy::prelude::*;
use std::f32::consts::{PI, TAU};

/// How far from the eyes a board hangs, metres, and the nearest that it comes before a wall.
const AWAY_M: (f32, f32) = (1.7, 0.55);
/// What stands before a board keeps it this far off, metres.
const CLEAR_M: f32 = 0.12;
/// How fast a board that follows comes after, per second.
const FOLLOW_PER_SEC: f32 = 3.0;
/// A board that follows has come home within this, radians.
const HOME_RAD: f32 = 0.03;
/// A wearer who has moved this far takes the board along at once, metres: they went through darkness.
const LEAP_M: f32 = 1.2;

/// A board's place as seen from the wearer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// Where the eyes were when it was hung, engine metres.
    from: Vec3,
    yaw_rad: f32,
    /// Metres of the place for the wearer's.
    scale: f32,
    away_m: f32,
    following: bool,
    is_hung: bool,
}

/// How a board behaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manners {
    /// Under the horizon, radians.
    pub down_rad: f32,
    /// The wearer looks this far past it before it follows, radians.
    pub slack_rad: f32,
}

fn apart_rad(a: f32, b: f32) -> f32 {
    (b - a + PI).rem_euclid(TAU) - PI
}

impl Place {
    /// Hangs it anew before the wearer, whenever it is next followed.
    pub(super) fn forget(&mut self) {
        self.is_hung = false;
    }

    /// Follows the wearer through `secs`; `reach_m` tells how far it is along a ray to what stands there.
    pub(super) fn follow(
        &mut self,
        head: &Transform,
        manners: Manners,
        scale: f32,
        secs: f32,
        reach_m: impl Fn(Vec3, Dir3) -> f32,
    ) {
        let at = head.translation;
        let yaw_rad = yaw_of(head);
        let leapt = self.from.distance(at) > LEAP_M * scale || (self.scale - scale).abs() > 1e-3;
        if !self.is_hung || leapt {
            *self = Self { from: at, yaw_rad, scale, away_m: AWAY_M.0, following: false, is_hung: true };
        }
        let apart = apart_rad(self.yaw_rad, yaw_rad);
        if apart.abs() > manners.slack_rad {
            self.following = true;
        }
        if self.following {
            let share = 1.0 - (-FOLLOW_PER_SEC * secs).exp();
            self.yaw_rad += apart * share;
            self.from = self.from.lerp(at, share);
            self.following = apart.abs() > HOME_RAD;
        } else if self.from.distance(at) > 0.25 * scale {
            self.from = self.from.lerp(at, 1.0 - (-FOLLOW_PER_SEC * secs).exp());
        }
        let toward = Dir3::new(self.toward(manners)).unwrap_or(Dir3::NEG_Z);
        let free_m = reach_m(self.from, toward) / scale - CLEAR_M;
        self.away_m = free_m.clamp(AWAY_M.1, AWAY_M.0);
    }

    fn toward(&self, manners: Manners) -> Vec3 {
        Quat::from_rotation_y(self.yaw_rad) * Quat::from_rotation_x(-manners.down_rad) * Vec3::NEG_Z
    }

    /// Corners of a board of so many pixels, as `Board::corners`; nearer it is smaller, so that it looks as large.
    pub(super) fn corners(&self, manners: Manners, size_px: [f32; 2]) -> [Vec3; 4] {
        let toward = self.toward(manners);
        let px_m = self.away_m * self.scale * 1_f32.to_radians().tan() / PX_PER_DEGREE;
        let right = Quat::from_rotation_y(self.yaw_rad) * Vec3::X;
        let up = right.cross(toward).normalize_or(Vec3::Y);
        board(self.from + toward * (self.away_m * self.scale), right, up, [size_px[0] * px_m, size_px[1] * px_m])
    }
}

/// Corners of a board around its middle.
pub(super) fn board(middle: Vec3, right: Vec3, up: Vec3, [wide_m, high_m]: [f32; 2]) -> [Vec3; 4] {
    [[-0.5, 0.5], [0.5, 0.5], [0.5, -0.5], [-0.5, -0.5]].map(|[x, y]| middle + right * (x * wide_m) + up * (y * high_m))
}

/// How far it is to what is drawn there, metres.
pub(super) fn reach_m(sight: &Sight, from: Vec3, toward: Dir3, scale: f32) -> f32 {
    let most = (AWAY_M.0 + CLEAR_M) * scale;
    sight.first_m(Ray3d::new(from, toward), most).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANEL: Manners = Manners { down_rad: 0.1, slack_rad: 0.7 };

    fn looking(yaw_rad: f32) -> Transform {
        Transform::from_xyz(2.0, 1.6, -3.0).with_rotation(Quat::from_rotation_y(yaw_rad))
    }

    fn follow(place: &mut Place, head: &Transform, frames: usize) {
        for _ in 0..frames {
            place.follow(head, PANEL, 1.0, 1.0 / 72.0, |_, _| 9.0);
        }
    }

    #[test]
    fn a_head_that_looks_about_does_not_move_the_board_and_one_that_turns_away_does() {
        let mut place = Place::default();
        follow(&mut place, &looking(0.0), 1);
        let hung = place;
        for yaw_rad in [0.2, -0.3, 0.5, 0.01] {
            follow(&mut place, &looking(yaw_rad), 20);
            assert_eq!(place, hung, "{yaw_rad}");
        }
        follow(&mut place, &looking(1.2), 1);
        assert!((place.yaw_rad - hung.yaw_rad).abs() < 0.1, "it comes after softly");
        follow(&mut place, &looking(1.2), 200);
        assert!((place.yaw_rad - 1.2).abs() < 0.05, "{place:?}");
    }

    #[test]
    fn before_a_wall_the_board_hangs_nearer_and_looks_as_large() {
        let head = looking(0.0);
        let (mut free, mut walled) = (Place::default(), Place::default());
        free.follow(&head, PANEL, 1.0, 0.1, |_, _| 9.0);
        walled.follow(&head, PANEL, 1.0, 0.1, |_, _| 1.1);
        let angle = |place: &Place| {
            let [a, b, ..] = place.corners(PANEL, [900.0, 600.0]).map(|at| at - head.translation);
            a.angle_between(b).to_degrees()
        };
        assert!((angle(&free) - angle(&walled)).abs() < 0.05);
        assert!((angle(&free) - 29.0).abs() < 2.0, "{}", angle(&free));
        let middle = |place: &Place| place.corners(PANEL, [900.0, 600.0]).iter().sum::<Vec3>() / 4.0;
        assert!(middle(&walled).distance(head.translation) < 1.0);
    }
}
