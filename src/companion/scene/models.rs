//! Models: the GLB files of the site, fetched level by level, their parts told apart by certainty and state.

use bevy::asset::UntypedAssetLoadFailedEvent;
use bevy::gltf::{Gltf, GltfMaterialName, GltfMesh, GltfNode};
use bevy::platform::collections::HashSet;
use bevy::prelude::*;
use heritage::Certainty;
use heritage::scene::{Era, Model};
use protocol::bridge::{Failure, Said, Tier};

use super::cells;
use crate::Step;
use crate::content::{Content, LINK_FILE, Stage};
use crate::settings::TierInForce;
use crate::surface::{Dressed, NoShadow, Textured, class_of};
use crate::visit::{Part, Piece, Say};

/// One model file in the world, until its parts stand and after.
#[derive(Component, Clone, Debug)]
pub(super) struct Standing {
    file: Handle<Gltf>,
    /// Needed for the first view when 0.
    level: u8,
    /// State the whole file belongs to.
    era: Option<Era>,
    /// It has leaves, which are left out on the lowest tier with whatever bears them.
    leafy: bool,
    /// Its parts are in the world, or it will never be.
    pub settled: bool,
}

/// The highest level asked for so far; `None` before the site's text is there.
#[derive(Resource, Default)]
struct Asked(Option<u8>);

/// Files already reported as missing.
#[derive(Resource, Default)]
struct Missed(HashSet<String>);

/// Asks for the next level once the ones before it have settled.
fn ask(
    content: If<Res<Content>>,
    stage: Res<State<Stage>>,
    tier: Res<TierInForce>,
    standing: Query<&Standing>,
    mut asked: ResMut<Asked>,
    assets: Res<AssetServer>,
    mut commands: Commands,
) {
    if standing.iter().any(|model| !model.settled) {
        return;
    }
    let models = &content.0.0.scene.models;
    let next = models.iter().map(|model| model.level).filter(|level| asked.0.is_none_or(|last| *level > last)).min();
    // The first level opens the visit; the rest follows in the background.
    let may = |level: &u8| match level {
        0 => true,
        1 => *stage.get() == Stage::Open,
        // Fine detail is not worth its time on the lowest tier.
        _ => *stage.get() == Stage::Open && tier.0 != Tier::Floor,
    };
    let Some(next) = next.filter(may) else {
        return;
    };
    asked.0 = Some(next);
    for model in models.iter().filter(|model| model.level == next && model.file != LINK_FILE) {
        spawn(model, &assets, &mut commands);
    }
}

fn spawn(model: &Model, assets: &AssetServer, commands: &mut Commands) {
    let file = assets.load(format!("models/{}", model.file));
    commands.spawn((
        Name::new(model.file.clone()),
        Standing { file, level: model.level, era: model.era, leafy: false, settled: false },
        Transform::default(),
        Visibility::default(),
    ));
}

/// What a mesh node's extras say; absent extras are conjecture, for nothing vouches for them.
fn part_from_extras(extras: Option<&str>, era: Option<Era>) -> Part {
    let said: serde_json::Value = extras.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let word = |key: &str| said.get(key).and_then(serde_json::Value::as_str);
    let certainty = word("certainty").and_then(Certainty::from_code).unwrap_or(Certainty::Conjecture);
    let own = match word("era") {
        Some("1935") => Some(Era::Y1935),
        Some("today") => Some(Era::Today),
        _ => None,
    };
    Part { certainty, era: own.or(era) }
}

/// Puts the parts of a model into the world once all of it is there.
///
/// Node by node rather than as the engine's ready-made world, which wants every component type registered for
/// reflection and panics at the first that is not.
fn stand_up(
    mut models: Query<(Entity, &mut Standing)>,
    gltfs: Res<Assets<Gltf>>,
    nodes: Res<Assets<GltfNode>>,
    meshes: Res<Assets<GltfMesh>>,
    mut shapes: ResMut<Assets<Mesh>>,
    assets: Res<AssetServer>,
    mut textured: Textured,
    mut commands: Commands,
) {
    for (root, mut model) in &mut models {
        if model.settled || !assets.is_loaded_with_dependencies(&model.file) {
            continue;
        }
        let Some(gltf) = gltfs.get(&model.file) else {
            continue;
        };
        model.settled = true;
        for (node, at) in placed(gltf, &nodes) {
            let part = part_from_extras(node.extras.as_ref().map(|extras| extras.value.as_str()), model.era);
            let primitives =
                node.mesh.as_ref().and_then(|mesh| meshes.get(mesh)).into_iter().flat_map(|mesh| &mesh.primitives);
            for primitive in primitives {
                let name = gltf.named_materials.iter().find(|(_, named)| primitive.material.as_ref() == Some(*named));
                let material = name.map_or("", |(name, _)| name.as_ref());
                model.leafy |= material == "foliage";
                let pieces = shapes.get(&primitive.mesh).and_then(cells::pieces);
                let pieces = pieces.map_or_else(
                    || vec![primitive.mesh.clone()],
                    |pieces| pieces.into_iter().map(|piece| shapes.add(piece)).collect(),
                );
                for (index, piece) in pieces.into_iter().enumerate() {
                    let mut drawn = commands.spawn((
                        part,
                        class_of(part.certainty),
                        Mesh3d(piece),
                        Dressed(textured.surface(material)),
                        GltfMaterialName(material.to_owned()),
                        at,
                        ChildOf(root),
                    ));
                    if index > 0 {
                        drawn.insert(Piece);
                    }
                    if !casts_shadow(material, model.level) {
                        drawn.insert(NoShadow);
                    }
                }
            }
        }
    }
}

