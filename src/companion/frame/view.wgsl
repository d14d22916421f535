// View: the eye, the moment and the sun's shadow map, and the light and air that all things share.

struct View {
    // Depth from −1 far away to 1 at the near plane, as WebGL has it.
    clip_from_world: mat4x4<f32>,
    // From the near plane of the view to directions in the world.
    world_from_clip: mat4x4<f32>,
    // From the world to the shadow map: x and y from −1 to 1, z 1 at the sun.
    shadow_from_world: mat4x4<f32>,
    // Place of the eye in metres; w seconds, wrapped.
    eye: vec4<f32>,
    // Where the eye looks; w is unused.
    forward: vec4<f32>,
    // x shadows 0 or 1, y shift along a surface's normal and z towards the sun, metres, w how far they reach, metres.
    shadow: vec4<f32>,
    // The round in which a model lies: x and z of its middle and its radius, metres; w is unused.
    round: vec4<f32>,
}

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<uniform> air: Air;
@group(0) @binding(2) var shadow_map: texture_depth_2d;
@group(0) @binding(3) var shadow_sampler: sampler_comparison;

#if CUT
// Whether a place lies beyond the round of the model.
fn is_beyond(place: vec3<f32>) -> bool {
    return distance(place.xz, view.round.xy) > view.round.z;
}
#endif
