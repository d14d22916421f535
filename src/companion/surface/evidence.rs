//! Evidence: how a part's certainty reaches the shader.

use bevy::prelude::*;
use heritage::Certainty;

/// The class of a thing as the shader knows it: 1 attested to 4 conjecture; a thing without one has none.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class(pub u32);

/// The class of a certainty.
pub(crate) fn class_of(certainty: Certainty) -> Class {
    Class(match certainty {
        Certainty::Attested => 1,
        Certainty::Restored => 2,
        Certainty::Rebuilt => 3,
        Certainty::Conjecture => 4,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shader_knows_the_same_colours_as_the_legend() {
        let source = include_str!("../frame/evidence.wgsl");
        for certainty in Certainty::ALL {
            let [r, g, b] = certainty.srgb();
            let linear = Color::srgb_u8(r, g, b).to_linear();
            let case = format!("case {}u: {{ return vec3(", class_of(certainty).0);
            let values = source.split_once(&case).and_then(|(_, rest)| rest.split_once(')')).map(|(values, _)| values);
            let values: Vec<f32> =
                values.unwrap_or_default().split(',').filter_map(|value| value.trim().parse().ok()).collect();
            let expected = [linear.red, linear.green, linear.blue];
            assert_eq!(values.len(), 3, "{certainty:?}");
            for (value, expected) in values.iter().zip(expected) {
                assert!((value - expected).abs() < 1e-4, "{certainty:?}: {value} is not {expected}");
            }
        }
    }
}
