//! Surface: how anything in the scene is lit, aired and, under the evidence lens, recoloured.
//!
//! Shared vocabulary. One small shader stands in for the engine's general one: a sun, a sky in two colours, baked
//! occlusion, mist by height and a film curve are all the place needs, and they fit a phone and a software renderer.
//! Cameras therefore do no tone mapping of their own.

mod air;
mod evidence;
mod finish;
mod mips;
mod textures;

pub(crate) use air::Air;
pub(crate) use evidence::tag_of;
use finish::Kind;
pub(crate) use textures::Textured;

use bevy::asset::uuid_handle;
use bevy::prelude::*;
use bevy::render::render_resource::{AsBindGroup, RenderPipelineDescriptor, ShaderType, SpecializedMeshPipelineError};
use bevy::shader::{Shader, ShaderRef};

const AIR: Handle<Shader> = uuid_handle!("6d0a35a4-55a7-4a53-9bc0-4e2c5d5a9d01");
const EVIDENCE: Handle<Shader> = uuid_handle!("6d0a35a4-55a7-4a53-9bc0-4e2c5d5a9d02");
const SURFACE: Handle<Shader> = uuid_handle!("6d0a35a4-55a7-4a53-9bc0-4e2c5d5a9d03");

/// Stone, timber, iron, ground: one of these per material name.
#[derive(Asset, TypePath, AsBindGroup, Clone, Debug, Default)]
#[bind_group_data(Variant)]
pub(crate) struct Surface {
    /// Light and air; kept equal to the resource [`Air`].
    #[uniform(0)]
    pub air: Air,
    /// Colour and finish.
    #[uniform(1)]
    pub look: Look,
    /// Colour texture, once it is there.
    #[texture(2)]
    #[sampler(3)]
    pub base: Option<Handle<Image>>,
    /// Normal map, once it is there.
    #[texture(4)]
    #[sampler(5)]
    pub normal: Option<Handle<Image>>,
    /// Seen from both sides, as leaves are.
    pub two_sided: bool,
    /// What its shader does besides.
    pub kind: Kind,
}

/// Colour and finish of a surface, as the shader reads them.
#[derive(ShaderType, Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Look {
    /// Multiplies the texture; stands alone without one. Linear.
    pub tint: Vec4,
    /// Roughness 0–1, strength of the normal map, texture present 0 or 1, normal map present 0 or 1.
    pub finish: Vec4,
}

/// Tells pipelines apart. A software renderer runs both arms of every branch, so what the lowest tier leaves out is
/// left out of its shaders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Variant {
    two_sided: bool,
    kind: Kind,
    plain: bool,
    plain_lens: bool,
}

impl Variant {
    /// The variant of a one-sided material in this air.
    pub(crate) fn of(air: &Air) -> Self {
        let plain = air.show.y < 0.5;
        Self { two_sided: false, kind: Kind::Made, plain, plain_lens: plain && air.show.x > 0.5 }
    }

    /// Sets up a pipeline for the variant.
    pub(crate) fn shape(self, descriptor: &mut RenderPipelineDescriptor) {
        if self.two_sided {
            descriptor.primitive.cull_mode = None;
        }
        if let Some(fragment) = descriptor.fragment.as_mut() {
            let defs = [
                (self.plain, "PLAIN"),
                (self.plain_lens, "LENS"),
                (self.kind == Kind::Land, "LAND"),
                (self.kind == Kind::Leaves, "LEAVES"),
            ];
            fragment.shader_defs.extend(defs.into_iter().filter(|(wanted, _)| *wanted).map(|(_, name)| name.into()));
        }
    }
}

impl From<&Surface> for Variant {
    fn from(surface: &Surface) -> Self {
        Self { two_sided: surface.two_sided, kind: surface.kind, ..Self::of(&surface.air) }
    }
}

impl Material for Surface {
    fn fragment_shader() -> ShaderRef {
        SURFACE.into()
    }

    fn enable_prepass() -> bool {
        false
    }

    fn specialize(
        _pipeline: &bevy::pbr::MaterialPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        _layout: &bevy::mesh::MeshVertexBufferLayoutRef,
        key: bevy::pbr::MaterialPipelineKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        key.bind_group_data.shape(descriptor);
        Ok(())
    }
}

/// Adds a shader under a fixed handle, importable by other shaders as `retrace::<name>`.
///
/// Does nothing in an app without shaders, as headless tests are.
pub(crate) fn add_shader(app: &mut App, handle: &Handle<Shader>, name: &str, source: &'static str) {
    if let Some(mut shaders) = app.world_mut().get_resource_mut::<Assets<Shader>>() {
        let shader = Shader::from_wesl(source, format!("embedded://retrace/{name}.wesl"));
        // Only an index of a dropped asset is refused, and these handles hold no index.
        let _never_refused = shaders.insert(handle.id(), shader);
    }
}

/// Gives every surface the air in force.
fn breathe(air: Res<Air>, mut surfaces: ResMut<Assets<Surface>>) {
    let stale: Vec<_> = surfaces.iter().filter(|(_, surface)| surface.air != *air).map(|(id, _)| id).collect();
    for id in stale {
        if let Some(mut surface) = surfaces.get_mut(id) {
            surface.air = *air;
        }
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Air>();
    textures::plugin(app);
    add_shader(app, &AIR, "air", include_str!("air.wesl"));
    add_shader(app, &EVIDENCE, "evidence", include_str!("evidence.wesl"));
    add_shader(app, &SURFACE, "surface", include_str!("surface.wesl"));
    if app.is_plugin_added::<bevy::pbr::PbrPlugin>() {
        app.add_plugins(MaterialPlugin::<Surface>::default());
    } else {
        app.init_asset::<Surface>();
    }
    app.add_systems(PostUpdate, breathe);
}
