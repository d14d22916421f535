// Shadow: how far things are from the sun; depth from −1 to 1, as WebGL has it.

struct Thing {
    x: vec4<f32>,
    y: vec4<f32>,
    z: vec4<f32>,
    certainty: vec4<f32>,
}

@group(0) @binding(0) var<uniform> shadow_from_world: mat4x4<f32>;
@group(1) @binding(0) var<uniform> things: array<Thing, 256>;

@vertex
fn vertex(@builtin(instance_index) which: u32, @location(0) position: vec3<f32>) -> @builtin(position) vec4<f32> {
    let thing = things[which];
    let local = vec4(position, 1.0);
    return shadow_from_world * vec4(dot(thing.x, local), dot(thing.y, local), dot(thing.z, local), 1.0);
}
