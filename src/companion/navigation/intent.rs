//! Intent: what hands, keys and sticks ask of this frame, whichever device they use.

use crate::screen::{Pointing, Screen, Tapped};
use crate::settings::Settings;
use crate::visit::{GoTo, Held, OpenNearest, Pause, Resume, Telling};
use bevy::prelude::*;
use protocol::bridge::Mode;

/// What is asked of this frame. Devices add to it in `Sense`; the mode in force uses it up in `Move`.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Intent {
    /// Steps to the right and ahead, −1 to 1 each.
    pub walk: Vec2,
    /// Faster than a stroll.
    pub hurry: bool,
    /// Turning of the eye to the left and upward, radians.
    pub look_rad: Vec2,
    /// Turning of the orbit to the left and upward, radians.
    pub orbit_rad: Vec2,
    /// The ground dragged to the right and away, in shares of the orbit's distance.
    pub pan: Vec2,
    /// Steps nearer, see `Orbit::near`.
    pub near: f32,
}

impl Intent {
    /// Whether a hand is on anything that moves the eye.
    pub(super) fn is_some(&self) -> bool {
        *self != Self { hurry: self.hurry, ..Self::default() }
    }
}

/// One thing done by a key or a button.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Move(Mode),
    NextMode,
    Era,
    Lens,
    Measure,
    Next,
    Previous,
    Open,
    PauseOrGoOn,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Intent>()
        .init_resource::<Pointing>()
        .add_message::<Deed>()
        .add_systems(Update, obey.in_set(crate::Step::Decide));
}

pub(super) fn obey(
    mut deeds: MessageReader<Deed>,
    mut settings: ResMut<Settings>,
    route: super::Route,
    held: Res<Held>,
    telling: Res<Telling>,
    screen: Screen,
    mut commands: Commands,
) {
    for deed in deeds.read() {
        match *deed {
            Deed::Move(mode) => settings.mode = mode,
            Deed::NextMode => {
                settings.mode = match settings.mode {
                    Mode::Around => Mode::Foot,
                    Mode::Foot => Mode::Guided,
                    Mode::Guided => Mode::Around,
                }
            }
            Deed::Era => settings.era = settings.era.other(),
            Deed::Lens => settings.lens = !settings.lens,
            Deed::Measure => settings.measuring = !settings.measuring,
            Deed::Next | Deed::Previous => {
                if let Some(station) = route.beside(*deed == Deed::Next) {
                    commands.trigger(GoTo { station });
                }
            }
            // While measuring, what the middle of the view shows is picked as a finger would.
            Deed::Open if settings.measuring => commands.trigger(Tapped { at_px: screen.size_px() / 2.0 }),
            Deed::Open => commands.trigger(OpenNearest),
            Deed::PauseOrGoOn => {
                let under_way = telling.0.is_some() || settings.mode == Mode::Guided;
                if under_way && !held.0 {
                    commands.trigger(Pause);
                } else {
                    commands.trigger(Resume);
                }
            }
        }
    }
}

/// Tells a click or tap from a drag: short, and hardly moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Press {
    pub from_px: Vec2,
    pub last_px: Vec2,
    /// Furthest it has been from where it began.
    pub strayed_px: f32,
    pub held_secs: f32,
}

impl Press {
    pub(super) fn at(from_px: Vec2) -> Self {
        Self { from_px, last_px: from_px, strayed_px: 0.0, held_secs: 0.0 }
    }

    /// Follows the finger; the way it went since last time.
    pub(super) fn follow(&mut self, to_px: Vec2) -> Vec2 {
        let way = to_px - self.last_px;
        self.last_px = to_px;
        self.strayed_px = self.strayed_px.max(to_px.distance(self.from_px));
        way
    }

    pub(super) fn tapped(&self) -> Option<Tapped> {
        (self.strayed_px < 8.0 && self.held_secs < 0.6).then_some(Tapped { at_px: self.last_px })
    }
}
