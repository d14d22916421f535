//! Numerals: figures as strokes, so that no font is needed for eight stations.

use bevy::math::Vec2;
use std::f32::consts::PI;

/// An arc around a centre, degrees clockwise from the right as seen on the canvas.
fn arc(centre: [f32; 2], radii: [f32; 2], from_deg: f32, to_deg: f32) -> Vec<Vec2> {
    let steps = ((to_deg - from_deg).abs() / 24.0).ceil().max(1.0);
    (0..=steps as u32)
        .map(|i| {
            let angle = (from_deg + (to_deg - from_deg) * i as f32 / steps) * PI / 180.0;
            Vec2::from(centre) + Vec2::from_angle(angle) * Vec2::from(radii)
        })
        .collect()
}

fn path(points: &[[f32; 2]]) -> Vec<Vec2> {
    points.iter().copied().map(Vec2::from).collect()
}

/// The strokes of one figure, in a box 1 high and centred on nought; y runs down.
pub(super) fn strokes_of(figure: u8) -> Vec<Vec<Vec2>> {
    match figure {
        0 => vec![arc([0.0, 0.0], [0.24, 0.44], 0.0, 360.0)],
        1 => vec![path(&[[-0.16, -0.26], [0.04, -0.44], [0.04, 0.44]])],
        2 => {
            let mut stroke = arc([0.0, -0.19], [0.24, 0.25], 195.0, 370.0);
            stroke.extend(path(&[[-0.25, 0.44], [0.26, 0.44]]));
            vec![stroke]
        }
        3 => {
            let mut stroke = arc([-0.02, -0.22], [0.22, 0.22], 210.0, 450.0);
            stroke.extend(arc([-0.02, 0.22], [0.25, 0.23], 270.0, 510.0));
            vec![stroke]
        }
        4 => vec![path(&[[0.1, 0.44], [0.1, -0.44], [-0.27, 0.2], [0.27, 0.2]])],
        5 => {
            let mut stroke = path(&[[0.22, -0.44], [-0.18, -0.44], [-0.2, -0.04]]);
            stroke.extend(arc([-0.02, 0.16], [0.26, 0.28], 225.0, 505.0));
            vec![stroke]
        }
        6 => {
            let mut stroke = path(&[[0.14, -0.44], [-0.1, -0.14]]);
            stroke.extend(arc([0.0, 0.18], [0.24, 0.26], 200.0, 560.0));
            vec![stroke]
        }
        7 => vec![path(&[[-0.25, -0.44], [0.25, -0.44], [-0.06, 0.44]])],
        8 => vec![arc([0.0, -0.22], [0.2, 0.22], 90.0, 450.0), arc([0.0, 0.22], [0.24, 0.22], -90.0, 270.0)],
        _ => {
            let mut stroke = arc([0.0, -0.18], [0.24, 0.26], 20.0, 380.0);
            stroke.extend(path(&[[-0.14, 0.44]]));
            vec![stroke]
        }
    }
}
