//! The steps of a kiosk: what a press, a key or a trigger comes to. Pure.

use heritage::Lang;

/// Where the kiosk stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// Nobody is there.
    #[default]
    Attract,
    /// Somebody is to look at a language.
    Language,
    /// A visit is under way.
    Visit,
    /// The visit is over; its code is shown.
    Card,
}

/// What moves it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// A press, a key or a trigger, whatever is meant by it.
    Go,
    /// A language was chosen.
    Lang(Lang),
    /// The visitor ends the visit.
    Finish,
    /// Nobody is there any more: nothing was pressed for long, or the staff end the visit.
    Left,
    /// The headset was taken off. Whoever wore it is still there, and is shown the code on the screen.
    Off,
}

impl Step {
    /// The word in `data-kiosk`, and what is kept.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attract => "attract",
            Self::Language => "language",
            Self::Visit => "visit",
            Self::Card => "card",
        }
    }

    /// Where it stands afterwards. Whoever leaves within a visit is shown the code as well: it is on the card for as long as
    /// the card is.
    #[must_use]
    pub const fn after(self, pressed: Pressed) -> Self {
        match (self, pressed) {
            (Self::Attract, Pressed::Go) => Self::Language,
            (Self::Attract | Self::Language, Pressed::Lang(_)) => Self::Visit,
            (Self::Visit, Pressed::Finish | Pressed::Left | Pressed::Off) => Self::Card,
            (Self::Language | Self::Card, Pressed::Finish | Pressed::Left) => Self::Attract,
            (same, _) => same,
        }
    }
}

/// How long nothing may be pressed within a visit, milliseconds.
pub const IDLE_MS: f64 = 180_000.0;
/// How long nobody may choose a language, milliseconds.
pub const CHOOSING_MS: f64 = 30_000.0;
/// How long the card stands, milliseconds.
pub const CARD_MS: f64 = 90_000.0;
/// For how long before the end it is counted down in sight, seconds.
const COUNTED_SECS: u32 = 30;

/// How long is left, in whole seconds, where it is to be counted down in sight; 0 when it is over.
pub fn left_secs(quiet_ms: f64, most_ms: f64) -> Option<u32> {
    let left = ((most_ms - quiet_ms) / 1000.0).ceil().max(0.0) as u32;
    (left <= COUNTED_SECS).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_led_through_and_nobody_is_left_half_way() {
        use Pressed::{Finish, Go, Left, Off};
        let zh = Pressed::Lang(Lang::Zh);
        for (step, pressed, after) in [
            (Step::Attract, Go, Step::Language),
            (Step::Attract, Left, Step::Attract),
            (Step::Attract, Finish, Step::Attract),
            (Step::Language, Go, Step::Language),
            (Step::Language, zh, Step::Visit),
            (Step::Language, Left, Step::Attract),
            (Step::Visit, Go, Step::Visit),
            (Step::Visit, zh, Step::Visit),
            (Step::Visit, Finish, Step::Card),
            (Step::Visit, Left, Step::Card),
            (Step::Visit, Off, Step::Card),
            (Step::Card, Off, Step::Card),
            (Step::Attract, Off, Step::Attract),
            (Step::Card, Go, Step::Card),
            (Step::Card, Finish, Step::Attract),
            (Step::Card, Left, Step::Attract),
        ] {
            assert_eq!(step.after(pressed), after, "{step:?} {pressed:?}");
        }
    }

    #[test]
    fn the_last_half_minute_is_counted_down() {
        assert_eq!(left_secs(0.0, IDLE_MS), None);
        assert_eq!(left_secs(149_999.0, IDLE_MS), None);
        assert_eq!(left_secs(150_000.0, IDLE_MS), Some(30));
        assert_eq!(left_secs(179_001.0, IDLE_MS), Some(1));
        assert_eq!(left_secs(9e9, IDLE_MS), Some(0));
    }
}
