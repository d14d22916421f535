//! Grass: tufts on level soil near the stations, thicker on the higher tiers, none on the lowest.
//!
//! No source tells what grew there; like the trees it is conjecture, and the lens says so. What is paved or built stays bare.

use bevy::asset::RenderAssetUsages;
use bevy::mesh::{PrimitiveTopology, VertexAttributeValues};
use bevy::prelude::*;
use heritage::Certainty;
use heritage::scene::Floor;
use protocol::bridge::Tier;

use crate::Step;
use crate::content::{Content, Stage, engine_from_site};
use crate::settings::TierInForce;
use crate::surface::{Dressed, MadeOf, NoShadow, Textured, class_of};
use crate::visit::{Part, Piece};

/// Grass grows within this many metres of a station, on plan.
const REACH_M: f32 = 34.0;
/// And this much over the river, metres: below, the banks are washed bare.
const OVER_WATER_M: f32 = 4.0;
/// Ground steeper than this holds no soil: the least upward part of its normal.
const LEAST_UP: f32 = 0.74;
/// Land with a larger share of rock is bare (the alpha of its vertex colours).
const MOST_ROCK: f32 = 0.5;
/// What is paved or built, and so much around it, stays bare, metres.
const VERGE_M: f32 = 0.5;
const BLADES: u32 = 7;

/// Tufts on a square metre, and tufts in all.
const fn growth(tier: Tier) -> (f32, usize) {
    match tier {
        Tier::Floor => (0.0, 0),
        Tier::Middle => (0.7, 3_000),
        Tier::High => (2.0, 9_000),
    }
}

/// One bank's tufts.
#[derive(Component)]
struct Tufts;

/// Corners of one triangle of land, engine metres, with the share of rock at each.
type Land = [(Vec3, f32); 3];

/// A number from 0 to 1 that depends on nothing but the seed (after Mark Jarzynski and Marc Olano, 2020, PCG).
fn chance(seed: &mut u32) -> f32 {
    *seed = seed.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((*seed >> ((*seed >> 28) + 4)) ^ *seed).wrapping_mul(277_803_737);
    ((word >> 22) ^ word) as f32 / u32::MAX as f32
}

/// Where tufts stand on one triangle.
fn rooted(land: &Land, per_m2: f32, bare: &impl Fn(Vec3) -> bool, into: &mut Vec<Vec3>) {
    let [(a, rock_a), (b, rock_b), (c, rock_c)] = *land;
    let normal = (b - a).cross(c - a);
    let area_m2 = normal.length() / 2.0;
    if normal.y < LEAST_UP * 2.0 * area_m2 || rock_a.min(rock_b).min(rock_c) > MOST_ROCK {
        return;
    }
    // The same triangle grows the same grass at every visit.
    let mut seed = a.x.to_bits() ^ b.z.to_bits().rotate_left(11) ^ c.x.to_bits().rotate_left(19);
    let wanted = area_m2 * per_m2;
    let count = wanted as usize + usize::from(chance(&mut seed) < wanted.fract());
    for _ in 0..count {
        let (u, v) = (chance(&mut seed), chance(&mut seed));
        let (u, v) = if u + v > 1.0 { (1.0 - u, 1.0 - v) } else { (u, v) };
        let at = a + (b - a) * u + (c - a) * v;
        let rock = rock_a + (rock_b - rock_a) * u + (rock_c - rock_a) * v;
        if rock < MOST_ROCK && !bare(at) {
            into.push(at);
        }
    }
}

/// Whether `at` lies within a convex floor, or no more than `verge_m` outside.
fn walked_on(floor: &Floor, at: Vec3, verge_m: f32) -> bool {
    let corners: Vec<Vec3> = floor.corners.iter().map(|corner| engine_from_site(*corner)).collect();
    corners.iter().zip(corners.iter().cycle().skip(1)).all(|(from, to)| {
        let along = (to.xz() - from.xz()).normalize_or_zero();
        // Counter-clockwise seen from above is clockwise here, where z points south.
        along.perp_dot(at.xz() - from.xz()) <= verge_m
    })
}

