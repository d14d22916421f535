//! List: what is seen from an eye, in the order in which it costs least to draw.

use super::programs::Key;
use super::shapes::Shape;
use bevy::math::{Affine3A, Vec3A};
use bevy::prelude::*;
use std::ops::Range;

/// One thing as the shader reads it: three rows of its matrix, then its class.
pub(super) type Row = [[f32; 4]; 4];

/// Things that one binding reaches: WebGL2 promises no more than 16 kB.
pub(super) const REACH: u32 = 256;

/// A perspective without end: depth 1 at the near plane, 0 infinitely far. `slope` is the tangent of half the vertical
/// field of view.
pub(super) fn lens(slope: f32, aspect: f32, near_m: f32) -> Mat4 {
    let up = 1.0 / slope;
    Mat4::from_cols(Vec4::X * (up / aspect), Vec4::Y * up, Vec4::NEG_W, Vec4::Z * near_m)
}

/// The same where the eye's axis need not pass through the middle: scale across and up, then how far off the middle is, in
/// clip space, as a headset tells them.
pub(super) fn lens_of([across, up, aside, above]: [f32; 4], near_m: f32) -> Mat4 {
    Mat4::from_cols(Vec4::X * across, Vec4::Y * up, Vec4::new(aside, above, 0.0, -1.0), Vec4::Z * near_m)
}

/// The same with depth from −1 to 1, as WebGL has it, for matrices with depth from 0 to 1.
pub(super) fn for_webgl(clip: Mat4) -> Mat4 {
    let deep = Mat4::from_cols(Vec4::X, Vec4::Y, Vec4::Z * 2.0, Vec4::new(0.0, 0.0, -1.0, 1.0));
    deep * clip
}

/// A plane with everything inside.
const NOWHERE: Vec4 = Vec4::W;

/// What lies within sight of any of at most two views: six planes each, `normal · place + w >= 0` inside.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    views: [[Vec4; 6]; 2],
    count: usize,
    /// Only what lies wholly within so many metres of a place, seen from above.
    round: Option<(Vec3A, f32)>,
}

impl Sight {
    /// Within the sides of a perspective view and before its eye, for any of these.
    pub(super) fn of_eyes(clips: impl Iterator<Item = Mat4>) -> Self {
        let mut sight = Self { views: [[NOWHERE; 6]; 2], count: 0, round: None };
        for (view, clip_from_world) in sight.views.iter_mut().zip(clips) {
            let [x, y, _, w] = [0, 1, 2, 3].map(|row| clip_from_world.row(row));
            *view = [w + x, w - x, w + y, w - y, w, NOWHERE];
            sight.count += 1;
        }
        sight
    }

    /// Within the box of an orthographic view.
    pub(super) fn of_light(clip_from_world: Mat4) -> Self {
        let [x, y, z, w] = [0, 1, 2, 3].map(|row| clip_from_world.row(row));
        Self { views: [[w + x, w - x, w + y, w - y, z, w - z], [NOWHERE; 6]], count: 1, round: None }
    }

    /// The same, but of nothing that reaches further than `within_m` from `middle`, seen from above, unless it is cut off there.
    pub(super) fn within(self, middle: Vec3, within_m: f32) -> Self {
        Self { round: Some((Vec3A::from(middle), within_m)), ..self }
    }

    /// Whether a shape lies in the round, if there is one; of what is `cut` off at its edge, whether any of it does.
    pub(super) fn keeps(&self, shape: &Shape, at: &Affine3A, cut: bool) -> bool {
        let Some((about, within_m)) = self.round else { return true };
        let (middle, axes) = placed(shape, at);
        let off = (middle - about).with_y(0.0).length();
        let reach = axes.iter().map(|axis| axis.with_y(0.0).length_squared()).sum::<f32>().sqrt();
        (if cut { off - reach } else { off + reach }) <= within_m
    }

