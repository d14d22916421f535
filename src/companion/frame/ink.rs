//! Ink: the sheets over the scene, and the darkness before a headset's eyes, as they lie on the graphics card.

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

/// What ink is laid over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Over {
    /// The canvas, of this size in CSS pixels.
    Canvas(Vec2),
    /// A view of a headset, the middle of which falls there in clip space. Marks hang in the place itself.
    View(Vec2),
}

/// The narrowest that a headset's view becomes, and how soft its edge is, in clip space.
const NARROWEST: f32 = 0.45;
const NARROW_SOFT: f32 = 0.35;

/// The sheets as they were laid last.
#[derive(Default)]
pub(super) struct Inked {
    of: Option<(Sheets, Over)>,
    on_card: Option<(Buffer, Buffer, Vertices)>,
    indices: u32,
}

impl Inked {
    /// Lays the sheets, if they are not as they were.
    pub(super) fn lay(&mut self, gl: &Gl, sheets: &Sheets, over: Over) {
        if self.of.as_ref().is_some_and(|(laid, was_over)| laid == sheets && *was_over == over) {
            return;
        }
        let (vertices, indices) = spread(sheets, over);
        self.indices = indices.len() as u32;
        self.of = Some((sheets.clone(), over));
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

    /// Lets go of everything.
    pub(super) fn take_down(&mut self, gl: &Gl) {
        if let Some((vertices, indices, bound)) = self.on_card.take() {
            gl.drop_vertices(&bound);
            gl.drop_buffer(&vertices);
            gl.drop_buffer(&indices);
        }
        *self = Self::default();
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

/// Sheets, veil and darkness in clip space, each over the one before.
fn spread(sheets: &Sheets, over: Over) -> (Vec<Vertex>, Vec<u32>) {
    let (mut vertices, mut indices) = (Vec::new(), Vec::new());
    if let Over::Canvas(size_px) = over {
        let clip = |at: Vec2, [r, g, b, a]: [f32; 4]| {
            let share = at / size_px.max(Vec2::ONE);
            [share.x * 2.0 - 1.0, 1.0 - share.y * 2.0, r, g, b, a]
        };
        for sheet in [&sheets.under, &sheets.over] {
            let first = vertices.len() as u32;
            vertices.extend(sheet.vertices().map(|(at, colour)| clip(at, colour)));
            indices.extend(sheet.indices().iter().map(|index| index + first));
        }
    }
    let mut wash = |[r, g, b, a]: [f32; 4]| {
        if a > 0.0 {
            let first = vertices.len() as u32;
            vertices.extend([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]].map(|[x, y]| [x, y, r, g, b, a]));
            indices.extend([0, 1, 2, 0, 2, 3].map(|index| index + first));
        }
    };
    wash(sheets.veil.to_array());
    if let Over::View(middle) = over {
        wash([0.0, 0.0, 0.0, sheets.blind.dark]);
        narrow(sheets.blind.narrow, middle, &mut vertices, &mut indices);
    }
    (vertices, indices)
}

/// Darkness from the edge of the view inwards.
fn narrow(share: f32, middle: Vec2, vertices: &mut Vec<Vertex>, indices: &mut Vec<u32>) {
    if share <= 0.0 {
        return;
    }
    let first = vertices.len() as u32;
    let inner = NARROWEST + (1.0 - share) * 1.2;
    let steps = 36;
    for step in 0..=steps {
        let way = Vec2::from_angle(step as f32 * std::f32::consts::TAU / steps as f32);
        let bands = [(inner, 0.0), (inner + NARROW_SOFT, 1.0), (4.0, 1.0)];
        vertices.extend(bands.map(|(off, dark)| {
            let at = middle + way * off;
            [at.x, at.y, 0.0, 0.0, 0.0, dark]
        }));
    }
    for step in 0..steps {
        let at = first + step * 3;
        indices.extend([0, 1, 4, 0, 4, 3, 1, 2, 5, 1, 5, 4].map(|corner| at + corner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{IRON, Wash};

    #[test]
    fn sheets_fall_where_they_were_laid_and_the_veil_over_all() {
        let mut sheets = Sheets::default();
        let canvas = Over::Canvas(Vec2::new(400.0, 200.0));
        assert_eq!(spread(&sheets, canvas).1, [0_u32; 0], "nothing laid is nothing drawn");
        sheets.over.disc(Vec2::new(300.0, 50.0), 10.0, Wash(IRON, 1.0));
        sheets.veil = Vec4::new(0.5, 0.5, 0.5, 0.25);
        let (vertices, indices) = spread(&sheets, canvas);
        assert!(vertices.iter().any(|[x, y, ..]| (x - 0.5).abs() < 0.06 && (y - 0.5).abs() < 0.12));
        assert_eq!(vertices.last().map(|vertex| vertex[5]), Some(0.25));
        assert!(indices.iter().all(|index| (*index as usize) < vertices.len()) && indices.len() % 3 == 0);
    }

    #[test]
    fn before_a_headset_marks_are_left_out_and_darkness_is_not() {
        let mut sheets = Sheets::default();
        sheets.over.disc(Vec2::new(300.0, 50.0), 10.0, Wash(IRON, 1.0));
        let view = Over::View(Vec2::new(0.1, 0.0));
        assert_eq!(spread(&sheets, view).1, [0_u32; 0]);
        sheets.blind.dark = 0.5;
        assert!(spread(&sheets, view).0.iter().all(|vertex| (vertex[5] - 0.5).abs() < 1e-6));
        sheets.blind = crate::ink::Blind { dark: 0.0, narrow: 1.0 };
        let (vertices, indices) = spread(&sheets, view);
        let clear = vertices.iter().filter(|vertex| vertex[5] < 0.01);
        assert!(clear.clone().count() > 20, "what lies ahead is never dark");
        assert!(clear.into_iter().all(|[x, y, ..]| Vec2::new(x - 0.1, *y).length() > 0.4));
        assert!(indices.iter().all(|index| (*index as usize) < vertices.len()));
    }
}
