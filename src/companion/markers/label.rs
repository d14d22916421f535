//! Label: which mark the mouse rests on, and how far off that is, for the page to write beside it.

use super::{HOVER_PX, Marks, picked};
use crate::screen::{Pointing, Screen};
use crate::visit::Say;
use bevy::prelude::*;
use heritage::PointId;
use protocol::bridge::Said;

/// What the page was last told, to the pixel and the metre.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Label {
    point: Option<PointId>,
    at_px: [i32; 2],
    away_m: u32,
}

pub(super) fn point_out(
    pointing: Res<Pointing>,
    marks: Res<Marks>,
    screen: Screen,
    mut last: Local<Label>,
    mut say: MessageWriter<Say>,
) {
    let pointed = || {
        let eye = screen.view()?.eye.translation;
        let mark = marks.list.get(picked(&marks.list, pointing.0?, HOVER_PX)?)?;
        let at_px = mark.drawn?.disc_px.round().as_ivec2().to_array();
        Some(Label { point: Some(mark.point.clone()), at_px, away_m: mark.at.distance(eye).round() as u32 })
    };
    let label = pointed().unwrap_or_default();
    if *last != label {
        let Label { point, at_px, away_m } = label.clone();
        say.write(Say(Said::Pointed { point, at_px: at_px.map(f64::from), away_m: f64::from(away_m) }));
        *last = label;
    }
}
