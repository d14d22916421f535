//! Opening: from the first byte to the first frame with the site in it.
//!
//! The visit begins when every model of the first level stands (or is known to be missing) and frames with all of it have
//! been drawn.

use bevy::prelude::*;
use protocol::bridge::Said;

use super::models::Settling;
use crate::Step;
use crate::content::{Content, Stage, fetched_bytes};
use crate::visit::{Say, Shown};

/// Frames drawn with everything in them before the visit opens: one to place, one to draw, one in flight.
const SETTLED_FRAMES: u8 = 3;

/// Frames in a row in which nothing was missing.
#[derive(Resource, Default)]
struct Whole(u8);

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
    shown: Res<Shown>,
    mut whole: ResMut<Whole>,
    mut stage: ResMut<NextState<Stage>>,
    mut say: MessageWriter<Say>,
) {
    whole.0 = if settling.first_level() && shown.0 { whole.0 + 1 } else { 0 };
    if whole.0 >= SETTLED_FRAMES {
        stage.set(Stage::Open);
        say.write(Say(Said::Ready));
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Whole>();
    if app.world().contains_resource::<AssetServer>() {
        app.add_systems(Update, (report, open).in_set(Step::Show).run_if(in_state(Stage::Fetching)));
    }
}
