//! Headset: the session that runs, where its wearer stands in the place, and what is pointed at.
//!
//! `navigation` alone moves the [`Rig`]; whatever can be pointed at claims the [`Pointer`] while it is, in `Step::Decide`.

use crate::Step;
use crate::platform::headset::{self, Frame, Hand, Pointing, Session};
use crate::platform::memory;
use bevy::prelude::*;

/// Time of looking that stands for a press, seconds.
const DWELL_SECS: f32 = 1.4;
/// A head that has turned so far from where it looked has looked away: less than from one button to the next.
const AWAY_RAD: f32 = 0.045;
/// How far a trigger is drawn to press, and let go to press again.
const PRESS: (f32, f32) = (0.6, 0.4);
/// Eyes this high over the floor are taken for those of somebody seated, and are lifted to the height of somebody who
/// stands, metres. Lower ones are a headset that lies there, or a child.
const SEATED_M: (f32, f32) = (0.95, 1.3);
const STANDING_M: f32 = 1.58;
/// A model before the wearer: a metre of it is so many of the place; how far ahead and how high over the floor it lies.
pub(crate) const MODEL_SCALE: f32 = 100.0;
const TABLE_M: (f32, f32) = (0.95, 0.72);
/// A controller that has not moved for so long lies somewhere: the head points, seconds.
const LAID_DOWN_SECS: f32 = 6.0;

/// The session in force.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub(crate) struct Headset {
    pub session: Session,
    pub frame: Frame,
}

impl Headset {
    /// Whether the wearer sees the scene through it.
    pub(crate) fn is_on(&self) -> bool {
        self.session == Session::Running
    }
}

/// Why the place lies dimmed before the wearer, if it does. Set by `navigation` alone.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Astray {
    /// It does not.
    #[default]
    No,
    /// The head is not followed any more.
    Lost,
    /// The head is where nobody can stand.
    Off,
}

/// Where the wearer's floor lies in the place.
#[derive(Resource, Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rig {
    /// The middle of the floor, engine metres.
    pub at: Vec3,
    /// Turn to the left from north, radians.
    pub yaw_rad: f32,
    /// Metres of the place for one of the wearer's: 1 among things, more over a model of them.
    pub scale: f32,
    /// How much higher the eyes are than the wearer's own, their metres: somebody seated looks over the rails all the same.
    pub lift_m: f32,
    /// What lies in the middle of the table, where the place is a model; engine metres.
    middle: Vec3,
}

impl Default for Rig {
    fn default() -> Self {
        Self { at: Vec3::ZERO, yaw_rad: 0.0, scale: 1.0, lift_m: 0.0, middle: Vec3::ZERO }
    }
}

impl Rig {
    /// A pose over the wearer's floor, in the place.
    pub(crate) fn place(&self, pose: &Transform) -> Transform {
        let turn = Quat::from_rotation_y(self.yaw_rad);
        let lifted = pose.translation + Vec3::Y * self.lift_m;
        Transform { translation: self.at + turn * (lifted * self.scale), rotation: turn * pose.rotation, ..default() }
    }

    /// The same rig put so that a head stands over `feet` and, seen from above, looks along `yaw_rad`.
    pub(crate) fn standing(&self, head: &Transform, feet: Vec3, yaw_rad: f32) -> Self {
        let rig = Self { at: Vec3::ZERO, yaw_rad: yaw_rad - yaw_of(head), ..*self };
        let off = rig.place(head).translation.with_y(0.0);
        Self { at: feet - off, ..rig }
    }

    /// Whether the place lies before the wearer as a model.
    pub(crate) fn is_over_model(&self) -> bool {
        self.scale > 1.0
    }

    /// What lies in the middle of the model.
    pub(crate) fn model_middle(&self) -> Vec3 {
        self.middle
    }

