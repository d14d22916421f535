//! Shadow: from where the sun sees what its shadow map covers.

use bevy::prelude::*;

/// The sun's view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SunView {
    /// Clip space of the shadow map from the world; nearer to the sun is greater.
    pub clip_from_world: Mat4,
    /// Width of a texel, metres.
    pub texel_m: f32,
}

/// How far towards the sun something may stand and still throw its shadow into view, metres: the ridges.
const TOWARD_SUN_M: f32 = 900.0;

/// The square that holds the slice of the view up to `reach_m`, moved in whole texels so that shadows do not crawl.
pub(super) fn sun_view(
    eye: &Transform,
    slope: f32,
    aspect: f32,
    toward_sun: Vec3,
    reach_m: f32,
    map_px: u32,
) -> SunView {
    let half_diagonal = slope * (1.0 + aspect * aspect).sqrt();
    // The ball around the slice: its centre lies where near tip and far corners are equally far, or in the far plane.
    let along_m = (reach_m * (1.0 + half_diagonal * half_diagonal) / 2.0).min(reach_m);
    let far_m = (reach_m - along_m).hypot(reach_m * half_diagonal);
    let radius_m = along_m.max(far_m).ceil();
    let centre = eye.translation + eye.forward() * along_m;
    let sun = Dir3::new(toward_sun).unwrap_or(Dir3::Y);
    let turned = Transform::default().looking_to(-sun, Vec3::Y).rotation;
    let texel_m = 2.0 * radius_m / map_px as f32;
    let seen = turned.inverse() * centre;
    let snapped = Vec3::new((seen.x / texel_m).floor() * texel_m, (seen.y / texel_m).floor() * texel_m, seen.z);
    let light_from_world = Mat4::from_translation(-snapped) * Mat4::from_quat(turned.inverse());
    // Depth falls from 1 at the ridges on the sun's side to 0 behind the ball; the light looks along −z.
    let depth_m = 2.0 * radius_m + TOWARD_SUN_M;
    let lens = Mat4::from_cols(
        Vec4::new(1.0 / radius_m, 0.0, 0.0, 0.0),
        Vec4::new(0.0, 1.0 / radius_m, 0.0, 0.0),
        Vec4::new(0.0, 0.0, 1.0 / depth_m, 0.0),
        Vec4::new(0.0, 0.0, radius_m / depth_m, 1.0),
    );
    SunView { clip_from_world: lens * light_from_world, texel_m }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUN: Vec3 = Vec3::new(0.4, 0.8, 0.45);

    fn view(eye: &Transform) -> SunView {
        sun_view(eye, (0.87_f32 / 2.0).tan(), 1.6, SUN.normalize(), 120.0, 1024)
    }

    #[test]
    fn all_that_is_seen_near_by_lies_in_the_map() {
        let eye = Transform::from_xyz(-40.0, 3.0, 8.0).looking_at(Vec3::new(10.0, 0.0, 0.0), Vec3::Y);
        let clip = view(&eye).clip_from_world;
        let slope = (0.87_f32 / 2.0).tan();
        for depth in [0.2, 30.0, 120.0] {
            for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                let at = eye.transform_point(Vec3::new(x * 1.6 * slope, y * slope, -1.0) * depth);
                let fall = clip.project_point3(at);
                assert!(
                    fall.xy().abs().max_element() <= 1.01 && (0.0..=1.0).contains(&fall.z),
                    "{depth} {x} {y}: {fall}"
                );
            }
        }
    }

    #[test]
    fn what_is_nearer_to_the_sun_is_greater() {
        let eye = Transform::from_xyz(0.0, 2.0, 0.0);
        let clip = view(&eye).clip_from_world;
        let below = clip.project_point3(Vec3::new(0.0, 0.0, -20.0));
        let above = clip.project_point3(Vec3::new(0.0, 0.0, -20.0) + SUN.normalize() * 30.0);
        assert!(above.z > below.z && (above.xy() - below.xy()).length() < 1e-3);
    }

    #[test]
    fn a_step_moves_the_map_by_whole_texels() {
        let (here, there) = (view(&Transform::from_xyz(0.0, 2.0, 0.0)), view(&Transform::from_xyz(0.37, 2.0, 0.11)));
        let at = Vec3::new(3.0, 0.0, -9.0);
        let moved = (there.clip_from_world.project_point3(at) - here.clip_from_world.project_point3(at)).xy() * 512.0;
        assert!((moved - moved.round()).length() < 0.02, "{moved}");
    }
}
