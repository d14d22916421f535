//! Run: a straight mesh of many links, each a quarter turn from the last and a little askew, as forged links lie.

use bevy::asset::RenderAssetUsages;
use bevy::mesh::{Indices, PrimitiveTopology};
use bevy::prelude::*;
use heritage::packed::Part;

/// One link's geometry, its long axis along x, centred on the origin.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Link {
    pub positions: Vec<Vec3>,
    pub normals: Vec<Vec3>,
    pub uvs: Vec<Vec2>,
    pub shades: Vec<[f32; 4]>,
    pub indices: Vec<u32>,
}

impl Link {
    /// The link of a model.
    pub(super) fn of(part: &Part) -> Self {
        Self {
            positions: part.positions.iter().map(|at| Vec3::from(*at)).collect(),
            normals: part.normals.iter().map(|normal| Vec3::from(*normal)).collect(),
            uvs: part.uvs.iter().map(|uv| Vec2::from(*uv)).collect(),
            shades: part.colours.iter().map(|colour| colour.map(|channel| f32::from(channel) / 255.0)).collect(),
            indices: part.indices.clone(),
        }
    }

    /// A plain link of round bar: two straight sides joined by half circles, `around` points along its ring and
    /// `sides` around its bar.
    pub(super) fn plain(pitch_m: f32, bar_m: f32, around: u32, sides: u32) -> Self {
        let (half_straight, turn) = (pitch_m / 2.0 - bar_m * 0.9, bar_m * 1.4);
        let mut link = Self::default();
        for ring in 0..around {
            let angle = std::f32::consts::TAU * (ring as f32 + 0.5) / around as f32;
            let out = Vec3::new(angle.cos(), angle.sin(), 0.0);
            let centre = Vec3::X * half_straight * out.x.signum() + out * turn;
            for side in 0..sides {
                let angle = std::f32::consts::TAU * side as f32 / sides as f32;
                let normal = out * angle.cos() + Vec3::Z * angle.sin();
                link.positions.push(centre + normal * bar_m / 2.0);
                link.normals.push(normal);
                link.uvs.push(Vec2::new(ring as f32 / around as f32 * 0.4, side as f32 / sides as f32 * 0.08));
                link.shades.push([1.0; 4]);
                let at = |ring: u32, side: u32| (ring % around) * sides + side % sides;
                let (a, b, c, d) = (at(ring, side), at(ring + 1, side), at(ring + 1, side + 1), at(ring, side + 1));
                link.indices.extend([a, b, c, a, c, d]);
            }
        }
        link
    }

    /// A plain rod of three sides: what a row of links comes to where they cannot be told apart.
    pub(super) fn rod(long_m: f32, bar_m: f32) -> Self {
        let mut rod = Self::default();
        for side in 0..3u32 {
            let angle = std::f32::consts::TAU * side as f32 / 3.0;
            let out = Vec3::new(0.0, angle.sin(), angle.cos());
            for end in [-0.5, 0.5] {
                rod.positions.push(Vec3::X * end * long_m + out * bar_m * 1.1);
                rod.normals.push(out);
                rod.uvs.push(Vec2::new(end * 40.0, side as f32 * 0.03));
                rod.shades.push([0.8, 0.8, 0.8, 1.0]);
            }
            let (a, c) = (side * 2, (side + 1) % 3 * 2);
            rod.indices.extend([a, a + 1, c, c, a + 1, c + 1]);
        }
        rod
    }

    /// A link seen from further off: one flat strip, as dark as its two bars together, tilted as those are.
    pub(super) fn ribbon(pitch_m: f32, bar_m: f32) -> Self {
        let half = Vec3::X * (pitch_m / 2.0 + bar_m * 0.4);
        let wide = Vec3::new(0.0, 0.7, 0.7) * bar_m * 1.2;
        Self {
            positions: vec![-half - wide, half - wide, half + wide, -half + wide],
            normals: vec![
                Vec3::new(0.0, -0.7, 0.7),
                Vec3::new(0.0, -0.7, 0.7),
                Vec3::new(0.0, 0.7, 0.7),
                Vec3::new(0.0, 0.7, 0.7),
            ],
            uvs: vec![Vec2::ZERO, Vec2::new(0.2, 0.0), Vec2::new(0.2, 0.03), Vec2::new(0.0, 0.03)],
            shades: vec![[0.8, 0.8, 0.8, 1.0]; 4],
            indices: vec![0, 1, 2, 0, 2, 3],
        }
    }

