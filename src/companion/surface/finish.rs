//! Finish: what a material is taken for by its name, before or without its textures.

use bevy::prelude::*;

/// Colour and roughness of a material.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Finish {
    /// Mean colour, sRGB; what is shown while the texture is missing.
    pub srgb: [u8; 3],
    /// 0 polished to 1 dull.
    pub roughness: f32,
    /// Strength of the normal map.
    pub relief: f32,
    /// Seen from both sides.
    pub two_sided: bool,
}

/// The finish of a material by name. An unknown name is dull grey stone: visible, and plainly not decided upon.
pub(crate) fn finish_of(material: &str) -> Finish {
    let (srgb, roughness, relief, two_sided) = match material {
        "stone" => ([0x8b, 0x88, 0x80], 0.82, 0.9, false),
        "redstone" => ([0x86, 0x5a, 0x4c], 0.75, 0.8, false),
        "rock" => ([0x77, 0x72, 0x69], 0.88, 1.0, false),
        "timber" => ([0x6a, 0x52, 0x3f], 0.78, 0.8, false),
        "tile" => ([0x54, 0x57, 0x59], 0.70, 1.0, false),
        "plaster" => ([0xc2, 0xb8, 0xa5], 0.95, 0.5, false),
        "iron" => ([0x42, 0x3e, 0x3c], 0.52, 0.6, true),
        "grass" => ([0x66, 0x6e, 0x48], 0.97, 0.5, false),
        "ground" | "gravel" | "path" | "paving" => ([0x85, 0x7a, 0x68], 0.93, 0.7, false),
        "foliage" => ([0x4b, 0x5a, 0x3a], 0.92, 0.4, true),
        "inset" | "black" => ([0x2c, 0x2b, 0x2a], 0.45, 0.4, false),
        _ => ([0x80, 0x80, 0x80], 0.9, 0.5, false),
    };
    Finish { srgb, roughness, relief, two_sided }
}

impl Finish {
    /// How the surface looks without textures.
    pub(crate) fn bare(&self) -> super::Look {
        let [r, g, b] = self.srgb;
        let tint = Color::srgb_u8(r, g, b).to_linear();
        super::Look {
            tint: Vec4::new(tint.red, tint.green, tint.blue, 1.0),
            finish: Vec4::new(self.roughness, self.relief, 0.0, 0.0),
        }
    }
}