/// Blades of all tufts as one mesh.
fn blades(roots: &[Vec3]) -> Mesh {
    let (mut places, mut normals, mut colours) = (Vec::new(), Vec::new(), Vec::new());
    for (index, root) in roots.iter().enumerate() {
        let mut seed = (index as u32).wrapping_mul(0x9e37_79b9) ^ root.x.to_bits();
        let height_m = 0.16 + 0.26 * chance(&mut seed);
        let dry = chance(&mut seed);
        for blade in 0..BLADES {
            let turn = std::f32::consts::TAU * (blade as f32 + chance(&mut seed)) / BLADES as f32;
            let out = Vec3::new(turn.cos(), 0.0, turn.sin());
            let across = Vec3::new(-out.z, 0.0, out.x) * (0.014 + 0.012 * chance(&mut seed));
            let foot = *root + out * (0.02 + 0.07 * chance(&mut seed)) - Vec3::Y * 0.03;
            let tip = foot + out * height_m * (0.15 + 0.6 * chance(&mut seed)) + Vec3::Y * height_m;
            places.extend([foot - across, foot + across, tip].map(|place| place.to_array()));
            // Lit as the ground it stands on, so that it does not glitter as blades turn.
            normals.extend([(Vec3::Y + out * 0.25).normalize().to_array(); 3]);
            let green = [0.62, 0.74, 0.42];
            let straw = [1.15, 0.98, 0.62];
            let shade = |share: f32| {
                let tone = |at: usize| (green[at] + (straw[at] - green[at]) * dry) * share;
                [tone(0), tone(1), tone(2), 0.0]
            };
            colours.extend([shade(0.5), shade(0.5), shade(1.1)]);
        }
    }
    // Kept on the graphics card alone: no line of sight is stopped by grass.
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, places)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, VertexAttributeValues::Float32x4(colours))
}

fn triangles<'a>(mesh: &'a Mesh, at: &'a GlobalTransform) -> Option<impl Iterator<Item = Land> + 'a> {
    let places = mesh.try_attribute_option(Mesh::ATTRIBUTE_POSITION).ok()??.as_float3()?;
    let colours = mesh.try_attribute_option(Mesh::ATTRIBUTE_COLOR).ok()?;
    let rock = move |index: usize| match colours {
        Some(VertexAttributeValues::Float32x4(values)) => values.get(index).map_or(1.0, |value| value[3]),
        Some(VertexAttributeValues::Unorm8x4(values)) => values.get(index).map_or(1.0, |v| f32::from(v[3]) / 255.0),
        Some(VertexAttributeValues::Unorm16x4(values)) => values.get(index).map_or(1.0, |v| f32::from(v[3]) / 65535.0),
        _ => 1.0,
    };
    let corner = move |index: usize| Some((at.transform_point(Vec3::from(*places.get(index)?)), rock(index)));
    let indices: Vec<usize> = mesh.try_indices().ok()?.iter().collect();
    let corners = (0..indices.len() / 3).map(move |n| [indices[3 * n], indices[3 * n + 1], indices[3 * n + 2]]);
    Some(corners.filter_map(move |[a, b, c]| Some([corner(a)?, corner(b)?, corner(c)?])))
}

/// Whether any of a triangle may lie near a station: far ridges are kilometres of soil that nobody stands on.
fn in_reach(land: &Land, stations: &[Vec2]) -> bool {
    let corners = land.map(|(corner, _)| corner.xz());
    let middle = corners.iter().sum::<Vec2>() / 3.0;
    let half_m = corners.iter().map(|corner| corner.distance(middle)).fold(0.0, f32::max);
    stations.iter().any(|station| station.distance(middle) <= REACH_M + half_m)
}

/// Lets grass grow when the visit opens, and anew when another tier is in force.
fn grow(
    content: If<Res<Content>>,
    tier: Res<TierInForce>,
    land: Query<(&Mesh3d, &GlobalTransform, &MadeOf)>,
    old: Query<Entity, With<Tufts>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut textured: Textured,
    mut commands: Commands,
) {
    for tufts in &old {
        commands.entity(tufts).despawn();
    }
    let (per_m2, most) = growth(tier.0);
    let site = &content.0.0;
    let stations: Vec<Vec2> = site.stations.iter().map(|station| engine_from_site(station.position).xz()).collect();
    let shore_m = site.scene.water_up_m as f32 + OVER_WATER_M;
    let far = |at: Vec3| stations.iter().all(|station| station.distance(at.xz()) > REACH_M);
    let paved = |at: Vec3| site.scene.floors.iter().any(|floor| !floor.soil && walked_on(floor, at, VERGE_M));
    let bare = |at: Vec3| at.y < shore_m || far(at) || paved(at);
    let mut roots = Vec::new();
    for (mesh, at, _) in land.iter().filter(|(_, _, name)| name.0 == "rock" && per_m2 > 0.0) {
        let Some(corners) = meshes.get(&mesh.0).and_then(|mesh| triangles(mesh, at)) else { continue };
        let corners = corners.filter(|corners| in_reach(corners, &stations));
        corners.for_each(|corners| rooted(&corners, per_m2, &bare, &mut roots));
    }
    // Thinned evenly: what was found in one place is no better than what was found in another.
    let step = roots.len().div_ceil(most.max(1)).max(1);
    let roots = roots.into_iter().step_by(step);
    let (west, east): (Vec<Vec3>, Vec<Vec3>) = roots.partition(|root| root.x < 0.0);
    for (index, bank) in [west, east].into_iter().filter(|bank| !bank.is_empty()).enumerate() {
        let part = Part { certainty: Certainty::Conjecture, era: None };
        let mut drawn = commands.spawn((
            Tufts,
            part,
            class_of(part.certainty),
            Mesh3d(meshes.add(blades(&bank))),
            Dressed(textured.surface("grass")),
            NoShadow,
        ));
        if index > 0 {
            drawn.insert(Piece);
        }
    }
}

