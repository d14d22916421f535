//! Finish: what a material is taken for by its name, before or without its textures.

use bevy::prelude::*;

/// What a surface's shader does besides light it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// Nothing.
    #[default]
    Made,
    /// Rock in its texture's colour and soil in its alpha, mixed by the vertex colour's alpha, from the stones at one's
    /// feet to the relief of far ridges.
    Land,
    /// Cut out by its texture's alpha, and lit through, as leaves are.
    Leaves,
    /// A river: its texture is a chart of its depth.
    Water,
}

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
    /// What the shader does besides.
    pub kind: Kind,
}

/// The finish of a material by name. An unknown name is dull grey stone: visible, and plainly not decided upon.
pub(crate) fn finish_of(material: &str) -> Finish {
    let (srgb, roughness, relief, two_sided) = match material {
        "stone" => ([0x78, 0x74, 0x6b], 0.82, 0.9, false),
        "redstone" => ([0x86, 0x5a, 0x4c], 0.75, 0.8, false),
        "rock" => ([0x9a, 0x94, 0x8a], 0.95, 1.0, false),
        "timber" => ([0x6a, 0x5c, 0x4c], 0.78, 0.8, false),
        "tile" => ([0x4e, 0x51, 0x53], 0.70, 1.0, false),
        "plaster" => ([0xae, 0xa4, 0x92], 0.95, 0.5, false),
        "iron" => ([0x42, 0x3e, 0x3c], 0.52, 0.6, true),
        "foliage" => ([0x4b, 0x5a, 0x3a], 0.92, 0.4, true),
        "grass" => ([0x7c, 0x80, 0x50], 0.95, 0.0, true),
        "inset" | "black" => ([0x2c, 0x2b, 0x2a], 0.45, 0.4, false),
        _ => ([0x80, 0x80, 0x80], 0.9, 0.5, false),
    };
    let kind = match material {
        "rock" => Kind::Land,
        "foliage" | "grass" => Kind::Leaves,
        _ => Kind::Made,
    };
    Finish { srgb, roughness, relief, two_sided, kind }
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
