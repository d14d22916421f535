// Code: from light to the code values of the canvas, sRGB (IEC 61966-2-1).

fn coded(light: vec3<f32>) -> vec3<f32> {
    let dark = light * 12.92;
    let bright = 1.055 * pow(max(light, vec3(0.0)), vec3(1.0 / 2.4)) - 0.055;
    return select(bright, dark, light <= vec3(0.0031308));
}
