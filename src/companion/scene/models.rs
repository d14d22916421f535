//! Models of the site, fetched level by level, their parts told apart by certainty and state.

use bevy::asset::{RenderAssetUsages, UntypedAssetLoadFailedEvent};
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::platform::collections::HashSet;
use bevy::prelude::*;
use heritage::packed;
use heritage::scene::{Era, Model};
use protocol::bridge::{Failure, Said, Tier};

use crate::Step;
use crate::content::{Content, LINK_FILE, PackedModel, Stage};
use crate::settings::TierInForce;
use crate::surface::{Dressed, MadeOf, NoShadow, Textured, class_of};
use crate::visit::{Part, Piece, Say};

/// One model file in the world, until its parts stand and after.
#[derive(Component, Clone, Debug)]
pub(super) struct Standing {
    file: Handle<PackedModel>,
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
    let file = assets.load(format!("models/{}", model.packed_file()));
    commands.spawn((
        Name::new(model.packed_file()),
        Standing { file, level: model.level, era: model.era, leafy: false, settled: false },
        Transform::default(),
        Visibility::default(),
    ));
}

/// Puts the parts of a model into the world once it is there.
fn stand_up(
    mut standing: Query<(Entity, &mut Standing)>,
    mut models: ResMut<Assets<PackedModel>>,
    mut shapes: ResMut<Assets<Mesh>>,
    mut textured: Textured,
    mut commands: Commands,
) {
    for (root, mut model) in &mut standing {
        if model.settled {
            continue;
        }
        let Some(PackedModel(packed)) = models.remove(&model.file) else {
            continue;
        };
        model.settled = true;
        for part in packed.parts {
            model.leafy |= part.material == "foliage";
            let said = Part { certainty: part.certainty, era: part.era.or(model.era) };
            let (goes_on, material) = (part.goes_on, part.material.clone());
            let mut drawn = commands.spawn((
                said,
                class_of(said.certainty),
                Mesh3d(shapes.add(mesh_of(part))),
                Dressed(textured.surface(&material)),
                ChildOf(root),
            ));
            if goes_on {
                drawn.insert(Piece);
            }
            if !casts_shadow(&material, model.level) {
                drawn.insert(NoShadow);
            }
            drawn.insert(MadeOf(material));
        }
    }
}

fn mesh_of(part: packed::Part) -> Mesh {
    let colours: Vec<[f32; 4]> =
        part.colours.iter().map(|colour| colour.map(|channel| f32::from(channel) / 255.0)).collect();
    let indices = match u16::try_from(part.positions.len()) {
        Ok(_) => Indices::U16(part.indices.into_iter().map(|index| index as u16).collect()),
        Err(_) => Indices::U32(part.indices),
    };
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, part.positions)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, part.normals)
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, part.uvs)
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, colours)
        .with_inserted_indices(indices)
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
