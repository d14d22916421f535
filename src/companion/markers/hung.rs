//! Hung: the marks as a headset's wearer sees them: each hangs over its thing, as large at any distance, and turned to the
//! wearer; pointed at and pressed, or looked at for long enough, it opens.

use super::{Drawn, LIFT_PX, Marks, Stroke, fill, is_gathered, next, opacity, open, state};
use crate::Step;
use crate::afloat::Afloat;
use crate::content::Content;
use crate::headset::{Headset, Pointer, Rig, Target, feel};
use crate::ink::Sheet;
use crate::platform::probe;
use crate::visit::{Discs, GoTo, Here, Pointed, Say, Standing, Telling, ToldToTheEnd};
use bevy::prelude::*;

/// A pixel of a mark, degrees of view: its disc is 1.5° across, its numeral 0.7° high.
const PX_DEGREES: f32 = 0.055;
/// How far beside its disc a mark is still pointed at, degrees.
const PICK_DEGREES: f32 = 1.5;
/// Nearer than this a mark opens where one stands; farther off it takes the wearer to its station, metres.
const AT_HAND_M: f32 = 8.0;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, claim.in_set(Step::Point)).add_systems(Update, press.in_set(Step::Decide));
}

/// Where a mark's disc hangs, for an eye at this place, and how wide its pixel is there.
fn disc(at: Vec3, eye: Vec3) -> (Vec3, f32) {
    let px_m = at.distance(eye) * PX_DEGREES.to_radians().tan();
    (at + Vec3::Y * (LIFT_PX * px_m), px_m)
}

pub(super) fn draw(
    content: If<Res<Content>>,
    headset: Res<Headset>,
    rig: Res<Rig>,
    pointer: Res<Pointer>,
    (here, telling, told): (Res<Here>, Res<Telling>, Res<ToldToTheEnd>),
    mut marks: ResMut<Marks>,
    mut afloat: ResMut<Afloat>,
    (mut named, mut discs): (ResMut<Pointed>, ResMut<Discs>),
    (mut laid, mut far_first): (Local<Vec<Laid>>, Local<Vec<(f32, usize)>>),
) {
    let chalk = &mut afloat.marks;
    if !headset.is_on() {
        if !chalk.places.is_empty() {
            chalk.clear();
            named.set_if_neq(Pointed::default());
            discs.0.clear();
        }
        return;
    }
    chalk.clear();
    let head = rig.place(&headset.frame.head);
    let eye = head.translation;
    let site = &content.0.0;
    let next = next(site, here.0.as_ref(), telling.0.as_ref(), &told);
    let Marks { list, pointed_out } = &mut *marks;
    far_first.clear();
    far_first.extend(list.iter().enumerate().map(|(index, mark)| (mark.at.distance(eye), index)));
    laid.resize_with(list.len(), Laid::default);
    far_first.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut at_now = None;
    let is_asked = probe::is_asked();
    discs.0.clear();
    for (off_m, index) in far_first.iter().copied() {
        let Some(mark) = list.get_mut(index) else { continue };
        mark.drawn = None;
        if is_gathered(site, mark, off_m, next) {
            continue;
        }
        let state = state(mark, next, &told);
        // In steps that nobody sees, so that a head that stirs has nothing laid anew.
        let opacity = (opacity(off_m / rig.scale, mark.behind) * 64.0).round() / 64.0;
        let drawn = Drawn { disc_px: Vec2::ZERO, opacity, fill: fill(state) };
        mark.drawn = Some(drawn);
        let (hangs, px_m) = disc(mark.at, eye);
        if is_asked {
            discs.0.push((mark.point.clone(), mark.station.clone(), hangs));
        }
        let is_at = pointer.is_at(Target::Mark(index));
        if is_at {
            at_now = Some((index, hangs, off_m));
        }
        let emphasis = is_at || pointed_out.as_ref() == Some(&mark.point);
        // Far ones lie under near ones by the order in which they are hung.
        let stroke = Stroke { drawn, state, number: mark.number, emphasis, depth_m: 0.0, index };
        let Some(Laid(of, sheet)) = laid.get_mut(index) else { continue };
        if *of != Some(stroke) {
            *of = Some(stroke);
            sheet.clear();
            stroke.lay(sheet);
        }
        let toward = (hangs - eye).normalize_or(Vec3::NEG_Z);
        let right = toward.cross(Vec3::Y).normalize_or(Vec3::X);
        chalk.hang(sheet, Vec2::ZERO, hangs, [right, toward.cross(right)], px_m);
    }
    let before = named.0.take();
    named.0 = at_now.and_then(|(index, hangs, off_m)| {
        let point = &list.get(index)?.point;
        let point = before.map(|(before, ..)| before).filter(|before| before == point).unwrap_or_else(|| point.clone());
        Some((point, hangs, off_m))
    });
}

/// A mark as it was laid last, and of what: to lay it takes memory, and it looks the same in most frames.
#[derive(Default)]
pub(super) struct Laid(Option<Stroke>, Sheet);

fn claim(headset: Res<Headset>, rig: Res<Rig>, marks: Res<Marks>, mut pointer: ResMut<Pointer>) {
    let (Some((from, toward)), true) = (pointer.ray, headset.is_on()) else { return };
    let eye = rig.place(&headset.frame.head).translation;
    let off = |at: Vec3| (at - from).angle_between(toward.as_vec3()).to_degrees();
    let drawn = marks.list.iter().enumerate().filter(|(_, mark)| mark.drawn.is_some());
    let near = drawn.map(|(index, mark)| (off(disc(mark.at, eye).0), index, mark.at.distance(from)));
    let nearest = near.filter(|(off, ..)| *off <= PICK_DEGREES).min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, index, along_m)) = nearest {
        pointer.claim(Target::Mark(index), along_m);
    }
}

/// What is at hand is opened; to what is farther off one is taken, and it is told there.
fn press(
    (standing, rig): (Res<Standing>, Res<Rig>),
    marks: Res<Marks>,
    mut pointer: ResMut<Pointer>,
    mut say: MessageWriter<Say>,
    mut commands: Commands,
) {
    let Some((Target::Mark(index), _)) = pointer.target.filter(|_| pointer.pressed) else { return };
    let Some(mark) = marks.list.get(index) else { return };
    feel(&pointer, 0.5, 25.0);
    pointer.pressed = false;
    if rig.is_over_model() || mark.at.distance(standing.at) <= AT_HAND_M {
        open(&mark.point, &mut say, &mut commands);
    } else {
        commands.trigger(GoTo { station: mark.station.clone() });
    }
}

/// The colours that tell marks apart are the same as on the canvas.
#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_mark_looks_as_large_from_anywhere() {
        let eye = Vec3::new(3.0, 1.6, 0.0);
        for off_m in [2.0, 30.0, 400.0] {
            let at = eye + Vec3::NEG_Z * off_m;
            let (hangs, px_m) = disc(at, eye);
            let wide = 2.0 * (13.0 * px_m / hangs.distance(eye)).atan().to_degrees();
            assert!((1.3..1.5).contains(&wide), "{off_m}: {wide}");
        }
    }

    #[test]
    fn what_comes_next_is_told_by_colour() {
        assert_ne!(fill(State::Next), fill(State::Open));
    }
}
