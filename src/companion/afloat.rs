//! Afloat: what hangs in the air before the wearer of a headset, over all that stands there: boards with lettering, and
//! chalk, which is never lit.
//!
//! Each part is laid anew by one feature; `frame` draws them in this order while a session runs.

use crate::ink::Sheet;
use crate::surface::Picture;
use bevy::prelude::*;
use std::f32::consts::TAU;

/// Triangles in the place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chalk {
    /// Engine metres.
    pub places: Vec<Vec3>,
    /// Linear, with opacity.
    pub colours: Vec<[f32; 4]>,
    /// Three for each triangle.
    pub indices: Vec<u32>,
}

/// A lettered picture, upright.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Board {
    pub picture: Handle<Picture>,
    /// Top left, top right, bottom right, bottom left as they are read; engine metres.
    pub corners: [Vec3; 4],
    pub opacity: f32,
}

/// All that hangs in the air.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct Afloat {
    /// Marks of story points. Laid by `markers` alone.
    pub marks: Chalk,
    /// Where a step would lead. Laid by `navigation` alone.
    pub arc: Chalk,
    /// Laid by `boards` alone, the farthest first.
    pub boards: Vec<Board>,
    /// The ray, the dot it ends in and the ring of looking. Laid by `boards` alone.
    pub pointer: Chalk,
    /// What is said when the place lies dimmed: over the darkness, so that it can be read. Laid by `boards` alone.
    pub notice: Option<Board>,
}

impl Chalk {
    pub(crate) fn clear(&mut self) {
        self.places.clear();
        self.colours.clear();
        self.indices.clear();
    }

    fn put(&mut self, at: Vec3, colour: [f32; 4]) -> u32 {
        self.places.push(at);
        self.colours.push(colour);
        self.places.len() as u32 - 1
    }

    /// A sheet hung up in the place: `at_px` of it comes to lie at `at`, and a pixel is `px_m` wide, `right` and `down`.
    pub(crate) fn hang(&mut self, sheet: &Sheet, at_px: Vec2, at: Vec3, [right, down]: [Vec3; 2], px_m: f32) {
        let first = self.places.len() as u32;
        for (place, colour) in sheet.vertices() {
            let off = (place - at_px) * px_m;
            self.put(at + right * off.x + down * off.y, colour);
        }
        self.indices.extend(sheet.indices().iter().map(|index| first + index));
    }

    /// A ribbon along a path, `wide_m` across, turned flat to whoever is at `eye`.
    pub(crate) fn ribbon(&mut self, path: impl Iterator<Item = Vec3>, wide_m: f32, eye: Vec3, colour: [f32; 4]) {
        let mut last: Option<(Vec3, Option<[u32; 2]>)> = None;
        for at in path {
            let edge = last.map(|(before, edge)| {
                let across = (at - before).cross(eye - at).normalize_or_zero() * (wide_m / 2.0);
                let start =
                    edge.unwrap_or_else(|| [self.put(before - across, colour), self.put(before + across, colour)]);
                let end = [self.put(at - across, colour), self.put(at + across, colour)];
                self.indices.extend([start[0], start[1], end[1], start[0], end[1], end[0]]);
                end
            });
            last = Some((at, edge));
        }
    }

    /// The band between two circles in the plane of `right` and `up`, or a `share` of it clockwise from the top.
    pub(crate) fn ring(
        &mut self,
        at: Vec3,
        [right, up]: [Vec3; 2],
        [inner_m, outer_m]: [f32; 2],
        share: f32,
        colour: [f32; 4],
    ) {
        let steps = (40.0 * share).ceil().max(1.0) as u32;
        let mut edge: Option<[u32; 2]> = None;
        for step in 0..=steps {
            let turn = TAU * share * step as f32 / steps as f32;
            let way = right * turn.sin() + up * turn.cos();
            let next = [self.put(at + way * inner_m, colour), self.put(at + way * outer_m, colour)];
            if let Some([a, b]) = edge {
                self.indices.extend([a, b, next[1], a, next[1], next[0]]);
            }
            edge = Some(next);
        }
    }
}

impl Board {
    /// How far along a ray the board is met, metres, and where on it, in shares from its top left.
    pub(crate) fn met(&self, from: Vec3, toward: Dir3) -> Option<(f32, Vec2)> {
        let [top_left, top_right, _, bottom_left] = self.corners;
        let (across, down) = (top_right - top_left, bottom_left - top_left);
        let normal = across.cross(down);
        let slope = toward.dot(normal);
        if slope.abs() < 1e-6 {
            return None;
        }
        let along_m = (top_left - from).dot(normal) / slope;
        let off = from + toward * along_m - top_left;
        let share = Vec2::new(off.dot(across) / across.length_squared(), off.dot(down) / down.length_squared());
        let within = share.cmpge(Vec2::ZERO).all() && share.cmple(Vec2::ONE).all();
        (along_m > 0.0 && within).then_some((along_m, share))
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Afloat>();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ray_meets_a_board_where_it_is_read() {
        let corners = [[-1.0, 2.0], [1.0, 2.0], [1.0, 1.0], [-1.0, 1.0]].map(|[x, y]| Vec3::new(x, y, -2.0));
        let board = Board { picture: Handle::default(), corners, opacity: 1.0 };
        let (along_m, at) = board.met(Vec3::new(0.5, 1.75, 0.0), Dir3::NEG_Z).expect("it is before the eye");
        assert!((along_m - 2.0).abs() < 1e-5 && at.distance(Vec2::new(0.75, 0.25)) < 1e-5);
        assert_eq!(board.met(Vec3::new(0.5, 1.75, 0.0), Dir3::Z), None, "behind");
        assert_eq!(board.met(Vec3::new(0.5, 2.1, 0.0), Dir3::NEG_Z), None, "over it");
        assert_eq!(board.met(Vec3::new(0.5, 1.5, 0.0), Dir3::X), None, "along it");
    }

    #[test]
    fn chalk_is_whole_triangles_however_much_of_a_ring_is_drawn() {
        let mut chalk = Chalk::default();
        for share in [0.0, 0.3, 1.0] {
            chalk.ring(Vec3::ZERO, [Vec3::X, Vec3::Y], [0.1, 0.2], share, [1.0; 4]);
        }
        chalk.ribbon((0..5).map(|i| Vec3::new(i as f32, 0.0, -3.0)), 0.02, Vec3::ZERO, [1.0; 4]);
        chalk.ribbon(std::iter::once(Vec3::ZERO), 0.02, Vec3::ONE, [1.0; 4]);
        assert!(chalk.indices.len().is_multiple_of(3));
        assert!(chalk.indices.iter().all(|index| (*index as usize) < chalk.places.len()));
        assert_eq!(chalk.places.len(), chalk.colours.len());
    }
}
