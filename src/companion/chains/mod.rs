//! Chains: thirteen chains of single links, hung along the parabola.
//!
//! Links are merged at load into a few straight runs of 24, one mesh per level of detail; a chain is a row of
//! entities that share these meshes, so that the engine draws 23 of them per call even on WebGL2 and no frame stalls.
//! From afar four runs are drawn as one stretch of two strips per link. Number, spacing and bar are attested; the sag
//! is not, and a part has one certainty, so the chains stand as attested and the sag is told as conjecture in the text.

mod layout;
mod run;

use bevy::gltf::{Gltf, GltfMesh, GltfNode};
use bevy::light::NotShadowCaster;
use bevy::prelude::*;
use heritage::Certainty;
use heritage::scene::Chains;
use protocol::bridge::Tier;

use crate::Step;
use crate::content::{Content, LINK_FILE};
use crate::settings::TierInForce;
use crate::surface::{Surface, Textured, tag_of};
use crate::visit::{Eye, Part};
use layout::{RUN_LINKS, RUNS_PER_STRETCH, place, runs_per_chain};
use run::{Link, run};

/// Levels of detail of a run, finest first, and the stretch as the last.
#[derive(Resource, Default)]
struct Levels {
    runs: [Handle<Mesh>; 4],
    stretch: Handle<Mesh>,
    rod: Handle<Mesh>,
}

impl Levels {
    /// What stands for a stretch from afar; on the lowest tier its links are not told apart.
    fn stretch(&self, tier: Tier) -> &Handle<Mesh> {
        if tier == Tier::Floor { &self.rod } else { &self.stretch }
    }
}

/// The model file of one link, until its levels are read.
#[derive(Resource)]
struct Awaited(Handle<Gltf>);

/// Four neighbouring runs of one chain.
#[derive(Component)]
struct Stretch {
    middle: Vec3,
    whole: Entity,
    runs: [Entity; RUNS_PER_STRETCH],
    split: bool,
}

/// Up to which distance from the eye each level of a run is drawn, metres; beyond the last, the stretch.
const fn reaches_m(tier: Tier) -> [f32; 4] {
    match tier {
        Tier::Floor => [0.0, 0.0, 4.0, 9.0],
        Tier::Middle => [0.0, 2.2, 7.0, 22.0],
        Tier::High => [1.6, 5.0, 16.0, 40.0],
    }
}

/// The level for a run at a distance; `None` where the stretch will do.
fn level_at(distance_m: f32, tier: Tier) -> Option<usize> {
    reaches_m(tier).iter().position(|reach| distance_m < *reach)
}

/// Hangs the chains in plain links at once; finer ones replace the meshes when the model of a link has come.
fn hang(
    content: Res<Content>,
    assets: Res<AssetServer>,
    mut textured: Textured,
    mut meshes: ResMut<Assets<Mesh>>,
    mut commands: Commands,
) {
    let scene = &content.0.scene;
    let Some(chains) = &scene.chains else {
        return;
    };
    if scene.models.iter().any(|model| model.file == LINK_FILE) {
        commands.insert_resource(Awaited(assets.load(format!("models/{LINK_FILE}"))));
    }
    let (pitch_m, bar_m) = (chains.pitch_m as f32, chains.bar_m as f32);
    let long_m = pitch_m * (RUN_LINKS * RUNS_PER_STRETCH) as f32;
    let plain = [(12, 4), (10, 3), (6, 2), (0, 0)].map(|(around, sides)| match around {
        0 => Link::strips(pitch_m, bar_m),
        _ => Link::plain(pitch_m, bar_m, around, sides),
    });
    let levels = Levels {
        runs: plain.each_ref().map(|link| meshes.add(run(link, RUN_LINKS, pitch_m))),
        stretch: meshes.add(run(&plain[3], RUN_LINKS * RUNS_PER_STRETCH, pitch_m)),
        rod: meshes.add(run(&Link::rod(long_m, bar_m), 1, long_m)),
    };
    let iron = textured.surface("iron");
    for line in &chains.lines {
        for first in (0..runs_per_chain(chains)).step_by(RUNS_PER_STRETCH) {
            spawn_stretch(chains, *line, first, &levels, &iron, &mut commands);
        }
    }
    commands.insert_resource(levels);
}

fn spawn_stretch(
    chains: &Chains,
    line: heritage::scene::ChainLine,
    first: usize,
    levels: &Levels,
    iron: &Handle<Surface>,
    commands: &mut Commands,
) {
    let part = Part { certainty: Certainty::Attested, era: None };
    let mut link_run = |at: Transform, mesh: &Handle<Mesh>| {
        let drawn = (Mesh3d(mesh.clone()), MeshMaterial3d(iron.clone()), tag_of(part.certainty), NotShadowCaster);
        commands.spawn((drawn, at)).id()
    };
    let whole_at = place(chains, line, first, RUNS_PER_STRETCH);
    let whole = link_run(whole_at, &levels.stretch);
    let runs = std::array::from_fn(|index| link_run(place(chains, line, first + index, 1), &levels.runs[3]));
    for run in runs {
        commands.entity(run).insert(Visibility::Hidden);
    }
    let half_m = (chains.pitch_m * (RUN_LINKS * RUNS_PER_STRETCH) as f64 / 2.0) as f32;
    let middle = whole_at.transform_point(Vec3::X * half_m);
    // One part per stretch: the lens counts what can be pointed at, not how it happens to be drawn.
    commands.spawn((Stretch { middle, whole, runs, split: false }, part, Visibility::default()));
}

