//! Mips: the smaller sizes of a texture, without which distant stone shimmers; the engine makes none for WebP.

use bevy::asset::RenderAssetUsages;
use bevy::prelude::*;
use wgpu::TextureFormat;

/// The image with all its smaller sizes, each the mean of four texels of the one before.
///
/// Colours are averaged as light, not as code values, so that fine contrast does not darken with distance. An image
/// that is not eight-bit RGBA of a power of two is returned as it is.
pub(super) fn with_mips(mut image: Image, is_colour: bool) -> Image {
    image.asset_usage = RenderAssetUsages::RENDER_WORLD;
    let (width, height) = (image.width() as usize, image.height() as usize);
    let format = image.texture_descriptor.format;
    let eight_bit = matches!(format, TextureFormat::Rgba8Unorm | TextureFormat::Rgba8UnormSrgb);
    if !eight_bit || !width.is_power_of_two() || !height.is_power_of_two() {
        return image;
    }
    let Some(data) = image.data.as_mut() else {
        return image;
    };
    let light = light_table(is_colour);
    let (mut from, mut size) = (0, (width, height));
    let mut count = 1;
    while size.0 > 1 || size.1 > 1 {
        let next = ((size.0 / 2).max(1), (size.1 / 2).max(1));
        let smaller = halved(data.get(from..).unwrap_or_default(), size, next, &light, is_colour);
        from = data.len();
        data.extend_from_slice(&smaller);
        size = next;
        count += 1;
    }
    image.texture_descriptor.mip_level_count = count;
    image
}

/// Light of each code value, 0–1.
fn light_table(is_colour: bool) -> [f32; 256] {
    std::array::from_fn(|code| {
        let value = code as f32 / 255.0;
        if is_colour { value * value * (0.7 + 0.3 * value) } else { value }
    })
}

fn halved(data: &[u8], size: (usize, usize), next: (usize, usize), light: &[f32; 256], is_colour: bool) -> Vec<u8> {
    let mut smaller = Vec::with_capacity(next.0 * next.1 * 4);
    let at = |x: usize, y: usize, channel: usize| {
        let index = (y.min(size.1 - 1) * size.0 + x.min(size.0 - 1)) * 4 + channel;
        data.get(index).copied().unwrap_or_default()
    };
    for y in 0..next.1 {
        for x in 0..next.0 {
            for channel in 0..4 {
                let linear = channel == 3 || !is_colour;
                let corners = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| at(2 * x + dx, 2 * y + dy, channel));
                smaller.push(if linear {
                    (corners.iter().map(|code| u32::from(*code)).sum::<u32>() / 4) as u8
                } else {
                    let mean = corners.iter().map(|code| light[usize::from(*code)]).sum::<f32>() / 4.0;
                    light.partition_point(|value| *value < mean).min(255) as u8
                });
            }
        }
    }
    smaller
}

#[cfg(test)]
mod tests {
    use super::*;
    use wgpu::{Extent3d, TextureDimension};

    fn image(size: u32, texels: &[[u8; 4]]) -> Image {
        let data: Vec<u8> = (0..size * size).flat_map(|index| texels[index as usize % texels.len()]).collect();
        let extent = Extent3d { width: size, height: size, depth_or_array_layers: 1 };
        Image::new(extent, TextureDimension::D2, data, TextureFormat::Rgba8UnormSrgb, RenderAssetUsages::default())
    }

    #[test]
    fn every_size_down_to_one_texel_is_there() {
        let mipped = with_mips(image(8, &[[10, 20, 30, 255]]), true);
        assert_eq!(mipped.texture_descriptor.mip_level_count, 4);
        assert_eq!(mipped.data.map(|data| data.len()), Some((64 + 16 + 4 + 1) * 4));
    }

    #[test]
    fn an_even_colour_stays_what_it_is() {
        let mipped = with_mips(image(4, &[[90, 120, 200, 255]]), true);
        let data = mipped.data.unwrap_or_default();
        for texel in data.chunks(4) {
            assert!(texel.iter().zip([90, 120, 200, 255]).all(|(is, was)| is.abs_diff(was) <= 1), "{texel:?}");
        }
    }

    #[test]
    fn black_and_white_average_as_light() {
        let data = with_mips(image(2, &[[0, 0, 0, 255], [255, 255, 255, 255]]), true).data.unwrap_or_default();
        assert!(data[16] > 170, "half the light is a bright grey, not {}", data[16]);
    }

    #[test]
    fn an_odd_size_is_left_alone() {
        let odd = with_mips(image(3, &[[1, 2, 3, 4]]), true);
        assert_eq!(odd.texture_descriptor.mip_level_count, 1);
    }
}
