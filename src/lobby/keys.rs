//! Keys of the scene page: what each does, and the list that the help sheet shows. Pure.

use protocol::bridge::Mode;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Another way of moving; `None` takes the next.
    Move(Option<Mode>),
    /// The other state of the place.
    Era,
    /// The evidence lens on or off.
    Lens,
    /// Measuring on or off.
    Measure,
    /// The next station, or the one before.
    Station {
        /// Forward along the route.
        forward: bool,
    },
    /// The card of the station where the visitor is.
    Open,
    /// Narration on or off.
    Play,
    /// The help sheet.
    Help,
    /// Shut what is open.
    Close,
}

/// What `key`, a DOM `KeyboardEvent.key`, asks for.
pub fn asked(key: &str) -> Option<Asked> {
    Some(match key {
        "1" => Asked::Move(Some(Mode::Around)),
        "2" => Asked::Move(Some(Mode::Foot)),
        "3" => Asked::Move(Some(Mode::Guided)),
        "m" | "M" => Asked::Move(None),
        "e" | "E" => Asked::Era,
        "l" | "L" => Asked::Lens,
        "r" | "R" => Asked::Measure,
        "n" | "N" => Asked::Station { forward: true },
        "p" | "P" => Asked::Station { forward: false },
        "Enter" => Asked::Open,
        " " => Asked::Play,
        "h" | "H" | "?" => Asked::Help,
        "Escape" => Asked::Close,
        _ => return None,
    })
}

/// The scene hears this key by itself while it has the focus.
pub const fn is_heard_by_scene(asked: Asked) -> bool {
    !matches!(asked, Asked::Help | Asked::Close)
}

/// The way of moving after `mode`.
pub const fn next_mode(mode: Mode) -> Mode {
    match mode {
        Mode::Around => Mode::Foot,
        Mode::Foot => Mode::Guided,
        Mode::Guided => Mode::Around,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ask_for_what_the_help_sheet_says() {
        assert_eq!(asked("2"), Some(Asked::Move(Some(Mode::Foot))));
        assert_eq!(asked("E"), asked("e"));
        assert_eq!(asked("q"), None);
    }

    #[test]
    fn three_steps_lead_through_all_ways_of_moving() {
        assert_eq!(next_mode(next_mode(next_mode(Mode::Around))), Mode::Around);
    }

    #[test]
    fn help_and_closing_belong_to_the_page_alone() {
        assert!(!is_heard_by_scene(Asked::Help));
        assert!(is_heard_by_scene(Asked::Era));
    }
}
