//! Pace: how often a frame is drawn.
//!
//! While something moves, as often as the browser shows one. While only the river does, some times a second by tier, and
//! seldom for those who ask for reduced motion. Hidden, or scrolled out of sight, hardly ever. Whatever the visitor or
//! the page does is answered at once: every event wakes the next frame.

use crate::content::Stage;
use crate::platform::page;
use crate::settings::{Measuring, Settings, TierInForce};
use crate::visit::{Dark, Eye, Passing, Standing};
use bevy::ecs::system::SystemParam;
use bevy::input::touch::Touches;
use bevy::prelude::*;
use bevy::winit::{EventLoopProxyWrapper, UpdateMode, WinitSettings, WinitUserEvent};
use protocol::bridge::Tier;
use std::time::Duration;

/// After the last thing that moved, frames are drawn without pause for this long, seconds: marks come to rest, and a
/// hand that lifts for a moment does not stutter.
const LINGER_SECS: f32 = 0.6;
/// Frames out of sight: enough to keep count of what is heard, seconds apart.
const UNSEEN_SECS: f32 = 1.0;
/// Frames for those who ask for reduced motion, seconds apart: as often as the page hears the narration's clock.
const STILL_SECS: f32 = 0.25;

/// What the next frame waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Pace {
    /// Nothing.
    Unbroken,
    /// So many seconds, or something to answer.
    Every(f32),
    /// For good: nothing can be drawn any more, and trying would be a fault.
    Never,
}

/// Seconds from frame to frame while only the river moves.
const fn idle_secs(tier: Tier) -> f32 {
    match tier {
        Tier::Floor => 1.0 / 15.0,
        Tier::Middle | Tier::High => 1.0 / 30.0,
    }
}

fn pace(seen: bool, moving: bool, reduced_motion: bool, tier: Tier) -> Pace {
    match (seen, moving) {
        (false, _) => Pace::Every(UNSEEN_SECS),
        (true, true) => Pace::Unbroken,
        (true, false) if reduced_motion => Pace::Every(STILL_SECS),
        (true, false) => Pace::Every(idle_secs(tier)),
    }
}

/// Time since anything moved, and since the page was last asked whether the scene is in sight.
#[derive(Default)]
struct Since {
    moved_secs: f32,
    asked_secs: f32,
    unseen: bool,
    in_force: Option<Pace>,
}

/// All that may keep a frame from being like the last.
#[derive(SystemParam)]
struct Stir<'w, 's> {
    stage: Res<'w, State<Stage>>,
    settings: Res<'w, Settings>,
    measuring: Res<'w, Measuring>,
    standing: Res<'w, Standing>,
    passing: Res<'w, Passing>,
    eyes: Query<'w, 's, (), (With<Eye>, Changed<Transform>)>,
    keys: Res<'w, ButtonInput<KeyCode>>,
    buttons: Res<'w, ButtonInput<MouseButton>>,
    touches: Res<'w, Touches>,
}

impl Stir<'_, '_> {
    fn is_some(&self) -> bool {
        let held = self.keys.get_pressed().len() + self.buttons.get_pressed().len() + self.touches.iter().count();
        *self.stage.get() != Stage::Open
            || !self.standing.settled
            || *self.passing != Passing::default()
            || self.measuring.0
            || held > 0
            || self.settings.is_changed()
            || !self.eyes.is_empty()
    }
}

fn keep_pace(
    time: Res<Time<Real>>,
    stir: Stir,
    tier: Res<TierInForce>,
    dark: Res<Dark>,
    mut since: Local<Since>,
    mut winit: ResMut<WinitSettings>,
) {
    since.moved_secs = if stir.is_some() { 0.0 } else { since.moved_secs + time.delta_secs() };
    since.asked_secs += time.delta_secs();
    if since.asked_secs > 0.5 {
        since.asked_secs = 0.0;
        since.unseen = page::out_of_sight();
    }
    let moving = since.moved_secs < LINGER_SECS;
    let alive = pace(!since.unseen, moving, stir.settings.reduced_motion, tier.0);
    let wanted = if dark.0 { Pace::Never } else { alive };
    if since.in_force == Some(wanted) {
        return;
    }
    since.in_force = Some(wanted);
    let mode = match wanted {
        Pace::Unbroken => UpdateMode::Continuous,
        Pace::Every(secs) => UpdateMode::reactive(Duration::from_secs_f32(secs)),
        Pace::Never => UpdateMode::Reactive {
            wait: Duration::MAX,
            react_to_device_events: false,
            react_to_user_events: false,
            react_to_window_events: false,
        },
    };
    *winit = WinitSettings { focused_mode: mode, unfocused_mode: mode };
}

/// What the page tells is heard in the next frame, not at the end of a pause.
fn wake_when_told(proxy: Res<EventLoopProxyWrapper>) {
    let proxy = proxy.clone();
    page::wake_with(move || {
        // Refused only when the loop has ended, and then there is nobody to wake.
        let _ended = proxy.send_event(WinitUserEvent::WakeUp);
    });
}

pub(super) fn plugin(app: &mut App) {
    if app.is_plugin_added::<bevy::winit::WinitPlugin>() {
        app.add_systems(Startup, wake_when_told).add_systems(Last, keep_pace);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_is_drawn_without_pause_and_what_is_out_of_sight_hardly_ever() {
        for tier in [Tier::Floor, Tier::Middle, Tier::High] {
            assert_eq!(pace(true, true, true, tier), Pace::Unbroken);
            assert_eq!(pace(false, true, false, tier), Pace::Every(UNSEEN_SECS));
            assert_eq!(pace(true, false, true, tier), Pace::Every(STILL_SECS));
        }
        assert_eq!(pace(true, false, false, Tier::Floor), Pace::Every(1.0 / 15.0));
    }
}
