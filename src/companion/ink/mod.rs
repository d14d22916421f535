//! Ink: discs, lines and numerals over the scene, sized in CSS pixels and never lit, and the mist that may lie over both.
//!
//! Each of the two sheets is cleared and laid anew by one feature, when something on it changes; both are one mesh and
//! one draw. Headless, the sheets are kept and nothing is drawn.

use crate::Step;
use crate::screen::Screen;
use crate::surface::add_shader;
use crate::visit::Eye;
use bevy::asset::{RenderAssetUsages, uuid_handle};
use bevy::camera::visibility::NoFrustumCulling;
use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::mesh::{Indices, MeshVertexBufferLayoutRef, PrimitiveTopology};
use bevy::pbr::{MaterialPipeline, MaterialPipelineKey};
use bevy::prelude::*;
use bevy::render::render_resource::{
    AsBindGroup, CompareFunction, RenderPipelineDescriptor, SpecializedMeshPipelineError,
};
use bevy::shader::{Shader, ShaderRef};
pub(crate) use sheet::{Sheet, Wash};

mod numerals;
mod sheet;

/// Ink of the museum's palette, as sRGB bytes: cinnabar for the next thing, iron for the rest, paper under both.
pub(crate) const CINNABAR: [u8; 3] = [0xA6, 0x26, 0x1C];
pub(crate) const IRON: [u8; 3] = [0x4A, 0x4E, 0x52];
pub(crate) const PAPER: [u8; 3] = [0xF6, 0xF1, 0xE7];

/// What is drawn over the scene, lowest first.
#[derive(Resource, Debug, Default)]
pub(crate) struct Sheets {
    /// Measured lines. Laid by `measure` alone.
    pub under: Sheet,
    /// Marks of story points. Laid by `markers` alone.
    pub over: Sheet,
    /// Mist over all of the view: linear colour and opacity. Laid by `scene` alone.
    pub veil: Vec4,
}

const SHADER: Handle<Shader> = uuid_handle!("0f4f0f4e-6c37-4b8e-9a57-1f1d7a7f3f27");

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Sheets>();
    if app.is_plugin_added::<bevy::pbr::PbrPlugin>() {
        add_shader(app, &SHADER, "ink", include_str!("ink.wesl"));
        app.add_plugins(MaterialPlugin::<Ink>::default())
            // Before the frame's asset events, so that what is drawn is never a frame behind the scene.
            .add_systems(Update, (spread, draw).chain().after(Step::Show));
    }
}

#[derive(Asset, TypePath, AsBindGroup, Clone, Debug)]
struct Ink {
    #[uniform(0)]
    strength: Vec4,
}

impl Material for Ink {
    fn vertex_shader() -> ShaderRef {
        SHADER.into()
    }

    fn fragment_shader() -> ShaderRef {
        SHADER.into()
    }

    fn alpha_mode(&self) -> AlphaMode {
        AlphaMode::Blend
    }

    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }

    fn specialize(
        _pipeline: &MaterialPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        layout: &MeshVertexBufferLayoutRef,
        _key: MaterialPipelineKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        descriptor.vertex.buffers = vec![layout.0.get_layout(&[
            Mesh::ATTRIBUTE_POSITION.at_shader_location(0),
            Mesh::ATTRIBUTE_COLOR.at_shader_location(1),
        ])?];
        descriptor.primitive.cull_mode = None;
        if let Some(depth) = descriptor.depth_stencil.as_mut() {
            depth.depth_compare = Some(CompareFunction::Always);
            depth.depth_write_enabled = Some(false);
        }
        Ok(())
    }
}

/// The one mesh.
#[derive(Component)]
struct Drawn;

/// Spreads the sheets before each new eye.
fn spread(
    eyes: Query<Entity, Added<Eye>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut inks: ResMut<Assets<Ink>>,
    mut commands: Commands,
) {
    for eye in &eyes {
        let drawn = (
            Drawn,
            Mesh3d(meshes.add(mesh_of(&Sheets::default(), Vec2::ONE))),
            MeshMaterial3d(inks.add(Ink { strength: Vec4::ONE })),
            Transform::from_xyz(0.0, 0.0, -0.25),
            (NotShadowCaster, NotShadowReceiver, NoFrustumCulling),
        );
        let drawn = commands.spawn(drawn).id();
        commands.entity(eye).add_child(drawn);
    }
}

fn draw(
    sheets: Res<Sheets>,
    screen: Screen,
    mut drawn: Query<&mut Mesh3d, With<Drawn>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut last_px: Local<Vec2>,
) {
    let size_px = screen.size_px();
    if drawn.is_empty() || !sheets.is_changed() && *last_px == size_px {
        return;
    }
    *last_px = size_px;
    // A new mesh each time: one that is replaced under the same handle is not always drawn again.
    for mut mesh in &mut drawn {
        mesh.0 = meshes.add(mesh_of(&sheets, size_px));
    }
}

/// Sheets and veil as one mesh in clip space, each over the one before. Never empty: an empty mesh is a fault to some
/// drivers, a triangle without area is not.
fn mesh_of(sheets: &Sheets, size_px: Vec2) -> Mesh {
    let clip = |at: &Vec2| {
        let share = *at / size_px.max(Vec2::ONE);
        [share.x * 2.0 - 1.0, 1.0 - share.y * 2.0, 0.0]
    };
    let (mut places, mut colours, mut indices) = (Vec::new(), Vec::new(), Vec::new());
    for sheet in [&sheets.under, &sheets.over] {
        let first = places.len() as u32;
        places.extend(sheet.places.iter().map(clip));
        colours.extend(sheet.colours.iter().copied());
        indices.extend(sheet.indices.iter().map(|index| index + first));
    }
    let first = places.len() as u32;
    places.extend([[-1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [-1.0, 1.0, 0.0]]);
    colours.extend([sheets.veil.to_array(); 4]);
    let veil: &[u32] = if sheets.veil.w > 0.0 { &[0, 1, 2, 0, 2, 3] } else { &[0, 0, 0] };
    indices.extend(veil.iter().map(|index| index + first));
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, places)
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, colours)
        .with_inserted_indices(Indices::U32(indices))
}
