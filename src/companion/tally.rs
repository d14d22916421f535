//! Tally: how many draws and triangles the last frame took, counted where the engine has sorted them.
//!
//! What fills the screen (a copy of the picture to the canvas) is left out: one draw and one triangle at every tier.

use crate::platform::probe;
use bevy::core_pipeline::core_3d::{Opaque3d, Transparent3d};
use bevy::pbr::{RenderMeshInstances, Shadow};
use bevy::prelude::*;
use bevy::render::mesh::{RenderMesh, RenderMeshBufferInfo};
use bevy::render::render_asset::RenderAssets;
use bevy::render::render_phase::{
    BinnedPhaseItem, BinnedRenderPhase, PhaseItem, ViewBinnedRenderPhases, ViewSortedRenderPhases,
};
use bevy::render::sync_world::MainEntity;
use bevy::render::{Render, RenderApp, RenderSystems};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Meshes of one kind that WebGL2 draws with one call: as many places as its uniform buffers hold, see `chains`.
const PLACES_PER_DRAW: usize = 23;

/// Draws and triangles, written by the render world and read by the main one.
#[derive(Resource, Clone, Default)]
struct Tally(Arc<[AtomicU32; 2]>);

/// Draws and triangles of one frame while they are added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    draws: usize,
    triangles: usize,
}

impl Sum {
    fn add(&mut self, draws: usize, triangles: usize) {
        self.draws += draws;
        self.triangles += triangles;
    }
}

fn count(
    opaque: Res<ViewBinnedRenderPhases<Opaque3d>>,
    shadow: Res<ViewBinnedRenderPhases<Shadow>>,
    transparent: Res<ViewSortedRenderPhases<Transparent3d>>,
    instances: Res<RenderMeshInstances>,
    meshes: Res<RenderAssets<RenderMesh>>,
    tally: Res<Tally>,
) {
    let triangles = |entity: MainEntity| {
        instances.mesh_asset_id(entity).and_then(|id| meshes.get(id)).map_or(0, |mesh| match mesh.buffer_info {
            RenderMeshBufferInfo::Indexed { count, .. } => count as usize / 3,
            RenderMeshBufferInfo::NonIndexed => mesh.vertex_count as usize / 3,
        })
    };
    let mut sum = Sum::default();
    for phase in opaque.values() {
        add_binned(phase, triangles, &mut sum);
    }
    for phase in shadow.values() {
        add_binned(phase, triangles, &mut sum);
    }
    for item in transparent.values().flat_map(|phase| phase.items.values()) {
        sum.add(1, triangles(item.main_entity()));
    }
    tally.0[0].store(sum.draws as u32, Ordering::Relaxed);
    tally.0[1].store(sum.triangles as u32, Ordering::Relaxed);
}

/// A bin holds one mesh in one material; its places are written one after another, so that a bin that begins within a
/// draw's reach of the buffer may take one draw more than its size alone would need.
fn add_binned<Item: BinnedPhaseItem>(
    phase: &BinnedRenderPhase<Item>,
    triangles: impl Fn(MainEntity) -> usize,
    sum: &mut Sum,
) {
    let mut place = 0;
    for bin in phase.batchable_meshes.values() {
        let entities = bin.entities();
        let (first, after) = (place, place + entities.len());
        let draws = after.div_ceil(PLACES_PER_DRAW) - first / PLACES_PER_DRAW;
        let each = entities.keys().next().map_or(0, |entity| triangles(*entity));
        sum.add(draws, each * entities.len());
        place = after;
    }
    for bin in phase.unbatchable_meshes.values() {
        for entity in bin.entities.keys() {
            sum.add(1, triangles(*entity));
        }
    }
}

fn tell(tally: Res<Tally>) {
    let [draws, triangles] = &*tally.0;
    probe::keep_tally(draws.load(Ordering::Relaxed), triangles.load(Ordering::Relaxed));
}

pub(super) fn plugin(app: &mut App) {
    let tally = Tally::default();
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render.insert_resource(tally.clone()).add_systems(Render, count.in_set(RenderSystems::Render));
        app.insert_resource(tally).add_systems(Last, tell);
    }
}