    /// The rig of somebody before whom `middle` lies as on a table, with north away from them.
    pub(crate) fn before_model(head: &Transform, middle: Vec3) -> Self {
        let ahead = Quat::from_rotation_y(yaw_of(head)) * Vec3::NEG_Z;
        let table = (head.translation + ahead * TABLE_M.0).with_y(TABLE_M.1);
        let rig = Self { yaw_rad: -yaw_of(head), scale: MODEL_SCALE, ..Self::default() };
        let off = rig.place(&Transform::from_translation(table)).translation;
        Self { at: middle - off, middle, ..rig }
    }

    /// The rig of somebody whose eyes are so high over their floor: who sits is lifted to where they would stand.
    pub(crate) fn for_eyes_at(high_m: f32) -> Self {
        let is_seated = (SEATED_M.0..SEATED_M.1).contains(&high_m);
        Self { lift_m: if is_seated { STANDING_M - high_m } else { 0.0 }, ..Self::default() }
    }
}

/// Which way a head looks seen from above: turn to the left from north, radians. Looking straight up or down, the way that
/// its crown or brow points.
pub(crate) fn yaw_of(head: &Transform) -> f32 {
    let ahead = head.forward().as_vec3();
    let flat = if ahead.y.abs() < 0.98 { ahead } else { head.up().as_vec3() * -ahead.y.signum() };
    (-flat.x).atan2(-flat.z)
}

/// What can be pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A button of the board, by its number.
    Button(u32),
    /// The board beside its buttons.
    Board,
    /// A story point's mark, by its number.
    Mark(usize),
    /// The floor.
    Ground,
}

impl Target {
    /// What hangs before the wearer comes first, then marks, then the floor.
    const fn rank(self) -> u8 {
        match self {
            Self::Button(_) | Self::Board => 0,
            Self::Mark(_) => 1,
            Self::Ground => 2,
        }
    }
}

/// Where the wearer points and whether that presses.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub(crate) struct Pointer {
    /// In the place, from hand or eye.
    pub ray: Option<(Vec3, Dir3)>,
    /// Which hand, where one points; otherwise the head does.
    pub hand: Option<usize>,
    /// Pressed with this frame, by trigger or by looking long enough.
    pub pressed: bool,
    /// A trigger is held.
    pub held: bool,
    /// What it points at, and how far off that is along the ray, metres.
    pub target: Option<(Target, f32)>,
    /// Share of the time of looking that has passed.
    pub dwelt: f32,
    last: Option<Target>,
    /// Where it looked when it pressed by looking, or when something else came to lie there: it must look away before it
    /// presses again.
    spent: Option<Dir3>,
}

impl Pointer {
    /// Takes what is pointed at, unless what hangs before it is.
    pub(crate) fn claim(&mut self, target: Target, along_m: f32) {
        if self.target.is_none_or(|(held, _)| target.rank() < held.rank()) {
            self.target = Some((target, along_m));
        }
    }

    /// Whether this is pointed at.
    pub(crate) fn is_at(&self, target: Target) -> bool {
        self.target.is_some_and(|(at, _)| at == target)
    }

    /// Whatever is looked at now is pressed only by who looks away from it and back, or at something else.
    pub(crate) fn look_away_first(&mut self) {
        self.spent = self.ray.map(|(_, toward)| toward);
        self.dwelt = 0.0;
    }

    /// Counts how long the same thing has been looked at; only a head presses by looking, and only what says so.
    fn dwell(&mut self, secs: f32) {
        let now = self
            .target
            .map(|(target, _)| target)
            .filter(|target| matches!(target, Target::Button(_) | Target::Mark(_)));
        let toward = self.ray.map(|(_, toward)| toward.as_vec3());
        let is_away = |from: Dir3| toward.is_none_or(|now| now.angle_between(from.as_vec3()) > AWAY_RAD);
        if self.spent.is_some_and(is_away) {
            self.spent = None;
        }
        if now != self.last || self.hand.is_some() {
            self.dwelt = 0.0;
        } else if now.is_some() && self.spent.is_none() {
            self.dwelt = (self.dwelt + secs / DWELL_SECS).min(1.0);
        }
        self.last = now;
    }
}

/// Hands as they were.
struct Before {
    held: [bool; 2],
    aims: [Option<Transform>; 2],
    still_secs: [f32; 2],
    used: usize,
}

