//! Buffers: bytes on the graphics card, and how vertices lie in them.

use super::{Gl, Raw, bytes as count};
use web_sys::{WebGlBuffer, WebGlVertexArrayObject};

/// What a buffer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holding {
    Vertices,
    Indices,
    Uniforms,
}

/// Bytes on the graphics card.
pub(crate) struct Buffer {
    raw: WebGlBuffer,
    target: u32,
    /// Bytes.
    pub size: usize,
}

/// How one attribute lies in a vertex: its location, components, kind and byte offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute {
    pub location: u32,
    pub components: i32,
    pub kind: Component,
    pub offset: i32,
}

/// Kind of an attribute's components.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Component {
    Float,
    /// 16 bits for −1 to 1.
    Signed,
    /// 16 bits for 0 to 1.
    Unsigned,
}

/// Vertices with their indices, as they are drawn.
pub(crate) struct Vertices(pub(super) WebGlVertexArrayObject);

impl Gl {
    /// A buffer of so many bytes.
    pub(crate) fn buffer(&self, holding: Holding, size: usize) -> Option<Buffer> {
        let target = match holding {
            Holding::Vertices => Raw::ARRAY_BUFFER,
            Holding::Indices => Raw::ELEMENT_ARRAY_BUFFER,
            Holding::Uniforms => Raw::UNIFORM_BUFFER,
        };
        let raw = self.raw.create_buffer()?;
        self.hold(target, &raw);
        self.raw.buffer_data_with_i32(target, count(size), Raw::DYNAMIC_DRAW);
        Some(Buffer { raw, target, size })
    }

    /// Writes bytes into a buffer from an offset on.
    pub(crate) fn write(&self, to: &Buffer, offset: usize, bytes: &[u8]) {
        self.hold(to.target, &to.raw);
        self.raw.buffer_sub_data_with_i32_and_u8_array(to.target, count(offset), bytes);
    }

    fn hold(&self, target: u32, raw: &WebGlBuffer) {
        if target == Raw::ELEMENT_ARRAY_BUFFER {
            // Which indices are bound belongs to what is drawn, and that is not to change here.
            self.raw.bind_vertex_array(None);
        }
        self.raw.bind_buffer(target, Some(raw));
    }

    pub(crate) fn drop_buffer(&self, buffer: &Buffer) {
        self.raw.delete_buffer(Some(&buffer.raw));
    }

    /// Lets programs read a stretch of a buffer at a slot.
    pub(crate) fn bind(&self, slot: u32, buffer: &Buffer, offset: usize, size: usize) {
        let (offset, size) = (count(offset), count(size));
        self.raw.bind_buffer_range_with_i32_and_i32(Raw::UNIFORM_BUFFER, slot, Some(&buffer.raw), offset, size);
    }

    /// Vertices of this layout, `stride` bytes each.
    pub(crate) fn vertices(
        &self,
        vertices: &Buffer,
        indices: &Buffer,
        stride: usize,
        layout: &[Attribute],
    ) -> Option<Vertices> {
        let raw = self.raw.create_vertex_array()?;
        self.raw.bind_vertex_array(Some(&raw));
        self.raw.bind_buffer(Raw::ARRAY_BUFFER, Some(&vertices.raw));
        self.raw.bind_buffer(Raw::ELEMENT_ARRAY_BUFFER, Some(&indices.raw));
        for Attribute { location, components, kind, offset } in layout.iter().copied() {
            let (kind, normalised) = match kind {
                Component::Float => (Raw::FLOAT, false),
                Component::Signed => (Raw::SHORT, true),
                Component::Unsigned => (Raw::UNSIGNED_SHORT, true),
            };
            self.raw.enable_vertex_attrib_array(location);
            let stride = count(stride);
            self.raw.vertex_attrib_pointer_with_i32(location, components, kind, normalised, stride, offset);
        }
        self.raw.bind_vertex_array(None);
        Some(Vertices(raw))
    }

    pub(crate) fn drop_vertices(&self, vertices: &Vertices) {
        self.raw.delete_vertex_array(Some(&vertices.0));
    }
}
