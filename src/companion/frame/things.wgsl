// Things: whatever stands in the world, by its matrix and its class of evidence.

struct Thing {
    // Three rows of the matrix.
    x: vec4<f32>,
    y: vec4<f32>,
    z: vec4<f32>,
    // x class of certainty, see evidence.wgsl.
    certainty: vec4<f32>,
}

@group(1) @binding(0) var<uniform> things: array<Thing, 256>;

struct Spot {
    @builtin(position) position: vec4<f32>,
    @location(0) place: vec3<f32>,
    @location(1) normal: vec3<f32>,
    @location(2) uv: vec2<f32>,
    @location(3) colour: vec4<f32>,
    @location(4) @interpolate(flat) certainty: u32,
}

@vertex
fn vertex(
    @builtin(instance_index) which: u32,
    @location(0) position: vec3<f32>,
    @location(1) normal: vec4<f32>,
    @location(2) uv: vec2<f32>,
    @location(3) colour: vec4<f32>,
) -> Spot {
    let thing = things[which];
    let local = vec4(position, 1.0);
    var out: Spot;
    out.place = vec3(dot(thing.x, local), dot(thing.y, local), dot(thing.z, local));
    out.position = view.clip_from_world * vec4(out.place, 1.0);
    // Cofactors turn a normal rightly even where a rod is scaled across its length.
    out.normal = vec3(
        dot(cross(thing.y.xyz, thing.z.xyz), normal.xyz),
        dot(cross(thing.z.xyz, thing.x.xyz), normal.xyz),
        dot(cross(thing.x.xyz, thing.y.xyz), normal.xyz),
    );
    out.uv = uv;
    // Halved on the way here; see shapes.rs.
    out.colour = colour * 2.0;
    out.certainty = u32(thing.certainty.x);
    return out;
}
