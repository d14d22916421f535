//! Air: the light in force, written by `sky`, `lens` and `quality`, read by every shader.

use bevy::prelude::*;

/// Light, sky and mist, as every shader reads them; layout of `Air` in `air.wgsl`. Colours are linear.
#[repr(C)]
#[derive(Resource, Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub(crate) struct Air {
    /// Towards the sun, engine axes; w unused.
    pub sun_direction: Vec4,
    /// Direct sunlight.
    pub sun: Vec4,
    /// Sky overhead.
    pub zenith: Vec4,
    /// Sky above the ridges.
    pub horizon: Vec4,
    /// Light thrown up from the ground.
    pub ground: Vec4,
    /// Mist in the valley; w its density per metre at its foot.
    pub mist: Vec4,
    /// Haze per metre, height of the mist's foot in metres, one over the height in which it thins, exposure.
    pub haze: Vec4,
    /// Evidence lens 0 or 1, detail 0–2, cloud cover 0–1, unused.
    pub show: Vec4,
}

impl Default for Air {
    fn default() -> Self {
        Self {
            sun_direction: Vec4::new(0.4, 0.8, 0.4, 0.0),
            sun: Vec4::splat(3.0),
            zenith: Vec4::new(0.25, 0.38, 0.55, 1.0),
            horizon: Vec4::new(0.7, 0.75, 0.78, 1.0),
            ground: Vec4::new(0.18, 0.16, 0.13, 1.0),
            mist: Vec4::new(0.72, 0.75, 0.76, 0.002),
            haze: Vec4::new(0.0008, -14.0, 0.03, 0.8),
            show: Vec4::new(0.0, 1.0, 0.5, 0.0),
        }
    }
}
