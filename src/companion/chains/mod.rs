//! Chains: thirteen chains of single links, hung along the parabola.
//!
//! Links are merged at load into a few straight runs of 24, one mesh per level of detail; a chain is a row of
//! entities that share these meshes, so that the engine draws 23 of them per call even on WebGL2 and no frame stalls.
//! From further off four runs are drawn as one stretch, of a strip per link, and from where links cannot be told apart as
//! a rod, never thinner than the picture can show without breaking it into dashes. Number, spacing and bar are attested; the sag
//! is not, and a part has one certainty, so the chains under the deck stand as attested and the sag is told as conjecture
//! in the text. How high the rails run no source says, and a rail is its height: they stand as conjecture.

mod layout;
mod run;

use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use heritage::Certainty;
use heritage::scene::{ChainLine, Chains};
use protocol::bridge::Tier;

use crate::Step;
use crate::content::{Content, LINK_FILE, PackedModel};
use crate::settings::TierInForce;
use crate::surface::{Dressed, NoShadow, Surface, Textured, class_of};
use crate::visit::{Eye, Part, Piece};
use layout::{RUN_LINKS, RUNS_PER_STRETCH, place, runs_per_chain};
use run::{Link, run};

/// Levels of detail of a run, finest first, then those of a stretch.
#[derive(Resource, Default)]
struct Levels {
    runs: [Handle<Mesh>; 4],
    ribbon: Handle<Mesh>,
    rod: Handle<Mesh>,
}

/// The model file of one link, until its levels are read.
#[derive(Resource)]
struct Awaited(Handle<PackedModel>);

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
        Tier::Floor => [0.0, 0.0, 2.5, 5.0],
        Tier::Middle => [0.0, 2.0, 7.0, 20.0],
        Tier::High => [1.6, 5.0, 16.0, 40.0],
    }
}

/// Up to which distance a stretch shows its links, metres; beyond, it is a rod.
const fn links_until_m(tier: Tier) -> f32 {
    match tier {
        Tier::Floor => 9.0,
        Tier::Middle => 40.0,
        Tier::High => 80.0,
    }
}

/// How wide the farthest rods are at least, pixels: without smoothing of edges, less than one falls into dashes.
const fn least_px(tier: Tier) -> f32 {
    match tier {
        Tier::Floor => 1.3,
        Tier::Middle | Tier::High => 0.8,
    }
}

/// How much thicker than its links a rod `away_m` off is drawn, so that it is `wide_px` wide: `per_px` is the tangent of
/// the angle that a pixel takes up. In steps, so that a slow approach does not move every rod each time.
fn rod_thickness(away_m: f32, per_px: f32, bar_m: f32, wide_px: f32) -> f32 {
    let wanted = away_m * per_px * wide_px / (ROD_BARS * bar_m);
    (wanted * 4.0).ceil().clamp(4.0, 24.0) / 4.0
}

/// Least breadth of a three-sided rod in bars, whichever way it is seen.
const ROD_BARS: f32 = 1.65;

/// The level for a run at a distance; `None` where the stretch will do.
fn level_at(distance_m: f32, tier: Tier) -> Option<usize> {
    reaches_m(tier).iter().position(|reach| distance_m < *reach)
}

