//! Shapes: the meshes as they lie on the graphics card, many in one buffer.
//!
//! WebGL2 sets every vertex attribute anew when the buffer changes, and knows no first vertex to count from. So meshes
//! share large blocks, their indices count from the block's start, and going from one to the next costs nothing.

use crate::platform::gl::{Attribute, Buffer, Component, Gl, Holding, Vertices};
use bevy::asset::RenderAssetUsages;
use bevy::math::Vec3A;
use bevy::mesh::VertexAttributeValues as Values;
use bevy::platform::collections::HashMap;
use bevy::prelude::*;
use std::ops::Range;

/// Bytes of a vertex: position 3 × f32, normal 4 × i16, place on the texture 2 × f32, colour 4 × u16.
const STRIDE: usize = 36;
/// Colours are halved on the way, so that straw may be brighter than its ground; the shader doubles them.
const MOST_COLOUR: f32 = 2.0;
/// Vertices and indices of a block; a larger mesh has one of its own.
const BLOCK_VERTICES: u32 = 1 << 16;
const BLOCK_INDICES: u32 = 3 << 16;

/// How a vertex lies in its buffer.
const LAYOUT: [Attribute; 4] = [
    Attribute { location: 0, components: 3, kind: Component::Float, offset: 0 },
    Attribute { location: 1, components: 4, kind: Component::Signed, offset: 12 },
    Attribute { location: 2, components: 2, kind: Component::Float, offset: 20 },
    Attribute { location: 3, components: 4, kind: Component::Unsigned, offset: 28 },
];

/// One mesh on the graphics card.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// In which block.
    pub block: u32,
    /// Which of the block's indices.
    pub indices: Range<u32>,
    vertices: Range<u32>,
    /// Middle and half size of its box.
    pub middle: Vec3A,
    pub half: Vec3A,
    /// It has places on a texture.
    pub uvs: bool,
}

/// A stretch of numbers of which parts are taken.
#[derive(Debug)]
struct Room(Vec<Range<u32>>);

impl Room {
    fn of(size: u32) -> Self {
        Self(std::iter::once(0..size).collect())
    }

    fn take(&mut self, count: u32) -> Option<Range<u32>> {
        let at = self.0.iter().position(|free| free.end - free.start >= count)?;
        let free = self.0.get_mut(at)?;
        let taken = free.start..free.start + count;
        free.start = taken.end;
        self.0.retain(|free| !free.is_empty());
        Some(taken)
    }

    fn give_back(&mut self, taken: Range<u32>) {
        let at = self.0.partition_point(|free| free.start < taken.start);
        self.0.insert(at, taken);
        self.0.dedup_by(|after, before| {
            let touch = before.end == after.start;
            if touch {
                before.end = after.end;
            }
            touch
        });
        self.0.retain(|free| !free.is_empty());
    }
}

/// A pair of buffers.
pub(super) struct Block {
    vertices: Buffer,
    indices: Buffer,
    pub bound: Vertices,
    vertex_room: Room,
    index_room: Room,
}

/// All meshes that can be drawn.
#[derive(Default)]
pub(super) struct Shapes {
    pub blocks: Vec<Block>,
    of: HashMap<AssetId<Mesh>, Shape>,
}

/// A mesh as bytes.
#[derive(Debug, PartialEq)]
struct Packed {
    vertices: Vec<u8>,
    indices: Vec<u32>,
    low: Vec3A,
    high: Vec3A,
    uvs: bool,
}

impl Shapes {
    pub(super) fn get(&self, mesh: AssetId<Mesh>) -> Option<&Shape> {
        self.of.get(&mesh)
    }

