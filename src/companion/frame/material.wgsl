// Material: the colour and finish of a surface.

struct Look {
    // Colour that multiplies the texture, or stands alone without one; linear.
    tint: vec4<f32>,
    // x roughness 0 to 1, y strength of the normal map, z texture present 0 or 1, w normal map present 0 or 1.
    finish: vec4<f32>,
}

@group(2) @binding(0) var<uniform> look: Look;
@group(2) @binding(1) var base_texture: texture_2d<f32>;
@group(2) @binding(2) var base_sampler: sampler;
@group(2) @binding(3) var normal_texture: texture_2d<f32>;
@group(2) @binding(4) var normal_sampler: sampler;