/// How sure history is of one chain.
fn certainty_of(line: ChainLine) -> Certainty {
    if line.over_m > 0.0 { Certainty::Conjecture } else { Certainty::Attested }
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
    if let Some(link) = scene.models.iter().find(|model| model.file == LINK_FILE) {
        commands.insert_resource(Awaited(assets.load(format!("models/{}", link.packed_file()))));
    }
    let (pitch_m, bar_m) = (chains.pitch_m as f32, chains.bar_m as f32);
    let long_m = pitch_m * (RUN_LINKS * RUNS_PER_STRETCH) as f32;
    let plain = [(12, 4), (10, 3), (6, 2), (0, 0)].map(|(around, sides)| match around {
        0 => Link::strips(pitch_m, bar_m),
        _ => Link::plain(pitch_m, bar_m, around, sides),
    });
    let levels = Levels {
        runs: plain.each_ref().map(|link| meshes.add(run(link, RUN_LINKS, pitch_m))),
        ribbon: meshes.add(run(&Link::ribbon(pitch_m, bar_m), RUN_LINKS * RUNS_PER_STRETCH, pitch_m)),
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
    line: ChainLine,
    first: usize,
    levels: &Levels,
    iron: &Handle<Surface>,
    commands: &mut Commands,
) {
    let part = Part { certainty: certainty_of(line), era: None };
    let mut link_run = |at: Transform, mesh: &Handle<Mesh>| {
        let drawn = (Mesh3d(mesh.clone()), Dressed(iron.clone()), class_of(part.certainty), NoShadow);
        commands.spawn((drawn, at)).id()
    };
    let whole_at = place(chains, line, first, RUNS_PER_STRETCH);
    let whole = link_run(whole_at, &levels.ribbon);
    let runs = std::array::from_fn(|index| link_run(place(chains, line, first + index, 1), &levels.runs[3]));
    for run in runs {
        commands.entity(run).insert(Visibility::Hidden);
    }
    let half_m = (chains.pitch_m * (RUN_LINKS * RUNS_PER_STRETCH) as f64 / 2.0) as f32;
    let middle = whole_at.transform_point(Vec3::X * half_m);
    let mut stretch = commands.spawn((Stretch { middle, whole, runs, split: false }, part, Visibility::default()));
    // One part per chain: the lens counts what can be pointed at, not how it happens to be drawn.
    if first > 0 {
        stretch.insert(Piece);
    }
}

/// Takes the links of the model for the finer levels, and lets them cast off the plain ones.
fn refine(
    awaited: Res<Awaited>,
    mut models: ResMut<Assets<PackedModel>>,
    assets: Res<AssetServer>,
    levels: Res<Levels>,
    content: Res<Content>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut commands: Commands,
) {
    let model = models.remove(&awaited.0);
    if model.is_none() && !assets.load_state(&awaited.0).is_failed() {
        return;
    }
    commands.remove_resource::<Awaited>();
    let (Some(PackedModel(model)), Some(chains)) = (model, &content.0.scene.chains) else {
        return;
    };
    for level in 0..3 {
        let name = format!("link-{level}");
        let link = model.parts.iter().find(|part| part.name == name).map(Link::of);
        if let (Some(link), Some(handle)) = (link, levels.runs.get(level)) {
            let better = run(&link, RUN_LINKS, chains.pitch_m as f32);
            let _never_refused = meshes.insert(handle.id(), better);
        }
    }
}

/// Where the eye last chose from, and how fine the picture was.
#[derive(Default)]
struct Chosen {
    from: Option<Vec3>,
    high_px: u32,
}

/// Chooses what is drawn of each stretch by its distance from the eye, when the eye has moved or the tier changed.
fn choose(
    tier: Res<TierInForce>,
    content: If<Res<Content>>,
    levels: If<Res<Levels>>,
    eyes: Query<(&Transform, &Projection), With<Eye>>,
    windows: Query<&Window, With<PrimaryWindow>>,
    mut stretches: Query<&mut Stretch>,
    mut drawn: Query<(&mut Visibility, &mut Mesh3d, &mut Transform), Without<Eye>>,
    mut last: Local<Chosen>,
) {
    let (Some((eye, lens)), Some(window)) = (eyes.iter().next(), windows.iter().next()) else {
        return;
    };
    let (eye, high_px) = (eye.translation, window.physical_height().max(1));
    let moved = last.from.is_none_or(|from| from.distance(eye) > 0.25) || last.high_px != high_px;
    if !moved && !tier.is_changed() && !levels.is_changed() {
        return;
    }
    *last = Chosen { from: Some(eye), high_px };
    let Some(chains) = &content.0.0.scene.chains else { return };
    let fov_rad = if let Projection::Perspective(lens) = lens { lens.fov } else { 1.0 };
    let per_px = 2.0 * (fov_rad / 2.0).tan() / high_px as f32;
    let run_m = (chains.pitch_m * RUN_LINKS as f64) as f32;
    for mut stretch in &mut stretches {
        let near_m = distance_to_stretch_m(eye, stretch.middle, run_m * RUNS_PER_STRETCH as f32);
        let split = level_at(near_m, tier.0).is_some();
        if split || stretch.split {
            for run in stretch.runs {
                let Ok((mut seen, mut mesh, at)) = drawn.get_mut(run) else {
                    continue;
                };
                seen.set_if_neq(if split { Visibility::Inherited } else { Visibility::Hidden });
                let middle = at.translation + Vec3::X * run_m / 2.0;
                let level = level_at(distance_to_stretch_m(eye, middle, run_m), tier.0).unwrap_or(3);
                if let Some(wanted) = levels.0.runs.get(level) {
                    mesh.set_if_neq(Mesh3d(wanted.clone()));
                }
            }
        }
        stretch.split = split;
        if let Ok((mut seen, mut mesh, mut at)) = drawn.get_mut(stretch.whole) {
            seen.set_if_neq(if split { Visibility::Hidden } else { Visibility::Inherited });
            let links = near_m < links_until_m(tier.0);
            mesh.set_if_neq(Mesh3d(if links { &levels.0.ribbon } else { &levels.0.rod }.clone()));
            // Wide enough at its middle; a stretch is short beside its distance.
            let away_m = near_m + run_m * RUNS_PER_STRETCH as f32 / 2.0;
            let thick = if links { 1.0 } else { rod_thickness(away_m, per_px, chains.bar_m as f32, least_px(tier.0)) };
            let scale = Vec3::new(at.scale.x, thick, thick);
            if at.scale != scale {
                at.scale = scale;
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
    if app.world().contains_resource::<AssetServer>() {
        app.add_systems(PreUpdate, hang.run_if(resource_added::<Content>))
            .add_systems(Update, refine.in_set(Step::Show).run_if(resource_exists::<Awaited>))
            .add_systems(Update, choose.in_set(Step::Show));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::ecs::system::RunSystemOnce;

    #[test]
    fn thirteen_chains_are_thirteen_parts_and_the_rails_are_conjecture() {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, AssetPlugin::default()));
        app.init_asset::<Mesh>().init_asset::<Image>();
        crate::surface::plugin(&mut app);
        let mut site = crate::visit_tests::site();
        let line = |north_m: f64, over_m: f64| ChainLine { north_m, over_m };
        let deck = (-4..=4).map(|index| line(f64::from(index) * 0.33, 0.0));
        let rails = [(-1.38, 0.52), (-1.4, 1.02), (1.38, 0.52), (1.4, 1.02)].map(|(north, over)| line(north, over));
        site.scene.chains.as_mut().expect("chains").lines = deck.chain(rails).collect();
        app.insert_resource(Content(site));
        app.world_mut().run_system_once(hang).expect("the chains are hung");
        let world = app.world_mut();
        let mut counted = world.query_filtered::<&Part, Without<Piece>>();
        let of = |certainty| counted.iter(world).filter(|part| part.certainty == certainty).count();
        assert_eq!(Certainty::ALL.map(of), [9, 0, 0, 4]);
    }

    #[test]
    fn nearer_links_are_never_coarser() {
        for tier in [Tier::Floor, Tier::Middle, Tier::High] {
            assert!(links_until_m(tier) >= reaches_m(tier)[3], "{tier:?}: a stretch is never finer than its runs");
            let levels: Vec<usize> = (0..600).map(|step| level_at(step as f32 * 0.1, tier).unwrap_or(4)).collect();
            assert!(levels.is_sorted(), "{tier:?}");
            assert_eq!(levels.last(), Some(&4), "the farthest are stretches");
        }
    }

    #[test]
    fn a_far_rod_is_about_a_pixel_wide_and_a_near_one_as_thick_as_its_links() {
        let (bar_m, per_px) = (0.025, 0.93 / 270.0);
        assert!((rod_thickness(9.0, per_px, bar_m, 1.3) - 1.0).abs() < 1e-6);
        let wide_px = rod_thickness(40.0, per_px, bar_m, 1.3) * ROD_BARS * bar_m / (40.0 * per_px);
        assert!((1.3..1.5).contains(&wide_px), "{wide_px}");
        assert!(rod_thickness(900.0, per_px, bar_m, 1.3) <= 6.0, "nor does it ever become a beam");
    }

    #[test]
    fn the_middle_tier_keeps_to_its_triangles_in_the_worst_place() {
        // On the deck at mid-span: 13 chains, runs of 24 links, triangles of link-0 to link-2, of two strips, and of one.
        let triangles = [96, 40, 12, 4];
        let eye = Vec3::new(0.0, -1.35, 0.0);
        let mut sum = 0;
        for chain in 0..13 {
            let north = (chain as f32 - 6.0) * 0.25;
            for run in 0..32 {
                let middle = Vec3::new((run as f32 - 15.5) * 3.29, -3.0, north);
                let level = level_at(distance_to_stretch_m(eye, middle, 3.29), Tier::Middle);
                sum += level.map_or(2, |level| triangles[level]) * RUN_LINKS;
            }
        }
        assert!(sum <= 60_000, "{sum}");
    }
}