    /// A link seen from afar: its two bars as strips, tilted so that neither side nor top view loses them.
    pub(super) fn strips(pitch_m: f32, bar_m: f32) -> Self {
        let mut link = Self::default();
        let half = Vec3::X * (pitch_m / 2.0 + bar_m * 0.4);
        for side in [-1.0, 1.0] {
            let centre = Vec3::Y * side * bar_m * 1.4;
            let wide = Vec3::new(0.0, 0.7, 0.7) * bar_m * 0.62;
            let first = link.positions.len() as u32;
            let corners = [centre - half - wide, centre + half - wide, centre + half + wide, centre - half + wide];
            link.positions.extend(corners);
            link.normals.extend([
                Vec3::new(0.0, -0.7, 0.7),
                Vec3::new(0.0, -0.7, 0.7),
                Vec3::new(0.0, 0.7, 0.7),
                Vec3::new(0.0, 0.7, 0.7),
            ]);
            link.uvs.extend([Vec2::ZERO, Vec2::new(0.2, 0.0), Vec2::new(0.2, 0.03), Vec2::new(0.0, 0.03)]);
            link.shades.extend([[0.82, 0.82, 0.82, 1.0]; 4]);
            link.indices.extend([0, 1, 2, 0, 2, 3].map(|corner| first + corner));
        }
        link
    }
}

/// `count` links in a row from the origin along +x.
pub(super) fn run(link: &Link, count: usize, pitch_m: f32) -> Mesh {
    let mut all = Link::default();
    for index in 0..count {
        let askew = |salt: u32| noise(index as u32 * 7 + salt) - 0.5;
        let turned = if index % 2 == 0 { 0.0 } else { std::f32::consts::FRAC_PI_2 };
        let place = Transform::from_xyz((index as f32 + 0.5) * pitch_m, askew(1) * 0.004, askew(2) * 0.004)
            .with_rotation(Quat::from_rotation_z(askew(3) * 0.05) * Quat::from_rotation_x(turned + askew(4) * 0.30));
        let first = all.positions.len() as u32;
        all.positions.extend(link.positions.iter().map(|at| place.transform_point(*at)));
        all.normals.extend(link.normals.iter().map(|normal| place.rotation * *normal));
        // Each link shows another piece of the iron's texture.
        let piece = Vec2::new(noise(index as u32 * 3 + 11), noise(index as u32 * 5 + 13));
        all.uvs.extend(link.uvs.iter().map(|uv| *uv + piece));
        let worn = 0.82 + 0.3 * noise(index as u32 * 11 + 17);
        all.shades.extend(link.shades.iter().map(|[r, g, b, a]| [r * worn, g * worn, b * worn, *a]));
        all.indices.extend(link.indices.iter().map(|index| first + index));
    }
    let indices = match u16::try_from(all.positions.len()) {
        Ok(_) => Indices::U16(all.indices.iter().map(|index| *index as u16).collect()),
        Err(_) => Indices::U32(all.indices),
    };
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, all.positions)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, all.normals)
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, all.uvs)
        .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, all.shades)
        .with_inserted_indices(indices)
}

/// A fixed number from 0 to 1 for each seed, the same on every machine.
fn noise(seed: u32) -> f32 {
    let mut bits = seed.wrapping_mul(0x9e37_79b9) ^ 0x7f4a_7c15;
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
    ((bits ^ (bits >> 16)) >> 8) as f32 / (1 << 24) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::mesh::VertexAttributeValues;

    #[test]
    fn a_run_has_every_link_and_is_made_the_same_each_time() {
        let link = Link::plain(0.137, 0.025, 6, 4);
        let mesh = run(&link, 24, 0.137);
        assert_eq!(mesh.count_vertices(), link.positions.len() * 24);
        assert_eq!(
            mesh.attribute(Mesh::ATTRIBUTE_POSITION).map(VertexAttributeValues::get_bytes),
            run(&link, 24, 0.137).attribute(Mesh::ATTRIBUTE_POSITION).map(VertexAttributeValues::get_bytes)
        );
    }

    #[test]
    fn neighbouring_links_reach_into_one_another() {
        let link = Link::plain(0.137, 0.025, 12, 4);
        let longest = link.positions.iter().map(|at| at.x).fold(0.0, f32::max) * 2.0;
        assert!(longest > 0.137 + 0.02 && longest < 0.137 + 0.06, "{longest}");
    }
}
