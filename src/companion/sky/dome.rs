//! Dome: the sky behind everything, drawn with the same formulas that dissolve far things into it.

use bevy::asset::uuid_handle;
use bevy::camera::visibility::NoFrustumCulling;
use bevy::light::{NotShadowCaster, NotShadowReceiver};
use bevy::prelude::*;
use bevy::render::render_resource::{AsBindGroup, RenderPipelineDescriptor, SpecializedMeshPipelineError};
use bevy::shader::{Shader, ShaderRef};

use crate::surface::{Air, Variant, add_shader};

const SKY: Handle<Shader> = uuid_handle!("6d0a35a4-55a7-4a53-9bc0-4e2c5d5a9d05");

/// Radius of the dome, metres: inside the eye's far plane, outside the farthest ridge.
const RADIUS_M: f32 = 8000.0;

#[derive(Asset, TypePath, AsBindGroup, Clone, Debug)]
#[bind_group_data(Variant)]
struct SkyMaterial {
    #[uniform(0)]
    air: Air,
}

impl From<&SkyMaterial> for Variant {
    fn from(material: &SkyMaterial) -> Self {
        Self::of(&material.air)
    }
}

impl Material for SkyMaterial {
    fn fragment_shader() -> ShaderRef {
        SKY.into()
    }

    /// Drawn after everything solid, so that no sky is shaded behind the ground.
    fn alpha_mode(&self) -> AlphaMode {
        AlphaMode::Blend
    }

    /// Before everything else that is see-through.
    fn depth_bias(&self) -> f32 {
        -1.0e6
    }

    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }

    fn specialize(
        _pipeline: &bevy::pbr::MaterialPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        _layout: &bevy::mesh::MeshVertexBufferLayoutRef,
        key: bevy::pbr::MaterialPipelineKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        // The dome is seen from inside.
        descriptor.primitive.cull_mode = None;
        key.bind_group_data.shape(descriptor);
        Ok(())
    }
}

fn raise(
    air: Res<Air>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<SkyMaterial>>,
    mut commands: Commands,
) {
    commands.spawn((
        Mesh3d(meshes.add(Sphere::new(RADIUS_M).mesh().uv(24, 12))),
        MeshMaterial3d(materials.add(SkyMaterial { air: *air })),
        Transform::default(),
        (NotShadowCaster, NotShadowReceiver, NoFrustumCulling),
    ));
}

fn breathe(air: Res<Air>, mut materials: ResMut<Assets<SkyMaterial>>) {
    for (_, material) in materials.iter_mut() {
        material.air = *air;
    }
}

pub(super) fn plugin(app: &mut App) {
    add_shader(app, &SKY, "sky", include_str!("sky.wesl"));
    if app.is_plugin_added::<bevy::pbr::PbrPlugin>() {
        app.add_plugins(MaterialPlugin::<SkyMaterial>::default());
        app.add_systems(Startup, raise).add_systems(PostUpdate, breathe.run_if(resource_changed::<Air>));
    }
}