impl Default for Before {
    /// Most people point with the right hand, until they press with the left.
    fn default() -> Self {
        Self { held: [false; 2], aims: [None; 2], still_secs: [0.0; 2], used: 1 }
    }
}

/// Reads the session; what it brings is in force for this frame.
fn read(mut headset: ResMut<Headset>) {
    memory::begin_frame();
    let now = &mut *headset;
    now.session = headset::read(&mut now.frame);
}

fn point(
    time: Res<Time<Real>>,
    headset: Res<Headset>,
    rig: Res<Rig>,
    mut pointer: ResMut<Pointer>,
    mut before: Local<Before>,
) {
    if !headset.is_on() {
        *pointer = Pointer::default();
        *before = Before::default();
        return;
    }
    pointer.dwell(time.delta_secs());
    let frame = &headset.frame;
    let mut pressed = false;
    for (index, hand) in frame.hands.iter().enumerate() {
        let was = before.held[index];
        let is = hand.pointing != Pointing::None && hand.trigger > if was { PRESS.1 } else { PRESS.0 };
        if is != was {
            before.held[index] = is;
            before.used = index;
            before.still_secs[index] = 0.0;
            pressed |= is;
        }
        let moved = match (before.aims[index], hand.aim) {
            (Some(a), Some(b)) => {
                a.translation.distance(b.translation) > 0.004 || a.rotation.angle_between(b.rotation) > 0.01
            }
            (a, b) => a.is_some() != b.is_some(),
        };
        let stirs = moved || is || hand.squeeze > 0.1 || hand.stick.length() > 0.2;
        before.still_secs[index] = if stirs { 0.0 } else { before.still_secs[index] + time.delta_secs() };
        if moved {
            before.aims[index] = hand.aim;
        }
    }
    let points = |index: usize| {
        frame.hands[index].pointing == Pointing::Hand
            && frame.hands[index].aim.is_some()
            && before.still_secs[index] < LAID_DOWN_SECS
    };
    // The hand that pressed last, else whichever is there.
    let hand = [before.used, 1 - before.used].into_iter().find(|index| points(*index));
    let pose = hand.and_then(|index| frame.hands[index].aim).unwrap_or(frame.head);
    let place = rig.place(&pose);
    let by_looking = pointer.dwelt >= 1.0;
    if by_looking {
        pointer.look_away_first();
    }
    pointer.ray = Some((place.translation, place.forward()));
    pointer.hand = hand;
    pointer.pressed = pressed || by_looking;
    pointer.held = before.held.iter().any(|held| *held);
    pointer.target = None;
}

/// The hand that a press is felt in; strength 0 to 1.
pub(crate) fn feel(pointer: &Pointer, strength: f32, millis: f32) {
    if let Some(hand) = pointer.hand {
        headset::pulse(hand, strength, millis);
    }
}

/// The stick that leans furthest, right and up positive, and whose it is.
pub(crate) fn stick(hands: &[Hand; 2]) -> Vec2 {
    let lean = hands.iter().map(|hand| Vec2::new(hand.stick.x, -hand.stick.y));
    lean.max_by(|a, b| a.length_squared().total_cmp(&b.length_squared())).unwrap_or_default()
}

/// Each frame of a session turns the loop once.
fn attach(proxy: Option<Res<bevy::winit::EventLoopProxyWrapper>>) {
    if let Some(proxy) = proxy {
        let proxy = (**proxy).clone();
        headset::attach(move || {
            // The loop has ended only where the page is being left.
            let _ = proxy.send_event(bevy::winit::WinitUserEvent::WakeUp);
        });
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Headset>()
        .init_resource::<Rig>()
        .init_resource::<Pointer>()
        .add_systems(First, read)
        .add_systems(Update, point.in_set(Step::Sense));
    if app.is_plugin_added::<bevy::winit::WinitPlugin>() {
        app.add_systems(Startup, attach);
    }
}

#[cfg(test)]
#[path = "headset_tests.rs"]
mod tests;
