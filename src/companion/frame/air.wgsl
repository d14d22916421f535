// Air: the light that falls on things, the sky behind them, and what lies between them and the eye.
// One set of formulas for ground, water and sky, so that far things dissolve into the very sky behind them.

struct Air {
    // Towards the sun; w is unused.
    sun_direction: vec4<f32>,
    // Direct sunlight, linear.
    sun: vec4<f32>,
    // Sky overhead, linear.
    zenith: vec4<f32>,
    // Sky above the ridges, linear.
    horizon: vec4<f32>,
    // Light thrown up from the ground, linear.
    ground: vec4<f32>,
    // Mist in the valley, linear; w is its density per metre at its foot.
    mist: vec4<f32>,
    // x haze per metre, y height of the mist's foot in metres, z one over the height in which it thins, w exposure.
    haze: vec4<f32>,
    // x evidence lens 0 or 1, y detail 0 to 2, z cloud cover 0 to 1, w unused.
    show: vec4<f32>,
}

fn hash21(p: vec2<f32>) -> f32 {
    var q = fract(vec3<f32>(p.xyx) * 0.1031);
    q += dot(q, q.yzx + 33.33);
    return fract((q.x + q.y) * q.z);
}

fn value_noise(p: vec2<f32>) -> f32 {
    let cell = floor(p);
    let f = fract(p);
    let u = f * f * (3.0 - 2.0 * f);
    let a = mix(hash21(cell), hash21(cell + vec2(1.0, 0.0)), u.x);
    let b = mix(hash21(cell + vec2(0.0, 1.0)), hash21(cell + vec2(1.0, 1.0)), u.x);
    return mix(a, b, u.y);
}

// Light scattered into a line of sight by the sun behind it.
fn glow(direction: vec3<f32>, air: Air) -> vec3<f32> {
    let toward = max(dot(direction, air.sun_direction.xyz), 0.0);
    let wide = toward * toward;
    let narrow = pow(toward, 24.0);
    return air.sun.rgb * (0.030 * wide + 0.08 * narrow);
}

// The sky in a direction, without clouds or the sun's disc.
fn sky(direction: vec3<f32>, air: Air) -> vec3<f32> {
    let up = max(direction.y, 0.0);
    let height = 1.0 - exp(-3.0 * up);
    let clear = mix(air.horizon.rgb, air.zenith.rgb, height);
    return clear + glow(direction, air) * mix(1.0, 0.45, height);
}

// What far slopes fade into: the air of a shaded valley, dimmer and bluer than the open sky behind the ridge, so that
// one ridge stands off against the next.
fn distance_air(direction: vec3<f32>, air: Air) -> vec3<f32> {
    return mix(air.horizon.rgb, air.zenith.rgb, 0.38) * 0.92 + glow(direction, air);
}

// What is left of `light` from `place` when it reaches `eye`, and what the air adds.
fn through(light: vec3<f32>, place: vec3<f32>, eye: vec3<f32>, air: Air) -> vec3<f32> {
    let line = place - eye;
    let far_m = length(line);
    let direction = line / max(far_m, 0.001);
    let fall = air.haze.z;
    let hazed = air.haze.x * far_m;
#if PLAIN
    // The mist's density half way stands for the whole line.
    let half_way = clamp(((eye.y + place.y) * 0.5 - air.haze.y) * fall, 0.0, 40.0);
    let misted = air.mist.w * exp(-half_way) * far_m;
    let kept = exp(-(hazed + misted));
    let behind = mix(distance_air(direction, air), air.mist.rgb, misted / max(misted + hazed, 0.0001));
    return mix(behind, light, kept);
#else
    let rise = clamp(line.y * fall, -40.0, 40.0);
    let foot = clamp((eye.y - air.haze.y) * fall, -2.0, 40.0);
    // The integral of exp(−(height − foot)·fall) along the line of sight.
    var share = 1.0;
    if (abs(rise) > 0.001) {
        share = (1.0 - exp(-rise)) / rise;
    }
    let misted = min(air.mist.w * exp(-foot) * clamp(share, 0.0, 1.0e6) * far_m, 12.0);
    let kept = exp(-(hazed * vec3(0.72, 1.0, 1.36) + vec3(misted)));
    let behind = mix(
        distance_air(direction, air),
        air.mist.rgb + glow(direction, air) * 0.8,
        misted / max(misted + hazed, 0.0001),
    );
    return light * kept + behind * (1.0 - kept);
#endif
}

// From scene light to the screen: exposure, a shoulder that holds bright sky, a toe that keeps shade readable.
fn film(light: vec3<f32>, air: Air) -> vec3<f32> {
    let x = max(light * air.haze.w, vec3(0.0));
    // Fit of the ACES curve by Krzysztof Narkowicz (2015).
    let curve = clamp((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14), vec3(0.0), vec3(1.0));
    let grey = dot(curve, vec3(0.2126, 0.7152, 0.0722));
    return mix(vec3(grey), curve, 0.92);
}
