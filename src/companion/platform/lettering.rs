//! Lettering: text drawn to a picture with the reader's own fonts, for boards that hang before a headset's wearer.

#[cfg(target_arch = "wasm32")]
pub(crate) use super::browser::lettering::{letter, width_px};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use none::{letter, width_px};

/// A run of text on one line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Words {
    pub text: String,
    /// Left end of the base line, pixels from the top left.
    pub at_px: [f32; 2],
    pub style: Style,
    pub colour: [u8; 3],
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// Height of the em square, pixels.
    pub size_px: u32,
    pub is_head: bool,
}

/// A filled box with round corners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fill {
    /// Left, top, width, height, pixels.
    pub place_px: [f32; 4],
    pub round_px: f32,
    pub colour: [u8; 3],
}

/// Without a browser nothing is drawn, and a picture stands for what would be; a letter of Chinese is as wide as it is high, any other half as wide.
#[cfg(not(target_arch = "wasm32"))]
mod none {
    use super::{Fill, Style, Words};
    use crate::platform::picture::Held;

    pub(crate) fn width_px(text: &str, style: Style) -> f32 {
        let ems = text.chars().map(|letter| if letter >= '\u{2e80}' { 1.0 } else { 0.5 });
        ems.sum::<f32>() * style.size_px as f32
    }

    pub(crate) fn letter(_size_px: [u32; 2], _fills: &[Fill], _words: &[Words]) -> Option<Held> {
        Some(Held)
    }
}