    /// Whether any of a shape's box may be seen.
    pub(super) fn meets(&self, shape: &Shape, at: &Affine3A) -> bool {
        let (middle, axes) = placed(shape, at);
        let within = |plane: &Vec4| {
            let normal = Vec3A::from(plane.truncate());
            let reach: f32 = axes.iter().map(|axis| normal.dot(*axis).abs()).sum();
            normal.dot(middle) + plane.w + reach >= 0.0
        };
        self.views.iter().take(self.count).any(|planes| planes.iter().all(within))
    }
}

/// The middle of a shape's box and its half axes, in the world.
fn placed(shape: &Shape, at: &Affine3A) -> (Vec3A, [Vec3A; 3]) {
    let half = [at.matrix3.x_axis * shape.half.x, at.matrix3.y_axis * shape.half.y, at.matrix3.z_axis * shape.half.z];
    (at.transform_point3a(shape.middle), half)
}

/// One thing to draw.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    /// How.
    pub key: Key,
    /// In which material, a number.
    pub material: u32,
    /// In which block its shape lies.
    pub block: u32,
    /// Which of the block's indices.
    pub indices: Range<u32>,
    /// Where.
    pub row: Row,
}

/// The row of a thing that stands `at` a place and belongs to a class of evidence.
pub(super) fn row(at: &Affine3A, class: u32) -> Row {
    let matrix = Mat4::from(*at);
    [matrix.row(0).to_array(), matrix.row(1).to_array(), matrix.row(2).to_array(), [class as f32, 0.0, 0.0, 0.0]]
}

/// One call: a shape at several places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draw {
    pub key: Key,
    pub material: u32,
    pub block: u32,
    pub indices: Range<u32>,
    /// Which window of [`REACH`] things, and which things within it.
    pub window: u32,
    pub things: Range<u32>,
}

/// Sorts what is seen, and gathers equal shapes into one call each.
pub(super) fn draws(items: &mut [Item], draws: &mut Vec<Draw>) {
    // A stable sort would take memory anew with each frame.
    items.sort_unstable_by_key(order);
    draws.clear();
    for (place, item) in items.iter().enumerate() {
        let (window, within) = (place as u32 / REACH, place as u32 % REACH);
        match draws.last_mut() {
            Some(last) if is_one_more(last, item, window) => last.things.end += 1,
            _ => draws.push(Draw {
                key: item.key,
                material: item.material,
                block: item.block,
                indices: item.indices.clone(),
                window,
                things: within..within + 1,
            }),
        }
    }
}

fn order(item: &Item) -> (Key, u32, u32, u32) {
    (item.key, item.material, item.block, item.indices.start)
}

fn is_one_more(last: &Draw, item: &Item, window: u32) -> bool {
    last.window == window
        && (last.key, last.material, last.block, last.indices.start)
            == (item.key, item.material, item.block, item.indices.start)
}

