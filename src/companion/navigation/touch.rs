//! Touch: two thumbs on foot, one and two fingers around the model, a tap to pick.

use super::intent::{Intent, Press};
use super::mouse::DRAG_RAD_PER_PX;
use crate::Step;
use crate::screen::Screen;
use crate::settings::Settings;
use bevy::input::touch::{TouchInput, TouchPhase};
use bevy::prelude::*;
use protocol::bridge::Mode;

/// How far a thumb leans for full pace, CSS pixels.
const LEAN_PX: f32 = 56.0;

pub(super) fn plugin(app: &mut App) {
    app.add_message::<TouchInput>().init_resource::<Fingers>().add_systems(Update, feel.in_set(Step::Sense));
}

/// Fingers down, in the order in which they came.
#[derive(Resource, Default)]
struct Fingers(Vec<Finger>);

struct Finger {
    id: u64,
    press: Press,
    way_px: Vec2,
    /// Another finger was down at the same time: no tap.
    shared: bool,
}

fn feel(
    mut touches: MessageReader<TouchInput>,
    time: Res<Time>,
    screen: Screen,
    settings: Res<Settings>,
    mut fingers: ResMut<Fingers>,
    mut intent: ResMut<Intent>,
    mut commands: Commands,
) {
    let fingers = &mut fingers.0;
    for finger in fingers.iter_mut() {
        finger.way_px = Vec2::ZERO;
        finger.press.held_secs += time.delta_secs();
    }
    for touch in touches.read() {
        let at_px = touch.position;
        match touch.phase {
            TouchPhase::Started => {
                fingers.retain(|finger| finger.id != touch.id);
                fingers.push(Finger { id: touch.id, press: Press::at(at_px), way_px: Vec2::ZERO, shared: false });
            }
            TouchPhase::Moved => {
                for finger in fingers.iter_mut().filter(|finger| finger.id == touch.id) {
                    finger.way_px += finger.press.follow(at_px);
                }
            }
            TouchPhase::Ended | TouchPhase::Canceled => {
                if touch.phase == TouchPhase::Ended
                    && let Some(finger) = fingers.iter().find(|finger| finger.id == touch.id && !finger.shared)
                    && let Some(tapped) = finger.press.tapped()
                {
                    commands.trigger(tapped);
                }
                fingers.retain(|finger| finger.id != touch.id);
            }
        }
    }
    if fingers.len() > 1 {
        for finger in fingers.iter_mut() {
            finger.shared = true;
        }
    }
    let size_px = screen.size_px();
    match settings.mode {
        Mode::Around => turn_the_table(fingers, size_px, &mut intent),
        Mode::Foot | Mode::Guided => two_thumbs(fingers, size_px, &mut intent),
    }
}

fn turn_the_table(fingers: &[Finger], size_px: Vec2, intent: &mut Intent) {
    match fingers {
        [one] => intent.orbit_rad -= one.way_px * DRAG_RAD_PER_PX * 2.0,
        [a, b, ..] => {
            let now_px = a.press.last_px.distance(b.press.last_px).max(1.0);
            let before_px = (a.press.last_px - a.way_px).distance(b.press.last_px - b.way_px).max(1.0);
            intent.near += (now_px / before_px).ln() * 2.0;
            let way_px = (a.way_px + b.way_px) / 2.0;
            intent.pan += Vec2::new(-way_px.x, way_px.y) / size_px.y.max(1.0);
        }
        [] => {}
    }
}

/// The left half leans like a stick and walks; the right half drags the view.
fn two_thumbs(fingers: &[Finger], size_px: Vec2, intent: &mut Intent) {
    for finger in fingers {
        if finger.press.from_px.x < size_px.x / 2.0 {
            let lean = (finger.press.last_px - finger.press.from_px) / LEAN_PX;
            // The first few pixels are a resting thumb.
            let lean = if finger.press.strayed_px < 8.0 { Vec2::ZERO } else { lean.clamp_length_max(1.0) };
            intent.walk += Vec2::new(lean.x, -lean.y);
        } else {
            intent.look_rad += finger.way_px * DRAG_RAD_PER_PX * 1.8;
        }
    }
}
