//! The help sheet names every key and button that does something.

use super::{keys, pad};
use crate::platform::page::OURS;

const SHEET: &str = include_str!("../../../web/pages/scene-sheets.html");

/// What stands on a key, or in the sheet for it.
fn cap(code: &str) -> &str {
    match code {
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        "ArrowLeft" => "←",
        "ArrowRight" => "→",
        "NumpadAdd" | "Equal" => "+",
        "NumpadSubtract" | "Minus" => "−",
        "BracketLeft" => "[",
        "BracketRight" => "]",
        "Space" => r#"{{ self.t("空格", "Space") }}"#,
        _ => ["Key", "Digit", "Numpad"].iter().find_map(|row| code.strip_prefix(row)).unwrap_or(code),
    }
}

fn is_named(cap: &str) -> bool {
    SHEET.contains(&format!("<kbd>{cap}</kbd>"))
}

#[test]
fn the_help_sheet_names_every_key() {
    for code in OURS.into_iter().chain(["Shift"]) {
        assert!(is_named(cap(code)), "{code} is not in the help sheet");
    }
    for (key, _) in keys::DEEDS {
        let code = format!("{key:?}");
        assert!(OURS.contains(&code.as_str()), "the page would keep {code} to itself");
    }
}

#[test]
fn the_help_sheet_names_every_button() {
    // As they are marked on the most common make of the standard layout; the sheet says where each lies.
    let marks = [(0, "A"), (1, "B"), (2, "X"), (3, "Y"), (4, "LB"), (5, "RB"), (8, "View"), (9, "Menu"), (11, "R3")];
    let (_, gamepad) = SHEET.split_once(r#"self.t("手柄", "Gamepad")"#).expect("a part about the gamepad");
    let named = |mark: &str| gamepad.contains(&format!("<kbd>{mark}</kbd>"));
    for (button, _) in pad::DEEDS {
        let mark = marks.iter().find(|(number, _)| *number == button).map(|(_, mark)| *mark);
        assert!(mark.is_some_and(named), "button {button} is not in the help sheet");
    }
    assert!(named("LT") && named("RT"), "the triggers change the distance");
}
