//! Measure: metres between two points, with the model's own uncertainty.
//!
//! Hears taps while measuring, by finger or by key in the middle of the view, and [`ShowPreset`]; says [`Said::Measured`]. What is measured is the model, never the
//! bridge itself: the page shows the source's value beside it.

use crate::Step;
use crate::content::{Content, engine_from_site};
use crate::ink::{CINNABAR, IRON, PAPER, Sheet, Sheets, Wash};
use crate::screen::{Screen, Tapped, View};
use crate::settings::Settings;
use crate::sight::Sight;
use crate::visit::{Say, ShowPreset};
use bevy::prelude::*;
use heritage::Site;
use protocol::bridge::Said;

mod reach;

/// Furthest that is picked, metres; beyond lies only scenery.
const REACH_M: f32 = 400.0;

/// A picked end may be off by so much, metres.
const PICKED_M: f64 = 0.15;
/// Share by which the model may be off in a direction that no preset speaks for; our judgement.
const UNKNOWN_SHARE: f64 = 0.1;
/// Shorter presets say how sure a detail is, not the whole; metres.
const LONG_M: f64 = 5.0;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Tape>()
        .add_observer(pick)
        .add_observer(show_preset)
        .add_systems(Update, put_away.in_set(Step::Decide))
        .add_systems(Update, draw.in_set(Step::Show));
}

/// The tape: what it has been laid from, and to; engine metres.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
struct Tape {
    from: Option<Vec3>,
    to: Option<Vec3>,
}

fn pick(
    tapped: On<Tapped>,
    settings: Res<Settings>,
    content: If<Res<Content>>,
    screen: Screen,
    sight: Sight,
    mut tape: ResMut<Tape>,
    mut say: MessageWriter<Say>,
) {
    let Some(view) = screen.view().filter(|_| settings.measuring) else { return };
    let site = &content.0.0;
    let ray = view.ray(tapped.at_px);
    let drawn_m = sight.first_m(ray, REACH_M);
    let Some(at) = reach::met(&site.scene, ray, drawn_m, REACH_M) else { return };
    match (tape.from, tape.to) {
        (Some(from), None) => {
            tape.to = Some(at);
            let model_m = f64::from(from.distance(at));
            say.write(Say(Said::Measured { model_m, uncertainty_m: uncertainty_m(site, from, at), preset: None }));
        }
        _ => *tape = Tape { from: Some(at), to: None },
    }
}

/// How far a free measurement may be off: its ends are picked to a hand's breadth, and along and upward the model is as
/// sure as the least sure of its long presets in that direction.
fn uncertainty_m(site: &Site, from: Vec3, to: Vec3) -> f64 {
    let parts = |from: Vec3, to: Vec3| (f64::from(from.xz().distance(to.xz())), f64::from((to.y - from.y).abs()));
    let (mut along, mut upward) = (None, None);
    for measure in site.measures.iter().filter(|measure| measure.source_m >= LONG_M) {
        let (flat_m, rise_m) = parts(engine_from_site(measure.from), engine_from_site(measure.to));
        let share = measure.uncertainty_m / measure.source_m;
        let known: &mut Option<f64> = if rise_m > flat_m { &mut upward } else { &mut along };
        *known = Some(known.map_or(share, |known| known.max(share)));
    }
    let (flat_m, rise_m) = parts(from, to);
    let part = |share: Option<f64>, metres: f64| share.unwrap_or(UNKNOWN_SHARE) * metres;
    (PICKED_M.powi(2) + part(along, flat_m).powi(2) + part(upward, rise_m).powi(2)).sqrt()
}

