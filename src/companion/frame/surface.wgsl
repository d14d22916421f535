// Surface: stone, timber, iron, leaves and land under one sun and one sky, with baked occlusion in the vertex colour.

// One sheet of land stands for stones at one's feet, beds of a cliff and buttresses of a ridge: repeats per sheet.
const MID: f32 = 0.117;
const FAR: f32 = 0.0137;

// Turns a texel of a normal map into the scene, without stored tangents: the frame comes from the screen's
// derivatives (Christian Schüler, 2013).
fn bent(normal: vec3<f32>, place: vec3<f32>, uv: vec2<f32>, slant: vec2<f32>) -> vec3<f32> {
    let dx = dpdx(place);
    // On the canvas y runs upwards; the formula has it run down.
    let dy = -dpdy(place);
    let ux = dpdx(uv);
    let uy = -dpdy(uv);
    let across = cross(dy, normal);
    let down = cross(normal, dx);
    let t = across * ux.x + down * uy.x;
    let b = across * ux.y + down * uy.y;
    let scale = inverseSqrt(max(max(dot(t, t), dot(b, b)), 1e-12));
    return normalize(t * (slant.x * scale) + b * (-slant.y * scale) + normal);
}

fn slant_at(uv: vec2<f32>) -> vec2<f32> {
    return textureSample(normal_texture, normal_sampler, uv).xy * 2.0 - 1.0;
}

// How light a spot of land is against its mean: rock in the sheet's colour, soil in its alpha.
fn land(texel: vec4<f32>, rocky: f32) -> vec3<f32> {
    return mix(vec3(texel.a), texel.rgb, rocky) * 2.0;
}

#if !PLAIN
// Share of the sun that no other thing keeps from a place.
fn sunlit(place: vec3<f32>, normal: vec3<f32>) -> f32 {
    let shifted = place + normal * view.shadow.y + air.sun_direction.xyz * view.shadow.z;
    let fall = view.shadow_from_world * vec4(shifted, 1.0);
    let at = fall.xy * 0.5 + 0.5;
    let found = textureSampleCompareLevel(shadow_map, shadow_sampler, at, fall.z);
    let ahead_m = dot(place - view.eye.xyz, view.forward.xyz);
    let within = view.shadow.x * (1.0 - smoothstep(view.shadow.w * 0.9, view.shadow.w, ahead_m));
    return mix(1.0, found, within);
}
#endif

