//! Lamps: there are none, and the engine is told so once instead of in every frame.
//!
//! `bevy_pbr` makes two buffers of 16 kB anew for each frame and sends them to the graphics card, to say which lamps
//! reach which part of the picture. Sun and sky are not among those, so the same empty lists serve for as long as the
//! camera is there.

use bevy::ecs::schedule::ScheduleCleanupPolicy;
use bevy::pbr::{ExtractedClusterableObjects, MeshPipeline, ViewClusterBindings, prepare_clusters_for_cpu_clustering};
use bevy::prelude::*;
use bevy::render::renderer::{RenderDevice, RenderQueue};
use bevy::render::{Render, RenderApp, RenderSystems};

/// Cameras that have no lists yet.
type New = (With<ExtractedClusterableObjects>, Without<ViewClusterBindings>);

fn say_that_there_are_none(
    mut commands: Commands,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
    mesh: Res<MeshPipeline>,
    cameras: Query<Entity, New>,
) {
    for camera in &cameras {
        let mut lists = ViewClusterBindings::new(mesh.clustered_forward_buffer_binding_type);
        lists.clear();
        lists.write_buffers(&device, &queue);
        commands.entity(camera).insert(lists);
    }
}

pub(super) struct NoLamps;

impl Plugin for NoLamps {
    fn build(&self, _app: &mut App) {}

    // A schedule may be taken apart only when all that its systems stand on is there.
    fn finish(&self, app: &mut App) {
        let Some(render) = app.get_sub_app_mut(RenderApp) else { return };
        let taken = render.remove_systems_in_set(
            Render,
            prepare_clusters_for_cpu_clustering,
            ScheduleCleanupPolicy::RemoveSystemsOnly,
        );
        if taken.is_ok() {
            render.add_systems(Render, say_that_there_are_none.in_set(RenderSystems::PrepareResources));
        }
    }
}