/// Every node of a model with its place in the model's frame.
fn placed<'a>(gltf: &Gltf, nodes: &'a Assets<GltfNode>) -> Vec<(&'a GltfNode, Transform)> {
    let all = || gltf.nodes.iter().filter_map(|node| nodes.get(node));
    let is_child = |node: &GltfNode| {
        all().any(|other| {
            other.children.iter().any(|child| nodes.get(child).is_some_and(|child| child.index == node.index))
        })
    };
    let mut open: Vec<(&GltfNode, Transform)> =
        all().filter(|node| !is_child(node)).map(|root| (root, root.transform)).collect();
    let mut placed = Vec::new();
    while let Some((node, at)) = open.pop() {
        let children = node.children.iter().filter_map(|child| nodes.get(child));
        open.extend(children.map(|child| (child, at * child.transform)));
        placed.push((node, at));
    }
    placed
}

/// Ground and cliffs are shaded by their baked light; only what stands on them throws a shadow. So does not what is
/// finer than a shadow map's texel: iron, the fine level's mouldings, and the woodwork of the town, whose roofs and walls
/// throw it; nor foliage, whose triangles would all be drawn twice.
fn casts_shadow(material: &str, level: u8) -> bool {
    match material {
        "rock" | "ground" | "grass" | "gravel" | "path" | "paving" | "iron" | "foliage" => false,
        "timber" => level == 0,
        _ => level < 2,
    }
}

/// Names what could not be fetched, once, and lets the visit go on without it.
fn name_missing(
    mut failures: MessageReader<UntypedAssetLoadFailedEvent>,
    mut missed: ResMut<Missed>,
    mut models: Query<(&Name, &mut Standing)>,
    mut say: MessageWriter<Say>,
) {
    for failure in failures.read() {
        let file = failure.path.path().to_string_lossy().into_owned();
        if file == "site.json" || !missed.0.insert(file.clone()) {
            continue;
        }
        for (name, mut model) in &mut models {
            if file.strip_prefix("models/") == Some(name.as_str()) {
                model.settled = true;
            }
        }
        crate::platform::alarm::write(&format!("{file}: {}", failure.error));
        say.write(Say(Said::Failed { failure: Failure::AssetMissing, what: file }));
    }
}

/// Leaves out leaves and fine detail on the lowest tier, where every triangle is drawn by the processor.
fn hide_detail(tier: Res<TierInForce>, mut models: Query<(&Standing, &mut Visibility)>) {
    let wanted = if tier.0 == Tier::Floor { Visibility::Hidden } else { Visibility::Inherited };
    for (_, mut seen) in models.iter_mut().filter(|(model, _)| model.leafy || model.level >= 2) {
        seen.set_if_neq(wanted);
    }
}

/// How far the models have come.
#[derive(bevy::ecs::system::SystemParam)]
pub(super) struct Settling<'w, 's> {
    asked: Res<'w, Asked>,
    standing: Query<'w, 's, (&'static Name, &'static Standing)>,
}

impl Settling<'_, '_> {
    /// Whether everything of the first level stands or is known to be missing.
    pub(super) fn first_level(&self) -> bool {
        let mut first = self.standing.iter().filter(|(_, model)| model.level == 0);
        self.asked.0.is_some() && first.all(|(_, model)| model.settled)
    }

    /// How many models stand or will never be.
    pub(super) fn settled(&self) -> usize {
        self.standing.iter().filter(|(_, model)| model.settled).count()
    }

    /// The file of a model that is still to come, if one is.
    pub(super) fn awaited(&self) -> Option<String> {
        self.standing.iter().find(|(_, model)| !model.settled).map(|(name, _)| name.to_string())
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Asked>().init_resource::<Missed>();
    if app.world().contains_resource::<AssetServer>() {
        app.add_systems(Update, (name_missing, stand_up, ask, hide_detail).chain().in_set(Step::Show));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_as_sure_as_its_extras_say() {
        let part = part_from_extras(Some(r#"{"certainty":"restored","source":"tmwt","era":"1935"}"#), None);
        assert_eq!((part.certainty, part.era), (Certainty::Restored, Some(Era::Y1935)));
    }

    #[test]
    fn an_untagged_or_garbled_part_is_shown_as_conjecture() {
        for extras in [None, Some(""), Some("[1"), Some(r#"{"certainty":"sure","era":7}"#)] {
            let part = part_from_extras(extras, Some(Era::Today));
            assert_eq!((part.certainty, part.era), (Certainty::Conjecture, Some(Era::Today)), "{extras:?}");
        }
    }
}