    /// Takes in a mesh that is new or has changed; one that holds nothing to draw is left out.
    pub(super) fn put(&mut self, gl: &Gl, id: AssetId<Mesh>, mesh: &Mesh) {
        self.drop(id);
        let Some(packed) = pack(mesh) else { return };
        let (vertices, indices) = ((packed.vertices.len() / STRIDE) as u32, packed.indices.len() as u32);
        let Some((block, vertices, indices)) = self.room(gl, vertices, indices) else { return };
        let numbers: Vec<u32> = packed.indices.iter().map(|index| index + vertices.start).collect();
        if let Some(to) = self.blocks.get(block as usize) {
            gl.write(&to.vertices, vertices.start as usize * STRIDE, &packed.vertices);
            gl.write(&to.indices, indices.start as usize * 4, bytemuck::cast_slice(&numbers));
        }
        let (middle, half) = ((packed.low + packed.high) / 2.0, (packed.high - packed.low) / 2.0);
        self.of.insert(id, Shape { block, indices, vertices, middle, half, uvs: packed.uvs });
    }

    /// Forgets a mesh.
    pub(super) fn drop(&mut self, id: AssetId<Mesh>) {
        if let Some(shape) = self.of.remove(&id)
            && let Some(block) = self.blocks.get_mut(shape.block as usize)
        {
            block.vertex_room.give_back(shape.vertices);
            block.index_room.give_back(shape.indices);
        }
    }

    fn room(&mut self, gl: &Gl, vertices: u32, indices: u32) -> Option<(u32, Range<u32>, Range<u32>)> {
        for (number, block) in self.blocks.iter_mut().enumerate() {
            let Some(of_vertices) = block.vertex_room.take(vertices) else { continue };
            if let Some(of_indices) = block.index_room.take(indices) {
                return Some((number as u32, of_vertices, of_indices));
            }
            block.vertex_room.give_back(of_vertices);
        }
        let (most_vertices, most_indices) = (vertices.max(BLOCK_VERTICES), indices.max(BLOCK_INDICES));
        let of_vertices = gl.buffer(Holding::Vertices, most_vertices as usize * STRIDE)?;
        let of_indices = gl.buffer(Holding::Indices, most_indices as usize * 4)?;
        let bound = gl.vertices(&of_vertices, &of_indices, STRIDE, &LAYOUT)?;
        self.blocks.push(Block {
            vertices: of_vertices,
            indices: of_indices,
            bound,
            vertex_room: Room::of(most_vertices),
            index_room: Room::of(most_indices),
        });
        let block = self.blocks.last_mut()?;
        let taken = (block.vertex_room.take(vertices)?, block.index_room.take(indices)?);
        Some((self.blocks.len() as u32 - 1, taken.0, taken.1))
    }
}

/// Whether a mesh is wanted on the graphics card alone.
pub(super) fn is_for_the_card_alone(mesh: &Mesh) -> bool {
    mesh.asset_usage == RenderAssetUsages::RENDER_WORLD
}

fn pack(mesh: &Mesh) -> Option<Packed> {
    let places = mesh.try_attribute_option(Mesh::ATTRIBUTE_POSITION).ok()??.as_float3()?;
    let normals = mesh.try_attribute_option(Mesh::ATTRIBUTE_NORMAL).ok()?.and_then(Values::as_float3);
    let uvs = match mesh.try_attribute_option(Mesh::ATTRIBUTE_UV_0).ok()? {
        Some(Values::Float32x2(uvs)) => Some(uvs.as_slice()),
        _ => None,
    };
    let colours = mesh.try_attribute_option(Mesh::ATTRIBUTE_COLOR).ok()?;
    let mut vertices = Vec::with_capacity(places.len() * STRIDE);
    let (mut low, mut high) = (Vec3A::MAX, Vec3A::MIN);
    for (index, place) in places.iter().enumerate() {
        (low, high) = (low.min(Vec3A::from(*place)), high.max(Vec3A::from(*place)));
        let [x, y, z] = normals.and_then(|normals| normals.get(index)).copied().unwrap_or([0.0, 1.0, 0.0]);
        let normal = [x, y, z, 0.0].map(|part| (part.clamp(-1.0, 1.0) * 32_767.0) as i16);
        let uv = uvs.and_then(|uvs| uvs.get(index)).copied().unwrap_or_default();
        let colour =
            colour_at(colours, index).map(|part| (part.clamp(0.0, MOST_COLOUR) / MOST_COLOUR * 65_535.0) as u16);
        vertices.extend_from_slice(bytemuck::bytes_of(place));
        vertices.extend_from_slice(bytemuck::bytes_of(&normal));
        vertices.extend_from_slice(bytemuck::bytes_of(&uv));
        vertices.extend_from_slice(bytemuck::bytes_of(&colour));
    }
    let count = places.len() as u32;
    let indices: Vec<u32> = match mesh.try_indices_option().ok()? {
        Some(indices) => indices.iter().map(|index| index as u32).collect(),
        None => (0..count).collect(),
    };
    let drawable = !indices.is_empty() && indices.iter().all(|index| *index < count);
    drawable.then_some(Packed { vertices, indices, low, high, uvs: uvs.is_some() })
}

