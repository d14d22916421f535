//! River: the moving surface.

use bevy::asset::{RenderAssetUsages, uuid_handle};
use bevy::gltf::GltfMaterialName;
use bevy::image::ImageSampler;
use bevy::light::NotShadowCaster;
use bevy::mesh::VertexAttributeValues;
use bevy::prelude::*;
use bevy::render::render_resource::{
    AsBindGroup, Extent3d, RenderPipelineDescriptor, SpecializedMeshPipelineError, TextureDimension, TextureFormat,
};
use bevy::shader::{Shader, ShaderRef};
use heritage::Certainty;

use super::depth::{ACROSS, ALONG, Chart};
use crate::content::{Content, Stage};
use crate::surface::{Air, Variant, add_shader, tag_of};
use crate::visit::Part;

const WATER: Handle<Shader> = uuid_handle!("6d0a35a4-55a7-4a53-9bc0-4e2c5d5a9d06");

/// How far the surface is drawn up and down the valley, metres; beyond, mist and bends hide it.
const HALF_LENGTH_M: f32 = 1400.0;
/// Half its width, metres: the banks cover what is too wide.
const HALF_WIDTH_M: f32 = 260.0;

#[derive(Asset, TypePath, AsBindGroup, Clone, Debug)]
#[bind_group_data(Variant)]
struct Water {
    #[uniform(0)]
    air: Air,
    /// Depth over the bed, see `depth`.
    #[texture(1)]
    #[sampler(2)]
    depth: Handle<Image>,
}

impl From<&Water> for Variant {
    fn from(material: &Water) -> Self {
        Self::of(&material.air)
    }
}

impl Material for Water {
    fn fragment_shader() -> ShaderRef {
        WATER.into()
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
        key.bind_group_data.shape(descriptor);
        Ok(())
    }
}

#[derive(Component)]
struct River;

fn chart_image(bytes: Vec<u8>) -> Image {
    let size = Extent3d { width: ACROSS as u32, height: ALONG as u32, depth_or_array_layers: 1 };
    let mut image =
        Image::new(size, TextureDimension::D2, bytes, TextureFormat::R8Unorm, RenderAssetUsages::RENDER_WORLD);
    image.sampler = ImageSampler::linear();
    image
}

/// Lets the river run over an even bed until the gorge is there.
fn pour(
    content: Res<Content>,
    air: Res<Air>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut images: ResMut<Assets<Image>>,
    mut materials: ResMut<Assets<Water>>,
    mut commands: Commands,
) {
    let water_up_m = content.0.scene.water_up_m as f32;
    let depth = images.add(chart_image(Chart::new(water_up_m).bytes()));
    let plane = Plane3d::new(Vec3::Y, Vec2::new(HALF_WIDTH_M, HALF_LENGTH_M)).mesh().subdivisions(6);
    // The height over the water is attested; where the river's edge ran is not.
    let part = Part { certainty: Certainty::Conjecture, era: None };
    commands.spawn((
        River,
        part,
        tag_of(part.certainty),
        Mesh3d(meshes.add(plane)),
        MeshMaterial3d(materials.add(Water { air: *air, depth })),
        Transform::from_xyz(0.0, water_up_m, 0.0),
        NotShadowCaster,
    ));
}

/// Reads the bed from the ground that stands when the visit opens.
fn sound(
    content: Res<Content>,
    ground: Query<(&Mesh3d, &GlobalTransform, Option<&GltfMaterialName>), (With<Part>, Without<River>)>,
    meshes: Res<Assets<Mesh>>,
    mut images: ResMut<Assets<Image>>,
    mut materials: ResMut<Assets<Water>>,
) {
    let mut chart = Chart::new(content.0.scene.water_up_m as f32);
    for (mesh, at, name) in &ground {
        let is_ground = name.is_some_and(|name| name.0 == "rock");
        if let Some(mesh) = meshes.get(mesh).filter(|_| is_ground) {
            add_mesh(&mut chart, mesh, at);
        }
    }
    let depth = images.add(chart_image(chart.bytes()));
    for (_, water) in materials.iter_mut() {
        water.depth = depth.clone();
    }
}

fn add_mesh(chart: &mut Chart, mesh: &Mesh, at: &GlobalTransform) {
    let Ok(Some(VertexAttributeValues::Float32x3(positions))) = mesh.try_attribute_option(Mesh::ATTRIBUTE_POSITION)
    else {
        return;
    };
    let Ok(Some(indices)) = mesh.try_indices_option() else {
        return;
    };
    let indices: Vec<usize> = indices.iter().collect();
    for triangle in indices.chunks_exact(3) {
        let corner = |index: &usize| positions.get(*index).map(|at_local| at.transform_point(Vec3::from(*at_local)));
        if let [Some(a), Some(b), Some(c)] = [corner(&triangle[0]), corner(&triangle[1]), corner(&triangle[2])] {
            chart.add([a, b, c]);
        }
    }
}

fn breathe(air: Res<Air>, mut materials: ResMut<Assets<Water>>) {
    for (_, material) in materials.iter_mut() {
        material.air = *air;
    }
}

pub(super) fn plugin(app: &mut App) {
    add_shader(app, &WATER, "water", include_str!("water.wesl"));
    if app.is_plugin_added::<bevy::pbr::PbrPlugin>() {
        app.add_plugins(MaterialPlugin::<Water>::default())
            .add_systems(PreUpdate, pour.run_if(resource_added::<Content>))
            .add_systems(OnEnter(Stage::Open), sound)
            .add_systems(PostUpdate, breathe.run_if(resource_changed::<Air>));
    }
}