/// Calls and triangles of a list.
pub(super) fn tally(draws: &[Draw]) -> (u32, u32) {
    let triangles = draws.iter().map(|draw| (draw.indices.len() / 3 * draw.things.len()) as u32).sum();
    (draws.len() as u32, triangles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(material: u32, first: u32) -> Item {
        let key = Key::default();
        Item { key, material, block: 0, indices: first..first + 6, row: row(&Affine3A::IDENTITY, 1) }
    }

    fn drawn(items: &mut [Item]) -> Vec<Draw> {
        let mut draws = Vec::new();
        super::draws(items, &mut draws);
        draws
    }

    #[test]
    fn equal_shapes_share_a_call_and_other_materials_do_not() {
        let mut items = vec![item(1, 0), item(0, 0), item(1, 0), item(1, 6), item(0, 0)];
        let draws = drawn(&mut items);
        let told: Vec<_> = draws.iter().map(|draw| (draw.material, draw.indices.start, draw.things.clone())).collect();
        assert_eq!(told, [(0, 0, 0..2), (1, 0, 2..4), (1, 6, 4..5)]);
        assert_eq!(tally(&draws), (3, 10));
    }

    #[test]
    fn no_call_reaches_beyond_its_window() {
        let mut items = vec![item(0, 0); 600];
        let draws = drawn(&mut items);
        let told: Vec<_> = draws.iter().map(|draw| (draw.window, draw.things.clone())).collect();
        assert_eq!(told, [(0, 0..256), (1, 0..256), (2, 0..88)]);
    }

    #[test]
    fn what_is_beside_or_behind_the_eye_is_not_seen() {
        let lens = lens((0.87_f32 / 2.0).tan(), 16.0 / 9.0, 0.15);
        let eye = Transform::from_xyz(10.0, 2.0, 0.0).looking_to(Vec3::X, Vec3::Y);
        let sight = Sight::of_eyes(std::iter::once(lens * eye.to_matrix().inverse()));
        let shape = Shape::for_tests(Vec3A::ONE);
        let at = |x, y, z| Affine3A::from_translation(Vec3::new(x, y, z));
        assert!(sight.meets(&shape, &at(30.0, 2.0, 0.0)));
        assert!(sight.meets(&shape, &at(4000.0, 2.0, 0.0)), "however far");
        assert!(sight.meets(&shape, &at(20.0, 2.0, 9.0)), "its corner is in view");
        assert!(!sight.meets(&shape, &at(20.0, 2.0, 40.0)));
        assert!(!sight.meets(&shape, &at(-30.0, 2.0, 0.0)));
        assert!(!sight.meets(&shape, &at(20.0, 30.0, 0.0)));
    }

    #[test]
    fn a_model_holds_what_lies_wholly_in_its_round_and_of_the_land_whatever_reaches_in() {
        let eye = || Sight::of_eyes(std::iter::empty());
        let (sight, shape) =
            (eye().within(Vec3::new(5.0, 9.0, 0.0), 20.0), Shape::for_tests(Vec3A::new(3.0, 50.0, 4.0)));
        let at = |x: f32| Affine3A::from_translation(Vec3::new(x, -3.0, 0.0));
        for (x, things, land) in
            [(5.0, true, true), (19.9, true, true), (20.1, false, true), (-19.0, false, true), (30.1, false, false)]
        {
            assert_eq!((sight.keeps(&shape, &at(x), false), sight.keeps(&shape, &at(x), true)), (things, land), "{x}");
        }
        assert!(eye().keeps(&shape, &at(9000.0), false), "without a model there is no round");
    }

    #[test]
    fn what_either_eye_sees_is_seen() {
        let looking = |way: Vec3| {
            let eye = Transform::from_xyz(0.0, 2.0, 0.0).looking_to(way, Vec3::Y);
            lens_of([1.0, 1.0, 0.0, 0.0], 0.15) * eye.to_matrix().inverse()
        };
        let sight = Sight::of_eyes([looking(Vec3::X), looking(Vec3::NEG_X)].into_iter());
        let shape = Shape::for_tests(Vec3A::ONE);
        let at = |x, z| Affine3A::from_translation(Vec3::new(x, 2.0, z));
        assert!(sight.meets(&shape, &at(20.0, 0.0)) && sight.meets(&shape, &at(-20.0, 0.0)));
        assert!(!sight.meets(&shape, &at(0.0, 20.0)));
    }

    #[test]
    fn an_eye_whose_axis_is_off_the_middle_sees_further_to_that_side() {
        // An OpenGL projection with its left side at −1.2 and its right side at 0.8 of the near distance.
        let lens = lens_of([1.0, 1.0, -0.2, 0.0], 0.1);
        let fall = |x: f32| lens.project_point3(Vec3::new(x, 0.0, -10.0)).x;
        assert!((fall(8.0) - 1.0).abs() < 1e-5 && (fall(-12.0) + 1.0).abs() < 1e-5, "{} {}", fall(8.0), fall(-12.0));
    }
}
