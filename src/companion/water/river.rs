//! River: the moving surface.

use bevy::mesh::VertexAttributeValues;
use bevy::prelude::*;
use heritage::Certainty;

use super::depth::{ACROSS, ALONG, Chart};
use crate::content::{Content, Stage};
use crate::platform::gl::Format;
use crate::surface::{Dressed, Kind, MadeOf, NoShadow, Picture, Surface, Texels, class_of};
use crate::visit::Part;

/// How far the surface is drawn up and down the valley, metres; beyond, mist and bends hide it.
const HALF_LENGTH_M: f32 = 1400.0;
/// Half its width, metres: the banks cover what is too wide.
const HALF_WIDTH_M: f32 = 260.0;

#[derive(Component)]
struct River;

fn picture(chart: Vec<u8>) -> Picture {
    let texels = Texels::Reckoned { size_px: [ACROSS as u32, ALONG as u32], bytes: chart };
    Picture { format: Some(Format::Number), texels: Some(texels) }
}

/// Lets the river run over an even bed until the gorge is there.
fn pour(
    content: Res<Content>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut pictures: ResMut<Assets<Picture>>,
    mut surfaces: ResMut<Assets<Surface>>,
    mut commands: Commands,
) {
    let water_up_m = content.0.scene.water_up_m as f32;
    let depth = pictures.add(picture(Chart::new(water_up_m).bytes()));
    let water = Surface { base: Some(depth), kind: Kind::Water, ..default() };
    let plane = Plane3d::new(Vec3::Y, Vec2::new(HALF_WIDTH_M, HALF_LENGTH_M)).mesh().subdivisions(6);
    // The height over the water is attested; where the river's edge ran is not.
    let part = Part { certainty: Certainty::Conjecture, era: None };
    commands.spawn((
        River,
        part,
        class_of(part.certainty),
        Mesh3d(meshes.add(plane)),
        Dressed(surfaces.add(water)),
        Transform::from_xyz(0.0, water_up_m, 0.0),
        NoShadow,
    ));
}

/// Reads the bed from the ground that stands when the visit opens.
fn sound(
    content: Res<Content>,
    rivers: Query<&Dressed, With<River>>,
    ground: Query<(&Mesh3d, &GlobalTransform, Option<&MadeOf>), (With<Part>, Without<River>)>,
    meshes: Res<Assets<Mesh>>,
    mut pictures: ResMut<Assets<Picture>>,
    mut surfaces: ResMut<Assets<Surface>>,
) {
    let mut chart = Chart::new(content.0.scene.water_up_m as f32);
    for (mesh, at, name) in &ground {
        let is_ground = name.is_some_and(|name| name.0 == "rock");
        if let Some(mesh) = meshes.get(mesh).filter(|_| is_ground) {
            add_mesh(&mut chart, mesh, at);
        }
    }
    let depth = pictures.add(picture(chart.bytes()));
    for Dressed(water) in &rivers {
        if let Some(mut water) = surfaces.get_mut(water) {
            water.base = Some(depth.clone());
        }
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

pub(super) fn plugin(app: &mut App) {
    if app.world().contains_resource::<AssetServer>() {
        app.add_systems(PreUpdate, pour.run_if(resource_added::<Content>)).add_systems(OnEnter(Stage::Open), sound);
    }
}
