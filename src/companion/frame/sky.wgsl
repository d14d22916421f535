// Sky: what is behind everything, with high cloud drawn out along the valley.

struct Far {
    @builtin(position) position: vec4<f32>,
    @location(0) toward: vec3<f32>,
}

// One triangle over all of the canvas, at the far end of the view.
@vertex
fn vertex(@builtin(vertex_index) which: u32) -> Far {
    let corner = vec2(f32((which << 1u) & 2u), f32(which & 2u)) * 2.0 - 1.0;
    return Far(vec4(corner, -1.0, 1.0), (view.world_from_clip * vec4(corner, 1.0, 1.0)).xyz);
}

fn cloud(at: vec2<f32>) -> f32 {
    var sum = 0.0;
    var size = 0.5;
    var p = at;
    for (var octave = 0; octave < 5; octave += 1) {
        sum += value_noise(p) * size;
        // Turned at each step, so that the lattice of the noise does not show.
        p = vec2(p.x * 1.64 + p.y * 1.28, p.y * 1.64 - p.x * 1.28) + vec2(17.3, 9.1);
        size *= 0.5;
    }
    return sum;
}

@fragment
fn fragment(in: Far) -> @location(0) vec4<f32> {
    let toward = normalize(in.toward);
    var light = sky(toward, air);
    let up = max(toward.y, 0.0);
    let plane = toward.xz / (up + 0.16);
#if PLAIN
    // Two broad octaves: enough that the sky is not a wash.
    let thick = value_noise(plane * vec2(1.3, 0.7)) * 0.6 + value_noise(plane * vec2(3.1, 1.9) + 4.7) * 0.4;
    let cover = smoothstep(0.95 - 0.75 * air.show.z, 1.25 - 0.55 * air.show.z, thick + 0.25) * smoothstep(0.0, 0.2, toward.y);
    light = mix(light, air.horizon.rgb * 1.12 + air.sun.rgb * 0.06, cover * 0.6);
#else
    let drift = view.eye.w * 0.0035;
    let warp = vec2(value_noise(plane * 0.8 + drift), value_noise(plane * 0.8 + 5.2)) - 0.5;
    let at = plane * vec2(1.15, 0.62) + warp * 1.3 + vec2(drift, 0.0);
    let thick = cloud(at);
    // Lit from the sun's side: thinner there means brighter here.
    let lit = clamp(0.5 + (thick - cloud(at + normalize(air.sun_direction.xz + 0.001) * 0.22)) * 2.2, 0.0, 1.0);
    let cover = smoothstep(0.70 - 0.44 * air.show.z, 0.98 - 0.40 * air.show.z, thick) * smoothstep(0.0, 0.18, toward.y);
    let bright = air.horizon.rgb * 1.12 + air.sun.rgb * 0.085;
    let shaded = air.zenith.rgb * 0.5 + air.horizon.rgb * mix(0.50, 0.30, air.show.z * smoothstep(0.5, 0.8, thick));
    light = mix(light, mix(shaded, bright, lit), cover * 0.85);
    let disc = pow(max(dot(toward, air.sun_direction.xyz), 0.0), 900.0);
    light += air.sun.rgb * disc * 0.5 * (1.0 - cover * 0.7);
#endif
    return vec4(coded(film(light, air)), 1.0);
}
