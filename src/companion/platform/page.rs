//! Page: what the companion asks of the page around it, and the line between the two.

use crate::content::Entry;

#[cfg(target_arch = "wasm32")]
pub(crate) use super::browser::page::{
    REMINDS, hear, lang, listen, out_of_sight, reduced_motion, remind, say, wake_with, went_dark,
};

/// Keys that the companion uses, by the browser's names for them; all others are the page's.
#[cfg(any(target_arch = "wasm32", test))]
pub(crate) const OURS: [&str; 32] = [
    "Space",
    "Enter",
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "PageUp",
    "PageDown",
    "KeyW",
    "KeyA",
    "KeyS",
    "KeyD",
    "KeyZ",
    "KeyX",
    "KeyM",
    "KeyE",
    "KeyL",
    "KeyR",
    "KeyN",
    "KeyP",
    "Digit1",
    "Digit2",
    "Digit3",
    "Numpad1",
    "Numpad2",
    "Numpad3",
    "NumpadAdd",
    "NumpadSubtract",
    "Equal",
    "Minus",
    "BracketLeft",
    "BracketRight",
];

/// Where the site's files lie, and the station to begin at: `data-root` of the body, then the address after `#`,
/// then `data-station`.
#[cfg(target_arch = "wasm32")]
pub fn entry() -> Entry {
    super::browser::page::entry()
}

/// Where the site's files lie. A native window has no page: the asset folder itself is the root.
#[cfg(not(target_arch = "wasm32"))]
pub fn entry() -> Entry {
    Entry::default()
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use heritage::Lang;
    use protocol::bridge::Said;

    pub(crate) fn lang() -> Option<Lang> {
        None
    }

    pub(crate) fn reduced_motion() -> bool {
        false
    }

    pub(crate) fn listen() {}

    pub(crate) fn hear() -> Vec<String> {
        Vec::new()
    }

    pub(crate) fn say(_said: &Said) {}

    pub(crate) fn went_dark() -> bool {
        false
    }

    pub(crate) fn out_of_sight() -> bool {
        false
    }

    pub(crate) fn wake_with(_wake: impl Fn() + 'static) {}

    /// A native loop keeps its own time.
    pub(crate) const REMINDS: bool = false;

    pub(crate) fn remind(_wait: std::time::Duration) {}
}
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{REMINDS, hear, lang, listen, out_of_sight, reduced_motion, remind, say, wake_with, went_dark};
