// Water: a silty mountain river. Folds and foam are carried down the valley, waves stand where the bed makes them, and
// slopes and sky lie on it at a low angle.

// Metres charted to each side of the origin; see depth.rs.
const HALF_WIDTH_M: f32 = 72.0;
const HALF_LENGTH_M: f32 = 240.0;

// Slope of one layer of folds.
fn ripple(p: vec2<f32>, step_m: f32) -> vec2<f32> {
    let here = value_noise(p);
    return vec2(value_noise(p + vec2(step_m, 0.0)) - here, value_noise(p + vec2(0.0, step_m)) - here) / step_m;
}

// Thin bright threads where a noise crosses its middle.
fn thread(noise: f32, width: f32) -> f32 {
    let off = 1.0 - clamp(abs(noise - 0.5) / width, 0.0, 1.0);
    return off * off;
}

@fragment
fn fragment(in: Spot) -> @location(0) vec4<f32> {
    let place = in.place;
    let eye = view.eye.xyz;
    let line = eye - place;
    let far_m = length(line);
    let toward_eye = line / max(far_m, 0.001);
    let chart = vec2(place.x / HALF_WIDTH_M, place.z / HALF_LENGTH_M) * 0.5 + 0.5;
    let depth = textureSample(base_texture, base_sampler, chart).r;

    // South, +z, at about 3 m/s mid-stream and slower along the banks.
    let flow = view.eye.w * mix(1.1, 3.2, smoothstep(0.05, 0.6, depth));
    // The current wanders from side to side, and takes its streaks along.
    let sway = (value_noise(vec2(place.x * 0.020 + 3.0, place.z * 0.016)) - 0.5) * 16.0;
    let p = vec2(place.x + sway, place.z - flow);
    let broad = value_noise(p * vec2(0.16, 0.045));
    // Where the bed lies rough the surface does, and stays so while the water runs through.
    let bed = value_noise(vec2(place.x * 0.075 + 9.0, place.z * 0.034 + 2.0));
    let rapid = smoothstep(0.52, 0.86, bed) * smoothstep(0.25, 0.7, depth);
    var slope = ripple(p * vec2(0.55, 0.20), 0.2) * vec2(0.22, 0.16);
    var wander = bed;
#if !PLAIN
    wander = value_noise(place.xz * vec2(0.21, 0.12));
#endif
    let swell = place.z * 0.85 + sway * 0.5 - view.eye.w * 0.4 + (broad + wander) * 4.5;
    slope.y += cos(swell) * 0.20 * rapid;
    var crest = smoothstep(0.45, 1.0, sin(swell)) * rapid;
    var streak = thread(value_noise(p * vec2(0.36, 0.030) + 1.7), 0.13);
    var fine = 0.5;
#if !PLAIN
    let near = 1.0 - smoothstep(20.0, 180.0, far_m);
    let cross_flow = vec2(place.x * 1.3 + place.z * 0.22, place.z * 0.62 - flow * 0.8);
    slope += ripple(cross_flow, 0.25) * 0.17 * (0.35 + 0.65 * near);
    slope += ripple(vec2(place.x * 3.1 + sway, place.z * 1.9 - flow * 2.2), 0.25) * 0.10 * near;
    fine = mix(0.5, value_noise(vec2(place.x * 3.6, place.z * 1.5 - flow * 1.5)), near);
    let torn = value_noise(p * vec2(1.1, 0.34) + 7.0);
    let lacy = value_noise(vec2(place.x * 1.9, place.z * 1.1 - flow * 0.7));
    crest *= smoothstep(0.62, 1.05, torn * 0.45 + fine * 0.45 + lacy * 0.45);
    streak *= smoothstep(0.30, 0.85, torn * 0.8 + fine * 0.3);
#else
    crest *= 0.16;
    streak *= 0.35;
#endif
    slope *= 1.0 + rapid * 0.7;
    let calm = 0.20 + 0.80 * exp(-far_m * 0.0045);
    let normal = normalize(vec3(-slope.x * calm, 1.0, -slope.y * calm));

    let facing = max(dot(normal, toward_eye), 0.02);
    // A rough surface mirrors less at a low angle than a calm one.
    let fresnel = 0.02 + 0.62 * pow(1.0 - facing, 4.0);
    var mirrored = reflect(-toward_eye, normal);
    mirrored.y = abs(mirrored.y) + 0.03;
    // Slopes on both sides stand in the reflection up to about thirty degrees.
    let lit_slope = air.ground.rgb * 1.5 + vec3(0.02, 0.022, 0.02);
    let walls = mix(lit_slope, sky(mirrored, air), smoothstep(0.14, 0.46, mirrored.y + 0.25 * abs(mirrored.z)));
    let light_in = air.sun.rgb * max(air.sun_direction.y, 0.0) * 0.55 + mix(air.horizon.rgb, air.zenith.rgb, 0.5) * 0.8;
    // Wet gravel, then silt-green water over it, then the deep channel.
    let shallow = vec3(0.118, 0.108, 0.078);
    let silt = vec3(0.088, 0.112, 0.090);
    let deep = vec3(0.030, 0.058, 0.052);
    var body = mix(shallow, silt, smoothstep(0.02, 0.22, depth));
    body = mix(body, deep, smoothstep(0.15, 0.95, depth + (broad - 0.5) * 0.35));
    // Folds that face the light let it in.
    body *= 0.86 + 0.5 * broad + clamp(dot(slope, -air.sun_direction.xz), -0.3, 0.5) * 0.5;
    var light = mix(body * light_in, walls, fresnel);
    let half_way = normalize(air.sun_direction.xyz + toward_eye);
    light += air.sun.rgb * pow(max(dot(normal, half_way), 0.0), 120.0) * 0.16;

    // Foam: broken patches along shore and boulders, threads along the current, crests of the standing waves.
    var lap = broad * 0.5 + bed * 0.5;
#if !PLAIN
    lap = value_noise(vec2(place.x * 0.35, place.z * 0.22 - flow * 0.12)) * 0.6 + fine * 0.4;
#endif
    let shore = (1.0 - smoothstep(0.02, 0.16 + 0.20 * lap, depth)) * smoothstep(0.0, 0.02, depth);
    let edge = shore * smoothstep(0.50, 0.78, lap) * (0.35 + 0.65 * smoothstep(0.35, 0.7, bed + 0.1));
    let threads = streak * (0.10 + 0.40 * smoothstep(0.35, 0.8, broad)) * smoothstep(0.1, 0.4, depth);
    let away = exp(-far_m * 0.0035);
    let foam = clamp(max(max(crest * 0.72, threads), edge * 0.75) * away + crest * 0.12, 0.0, 0.8);
    light = mix(light, light_in * vec3(0.50, 0.53, 0.51), foam);

#if CUT
    if (is_beyond(place)) {
        discard;
    }
#endif
#if !PLAIN || LENS
    if (air.show.x > 0.5) {
        let shade = clamp(0.30 + slope.x * 0.25 + foam * 0.3, 0.0, 1.0);
        return vec4(coded(shown_as(in.certainty, shade, place, far_m)), 1.0);
    }
#endif
    return vec4(coded(film(through(light, place, eye, air), air)), 1.0);
}
