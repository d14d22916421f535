//! Sheet: shapes in CSS pixels, with soft edges of one pixel so that they are smooth without multisampling.

use super::numerals::strokes_of;
use bevy::prelude::*;
use std::f32::consts::TAU;

/// Width of the soft edge, CSS pixels.
const SOFT_PX: f32 = 0.9;

/// Triangles in CSS pixels from the top left of the canvas.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    places: Vec<Vec2>,
    /// Linear colour and opacity.
    colours: Vec<[f32; 4]>,
    indices: Vec<u32>,
}

/// A colour of the palette at some opacity, 0–1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wash(pub [u8; 3], pub f32);

impl Wash {
    fn linear(self) -> [f32; 4] {
        let [r, g, b] = self.0;
        Color::srgb_u8(r, g, b).to_linear().with_alpha(self.1).to_f32_array()
    }
}

fn clear_of(colour: [f32; 4]) -> [f32; 4] {
    [colour[0], colour[1], colour[2], 0.0]
}

impl Sheet {
    /// Takes everything off the sheet.
    pub(crate) fn clear(&mut self) {
        self.places.clear();
        self.colours.clear();
        self.indices.clear();
    }

    /// Every corner's place in CSS pixels, with its linear colour and opacity.
    pub(crate) fn vertices(&self) -> impl Iterator<Item = (Vec2, [f32; 4])> + '_ {
        self.places.iter().copied().zip(self.colours.iter().copied())
    }

    /// Three for each triangle.
    pub(crate) fn indices(&self) -> &[u32] {
        &self.indices
    }

    fn put(&mut self, at: Vec2, colour: [f32; 4]) -> u32 {
        self.places.push(at);
        self.colours.push(colour);
        self.places.len() as u32 - 1
    }

    /// Furthest opaque place from `at`, among those within `within_px` of it and above it.
    #[cfg(test)]
    pub(crate) fn reach_px(&self, at: Vec2, within_px: f32) -> f32 {
        let opaque = self.places.iter().zip(&self.colours).filter(|(_, colour)| colour[3] > 0.5);
        let near = opaque.map(|(place, _)| *place).filter(|place| place.y <= at.y && place.distance(at) < within_px);
        near.map(|place| place.distance(at)).fold(0.0, f32::max)
    }

    /// A filled circle.
    pub(crate) fn disc(&mut self, at: Vec2, radius_px: f32, wash: Wash) {
        self.ring(at, 0.0, radius_px, wash);
    }

    /// The band between two circles around `at`; a disc where the inner radius is 0.
    pub(crate) fn ring(&mut self, at: Vec2, inner_px: f32, outer_px: f32, wash: Wash) {
        let full = wash.linear();
        let clear = clear_of(full);
        let count = 28;
        let soft = SOFT_PX / 2.0;
        // From the inside out: soft, full, full, soft.
        let radii =
            [(inner_px - soft, clear), (inner_px + soft, full), (outer_px - soft, full), (outer_px + soft, clear)];
        let bands: &[(f32, [f32; 4])] = if inner_px > 0.0 { &radii } else { &[(0.0, full), radii[2], radii[3]] };
        let first = self.places.len() as u32;
        for i in 0..count {
            let way = Vec2::from_angle(i as f32 * TAU / count as f32);
            for (radius_px, colour) in bands {
                self.put(at + way * radius_px.max(0.0), *colour);
            }
        }
        let across = bands.len() as u32;
        for i in 0..count {
            let (a, b) = (first + i * across, first + (i + 1) % count * across);
            for band in 0..across - 1 {
                self.quad([a + band, a + band + 1, b + band + 1, b + band]);
            }
        }
    }

    /// A straight line with square ends.
    pub(crate) fn line(&mut self, from: Vec2, to: Vec2, width_px: f32, wash: Wash) {
        let along = (to - from).normalize_or_zero();
        let aside = along.perp();
        let full = wash.linear();
        let (core, rim) = ((width_px - SOFT_PX).max(0.0) / 2.0, width_px.midpoint(SOFT_PX));
        let offsets = [(-rim, clear_of(full)), (-core, full), (core, full), (rim, clear_of(full))];
        let first = self.places.len() as u32;
        for end in [from, to] {
            for (offset, colour) in offsets {
                self.put(end + aside * offset, colour);
            }
        }
        for band in first..first + 3 {
            self.quad([band, band + 1, band + 5, band + 4]);
        }
    }

    /// A whole number, centred at `at`, with figures `height_px` high.
    pub(crate) fn numeral(&mut self, at: Vec2, height_px: f32, number: usize, wash: Wash) {
        let figures = number.to_string();
        let advance_px = height_px * 0.62;
        let start_px = -advance_px * (figures.len() as f32 - 1.0) / 2.0;
        for (i, figure) in figures.bytes().enumerate() {
            let centre = at + Vec2::X * (start_px + i as f32 * advance_px);
            for stroke in strokes_of(figure - b'0') {
                for pair in stroke.windows(2) {
                    self.line(centre + pair[0] * height_px, centre + pair[1] * height_px, height_px * 0.13, wash);
                }
                for joint in stroke {
                    self.dot(centre + joint * height_px, height_px * 0.065, wash);
                }
            }
        }
    }

    /// A joint of two strokes: a small octagon without a soft edge of its own.
    fn dot(&mut self, at: Vec2, radius_px: f32, wash: Wash) {
        let colour = wash.linear();
        let first = self.places.len() as u32;
        for i in 0..8_u8 {
            self.put(at + Vec2::from_angle(f32::from(i) * TAU / 8.0) * radius_px, colour);
        }
        for i in 1..7 {
            self.indices.extend([first, first + i, first + i + 1]);
        }
    }

    fn quad(&mut self, [a, b, c, d]: [u32; 4]) {
        self.indices.extend([a, b, c, a, c, d]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_keeps_to_its_size_and_its_indices() {
        let mut sheet = Sheet::default();
        sheet.disc(Vec2::splat(100.0), 13.0, Wash([255, 0, 0], 1.0));
        let reach = sheet.places.iter().map(|at| at.distance(Vec2::splat(100.0))).fold(0.0, f32::max);
        assert!((reach - 13.0).abs() <= SOFT_PX, "{reach}");
        for number in 0..12 {
            sheet.numeral(Vec2::splat(100.0), 14.0, number, Wash([255, 255, 255], 1.0));
        }
        assert!(sheet.places.iter().all(|at| at.distance(Vec2::splat(100.0)) < 16.0));
        assert!(sheet.indices.iter().all(|i| (*i as usize) < sheet.places.len()));
        assert_eq!(sheet.places.len(), sheet.colours.len());
    }
}