/// The colour of a vertex: baked light, and in the alpha the share of rock. Without one, full light and no rock.
fn colour_at(colours: Option<&Values>, index: usize) -> [f32; 4] {
    let found = match colours {
        Some(Values::Float32x4(values)) => values.get(index).copied(),
        Some(Values::Unorm8x4(values)) => values.get(index).map(|value| value.map(|part| f32::from(part) / 255.0)),
        Some(Values::Unorm16x4(values)) => values.get(index).map(|value| value.map(|part| f32::from(part) / 65_535.0)),
        _ => None,
    };
    found.unwrap_or([1.0, 1.0, 1.0, 0.0])
}

#[cfg(test)]
impl Shape {
    /// A box around the origin.
    pub(super) fn for_tests(half: Vec3A) -> Self {
        Self { block: 0, indices: 0..36, vertices: 0..8, middle: Vec3A::ZERO, half, uvs: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::mesh::{Indices, PrimitiveTopology};

    #[test]
    fn what_is_given_back_can_be_taken_again_in_one_piece() {
        let mut room = Room::of(100);
        let taken: Vec<Range<u32>> =
            [40, 30, 30].into_iter().map(|count| room.take(count).expect("there is room")).collect();
        assert_eq!(taken, [0..40, 40..70, 70..100]);
        assert_eq!(room.take(1), None);
        room.give_back(40..70);
        room.give_back(0..40);
        assert_eq!(room.take(71), None);
        assert_eq!(room.take(70), Some(0..70));
    }

    #[test]
    fn a_vertex_keeps_place_normal_colour_and_box() {
        let mesh = Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default())
            .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, vec![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, -9.0]])
            .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, vec![[0.0, -1.0, 0.0]; 3])
            .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, Values::Float32x4(vec![[1.15, 1.0, 0.5, 0.25]; 3]))
            .with_inserted_indices(Indices::U16(vec![2, 1, 0]));
        let packed = pack(&mesh).expect("it can be drawn");
        assert_eq!(packed.vertices.len(), 3 * STRIDE);
        assert_eq!(packed.indices, [2, 1, 0]);
        assert_eq!((packed.low, packed.high), (Vec3A::new(1.0, 2.0, -9.0), Vec3A::new(7.0, 8.0, 6.0)));
        assert!(!packed.uvs);
        let at = |from: usize, count: usize| packed.vertices[from..from + count].to_vec();
        assert_eq!(at(0, 4), 1.0_f32.to_le_bytes());
        assert_eq!(at(14, 2), (-32_767_i16).to_le_bytes());
        let red = u16::from_le_bytes([packed.vertices[28], packed.vertices[29]]);
        assert!(
            (f32::from(red) / 65_535.0 * MOST_COLOUR - 1.15).abs() < 1e-3,
            "straw is brighter than its ground: {red}"
        );
    }

    #[test]
    fn what_cannot_be_drawn_is_left_out() {
        let bare = || Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::default());
        assert_eq!(pack(&bare()), None);
        let one = bare().with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, vec![[0.0; 3]]);
        assert_eq!(
            pack(&one.with_inserted_indices(Indices::U32(vec![0, 0, 7]))),
            None,
            "an index beyond the last vertex"
        );
    }
}