fn show_preset(
    asked: On<ShowPreset>,
    content: If<Res<Content>>,
    mut tape: ResMut<Tape>,
    mut say: MessageWriter<Say>,
) -> Result {
    let measure = content
        .0
        .0
        .measures
        .get(asked.0)
        .ok_or_else(|| format!("there is no measure {}", asked.0))
        .with_severity(Severity::Warning)?;
    let (from, to) = (engine_from_site(measure.from), engine_from_site(measure.to));
    *tape = Tape { from: Some(from), to: Some(to) };
    // In double precision: a spacing of a third of a metre is told to the millimetre.
    let off = [
        measure.to.east_m - measure.from.east_m,
        measure.to.north_m - measure.from.north_m,
        measure.to.up_m - measure.from.up_m,
    ];
    let model_m = off.iter().map(|metres| metres * metres).sum::<f64>().sqrt();
    let uncertainty_m = measure.uncertainty_m;
    say.write(Say(Said::Measured { model_m, uncertainty_m, preset: Some(asked.0) }));
    Ok(())
}

/// Measuring that is switched off leaves nothing lying about.
fn put_away(settings: Res<Settings>, mut tape: ResMut<Tape>) {
    if !settings.measuring {
        tape.set_if_neq(Tape::default());
    }
}

/// What lies on the sheet: a tape as seen from here, and the cross in the middle of a view of this size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Laid {
    tape: Tape,
    view: View,
    cross_px: Option<Vec2>,
}

fn draw(tape: Res<Tape>, settings: Res<Settings>, screen: Screen, mut sheets: ResMut<Sheets>, mut laid: Local<Laid>) {
    let Some(view) = screen.view() else { return };
    // A tape that is put away looks the same from everywhere.
    let seen = if tape.from.is_some() { view } else { View::default() };
    let now = Laid { tape: *tape, view: seen, cross_px: settings.measuring.then_some(view.size_px / 2.0) };
    if *laid == now {
        return;
    }
    *laid = now;
    let sheet = &mut sheets.under;
    sheet.clear();
    if let Some(middle_px) = now.cross_px {
        cross(sheet, middle_px);
    }
    let Some(from) = tape.from else { return };
    match tape.to {
        Some(to) => span(sheet, &view, from, to),
        None => {
            if let Some(fall) = view.fall(from) {
                end(sheet, fall.at_px);
            }
        }
    }
}

/// Four strokes around the middle of the view, which itself stays free: what a key picks.
fn cross(sheet: &mut Sheet, middle_px: Vec2) {
    for (width_px, wash) in [(3.6, Wash(PAPER, 0.8)), (1.4, Wash(IRON, 1.0))] {
        for way in [Vec2::X, Vec2::Y, Vec2::NEG_X, Vec2::NEG_Y] {
            sheet.line(middle_px + way * 5.0, middle_px + way * 13.0, width_px, wash);
        }
    }
}

fn end(sheet: &mut Sheet, at_px: Vec2) {
    sheet.ring(at_px, 3.5, 7.0, Wash(PAPER, 0.9));
    sheet.ring(at_px, 4.2, 6.2, Wash(CINNABAR, 1.0));
}

/// A line with ticks across its ends. Drawn over everything: a measured length is often inside what it measures.
fn span(sheet: &mut Sheet, view: &View, from: Vec3, to: Vec3) {
    let Some((from, to)) = before_the_eye(view, from, to) else { return };
    let (Some(a), Some(b)) = (view.fall(from), view.fall(to)) else { return };
    let across = (b.at_px - a.at_px).normalize_or(Vec2::X).perp() * 8.0;
    for (width_px, wash) in [(4.0, Wash(PAPER, 0.8)), (1.8, Wash(CINNABAR, 1.0))] {
        sheet.line(a.at_px, b.at_px, width_px, wash);
        for end_px in [a.at_px, b.at_px] {
            sheet.line(end_px - across, end_px + across, width_px, wash);
        }
    }
}

/// The stretch of a line that lies before the eye; `None` if none does.
fn before_the_eye(view: &View, from: Vec3, to: Vec3) -> Option<(Vec3, Vec3)> {
    let ahead = view.eye.forward().as_vec3();
    let depth = |at: Vec3| (at - view.eye.translation).dot(ahead) - 0.2;
    let (a, b) = (depth(from), depth(to));
    if a <= 0.0 && b <= 0.0 {
        return None;
    }
    let cut = || from.lerp(to, a / (a - b));
    Some((if a > 0.0 { from } else { cut() }, if b > 0.0 { to } else { cut() }))
}

#[cfg(test)]
mod tests;
