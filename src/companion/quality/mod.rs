//! Quality: how much is drawn, chosen by a short measured warm-up.
//!
//! Writes [`TierInForce`], the detail of the air and the resolution; other features read the tier. What the visitor
//! asks for overrides what was measured.

mod tiers;

use bevy::prelude::*;
use bevy::window::PrimaryWindow;
use protocol::bridge::{Said, Tier};

use crate::Step;
use crate::content::Stage;
use crate::settings::{Measuring, Settings, TierInForce};
use crate::surface::Air;
use crate::visit::{Say, Shown};
use tiers::{Measurement, Next, next, resolution_scale};

/// The warm-up under way, if one is.
#[derive(Resource, Default)]
struct WarmUp(Option<Measurement>);

fn start(mut warm_up: ResMut<WarmUp>, mut tier: ResMut<TierInForce>, settings: Res<Settings>) {
    if settings.tier_asked.is_none() {
        tier.0 = Tier::Middle;
        warm_up.0 = Some(Measurement::default());
    }
}

/// Obeys the visitor; asked for none, measures again.
fn obey(
    settings: Res<Settings>,
    stage: Res<State<Stage>>,
    mut asked: Local<Option<Tier>>,
    mut warm_up: ResMut<WarmUp>,
    mut tier: ResMut<TierInForce>,
    mut say: MessageWriter<Say>,
) {
    if *asked == settings.tier_asked {
        return;
    }
    *asked = settings.tier_asked;
    if let Some(wanted) = settings.tier_asked {
        warm_up.0 = None;
        tier.0 = wanted;
        say.write(Say(Said::Quality { tier: wanted, measured: false }));
    } else if *stage.get() == Stage::Open {
        tier.0 = Tier::Middle;
        warm_up.0 = Some(Measurement::default());
    }
}

fn measure(
    time: Res<Time<Real>>,
    shown: Res<Shown>,
    mut warm_up: ResMut<WarmUp>,
    mut tier: ResMut<TierInForce>,
    mut say: MessageWriter<Say>,
) {
    if let (Some(measurement), false) = (&mut warm_up.0, shown.0) {
        // The tier's programs are still on their way, and the picture is that of the tier before.
        *measurement = Measurement::default();
        return;
    }
    let Some(median_secs) = warm_up.0.as_mut().and_then(|measurement| measurement.take(time.delta_secs())) else {
        return;
    };
    match next(tier.0, median_secs) {
        Next::Try(other) => {
            tier.0 = other;
            warm_up.0 = Some(Measurement::default());
        }
        Next::Settle(settled) => {
            tier.set_if_neq(TierInForce(settled));
            warm_up.0 = None;
            say.write(Say(Said::Quality { tier: settled, measured: true }));
        }
    }
}

/// Frames are timed only while they are drawn without pause.
fn tell_of_measuring(warm_up: Res<WarmUp>, mut measuring: ResMut<Measuring>) {
    measuring.set_if_neq(Measuring(warm_up.0.is_some()));
}

/// Detail of shading.
fn shade(tier: Res<TierInForce>, mut air: ResMut<Air>) {
    let detail = match tier.0 {
        Tier::Floor => 0.0,
        Tier::Middle => 1.0,
        Tier::High => 2.0,
    };
    if (air.show.y - detail).abs() > f32::EPSILON {
        air.show.y = detail;
    }
}

/// Draws at the tier's resolution. The window's logical size stays that of the canvas in CSS pixels.
fn scale(
    tier: Res<TierInForce>,
    mut windows: Query<&mut Window, With<PrimaryWindow>>,
    mut in_force: Local<Option<f32>>,
) {
    for mut window in &mut windows {
        let own = window.resolution.base_scale_factor();
        let full = window.size() * own;
        let wanted = resolution_scale(tier.0, full.x * full.y);
        if in_force.unwrap_or(1.0).to_bits() == wanted.to_bits() {
            continue;
        }
        if crate::platform::canvas::draw_at(wanted) {
            window.resolution.set_scale_factor_override(Some(own * wanted));
        }
        *in_force = Some(wanted);
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<WarmUp>()
        .add_systems(OnEnter(Stage::Open), start)
        .add_systems(Update, (obey, measure, tell_of_measuring, shade, scale).chain().in_set(Step::Show));
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::state::app::StatesPlugin;

    fn app() -> App {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, StatesPlugin));
        app.init_state::<Stage>().init_resource::<Air>();
        app.add_plugins((crate::visit::plugin, crate::settings::plugin, plugin));
        app.update();
        app
    }

    #[test]
    fn what_the_visitor_asks_for_is_in_force_at_once_and_said() {
        let mut app = app();
        app.world_mut().resource_mut::<Settings>().tier_asked = Some(Tier::Floor);
        app.update();
        assert_eq!(app.world().resource::<TierInForce>().0, Tier::Floor);
        assert!(app.world().resource::<Air>().show.y < 0.5);
        let said: Vec<Said> = app.world_mut().resource_mut::<Messages<Say>>().drain().map(|say| say.0).collect();
        assert_eq!(said, [Said::Quality { tier: Tier::Floor, measured: false }]);
    }

    #[test]
    fn nothing_is_measured_of_a_tier_that_is_not_shown_yet() {
        let mut app = app();
        app.world_mut().resource_mut::<NextState<Stage>>().set(Stage::Open);
        app.update();
        app.update();
        let measured = |app: &App| app.world().resource::<WarmUp>().0.clone();
        assert_ne!(measured(&app), Some(Measurement::default()), "it has begun");
        app.world_mut().resource_mut::<Shown>().0 = false;
        for _ in 0..200 {
            app.update();
            assert_eq!(measured(&app), Some(Measurement::default()));
        }
    }

    #[test]
    fn asking_for_none_measures_again() {
        let mut app = app();
        app.world_mut().resource_mut::<NextState<Stage>>().set(Stage::Open);
        app.world_mut().resource_mut::<Settings>().tier_asked = Some(Tier::High);
        app.update();
        assert!(app.world().resource::<WarmUp>().0.is_none());
        app.world_mut().resource_mut::<Settings>().tier_asked = None;
        app.update();
        assert!(app.world().resource::<WarmUp>().0.is_some());
    }
}