/// Once the visit is open, and whenever the tier changes after that.
fn is_due(stage: Res<State<Stage>>, tier: Res<TierInForce>, mut grown: Local<Option<Tier>>) -> bool {
    let due = *stage.get() == Stage::Open && *grown != Some(tier.0);
    if due {
        *grown = Some(tier.0);
    }
    due
}

pub(super) fn plugin(app: &mut App) {
    if app.world().contains_resource::<AssetServer>() {
        app.add_systems(Update, grow.run_if(is_due).in_set(Step::Show));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::geodesy::EastNorthUp;

    fn level(rock: f32) -> Land {
        [Vec3::ZERO, Vec3::new(0.0, 0.0, 20.0), Vec3::new(20.0, 0.0, 0.0)].map(|corner| (corner, rock))
    }

    fn grown(land: &Land, per_m2: f32, bare: impl Fn(Vec3) -> bool) -> Vec<Vec3> {
        let mut roots = Vec::new();
        rooted(land, per_m2, &bare, &mut roots);
        roots
    }

    #[test]
    fn soil_bears_as_much_as_the_tier_asks_and_the_same_each_time() {
        let open = |_: Vec3| false;
        let thin = grown(&level(0.1), 0.5, open);
        assert!((99..=101).contains(&thin.len()), "{}", thin.len());
        assert_eq!(thin, grown(&level(0.1), 0.5, open));
        assert!(grown(&level(0.1), 2.0, open).len() > 3 * thin.len());
        assert!(thin.iter().all(|root| root.x >= 0.0 && root.z >= 0.0 && root.x + root.z <= 20.01));
        assert_eq!(growth(Tier::Floor).1, 0);
    }

    #[test]
    fn rock_cliffs_and_what_is_paved_stay_bare() {
        assert!(grown(&level(0.9), 1.0, |_| false).is_empty());
        let cliff = level(0.0).map(|(corner, rock)| (Vec3::new(corner.x, corner.z * 3.0, corner.z), rock));
        assert!(grown(&cliff, 1.0, |_| false).is_empty());
        let corner = |east_m, north_m| EastNorthUp { east_m, north_m, up_m: 0.0 };
        let corners = vec![corner(0.0, -8.0), corner(8.0, -8.0), corner(8.0, 0.0), corner(0.0, 0.0)];
        let floor = Floor { name: "court".into(), corners, era: None, pace: 1.0, soil: false };
        assert!(
            walked_on(&floor, Vec3::new(4.0, 0.0, 4.0), 0.0) && walked_on(&floor, Vec3::new(8.4, 0.0, 4.0), VERGE_M)
        );
        assert!(
            !walked_on(&floor, Vec3::new(9.0, 0.0, 4.0), VERGE_M) && !walked_on(&floor, Vec3::new(4.0, 0.0, -4.0), 0.0)
        );
        let roots = grown(&level(0.0), 1.0, |at| walked_on(&floor, at, VERGE_M));
        assert!(!roots.is_empty() && roots.iter().all(|root| root.x > 8.0 || root.z > 8.0));
    }

    #[test]
    fn only_triangles_near_a_station_are_looked_at() {
        assert!(in_reach(&level(0.0), &[Vec2::new(-30.0, 0.0)]) && in_reach(&level(0.0), &[Vec2::splat(5.0)]));
        assert!(!in_reach(&level(0.0), &[Vec2::new(90.0, 90.0)]) && !in_reach(&level(0.0), &[]));
    }

    #[test]
    fn a_tuft_stands_in_the_ground_and_no_line_of_sight_asks_it() {
        let mesh = blades(&[Vec3::new(3.0, 2.0, 1.0)]);
        assert_eq!(mesh.asset_usage, RenderAssetUsages::RENDER_WORLD);
        let places =
            mesh.try_attribute(Mesh::ATTRIBUTE_POSITION).expect("it has places").as_float3().expect("of three");
        assert_eq!(places.len(), 3 * BLADES as usize);
        assert!(places.iter().all(|[x, y, z]| (1.9..2.5).contains(y) && (x - 3.0).hypot(z - 1.0) < 0.5));
    }
}
