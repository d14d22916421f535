//! Depth: how deep the water stands over the modelled bed. Numbers only.

use bevy::prelude::*;

/// Texels across and along the river.
pub(super) const ACROSS: usize = 96;
/// Texels along the river.
pub(super) const ALONG: usize = 192;
/// Half the width of the charted water, metres east and west of the origin.
pub(super) const HALF_WIDTH_M: f32 = 72.0;
/// Half the length of the charted water, metres north and south of the origin.
pub(super) const HALF_LENGTH_M: f32 = 240.0;
/// Depth at which the chart saturates, metres.
pub(super) const DEEPEST_M: f32 = 4.0;

/// Heights of whatever stands highest over each texel, metres; the deepest where nothing was charted.
pub(super) struct Chart {
    bed_up_m: Vec<f32>,
    water_up_m: f32,
}

impl Chart {
    pub(super) fn new(water_up_m: f32) -> Self {
        Self { bed_up_m: vec![water_up_m - DEEPEST_M; ACROSS * ALONG], water_up_m }
    }

    /// Charts a triangle of ground, engine axes. Triangles wholly over the banks' height do not touch the water.
    pub(super) fn add(&mut self, corners: [Vec3; 3]) {
        let flat = corners.map(|corner| {
            Vec2::new(
                (corner.x / HALF_WIDTH_M * 0.5 + 0.5) * ACROSS as f32 - 0.5,
                (corner.z / HALF_LENGTH_M * 0.5 + 0.5) * ALONG as f32 - 0.5,
            )
        });
        let [a, b, c] = flat;
        let area = (b - a).perp_dot(c - a);
        let (low, high) = (a.min(b).min(c), a.max(b).max(c));
        let inside = high.cmpge(Vec2::ZERO).all() && low.x < ACROSS as f32 && low.y < ALONG as f32;
        let above = corners.iter().all(|corner| corner.y > self.water_up_m + 12.0);
        if !inside || above || area.abs() < 1e-6 {
            return;
        }
        let range = |low: f32, high: f32, count: usize| {
            (low.ceil().max(0.0) as usize)..=(high.floor().min(count as f32 - 1.0).max(0.0) as usize)
        };
        for row in range(low.y, high.y, ALONG) {
            for column in range(low.x, high.x, ACROSS) {
                let at = Vec2::new(column as f32, row as f32);
                let u = (b - at).perp_dot(c - at) / area;
                let v = (c - at).perp_dot(a - at) / area;
                let w = 1.0 - u - v;
                if u < -0.01 || v < -0.01 || w < -0.01 {
                    continue;
                }
                let up_m = corners[0].y * u + corners[1].y * v + corners[2].y * w;
                if let Some(bed) = self.bed_up_m.get_mut(row * ACROSS + column) {
                    *bed = bed.max(up_m);
                }
            }
        }
    }

    /// The chart as bytes: 0 for dry or shore, 255 for the deepest.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let depth = |bed: &f32| ((self.water_up_m - bed) / DEEPEST_M).clamp(0.0, 1.0);
        self.bed_up_m.iter().map(|bed| (depth(bed) * 255.0) as u8).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(chart: &Chart, x: f32, z: f32) -> u8 {
        let column = ((x / HALF_WIDTH_M * 0.5 + 0.5) * ACROSS as f32) as usize;
        let row = ((z / HALF_LENGTH_M * 0.5 + 0.5) * ALONG as f32) as usize;
        chart.bytes()[row * ACROSS + column]
    }

    #[test]
    fn a_sloping_bank_is_charted_from_shore_to_deep() {
        let mut chart = Chart::new(-14.5);
        // Rises from the deepest at x = 0 to 4 m over the water at x = 60.
        let (low, high) = (-18.5, -10.5);
        let (a, b) = (Vec3::new(0.0, low, -50.0), Vec3::new(0.0, low, 50.0));
        let (c, d) = (Vec3::new(60.0, high, -50.0), Vec3::new(60.0, high, 50.0));
        chart.add([a, b, c]);
        chart.add([b, d, c]);
        assert!(at(&chart, 3.0, 0.0) > 220);
        assert!((60..190).contains(&at(&chart, 15.0, 0.0)));
        assert_eq!(at(&chart, 45.0, 0.0), 0);
        assert_eq!(at(&chart, -40.0, 0.0), 255, "what nothing was charted under stays deep");
    }

    #[test]
    fn hostile_triangles_leave_the_chart_alone() {
        let mut chart = Chart::new(-14.5);
        let before = chart.bytes();
        for corner in [Vec3::NAN, Vec3::INFINITY, Vec3::splat(1e30), Vec3::splat(-1e30)] {
            chart.add([corner; 3]);
            chart.add([corner, Vec3::ZERO, Vec3::X]);
        }
        chart.add([Vec3::new(0.0, 50.0, 0.0), Vec3::new(9.0, 50.0, 0.0), Vec3::new(0.0, 50.0, 9.0)]);
        assert_eq!(chart.bytes(), before);
    }
}
