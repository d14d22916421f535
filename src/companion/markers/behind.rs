//! Behind: whether something stands before a mark.
//!
//! A look asks many triangles, so that one mark is looked at in a frame, the one whose answer is most out of date; while
//! nothing moves, no mark is.

use super::{Mark, Marks};
use crate::screen::Screen;
use crate::settings::TierInForce;
use crate::sight::Sight;
use crate::visit::{Part, Passing, Say, Standing};
use bevy::prelude::*;
use protocol::bridge::Said;

/// While the eye moves, an answer is out of date once it has moved by this share of its distance from the mark.
const MOVED_SHARE: f32 = 0.02;

/// Other parts may stand before the marks once some have come, or another state or tier is shown.
pub(super) fn forget(
    fresh: Query<(), Added<Part>>,
    tier: Res<TierInForce>,
    mut said: MessageReader<Say>,
    mut marks: ResMut<Marks>,
) {
    let other_state = said.read().filter(|say| matches!(say.0, Said::EraShown { .. })).count() > 0;
    if other_state || tier.is_changed() || !fresh.is_empty() {
        for mark in &mut marks.list {
            mark.looked_from = None;
        }
    }
}

/// How far a mark's answer is out of date; 0 for one that holds.
fn staleness(mark: &Mark, eye: Vec3) -> f32 {
    mark.looked_from.map_or(f32::INFINITY, |from| from.distance(eye) / mark.at.distance(eye).max(0.1))
}

pub(super) fn look(
    mut marks: ResMut<Marks>,
    standing: Res<Standing>,
    screen: Screen,
    sight: Sight,
    mut passing: ResMut<Passing>,
) {
    let Some(view) = screen.view() else { return };
    let eye = view.eye.translation;
    // At rest every answer becomes that of this very place.
    let least = if standing.settled { 1e-6 } else { MOVED_SHARE };
    let drawn = marks.list.iter().enumerate().filter(|(_, mark)| mark.drawn.is_some());
    let stale = drawn.map(|(index, mark)| (staleness(mark, eye), index)).filter(|(stale, _)| *stale > least);
    let mut stale: Vec<(f32, usize)> = stale.collect();
    stale.sort_by(|a, b| b.0.total_cmp(&a.0));
    passing.set_if_neq(Passing { marks: stale.len() > 1, ..*passing });
    let Some(mark) = stale.first().and_then(|(_, index)| marks.list.get_mut(*index)) else { return };
    // A post before the point alone hides nothing: the place over it must be hidden too.
    let hidden = |at: Vec3| !sight.free(eye, at, 0.5);
    mark.behind = hidden(mark.at) && hidden(mark.at + Vec3::Y * 0.6);
    mark.looked_from = Some(eye);
}
