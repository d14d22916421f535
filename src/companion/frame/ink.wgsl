// Ink: marks drawn over the scene where they fall on the canvas, in their own colours whatever the light. They are laid
// over code values, as a page lays its colours.

struct Mark {
    @builtin(position) position: vec4<f32>,
    @location(0) colour: vec4<f32>,
}

@vertex
fn vertex(@location(0) place: vec2<f32>, @location(1) colour: vec4<f32>) -> Mark {
    return Mark(vec4(place, 0.5, 1.0), colour);
}

@fragment
fn fragment(in: Mark) -> @location(0) vec4<f32> {
    return vec4(coded(in.colour.rgb), in.colour.a);
}
