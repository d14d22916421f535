// Board: lettering and chalk that hang in the air before a headset's wearer, in their own colours whatever the light.

@group(2) @binding(1) var board_texture: texture_2d<f32>;
@group(2) @binding(2) var board_sampler: sampler;

struct Hung {
    @builtin(position) position: vec4<f32>,
    @location(0) at: vec2<f32>,
    @location(1) colour: vec4<f32>,
}

@vertex
fn vertex(@location(0) place: vec3<f32>, @location(1) at: vec2<f32>, @location(2) colour: vec4<f32>) -> Hung {
    return Hung(view.clip_from_world * vec4(place, 1.0), at, colour);
}

@fragment
fn fragment(in: Hung) -> @location(0) vec4<f32> {
    let texel = textureSample(board_texture, board_sampler, in.at);
    return vec4(coded(in.colour.rgb * texel.rgb), in.colour.a * texel.a);
}
