//! Stance: where the wearer of a headset stands. Stepping by pointing, turning in steps, walking smoothly for those who
//! asked for it; the eyes are never moved but by the wearer.

use super::arc::{Arc, End, can_stand, steadied};
use super::ground::plan;
use super::way::Way;
use super::{Aim, MoveBody};
use crate::Step;
use crate::afloat::{Afloat, Chalk};
use crate::content::Content;
use crate::headset::{Astray, Headset, Pointer, Rig, Target, feel, stick, yaw_of};
use crate::ink::{Blind, CINNABAR, IRON, PAPER, Sheets};
use crate::settings::Settings;
use crate::sight::Sight;
use bevy::prelude::*;
use protocol::bridge::Mode;
use std::f32::consts::FRAC_PI_6;

/// Time in which it grows dark before a step, and light after it, seconds.
const DARKEN_SECS: f32 = 0.12;
const LIGHTEN_SECS: f32 = 0.22;
/// How far a stick leans to mean something, and to be at rest again.
const LEAN: (f32, f32) = (0.7, 0.35);
/// Smooth walking, metres per second: slower than on a screen.
const WALK_M_PER_SEC: f32 = 1.4;
/// How fast the edge of the view comes in and goes, per second.
const NARROW_PER_SEC: f32 = 4.0;
/// How dark it is where the head has left the floor, or is not followed any more.
const ASTRAY_DARK: f32 = 0.65;

/// How the wearer stands and what they are about to do.
#[derive(Resource, Default)]
pub(super) struct Stance {
    /// A session runs, and the wearer has been put where the visit is.
    on: bool,
    /// Where the feet were left; elsewhere they were moved by what the page or a mark asked for.
    feet: Vec3,
    dash: Option<Dash>,
    /// The stick has been at rest since it last meant something.
    at_rest: bool,
    aiming: bool,
    arc: Option<Arc>,
    recentred: u32,
    narrow: f32,
    /// The way of moving before the headset was put on.
    before: Option<Mode>,
}

/// A step through darkness.
#[derive(Clone, Copy, Debug)]
struct Dash {
    to: Vec3,
    yaw_rad: f32,
    gone_secs: f32,
    moved: bool,
}