@fragment
fn fragment(in: Spot, @builtin(front_facing) front: bool) -> @location(0) vec4<f32> {
    let place = in.place;
    let eye = view.eye.xyz;
    let far_m = length(place - eye);
    let toward_eye = (eye - place) / max(far_m, 0.001);
    var flat_normal = normalize(in.normal);
#if !LEAVES
    if (!front) {
        flat_normal = -flat_normal;
    }
#endif
    var normal = flat_normal;

    let baked = in.colour.rgb;
    var rocky = in.colour.a;

    var own = look.tint.rgb;
#if UVS
    if (look.finish.z > 0.5) {
#if PLAIN
        // A level chosen here is sampled once; the sampler's own choice takes up to eight samples.
        let across = max(dot(dpdx(in.uv), dpdx(in.uv)), dot(dpdy(in.uv), dpdy(in.uv)));
        let level = 0.5 * log2(max(across * 262144.0, 1.0));
        let texel = textureSampleLevel(base_texture, base_sampler, in.uv, level);
#if LAND
        let mid = textureSampleLevel(base_texture, base_sampler, in.uv * MID, level - 3.1);
        own *= mix(vec3(1.0), land(texel, rocky), 0.85) * mix(vec3(0.94), land(mid, rocky), 0.7);
#else
        own *= texel.rgb;
#endif
#if LEAVES
        if (texel.a < 0.42) {
            discard;
        }
#endif
#else
        let texel = textureSample(base_texture, base_sampler, in.uv);
#if LAND
        let mid = textureSample(base_texture, base_sampler, in.uv * MID + 0.31);
        let far = textureSample(base_texture, base_sampler, in.uv * FAR + 0.77);
        // Loose soil lies in the hollows of the rock.
        rocky = smoothstep(0.18, 0.82, rocky + (texel.g - 0.5) * 0.5 + (mid.g - 0.5) * 0.9);
        let wide = smoothstep(120.0, 700.0, far_m);
        own *= mix(vec3(1.0), land(texel, rocky), 0.85) * mix(vec3(0.96), land(mid, rocky), 0.6);
        own *= mix(vec3(0.97), land(far, rocky), 0.3 + 0.4 * wide);
#else
        // A second, larger sample breaks the repetition of the sheet on walls and roofs.
        let large = textureSample(base_texture, base_sampler, in.uv * 0.173 + vec2(0.37, 0.11)).rgb;
        own *= mix(texel.rgb, texel.rgb * large * 2.6 + 0.02, smoothstep(6.0, 60.0, far_m) * 0.4);
#endif
#if LEAVES
        if (texel.a < 0.42) {
            discard;
        }
#endif
#endif
    }
#if !PLAIN
    if (look.finish.w > 0.5) {
        let near = look.finish.y * (1.0 - smoothstep(30.0, 140.0, far_m));
        var slant = slant_at(in.uv) * near;
#if LAND
        let hard = 0.30 + 0.70 * rocky;
        slant *= 0.35 + 0.65 * rocky;
        slant += slant_at(in.uv * MID + 0.31) * (1.25 * hard * (1.0 - smoothstep(500.0, 1500.0, far_m)));
        slant += slant_at(in.uv * FAR + 0.77) * (1.1 * hard * smoothstep(60.0, 400.0, far_m));
#endif
        normal = bent(flat_normal, place, in.uv, slant);
    }
#endif
#endif

    let sun = air.sun_direction.xyz;
    let turned = dot(normal, sun);
    var lit = max(turned, 0.0);
#if LEAVES
    // Light also comes through a crown.
    lit = max(turned, 0.0) * 0.8 + max(turned * 0.5 + 0.5, 0.0) * 0.22;
#endif
#if !PLAIN
    lit *= sunlit(place, flat_normal);
#endif
    // Light from around: sky above, brighter on the sun's side, and what slopes and ground throw back.
    let above = normal.y * 0.5 + 0.5;
    let overhead = mix(air.horizon.rgb, air.zenith.rgb, 0.35 + 0.4 * max(normal.y, 0.0));
    let sunward = 0.94 + 0.20 * dot(normal.xz, sun.xz);
    let dome = mix(air.ground.rgb, overhead, above * above * (3.0 - 2.0 * above)) * sunward;
    let grey = dot(baked, vec3(0.3333));
    let direct = air.sun.rgb * lit;
    let around = dome;

#if CUT
    if (is_beyond(place)) {
        discard;
    }
#endif
#if !PLAIN || LENS
    if (air.show.x > 0.5) {
        let shade = dot(direct * 0.16 + around * grey * 0.75, vec3(0.3333)) * air.haze.w;
        let shown = shown_as(in.certainty, clamp(shade, 0.0, 1.0), place, far_m);
        let veil = 1.0 - exp(-far_m * 0.0012);
        return vec4(coded(mix(shown, film(sky(vec3(-toward_eye.x, 0.02, -toward_eye.z), air), air), veil)), 1.0);
    }
#endif

    var light = own * baked * (direct + around);

    let gloss = 1.0 - look.finish.x;
#if !PLAIN
    if (gloss > 0.05) {
        let half_way = normalize(sun + toward_eye);
        let sharp = exp2(2.0 + 8.0 * gloss);
        let glint = pow(max(dot(normal, half_way), 0.0), sharp) * (sharp + 8.0) * 0.04;
        let grazing = pow(1.0 - max(dot(normal, toward_eye), 0.0), 5.0);
        let mirror = sky(reflect(-toward_eye, normal), air) * baked;
        light += (air.sun.rgb * lit * glint * 0.06 + mirror * (0.03 + 0.45 * grazing)) * gloss * gloss;
    }
#endif

    return vec4(coded(film(through(light, place, eye, air), air)), 1.0);
}
