//! Pointer: the ray from the hand, the dot where it ends, the button that it is on, and the ring that closes while one
//! looks.

use super::{Shelf, pressable};
use crate::afloat::Afloat;
use crate::headset::{Headset, Pointer, Rig, Target};
use crate::ink::{CINNABAR, PAPER};
use bevy::prelude::*;

/// How far off the dot is where nothing is pointed at, metres.
const AWAY_M: f32 = 3.0;
/// How much of a hand's ray is drawn, metres.
const RAY_M: f32 = 1.1;
/// Radii of the dot and the ring, for each metre off.
const DOT: f32 = 0.006;
const RING: [f32; 2] = [0.016, 0.023];

fn washed([r, g, b]: [u8; 3], opacity: f32) -> [f32; 4] {
    Color::srgb_u8(r, g, b).to_linear().with_alpha(opacity).to_f32_array()
}

pub(super) fn draw(
    headset: Res<Headset>,
    rig: Res<Rig>,
    pointer: Res<Pointer>,
    shelf: Res<Shelf>,
    mut afloat: ResMut<Afloat>,
) {
    let chalk = &mut afloat.pointer;
    if !headset.is_on() {
        if !chalk.places.is_empty() {
            chalk.clear();
        }
        return;
    }
    chalk.clear();
    let Some((from, toward)) = pointer.ray else { return };
    let eye = rig.place(&headset.frame.head).translation;
    let along_m = pointer.target.map_or(AWAY_M * rig.scale, |(_, along_m)| along_m.min(AWAY_M * rig.scale));
    let at = from + toward * along_m;
    let off_m = at.distance(eye);
    let right = toward.any_orthonormal_vector();
    let plane = [right, right.cross(toward.as_vec3())];
    if let (Some((Target::Button(index), _)), Some((board, laid, first))) = (pointer.target, pressable(&shelf))
        && let Some((_, [x, y, w, h])) = index.checked_sub(first).and_then(|index| laid.buttons.get(index as usize))
    {
        let [top_left, top_right, _, bottom_left] = board.corners;
        let [wide, high] = laid.size_px;
        let on =
            |x: f32, y: f32| top_left + (top_right - top_left) * (x / wide) + (bottom_left - top_left) * (y / high);
        let edge = [on(*x, *y), on(x + w, *y), on(x + w, y + h), on(*x, y + h), on(*x, *y)];
        chalk.ribbon(edge.into_iter(), 0.004 * off_m, eye, washed(CINNABAR, 1.0));
    }
    if pointer.hand.is_some() {
        // From a little before the hand, so that the ray does not begin in the eye of who holds it near.
        let path = [0.08_f32, RAY_M].map(|m| from + toward * (m * rig.scale).min(along_m));
        chalk.ribbon(path.into_iter(), 0.004 * rig.scale, eye, washed(PAPER, 0.75));
    }
    chalk.ring(at, plane, [0.0, DOT * 1.5 * off_m], 1.0, washed(CINNABAR, 0.9));
    chalk.ring(at, plane, [0.0, DOT * off_m], 1.0, washed(PAPER, 0.95));
    if pointer.hand.is_none() && pointer.dwelt > 0.0 {
        let up = rig.place(&headset.frame.head).up().as_vec3();
        let plane = [toward.cross(up).normalize_or(Vec3::X), up];
        chalk.ring(at, plane, RING.map(|m| m * off_m), 1.0, washed(PAPER, 0.5));
        chalk.ring(at, plane, RING.map(|m| m * off_m), pointer.dwelt, washed(CINNABAR, 1.0));
    }
}
