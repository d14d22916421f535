//! Ink: the sheets over the scene as they lie on the graphics card.

use crate::ink::Sheets;
use crate::platform::gl::{Attribute, Buffer, Component, Gl, Holding, Program, Vertices};
use bevy::prelude::*;

/// A vertex: place in clip space, linear colour with opacity.
type Vertex = [f32; 6];
const STRIDE: usize = size_of::<Vertex>();
const LAYOUT: [Attribute; 2] = [
    Attribute { location: 0, components: 2, kind: Component::Float, offset: 0 },
    Attribute { location: 1, components: 4, kind: Component::Float, offset: 8 },
];

/// The sheets as they were laid last.
#[derive(Default)]
pub(super) struct Inked {
    of: Option<(Sheets, Vec2)>,
    on_card: Option<(Buffer, Buffer, Vertices)>,
    indices: u32,
}

impl Inked {
    /// Lays the sheets for a canvas of this size, CSS pixels, if they are not as they were.
    pub(super) fn lay(&mut self, gl: &Gl, sheets: &Sheets, size_px: Vec2) {
        if self.of.as_ref().is_some_and(|(laid, of_px)| laid == sheets && *of_px == size_px) {
            return;
        }
        let (vertices, indices) = spread(sheets, size_px);
        self.indices = indices.len() as u32;
        self.of = Some((sheets.clone(), size_px));
        let (vertices, indices): (&[u8], &[u8]) = (bytemuck::cast_slice(&vertices), bytemuck::cast_slice(&indices));
        let fits = |(v, i, _): &(Buffer, Buffer, Vertices)| v.size >= vertices.len() && i.size >= indices.len();
        if !self.on_card.as_ref().is_some_and(fits) {
            if let Some((vertices, indices, bound)) = self.on_card.take() {
                gl.drop_vertices(&bound);
                gl.drop_buffer(&vertices);
                gl.drop_buffer(&indices);
            }
            let room = |bytes: usize| bytes.next_power_of_two().max(STRIDE * 256);
            let made = gl.buffer(Holding::Vertices, room(vertices.len()));
            let made = made.zip(gl.buffer(Holding::Indices, room(indices.len())));
            self.on_card = made.and_then(|(vertices, indices)| {
                let bound = gl.vertices(&vertices, &indices, STRIDE, &LAYOUT)?;
                Some((vertices, indices, bound))
            });
        }
        if let Some((to_vertices, to_indices, _)) = &self.on_card {
            gl.write(to_vertices, 0, vertices);
            gl.write(to_indices, 0, indices);
        }
    }

    pub(super) fn triangles(&self) -> u32 {
        self.indices / 3
    }

    pub(super) fn draw(&self, gl: &Gl, program: &Program) {
        let Some((_, _, bound)) = self.on_card.as_ref().filter(|_| self.indices > 0) else { return };
        gl.take(bound);
        gl.draw(program, 0..self.indices, 0..1);
    }
}

/// Sheets and veil in clip space, each over the one before.
fn spread(sheets: &Sheets, size_px: Vec2) -> (Vec<Vertex>, Vec<u32>) {
    let clip = |at: Vec2, [r, g, b, a]: [f32; 4]| {
        let share = at / size_px.max(Vec2::ONE);
        [share.x * 2.0 - 1.0, 1.0 - share.y * 2.0, r, g, b, a]
    };
    let (mut vertices, mut indices) = (Vec::new(), Vec::new());
    for sheet in [&sheets.under, &sheets.over] {
        let first = vertices.len() as u32;
        vertices.extend(sheet.vertices().map(|(at, colour)| clip(at, colour)));
        indices.extend(sheet.indices().iter().map(|index| index + first));
    }
    if sheets.veil.w > 0.0 {
        let first = vertices.len() as u32;
        let [r, g, b, a] = sheets.veil.to_array();
        vertices.extend([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]].map(|[x, y]| [x, y, r, g, b, a]));
        indices.extend([0, 1, 2, 0, 2, 3].map(|index| index + first));
    }
    (vertices, indices)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{IRON, Wash};

    #[test]
    fn sheets_fall_where_they_were_laid_and_the_veil_over_all() {
        let mut sheets = Sheets::default();
        assert_eq!(spread(&sheets, Vec2::new(400.0, 200.0)).1, [0_u32; 0], "nothing laid is nothing drawn");
        sheets.over.disc(Vec2::new(300.0, 50.0), 10.0, Wash(IRON, 1.0));
        sheets.veil = Vec4::new(0.5, 0.5, 0.5, 0.25);
        let (vertices, indices) = spread(&sheets, Vec2::new(400.0, 200.0));
        assert!(vertices.iter().any(|[x, y, ..]| (x - 0.5).abs() < 0.06 && (y - 0.5).abs() < 0.12));
        assert_eq!(vertices.last().map(|vertex| vertex[5]), Some(0.25));
        assert!(indices.iter().all(|index| (*index as usize) < vertices.len()) && indices.len() % 3 == 0);
    }
}
