//! Sight: what a line meets first among the drawn parts, for picking, for hidden marks and for keeping the eye out of cliffs.
//!
//! Every triangle of every part whose box the line meets is asked; a few rays a frame are cheap, hundreds are not.
//! Parts whose mesh is kept on the graphics card alone are passed through.

use crate::visit::Part;
use bevy::camera::primitives::Aabb;
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;

/// Meshes with more triangles than this are thin work such as chains: never asked, and nothing hides behind them.
const THIN_WORK_TRIANGLES: usize = 60_000;
/// Height from which the ground is looked for, metres.
const SKY_M: f32 = 900.0;

/// Lines through the drawn parts.
#[derive(SystemParam)]
pub(crate) struct Sight<'w, 's> {
    meshes: Option<Res<'w, Assets<Mesh>>>,
    parts: Query<
        'w,
        's,
        (&'static Mesh3d, &'static GlobalTransform, Option<&'static Aabb>, Option<&'static InheritedVisibility>),
        With<Part>,
    >,
}

impl Sight<'_, '_> {
    /// Metres along `ray` to the first part, if one is met within `reach_m`.
    pub(crate) fn first_m(&self, ray: Ray3d, reach_m: f32) -> Option<f32> {
        let meshes = self.meshes.as_ref()?;
        self.parts
            .iter()
            .filter(|(_, _, _, seen)| seen.is_none_or(|seen| seen.get()))
            .filter_map(|(mesh, place, aabb, _)| {
                // The local ray keeps the parameter: its direction is not made unit again.
                let local = place.affine().inverse();
                let (from, way) =
                    (local.transform_point3(ray.origin), local.transform_vector3(ray.direction.as_vec3()));
                if aabb.is_some_and(|aabb| !meets_box(from, way, aabb, reach_m)) {
                    return None;
                }
                nearest_triangle(meshes.get(&mesh.0)?, from, way)
            })
            .filter(|along_m| *along_m <= reach_m)
            .min_by(f32::total_cmp)
    }

    /// Whether nothing stands between `from` and `to`, but for what is within `slack_m` of `to`.
    pub(crate) fn free(&self, from: Vec3, to: Vec3, slack_m: f32) -> bool {
        let reach_m = from.distance(to) - slack_m;
        let Ok(way) = Dir3::new(to - from) else { return true };
        reach_m <= 0.0 || self.first_m(Ray3d::new(from, way), reach_m).is_none()
    }

    /// Height of the highest part at the place of `at`, engine metres.
    pub(crate) fn ground_m(&self, at: Vec3) -> Option<f32> {
        let ray = Ray3d::new(at.with_y(SKY_M), Dir3::NEG_Y);
        self.first_m(ray, 2.0 * SKY_M).map(|down_m| SKY_M - down_m)
    }
}

fn meets_box(from: Vec3, way: Vec3, aabb: &Aabb, reach: f32) -> bool {
    let (low, high) = (Vec3::from(aabb.min()), Vec3::from(aabb.max()));
    let (a, b) = ((low - from) / way, (high - from) / way);
    // A line along a face divides nothing by nothing; min and max of such a NaN keep the other side.
    let enter = a.min(b).max_element().max(0.0);
    let leave = a.max(b).min_element().min(reach);
    enter <= leave
}

fn nearest_triangle(mesh: &Mesh, from: Vec3, way: Vec3) -> Option<f32> {
    if mesh.try_indices().ok()?.len() > 3 * THIN_WORK_TRIANGLES {
        return None;
    }
    mesh.triangles().ok()?.filter_map(|triangle| meets(&triangle.vertices, from, way)).min_by(f32::total_cmp)
}

/// Where along `way` a triangle is met, from either side (Möller and Trumbore 1997).
fn meets([a, b, c]: &[Vec3; 3], from: Vec3, way: Vec3) -> Option<f32> {
    let (ab, ac) = (*b - *a, *c - *a);
    let p = way.cross(ac);
    let det = ab.dot(p);
    if det.abs() < 1e-12 {
        return None;
    }
    let to_a = from - *a;
    let u = to_a.dot(p) / det;
    let q = to_a.cross(ab);
    let v = way.dot(q) / det;
    let t = ac.dot(q) / det;
    (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && t > 1e-3).then_some(t)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::ecs::system::RunSystemOnce;
    use heritage::Certainty;

    fn wall_at(x: f32) -> App {
        let mut app = App::new();
        app.init_resource::<Assets<Mesh>>();
        let mesh = app.world_mut().resource_mut::<Assets<Mesh>>().add(Cuboid::new(1.0, 10.0, 10.0));
        let part = Part { certainty: Certainty::Attested, era: None };
        let aabb = Aabb::from_min_max(Vec3::new(-0.5, -5.0, -5.0), Vec3::new(0.5, 5.0, 5.0));
        app.world_mut().spawn((Mesh3d(mesh), GlobalTransform::from_xyz(x, 0.0, 0.0), aabb, part));
        app
    }

    fn seen<T: Send + Sync + 'static>(app: &mut App, ask: fn(Sight) -> T) -> T {
        app.world_mut().run_system_once(ask).expect("the system runs")
    }

    #[test]
    fn a_line_stops_at_the_wall_and_not_before_it() {
        let mut app = wall_at(20.0);
        let first = seen(&mut app, |sight: Sight| sight.first_m(Ray3d::new(Vec3::ZERO, Dir3::X), 100.0));
        assert!(first.is_some_and(|along_m| (along_m - 19.5).abs() < 1e-3), "{first:?}");
        assert!(seen(&mut app, |sight: Sight| sight.free(Vec3::ZERO, Vec3::X * 19.0, 0.0)));
        assert!(!seen(&mut app, |sight: Sight| sight.free(Vec3::ZERO, Vec3::X * 30.0, 0.5)));
        assert!(seen(&mut app, |sight: Sight| sight.free(Vec3::ZERO, Vec3::new(0.0, 0.0, 30.0), 0.5)));
    }

    #[test]
    fn the_ground_is_the_top_of_what_stands_there() {
        let mut app = wall_at(20.0);
        let top = seen(&mut app, |sight: Sight| sight.ground_m(Vec3::new(20.0, -3.0, 1.0)));
        assert!(top.is_some_and(|up_m| (up_m - 5.0).abs() < 1e-2), "{top:?}");
        assert_eq!(seen(&mut app, |sight: Sight| sight.ground_m(Vec3::new(0.0, -3.0, 1.0))), None);
    }
}
