//! Sight: what a line meets first among the drawn parts, for picking, for hidden marks and for keeping the eye out of cliffs.
//!
//! Triangles are asked in handfuls whose box the line meets: neighbours in a mesh are neighbours in space, so that most of
//! it is passed by. Parts whose mesh is kept on the graphics card alone are passed through.

use crate::visit::Part;
use bevy::ecs::system::SystemParam;
use bevy::mesh::Indices;
use bevy::platform::collections::HashMap;
use bevy::prelude::*;

/// Meshes with more triangles than this are thin work such as chains: never asked, and nothing hides behind them.
const THIN_WORK_TRIANGLES: usize = 60_000;
/// Triangles of a mesh whose box is asked before they are.
const HANDFUL: usize = 32;
/// Height from which the ground is looked for, metres.
const SKY_M: f32 = 900.0;

/// Lowest and highest corner of a box.
type Bounds = [Vec3; 2];

/// The box of a mesh, and of each handful of its triangles.
#[derive(Debug)]
struct Solid {
    whole: Bounds,
    handfuls: Vec<Bounds>,
}

/// What lines can meet, by mesh.
#[derive(Resource, Default)]
struct Solids(HashMap<AssetId<Mesh>, Solid>);

/// Lines through the drawn parts.
#[derive(SystemParam)]
pub(crate) struct Sight<'w, 's> {
    meshes: Option<Res<'w, Assets<Mesh>>>,
    solids: Option<Res<'w, Solids>>,
    parts: Query<'w, 's, (&'static Mesh3d, &'static GlobalTransform, Option<&'static InheritedVisibility>), With<Part>>,
}

impl Sight<'_, '_> {
    /// Metres along `ray` to the first part, if one is met within `reach_m`.
    pub(crate) fn first_m(&self, ray: Ray3d, reach_m: f32) -> Option<f32> {
        let (meshes, solids) = (self.meshes.as_ref()?, self.solids.as_ref()?);
        self.parts
            .iter()
            .filter(|(_, _, seen)| seen.is_none_or(|seen| seen.get()))
            .filter_map(|(mesh, place, _)| {
                // The local ray keeps the parameter: its direction is not made unit again.
                let local = place.affine().inverse();
                let (from, way) =
                    (local.transform_point3(ray.origin), local.transform_vector3(ray.direction.as_vec3()));
                let solid = solids.0.get(&mesh.id()).filter(|solid| meets_box(from, way, solid.whole, reach_m))?;
                nearest_triangle(meshes.get(&mesh.0)?, &solid.handfuls, from, way, reach_m)
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

fn meets_box(from: Vec3, way: Vec3, [low, high]: Bounds, reach: f32) -> bool {
    let (a, b) = ((low - from) / way, (high - from) / way);
    // A line along a face divides nothing by nothing; min and max of such a NaN keep the other side.
    let enter = a.min(b).max_element().max(0.0);
    let leave = a.max(b).min_element().min(reach);
    enter <= leave
}

/// The places of a triangle's corners; `None` beyond the last, or where a number means none.
fn triangle(mesh: &Mesh, number: usize) -> Option<[Vec3; 3]> {
    let places = mesh.try_attribute_option(Mesh::ATTRIBUTE_POSITION).ok()??.as_float3()?;
    let corners = 3 * number..3 * number + 3;
    let three: [usize; 3] = match mesh.try_indices().ok()? {
        Indices::U16(all) => <[u16; 3]>::try_from(all.get(corners)?).ok()?.map(usize::from),
        Indices::U32(all) => <[u32; 3]>::try_from(all.get(corners)?).ok()?.map(|index| index as usize),
    };
    let [a, b, c] = three.map(|index| places.get(index).copied().map(Vec3::from));
    Some([a?, b?, c?])
}

fn around(places: impl Iterator<Item = Vec3>) -> Bounds {
    places.fold([Vec3::MAX, Vec3::MIN], |[low, high], place| [low.min(place), high.max(place)])
}

/// `None` for what is not asked: thin work, and what has no triangles to read.
fn solid(mesh: &Mesh) -> Option<Solid> {
    let count = mesh.try_indices().ok()?.len() / 3;
    let handful = |first: usize| {
        let triangles = (first..first + HANDFUL).filter_map(|number| triangle(mesh, number));
        around(triangles.flatten())
    };
    let handfuls: Vec<Bounds> = (0..count).step_by(HANDFUL).map(handful).collect();
    let whole = around(handfuls.iter().flatten().copied());
    (count <= THIN_WORK_TRIANGLES).then_some(Solid { whole, handfuls })
}

/// Keeps the boxes of what stands in the world.
fn learn(
    newcomers: Query<&Mesh3d, (With<Part>, Changed<Mesh3d>)>,
    meshes: Res<Assets<Mesh>>,
    mut changes: MessageReader<AssetEvent<Mesh>>,
    mut solids: ResMut<Solids>,
) {
    for change in changes.read() {
        if let AssetEvent::Removed { id } | AssetEvent::Modified { id } = change
            && solids.0.remove(id).is_some()
        {
            solids.0.extend(meshes.get(*id).and_then(solid).map(|solid| (*id, solid)));
        }
    }
    for Mesh3d(mesh) in &newcomers {
        solids.0.extend(meshes.get(mesh).and_then(solid).map(|solid| (mesh.id(), solid)));
    }
}

pub(super) fn plugin(app: &mut App) {
    if app.world().contains_resource::<Assets<Mesh>>() {
        app.init_resource::<Solids>().add_systems(PostUpdate, learn);
    }
}

fn nearest_triangle(mesh: &Mesh, handfuls: &[Bounds], from: Vec3, way: Vec3, reach: f32) -> Option<f32> {
    let met = handfuls.iter().enumerate().filter(|(_, bounds)| meets_box(from, way, **bounds, reach));
    let numbers = met.flat_map(|(handful, _)| HANDFUL * handful..HANDFUL * (handful + 1));
    numbers.filter_map(|number| meets(&triangle(mesh, number)?, from, way)).min_by(f32::total_cmp)
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
        app.init_resource::<Assets<Mesh>>().add_message::<AssetEvent<Mesh>>();
        plugin(&mut app);
        let mesh = app.world_mut().resource_mut::<Assets<Mesh>>().add(Cuboid::new(1.0, 10.0, 10.0));
        let part = Part { certainty: Certainty::Attested, era: None };
        app.world_mut().spawn((Mesh3d(mesh), GlobalTransform::from_xyz(x, 0.0, 0.0), part));
        app.update();
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

    #[test]
    fn of_many_triangles_the_nearest_is_found_though_few_are_asked() {
        let mut app = App::new();
        app.init_resource::<Assets<Mesh>>().add_message::<AssetEvent<Mesh>>();
        plugin(&mut app);
        let hill = Sphere::new(10.0).mesh().uv(64, 48);
        let boxes = solid(&hill).expect("it is solid").handfuls;
        assert!(boxes.len() > 100, "{}", boxes.len());
        let met = boxes.iter().filter(|bounds| meets_box(Vec3::new(-50.0, 1.3, 0.7), Vec3::X, **bounds, 100.0)).count();
        assert!(met * 8 < boxes.len(), "{met} of {}", boxes.len());
        let mesh = app.world_mut().resource_mut::<Assets<Mesh>>().add(hill);
        let part = Part { certainty: Certainty::Attested, era: None };
        app.world_mut().spawn((Mesh3d(mesh.clone()), GlobalTransform::IDENTITY, part));
        app.update();
        let ask = |sight: Sight| sight.first_m(Ray3d::new(Vec3::new(-50.0, 1.3, 0.7), Dir3::X), 100.0);
        let first = seen(&mut app, ask).expect("it is met");
        assert!((first - (50.0 - (100.0f32 - 1.69 - 0.49).sqrt())).abs() < 0.1, "{first}");
        // A mesh that has been changed is asked as it is now.
        app.world_mut()
            .resource_mut::<Assets<Mesh>>()
            .insert(mesh.id(), Cuboid::new(2.0, 9.0, 9.0).into())
            .expect("kept");
        app.world_mut().write_message(AssetEvent::Modified { id: mesh.id() });
        app.update();
        assert!(seen(&mut app, ask).is_some_and(|along_m| (along_m - 49.0).abs() < 1e-3));
    }
}