/// Takes the links of the model for the finer levels, and lets them cast off the plain ones.
fn refine(
    awaited: Res<Awaited>,
    gltfs: Res<Assets<Gltf>>,
    nodes: Res<Assets<GltfNode>>,
    models: Res<Assets<GltfMesh>>,
    assets: Res<AssetServer>,
    levels: Res<Levels>,
    content: Res<Content>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut commands: Commands,
) {
    let failed = assets.load_state(&awaited.0).is_failed();
    if !failed && !assets.is_loaded_with_dependencies(&awaited.0) {
        return;
    }
    commands.remove_resource::<Awaited>();
    let (Some(gltf), Some(chains)) = (gltfs.get(&awaited.0), &content.0.scene.chains) else {
        return;
    };
    for level in 0..3 {
        let node = gltf.named_nodes.get(format!("link-{level}").as_str()).and_then(|node| nodes.get(node));
        let model = node.and_then(|node| node.mesh.as_ref()).and_then(|mesh| models.get(mesh));
        let link = model
            .and_then(|model| model.primitives.first())
            .and_then(|primitive| meshes.get(&primitive.mesh))
            .and_then(Link::from_mesh);
        if let (Some(link), Some(handle)) = (link, levels.runs.get(level)) {
            let better = run(&link, RUN_LINKS, chains.pitch_m as f32);
            let _never_refused = meshes.insert(handle.id(), better);
        }
    }
}

/// Chooses what is drawn of each stretch by its distance from the eye, when the eye has moved or the tier changed.
fn choose(
    tier: Res<TierInForce>,
    levels: If<Res<Levels>>,
    eyes: Query<&Transform, With<Eye>>,
    mut stretches: Query<&mut Stretch>,
    places: Query<&Transform, Without<Eye>>,
    mut drawn: Query<(&mut Visibility, &mut Mesh3d)>,
    mut last: Local<Option<Vec3>>,
) {
    let Some(eye) = eyes.iter().next().map(|eye| eye.translation) else {
        return;
    };
    if last.is_some_and(|last| last.distance(eye) < 0.25) && !tier.is_changed() && !levels.is_changed() {
        return;
    }
    *last = Some(eye);
    let run_m = 3.3;
    for mut stretch in &mut stretches {
        let near_m = distance_to_stretch_m(eye, stretch.middle, run_m * RUNS_PER_STRETCH as f32);
        let split = level_at(near_m, tier.0).is_some();
        if split || stretch.split {
            for run in stretch.runs {
                let Ok((mut seen, mut mesh)) = drawn.get_mut(run) else {
                    continue;
                };
                seen.set_if_neq(if split { Visibility::Inherited } else { Visibility::Hidden });
                let middle = places.get(run).map_or(stretch.middle, |at| at.translation + Vec3::X * run_m / 2.0);
                let level = level_at(distance_to_stretch_m(eye, middle, run_m), tier.0).unwrap_or(3);
                if let Some(wanted) = levels.0.runs.get(level)
                    && mesh.0 != *wanted
                {
                    mesh.0 = wanted.clone();
                }
            }
        }
        stretch.split = split;
        if let Ok((mut seen, mut mesh)) = drawn.get_mut(stretch.whole) {
            seen.set_if_neq(if split { Visibility::Hidden } else { Visibility::Inherited });
            let wanted = levels.0.stretch(tier.0);
            if mesh.0 != *wanted {
                mesh.0 = wanted.clone();
            }
        }
    }
}

/// Distance from the eye to the nearest point of a stretch `length_m` long that runs nearly along x.
fn distance_to_stretch_m(eye: Vec3, middle: Vec3, length_m: f32) -> f32 {
    let off = (eye - middle).abs();
    Vec3::new((off.x - length_m / 2.0).max(0.0), off.y, off.z).length()
}

pub(super) fn plugin(app: &mut App) {
    if app.is_plugin_added::<bevy::pbr::PbrPlugin>() {
        app.add_systems(PreUpdate, hang.run_if(resource_added::<Content>))
            .add_systems(Update, refine.in_set(Step::Show).run_if(resource_exists::<Awaited>))
            .add_systems(Update, choose.in_set(Step::Show));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearer_links_are_never_coarser() {
        for tier in [Tier::Floor, Tier::Middle, Tier::High] {
            let levels: Vec<usize> = (0..600).map(|step| level_at(step as f32 * 0.1, tier).unwrap_or(4)).collect();
            assert!(levels.is_sorted(), "{tier:?}");
            assert_eq!(levels.last(), Some(&4), "the farthest are stretches");
        }
    }

    #[test]
    fn the_middle_tier_keeps_to_its_triangles_in_the_worst_place() {
        // On the deck at mid-span: 13 chains, runs of 24 links, triangles of link-0 to link-2 and of two strips.
        let triangles = [96, 40, 12, 4];
        let eye = Vec3::new(0.0, -1.35, 0.0);
        let mut sum = 0;
        for chain in 0..13 {
            let north = (chain as f32 - 6.0) * 0.25;
            for run in 0..32 {
                let middle = Vec3::new((run as f32 - 15.5) * 3.29, -3.0, north);
                let level = level_at(distance_to_stretch_m(eye, middle, 3.29), Tier::Middle);
                sum += triangles[level.unwrap_or(3)] * RUN_LINKS;
            }
        }
        assert!(sum <= 80_000, "{sum}");
    }
}
