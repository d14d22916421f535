//! Surface: how anything in the scene is lit, aired and, under the evidence lens, recoloured.
//!
//! Shared vocabulary. One small shader stands in for the engine's general one: a sun, a sky in two colours, baked
//! occlusion, mist by height and a film curve are all the place needs, and they fit a phone and a software renderer.
//! What draws them is in `frame`.

mod air;
mod evidence;
mod finish;
mod picture;
mod textures;

pub(crate) use air::Air;
pub(crate) use evidence::{Class, class_of};
pub(crate) use finish::Kind;
pub(crate) use picture::{Picture, Texels};
pub(crate) use textures::Textured;

use bevy::prelude::*;

/// Stone, timber, iron, ground: one of these per material name.
#[derive(Asset, TypePath, Clone, Debug, Default)]
pub(crate) struct Surface {
    /// Colour and finish.
    pub look: Look,
    /// Colour texture, once it is there; of water, its depth.
    pub base: Option<Handle<Picture>>,
    /// Normal map, once it is there.
    pub normal: Option<Handle<Picture>>,
    /// Seen from both sides, as leaves are.
    pub two_sided: bool,
    /// What its shader does besides.
    pub kind: Kind,
}

/// The surface a thing is drawn in.
#[derive(Component, Clone, Debug)]
#[require(Transform, Visibility)]
pub(crate) struct Dressed(pub Handle<Surface>);

/// Name of the material of a part of a model.
#[derive(Component, Clone, Debug)]
pub(crate) struct MadeOf(pub String);

/// What has this throws no shadow.
#[derive(Component, Clone, Copy, Debug)]
pub(crate) struct NoShadow;

/// How the sun's shadow map is drawn. Written by `sky` alone.
#[derive(Resource, Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shade {
    /// Width of the map in texels; `None` draws none.
    pub map_px: Option<u32>,
    /// How far from the eye shadows reach, metres.
    pub reach_m: f32,
}

impl Default for Shade {
    fn default() -> Self {
        Self { map_px: None, reach_m: 120.0 }
    }
}

/// Colour and finish of a surface, as the shader reads them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Look {
    /// Multiplies the texture; stands alone without one. Linear.
    pub tint: Vec4,
    /// Roughness 0–1, strength of the normal map, texture present 0 or 1, normal map present 0 or 1.
    pub finish: Vec4,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Air>().init_resource::<Shade>().init_asset::<Surface>().init_asset::<Picture>();
    textures::plugin(app);
}
