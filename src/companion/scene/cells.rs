//! Cells: a large mesh in pieces by place, so that what is out of view is not drawn and a line of sight asks few triangles.

use bevy::asset::RenderAssetUsages;
use bevy::mesh::{Indices, VertexAttributeValues};
use bevy::prelude::*;

/// A mesh with fewer triangles, or smaller across, stays whole: one more draw would cost more than it saves.
const WHOLE_TRIANGLES: usize = 1_400;
const WHOLE_M: f32 = 60.0;
/// Triangles that a piece should have, more or less.
const PIECE_TRIANGLES: usize = 1_600;
/// Pieces along one side at most.
const MOST_ALONG: usize = 3;

/// The pieces of `mesh` on a grid over its plan; `None` where it stays whole or holds what is not read here.
pub(super) fn pieces(mesh: &Mesh) -> Option<Vec<Mesh>> {
    let Some(VertexAttributeValues::Float32x3(places)) = mesh.try_attribute_option(Mesh::ATTRIBUTE_POSITION).ok()?
    else {
        return None;
    };
    let indices: Vec<usize> = mesh.try_indices().ok()?.iter().collect();
    let grid = Grid::over(places, indices.len() / 3)?;
    let mut cells: Vec<Vec<usize>> = vec![Vec::new(); grid.across * grid.along];
    for corners in indices.chunks_exact(3) {
        let places: Option<Vec<Vec3>> = corners.iter().map(|index| Some(Vec3::from(*places.get(*index)?))).collect();
        let middle = places?.into_iter().sum::<Vec3>() / 3.0;
        cells.get_mut(grid.cell(middle))?.extend_from_slice(corners);
    }
    cells.iter().filter(|cell| !cell.is_empty()).map(|cell| piece(mesh, cell)).collect()
}

/// Equal oblongs over a plan.
struct Grid {
    low: Vec2,
    size: Vec2,
    across: usize,
    along: usize,
}

impl Grid {
    fn over(places: &[[f32; 3]], triangles: usize) -> Option<Self> {
        let plan = || places.iter().map(|[x, _, z]| Vec2::new(*x, *z));
        let (low, high) = (plan().reduce(Vec2::min)?, plan().reduce(Vec2::max)?);
        let size = high - low;
        if triangles < WHOLE_TRIANGLES || size.max_element() < WHOLE_M || !size.is_finite() {
            return None;
        }
        let wanted = (triangles / PIECE_TRIANGLES).max(2) as f32;
        let count = |own: f32, other: f32| {
            let along = (wanted * own / other.max(0.01)).sqrt().round();
            (along as usize).clamp(1, MOST_ALONG)
        };
        let (across, along) = (count(size.x, size.y), count(size.y, size.x));
        (across * along > 1).then_some(Self { low, size: size.max(Vec2::splat(0.01)), across, along })
    }

    fn cell(&self, at: Vec3) -> usize {
        let share = (at.xz() - self.low) / self.size * Vec2::new(self.across as f32, self.along as f32);
        let within = |share: f32, count: usize| (share.max(0.0) as usize).min(count - 1);
        within(share.y, self.along) * self.across + within(share.x, self.across)
    }
}

/// The triangles of `corners` alone, with the vertices that they use.
fn piece(mesh: &Mesh, corners: &[usize]) -> Option<Mesh> {
    let mut used: Vec<usize> = Vec::new();
    let mut place_of = vec![u32::MAX; mesh.count_vertices()];
    let mut indices = Vec::with_capacity(corners.len());
    for corner in corners {
        let place = place_of.get_mut(*corner)?;
        if *place == u32::MAX {
            *place = used.len() as u32;
            used.push(*corner);
        }
        indices.push(*place);
    }
    let mut piece = Mesh::new(mesh.primitive_topology(), RenderAssetUsages::default());
    for (attribute, values) in mesh.try_attributes().ok()? {
        piece.insert_attribute(*attribute, picked(values, &used)?);
    }
    let indices = match u16::try_from(used.len()) {
        Ok(_) => Indices::U16(indices.into_iter().map(|index| index as u16).collect()),
        Err(_) => Indices::U32(indices),
    };
    Some(piece.with_inserted_indices(indices))
}

/// The values of these vertices, for the kinds that the site's models have.
fn picked(values: &VertexAttributeValues, used: &[usize]) -> Option<VertexAttributeValues> {
    fn pick<T: Copy>(values: &[T], used: &[usize]) -> Option<Vec<T>> {
        used.iter().map(|index| values.get(*index).copied()).collect()
    }
    Some(match values {
        VertexAttributeValues::Float32x2(values) => VertexAttributeValues::Float32x2(pick(values, used)?),
        VertexAttributeValues::Float32x3(values) => VertexAttributeValues::Float32x3(pick(values, used)?),
        VertexAttributeValues::Float32x4(values) => VertexAttributeValues::Float32x4(pick(values, used)?),
        VertexAttributeValues::Unorm8x4(values) => VertexAttributeValues::Unorm8x4(pick(values, used)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground(subdivisions: u32, size_m: f32) -> Mesh {
        Plane3d::new(Vec3::Y, Vec2::splat(size_m / 2.0)).mesh().subdivisions(subdivisions).build()
    }

    fn triangles(mesh: &Mesh) -> usize {
        mesh.indices().map_or(0, Indices::len) / 3
    }

    #[test]
    fn a_large_mesh_falls_into_pieces_that_hold_every_triangle_once() {
        let whole = ground(63, 400.0);
        let pieces = pieces(&whole).expect("it is large");
        assert!((4..=9).contains(&pieces.len()), "{}", pieces.len());
        assert_eq!(pieces.iter().map(triangles).sum::<usize>(), triangles(&whole));
        for piece in &pieces {
            let places = piece.attribute(Mesh::ATTRIBUTE_POSITION).and_then(VertexAttributeValues::as_float3);
            let east = places.expect("places").iter().map(|at| at[0]);
            let wide_m = east.clone().fold(f32::MIN, f32::max) - east.fold(f32::MAX, f32::min);
            assert!(wide_m < 240.0, "{wide_m}");
            assert_eq!(
                piece.attribute(Mesh::ATTRIBUTE_NORMAL).map(VertexAttributeValues::len),
                Some(piece.count_vertices())
            );
        }
    }

    #[test]
    fn a_small_or_simple_mesh_stays_whole() {
        assert!(pieces(&ground(63, 20.0)).is_none());
        assert!(pieces(&ground(4, 400.0)).is_none());
    }

    #[test]
    fn a_mesh_that_cannot_be_read_stays_whole() {
        let bare = Mesh::new(bevy::mesh::PrimitiveTopology::TriangleList, RenderAssetUsages::default());
        assert!(pieces(&bare).is_none());
        let broken = ground(63, 400.0).with_inserted_indices(Indices::U32(vec![9_999_999; 6_000]));
        assert!(pieces(&broken).is_none());
    }
}
