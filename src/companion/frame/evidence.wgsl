// Evidence: a colour and a hatch for each certainty, so that no eye needs the colour alone.

// The class travels with each thing: 0 none, 1 attested, 2 restored, 3 rebuilt, 4 conjecture.
fn class_colour(kind: u32) -> vec3<f32> {
    // Linear values of heritage::Certainty::srgb; a test holds them equal.
    switch kind {
        case 1u: { return vec3(0.0, 0.168269, 0.445201); }
        case 2u: { return vec3(0.0, 0.341914, 0.171441); }
        case 3u: { return vec3(0.791298, 0.346704, 0.0); }
        case 4u: { return vec3(0.603827, 0.191202, 0.386429); }
        default: { return vec3(0.3); }
    }
}

fn band(along: f32, share: f32) -> f32 {
    let f = abs(fract(along) - 0.5) * 2.0;
    let fine = fwidth(along);
    let soft = clamp(fine * 2.0, 0.02, 1.0);
    // Lines that a pixel cannot part any more fade out, where they would swim.
    return smoothstep(share - soft, share + soft, f) * (1.0 - smoothstep(0.22, 0.5, fine));
}

// Shade of the hatch at a place: 1 plain, lower on a line. Attested is plain, restored level lines,
// rebuilt slanting lines, conjecture slanting lines both ways.
fn hatch(kind: u32, place: vec3<f32>, far_m: f32) -> f32 {
    // The spacing doubles with distance, so that lines neither crowd nor vanish.
    let spacing = exp2(floor(log2(max(far_m, 1.0) * 0.035)));
    let p = place / spacing;
    let slant = p.x + p.y + p.z;
    let other = p.x - p.y - p.z;
    // All three are drawn before one is chosen: derivatives want uniform control flow.
    let across = band(p.y * 1.6 + 0.25, 0.62);
    let rising = band(slant, 0.66);
    let both = max(band(slant, 0.74), band(other, 0.74));
    switch kind {
        case 2u: { return 1.0 - 0.45 * across; }
        case 3u: { return 1.0 - 0.45 * rising; }
        case 4u: { return 1.0 - 0.3 * both; }
        default: { return 1.0; }
    }
}

// A surface recoloured by its class; `shade` is its light without its own colour, 0 to about 1. Conjecture, most of any
// scene, is grey paper with lines of its colour; what is known stands out from it.
fn shown_as(kind: u32, shade: f32, place: vec3<f32>, far_m: f32) -> vec3<f32> {
    let own = class_colour(kind);
    let drawn = hatch(kind, place, far_m);
    let lit = 0.28 + 1.05 * shade;
    if (kind == 4u) {
        let line = (1.0 - drawn) / 0.3;
        return mix(mix(vec3(0.32), own, 0.28), own * 0.8, line) * lit;
    }
    return own * drawn * lit;
}