impl Stance {
    /// Whether the wearer is on the way somewhere.
    pub(super) fn is_settled(&self) -> bool {
        self.dash.is_none()
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Stance>()
        .init_resource::<Rig>()
        .init_resource::<Astray>()
        .init_resource::<Headset>()
        .init_resource::<Pointer>()
        .init_resource::<Afloat>()
        .init_resource::<Sheets>()
        .add_systems(Update, (come_and_go, lay_model).chain().in_set(Step::Decide).before(super::change_mode))
        .add_systems(Update, claim_ground.in_set(Step::Point))
        .add_systems(Update, (turn, aim).chain().in_set(Step::Decide))
        .add_systems(Update, (stand, shade).chain().in_set(Step::Move).in_set(MoveBody).after(super::foot::travel));
}

/// Puts the wearer where the visit is, and the visitor where the wearer was.
fn come_and_go(
    headset: Res<Headset>,
    mut settings: ResMut<Settings>,
    mut rig: ResMut<Rig>,
    mut way: ResMut<Way>,
    mut stance: ResMut<Stance>,
    mut sheets: ResMut<Sheets>,
    mut afloat: ResMut<Afloat>,
) {
    let frame = &headset.frame;
    if stance.on == headset.is_on() || (headset.is_on() && !(frame.turned && way.set_out)) {
        return;
    }
    if headset.is_on() {
        *stance =
            Stance { on: true, at_rest: true, recentred: frame.recentred, before: Some(settings.mode), ..default() };
        // Nothing takes the wearer anywhere by itself, as being guided would.
        settings.mode = Mode::Foot;
        way.stop();
        stance.feet = way.feet.at;
        *rig = Rig::for_eyes_at(frame.head.translation.y).standing(&frame.head, way.feet.at, way.feet.yaw_rad);
    } else {
        settings.mode = stance.before.unwrap_or(settings.mode);
        way.feet.pitch_rad = 0.0;
        *stance = Stance::default();
        *rig = Rig::default();
        sheets.blind = Blind::default();
        afloat.arc.clear();
        way.find_footing();
    }
}

/// Lays the place before the wearer as a model, or puts them into it, where the room is seen through.
fn lay_model(
    headset: Res<Headset>,
    settings: Res<Settings>,
    content: If<Res<Content>>,
    mut rig: ResMut<Rig>,
    way: Res<Way>,
    mut stance: ResMut<Stance>,
) {
    let frame = &headset.frame;
    let wanted = frame.see_through && settings.model;
    let lies_elsewhere = wanted && frame.recentred != stance.recentred;
    if !stance.on || (rig.is_over_model() == wanted && !lies_elsewhere) {
        return;
    }
    stance.recentred = frame.recentred;
    stance.dash = None;
    *rig = if wanted {
        let stations = &content.0.0.stations;
        let middle = stations.iter().map(super::place).sum::<Vec3>() / stations.len().max(1) as f32;
        Rig::before_model(&frame.head, middle)
    } else {
        Rig::for_eyes_at(frame.head.translation.y).standing(&frame.head, way.feet.at, way.feet.yaw_rad)
    };
    stance.feet = way.feet.at;
}

/// The floor is pointed at wherever nothing else is.
fn claim_ground(stance: Res<Stance>, rig: Res<Rig>, mut pointer: ResMut<Pointer>) {
    if stance.on && pointer.ray.is_some() && !rig.is_over_model() {
        pointer.claim(Target::Ground, f32::INFINITY);
    }
}

/// A turn of 30° for each push of a stick to the side, about the head.
fn turn(headset: Res<Headset>, mut stance: ResMut<Stance>, mut rig: ResMut<Rig>) {
    if !stance.on || stance.dash.is_some() {
        return;
    }
    let lean = stick(&headset.frame.hands);
    if lean.length() < LEAN.1 {
        stance.at_rest = true;
    }
    if stance.at_rest && lean.x.abs() > LEAN.0 && lean.x.abs() > lean.y.abs() {
        stance.at_rest = false;
        let feet = rig.place(&headset.frame.head).translation.with_y(rig.at.y);
        let yaw_rad = yaw_of(&headset.frame.head) + rig.yaw_rad - FRAC_PI_6 * lean.x.signum();
        *rig = rig.standing(&headset.frame.head, feet, yaw_rad);
    }
}

/// Shows where a step would lead while a trigger is held on the floor or a stick is pushed ahead, and takes it when let go.
fn aim(
    headset: Res<Headset>,
    settings: Res<Settings>,
    pointer: Res<Pointer>,
    rig: Res<Rig>,
    sight: Sight,
    way: Res<Way>,
    mut stance: ResMut<Stance>,
    mut afloat: ResMut<Afloat>,
) {
    if !stance.on {
        return;
    }
    let lean = stick(&headset.frame.hands);
    let by_stick = settings.steady
        && !rig.is_over_model()
        && lean.y > LEAN.1
        && lean.y > lean.x.abs()
        && (stance.aiming || lean.y > LEAN.0);
    let begins = pointer.pressed && pointer.held && pointer.is_at(Target::Ground);
    let aiming = stance.dash.is_none() && (by_stick || begins || (stance.aiming && pointer.held));
    let (Some((from, toward)), true) = (pointer.ray, aiming || stance.aiming) else { return };
    if aiming {
        let path = stance.arc.take().map(|arc| arc.path).unwrap_or_default();
        let mut arc = Arc::among(path, &way.ground, way.water_m, [from, toward.as_vec3()], &sight);
        if let (End::Floor(at), true) = (arc.end, settings.steady) {
            arc.end = End::Floor(steadied(&way.ground, at));
        }
        draw(&arc, rig.place(&headset.frame.head).translation, &mut afloat.arc);
        stance.arc = Some(arc);
        stance.aiming = true;
        return;
    }
    stance.aiming = false;
    afloat.arc.clear();
    let Some(End::Floor(to)) = stance.arc.take().map(|arc| arc.end) else {
        // Refused is felt twice as long as taken.
        feel(&pointer, 0.3, 60.0);
        return;
    };
    feel(&pointer, 0.5, 25.0);
    let yaw_rad = yaw_of(&headset.frame.head) + rig.yaw_rad;
    stance.dash = Some(Dash { to, yaw_rad, gone_secs: 0.0, moved: false });
}

/// Keeps wearer and visitor in one place, whichever of them moved.
fn stand(
    time: Res<Time>,
    headset: Res<Headset>,
    settings: Res<Settings>,
    mut rig: ResMut<Rig>,
    mut way: ResMut<Way>,
    mut stance: ResMut<Stance>,
    mut aim: ResMut<Aim>,
) {
    if !stance.on {
        return;
    }
    let frame = &headset.frame;
    if rig.is_over_model() {
        // The visitor is where the station is that was asked for; the wearer stays before the model.
        stance.feet = way.feet.at;
        return;
    }
    if frame.recentred != stance.recentred {
        stance.recentred = frame.recentred;
        *rig = rig.standing(&frame.head, way.feet.at, way.feet.yaw_rad);
    }
    if way.feet.at.distance(stance.feet) > 0.01 && stance.dash.is_none() {
        stance.dash = Some(Dash { to: way.feet.at, yaw_rad: way.feet.yaw_rad, gone_secs: 0.0, moved: false });
    }
    if let Some(mut dash) = stance.dash.take() {
        dash.gone_secs += time.delta_secs();
        if !dash.moved && dash.gone_secs >= DARKEN_SECS {
            dash.moved = true;
            *rig = rig.standing(&frame.head, dash.to, dash.yaw_rad);
            way.feet.at = dash.to;
            stance.feet = dash.to;
        }
        stance.dash = (dash.gone_secs < DARKEN_SECS + LIGHTEN_SECS).then_some(dash);
        return;
    }
    walk(time.delta_secs(), &settings, frame, &mut rig, &mut way, &mut stance, &mut aim);
    let head = rig.place(&frame.head);
    way.feet.yaw_rad = yaw_of(&head);
    let under = head.translation.with_y(way.feet.at.y);
    if let Some(footing) = way.ground.footing(plan(under), under.y) {
        rig.at.y += footing.up_m - way.feet.at.y;
        way.feet.at = under.with_y(footing.up_m);
    }
    stance.feet = way.feet.at;
}

/// A smooth walk where the head looks, for those who asked for it, along the floors.
fn walk(
    secs: f32,
    settings: &Settings,
    frame: &crate::platform::headset::Frame,
    rig: &mut Rig,
    way: &mut Way,
    stance: &mut Stance,
    aim: &mut Aim,
) {
    let lean = stick(&frame.hands);
    let walks = !settings.steady && lean.y.abs() > LEAN.1 && lean.y.abs() > lean.x.abs();
    let step = NARROW_PER_SEC * secs;
    stance.narrow = if walks { (stance.narrow + step).min(1.0) } else { (stance.narrow - step).max(0.0) };
    if !walks {
        return;
    }
    aim.0 = None;
    let yaw_rad = yaw_of(&frame.head) + rig.yaw_rad;
    let delta = Vec2::from_angle(yaw_rad).rotate(Vec2::Y * lean.y) * WALK_M_PER_SEC * secs;
    let to = way.ground.walk(way.feet.at, delta);
    rig.at += to - way.feet.at;
    way.feet.at = to;
}

/// What is dark before the eyes, and why: a step, a head that left the floor, a head that is not followed any more.
fn shade(
    headset: Res<Headset>,
    rig: Res<Rig>,
    way: Res<Way>,
    stance: Res<Stance>,
    mut sheets: ResMut<Sheets>,
    mut astray: ResMut<Astray>,
) {
    if !stance.on {
        astray.set_if_neq(Astray::No);
        return;
    }
    let frame = &headset.frame;
    let dashing = stance.dash.map_or(0.0, |dash| {
        let (down, up) = (dash.gone_secs / DARKEN_SECS, (dash.gone_secs - DARKEN_SECS) / LIGHTEN_SECS);
        if dash.moved { 1.0 - up } else { down }.clamp(0.0, 1.0)
    });
    let over = rig.place(&frame.head).translation.with_y(way.feet.at.y);
    let is_off = !rig.is_over_model() && !can_stand(&way.ground, over);
    let why = match (frame.turned, is_off) {
        _ if stance.dash.is_some() || frame.see_through => Astray::No,
        (false, _) => Astray::Lost,
        (true, true) => Astray::Off,
        (true, false) => Astray::No,
    };
    astray.set_if_neq(why);
    let dark = if why == Astray::No { dashing } else { ASTRAY_DARK };
    let blind = Blind { dark, narrow: stance.narrow };
    if sheets.blind != blind {
        sheets.blind = blind;
    }
}

fn washed([r, g, b]: [u8; 3], opacity: f32) -> [f32; 4] {
    Color::srgb_u8(r, g, b).to_linear().with_alpha(opacity).to_f32_array()
}

/// Cinnabar where the step can be taken, iron and broken off where it cannot.
fn draw(arc: &Arc, eye: Vec3, chalk: &mut Chalk) {
    chalk.clear();
    let taken = matches!(arc.end, End::Floor(_));
    let (line, opacity) = if taken { (CINNABAR, 0.95) } else { (IRON, 0.7) };
    chalk.ribbon(arc.path.iter().copied(), 0.045, eye, washed(PAPER, opacity * 0.6));
    chalk.ribbon(arc.path.iter().copied(), 0.02, eye, washed(line, opacity));
    let level = [Vec3::X, Vec3::NEG_Z];
    match arc.end {
        End::Floor(at) => {
            let over = at + Vec3::Y * 0.03;
            chalk.ring(over, level, [0.0, 0.36], 1.0, washed(PAPER, 0.35));
            chalk.ring(over, level, [0.3, 0.36], 1.0, washed(CINNABAR, 0.95));
            chalk.ring(over, level, [0.0, 0.06], 1.0, washed(CINNABAR, 0.95));
        }
        End::Refused(at) => {
            let over = at + Vec3::Y * 0.03;
            for turn in [0.7_f32, -0.7] {
                let way = Vec3::new(turn.cos(), 0.0, turn.sin()) * 0.25;
                chalk.ribbon([over - way, over + way].into_iter(), 0.05, eye, washed(IRON, 0.9));
            }
        }
        End::Nowhere => {}
    }
}

#[cfg(test)]
#[path = "stance_tests.rs"]
mod tests;
