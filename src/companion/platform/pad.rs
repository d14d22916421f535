//! Pad: the first gamepad in the standard layout, read without a library: the browser has done the mapping.

/// One reading. At rest when no gamepad is there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Pad {
    /// Left stick, right and down positive, −1 to 1.
    pub left: [f32; 2],
    /// Right stick, right and down positive, −1 to 1.
    pub right: [f32; 2],
    /// Left and right trigger, 0 to 1.
    pub triggers: [f32; 2],
    /// Pressed buttons by the standard layout's numbers, one bit each.
    pub buttons: u32,
}

#[cfg(target_arch = "wasm32")]
pub(crate) use super::browser::pad::read;

/// No gamepad outside the browser.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn read() -> Pad {
    Pad::default()
}
