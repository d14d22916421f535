//! Evidence: how a part's certainty reaches the shader.

use bevy::mesh::MeshTag;
use heritage::Certainty;

/// The mesh tag of a certainty: 1 attested to 4 conjecture; 0, the engine's default, is no class.
pub(crate) fn tag_of(certainty: Certainty) -> MeshTag {
    MeshTag::new(match certainty {
        Certainty::Attested => 1,
        Certainty::Restored => 2,
        Certainty::Rebuilt => 3,
        Certainty::Conjecture => 4,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::prelude::*;

    #[test]
    fn the_shader_knows_the_same_colours_as_the_legend() {
        let source = include_str!("evidence.wesl");
        for certainty in Certainty::ALL {
            let [r, g, b] = certainty.srgb();
            let linear = Color::srgb_u8(r, g, b).to_linear();
            let case = format!("case {}u: {{ return vec3(", tag_of(certainty).value);
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
