//! A text as a square code: which of its fields are dark, and as a drawing.

use qrcode::{EcLevel, QrCode};
use std::fmt::Write;

/// The quiet border that readers need, fields.
const BORDER: usize = 4;

/// A square code, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Square {
    /// Fields of one side, without a border.
    pub side: usize,
    /// Whether each field is dark.
    pub dark: Vec<bool>,
}

/// The square code of a text; nothing where it is longer than any.
pub fn square(text: &str) -> Option<Square> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let dark = code.to_colors().into_iter().map(|colour| colour == qrcode::Color::Dark).collect();
    Some(Square { side: code.width(), dark })
}

impl Square {
    /// Width of the drawing, fields.
    pub const fn width(&self) -> usize {
        self.side + 2 * BORDER
    }

    /// Its dark fields as the path of a drawing, one unit a field, the border left free.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for (index, _) in self.dark.iter().enumerate().filter(|(_, dark)| **dark) {
            let (x, y) = (index % self.side + BORDER, index / self.side + BORDER);
            // Writing to a String cannot fail.
            write!(path, "M{x} {y}h1v1h-1z").ok();
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_has_its_corners_and_its_border() {
        let square = square("https://hall.example/claim?code=BCDF-GHJK").expect("it is short");
        assert_eq!(square.dark.len(), square.side * square.side);
        assert_eq!(square.width(), square.side + 8);
        // The finder in the upper left corner: seven dark fields, then a light one.
        assert_eq!(square.dark[..8], [true, true, true, true, true, true, true, false]);
        assert!(square.path().starts_with("M4 4h1v1h-1zM5 4"));
        assert_eq!(super::square(&"x".repeat(9000)), None);
    }
}
