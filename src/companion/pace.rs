//! Pace: how often a frame is drawn.
//!
//! While something moves, as often as the browser shows one. While only the river does, some times a second by tier, and
//! seldom for those who ask for reduced motion. Hidden, or scrolled out of sight, hardly ever. Whatever the visitor or
//! the page does is answered at once: every event wakes the next frame.

use crate::content::Stage;
use crate::headset::Headset;
use crate::platform::headset::{self, Session};
use crate::platform::page;
use crate::settings::{Measuring, Settings, TierInForce};
use crate::visit::{Dark, Eye, Passing, Shown, Standing};
use bevy::ecs::system::SystemParam;
use bevy::input::touch::Touches;
use bevy::prelude::*;
use bevy::winit::{UpdateMode, WINIT_WINDOWS, WinitSettings};
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
    /// The next frame of a headset's session, and nothing else.
    Session,
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
    /// When the next frame is due, on the clock of `Time<Real>`, seconds.
    due_secs: f64,
}

/// When the next frame is due, seconds: `every_secs` after this one was, so that a late one does not make all later
/// ones late, but never in the past nor later than that from now.
fn next_due(due_secs: f64, every_secs: f32, now_secs: f64) -> f64 {
    let next = due_secs + f64::from(every_secs);
    if next < now_secs || next > now_secs + f64::from(every_secs) { now_secs + f64::from(every_secs) } else { next }
}

/// All that may keep a frame from being like the last.
#[derive(SystemParam)]
struct Stir<'w, 's> {
    stage: Res<'w, State<Stage>>,
    settings: Res<'w, Settings>,
    measuring: Res<'w, Measuring>,
    standing: Res<'w, Standing>,
    passing: Res<'w, Passing>,
    shown: Res<'w, Shown>,
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
            || !self.shown.0
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
    headset: Res<Headset>,
    mut since: Local<Since>,
    mut winit: ResMut<WinitSettings>,
    mut windows: Query<&mut Window>,
) {
    since.moved_secs = if stir.is_some() { 0.0 } else { since.moved_secs + time.delta_secs() };
    since.asked_secs += time.delta_secs();
    if since.asked_secs > 0.5 {
        since.asked_secs = 0.0;
        since.unseen = page::out_of_sight();
    }
    let moving = since.moved_secs < LINGER_SECS;
    let alive = pace(!since.unseen, moving, stir.settings.reduced_motion, tier.0);
    let wanted = match (dark.0, headset.session) {
        (true, _) => Pace::Never,
        (false, Session::Asked | Session::Running) => Pace::Session,
        (false, Session::None) => alive,
    };
    if let (Pace::Every(secs), true) = (wanted, page::REMINDS) {
        let now_secs = time.elapsed_secs_f64();
        since.due_secs = next_due(since.due_secs, secs, now_secs);
        let spent = time.last_update().map_or(0.0, |began| began.elapsed().as_secs_f64());
        page::remind(Duration::from_secs_f64((since.due_secs - now_secs - spent).max(0.0)));
    }
    if wanted == Pace::Session {
        headset::acknowledge();
    }
    if since.in_force == Some(wanted) {
        return;
    }
    // The windowing library runs an invisible window whenever it is woken, a visible one only with the browser's own frames,
    // which stop while a headset is on. On the web nothing is hidden by it.
    if (wanted == Pace::Session) != (since.in_force == Some(Pace::Session)) {
        windows.iter_mut().for_each(|mut window| window.visible = wanted != Pace::Session);
    }
    since.in_force = Some(wanted);
    let mode = match wanted {
        Pace::Unbroken => UpdateMode::Continuous,
        // A browser's own timer reminds us: winit's is made anew at every turn of its loop and aborted at the next.
        Pace::Every(_) if page::REMINDS => UpdateMode::reactive(Duration::MAX),
        Pace::Every(secs) => UpdateMode::reactive(Duration::from_secs_f32(secs)),
        Pace::Session => by_itself(true),
        Pace::Never => by_itself(false),
    };
    *winit = WinitSettings { focused_mode: mode, unfocused_mode: mode };
}

/// A loop that nothing turns but, if so, a wake of our own.
const fn by_itself(woken: bool) -> UpdateMode {
    UpdateMode::Reactive {
        wait: Duration::MAX,
        react_to_device_events: false,
        react_to_user_events: woken,
        react_to_window_events: false,
    }
}

/// What the page tells is heard in the next frame, not at the end of a pause.
fn wake_when_told() {
    page::wake_with(|| {
        WINIT_WINDOWS.with(|windows| {
            // Held only while the loop itself is at work, which then comes round anyway.
            for window in windows.try_borrow().iter().flat_map(|held| held.windows.values()) {
                window.request_redraw();
            }
        });
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

    #[test]
    fn a_late_frame_does_not_make_the_next_late_nor_are_missed_ones_made_up_for() {
        assert!((next_due(10.0, 0.5, 10.1) - 10.5).abs() < 1e-6, "in step");
        assert!((next_due(10.0, 0.5, 13.0) - 13.5).abs() < 1e-6, "after a long frame");
        assert!((next_due(10.0, 0.5, 9.0) - 9.5).abs() < 1e-6, "never later than one step from now");
    }
}
