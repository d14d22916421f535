//! Opening: from the first byte to the first frame with the site in it.
//!
//! The visit begins when every model of the first level stands (or is known to be missing), no shader waits to be
//! made, and frames with all of it have been drawn.

use bevy::prelude::*;
use bevy::render::render_resource::PipelineCache;
use bevy::render::{Render, RenderApp, RenderSystems};
use protocol::bridge::Said;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::models::Settling;
use crate::Step;
use crate::content::{Content, Stage, fetched_bytes};
use crate::visit::Say;

/// Frames drawn with everything in them before the visit opens: one to extract, one to draw, one in flight.
const SETTLED_FRAMES: u8 = 3;

/// Pipelines that wait for their shaders; counted in the render world, read in the main one, until the visit opens.
#[derive(Resource, Clone, Default)]
struct Waiting(Arc<AtomicUsize>);

/// Told to the render world instead of a count: nobody asks any more.
const OPENED: usize = usize::MAX;

/// Frames in a row in which nothing was missing.
#[derive(Resource, Default)]
struct Whole(u8);

fn count_waiting(cache: Res<PipelineCache>, waiting: Res<Waiting>) {
    if waiting.0.load(Ordering::Relaxed) != OPENED {
        waiting.0.store(cache.waiting_pipelines().count(), Ordering::Relaxed);
    }
}

/// Says how much has come, how much is still to come, and what is being fetched.
fn report(settling: Settling, content: If<Res<Content>>, mut said: Local<(u64, usize)>, mut say: MessageWriter<Say>) {
    let now = (fetched_bytes(), settling.settled());
    let Some(what) = settling.awaited() else { return };
    if *said != now {
        *said = now;
        let total = content.0.0.scene.first_level_bytes();
        // A file may be larger than was said; nothing is ever more than whole.
        say.write(Say(Said::Loading { loaded: if total > 0 { now.0.min(total) } else { now.0 }, total, what }));
    }
}

fn open(
    settling: Settling,
    waiting: Res<Waiting>,
    mut whole: ResMut<Whole>,
    mut stage: ResMut<NextState<Stage>>,
    mut say: MessageWriter<Say>,
) {
    let complete = settling.first_level() && waiting.0.load(Ordering::Relaxed) == 0;
    whole.0 = if complete { whole.0 + 1 } else { 0 };
    if whole.0 >= SETTLED_FRAMES {
        waiting.0.store(OPENED, Ordering::Relaxed);
        stage.set(Stage::Open);
        say.write(Say(Said::Ready));
    }
}

pub(super) fn plugin(app: &mut App) {
    let waiting = Waiting::default();
    app.init_resource::<Whole>().insert_resource(waiting.clone());
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render.insert_resource(waiting).add_systems(Render, count_waiting.in_set(RenderSystems::Cleanup));
        app.add_systems(Update, (report, open).in_set(Step::Show).run_if(in_state(Stage::Fetching)));
    }
}
