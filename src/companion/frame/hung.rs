//! Hung: boards and chalk as they lie on the graphics card, laid anew with each frame of a session.

use super::textures::Textures;
use crate::afloat::{Afloat, Board, Chalk};
use crate::platform::gl::{Attribute, Buffer, Component, Gl, Holding, Program, Vertices};
use crate::surface::Picture;
use bevy::prelude::*;
use std::ops::Range;

/// A vertex: place, place on the picture, linear colour with opacity.
type Vertex = [f32; 9];
const STRIDE: usize = size_of::<Vertex>();
const LAYOUT: [Attribute; 3] = [
    Attribute { location: 0, components: 3, kind: Component::Float, offset: 0 },
    Attribute { location: 1, components: 2, kind: Component::Float, offset: 12 },
    Attribute { location: 2, components: 4, kind: Component::Float, offset: 20 },
];

/// What hangs in the air as it was laid last.
#[derive(Default)]
pub(super) struct Hung {
    vertices: Vec<Vertex>,
    indices: Vec<u32>,
    draws: Vec<(Option<AssetId<Picture>>, Range<u32>)>,
    /// How many of them lie under the darkness before the eyes; the others over it.
    under: usize,
    on_card: Option<(Buffer, Buffer, Vertices)>,
}

impl Hung {
    /// Lays all of it.
    pub(super) fn lay(&mut self, gl: &Gl, afloat: &Afloat) {
        self.spread(afloat);
        let (vertices, indices): (&[u8], &[u8]) =
            (bytemuck::cast_slice(&self.vertices), bytemuck::cast_slice(&self.indices));
        let fits = |(v, i, _): &(Buffer, Buffer, Vertices)| v.size >= vertices.len() && i.size >= indices.len();
        if !self.on_card.as_ref().is_some_and(fits) {
            self.on_card.take().iter().for_each(|held| drop_from(gl, held));
            let room = |bytes: usize| bytes.next_power_of_two().max(STRIDE * 1024);
            let made = gl.buffer(Holding::Vertices, room(vertices.len()));
            self.on_card = made.zip(gl.buffer(Holding::Indices, room(indices.len()))).and_then(|(v, i)| {
                let bound = gl.vertices(&v, &i, STRIDE, &LAYOUT)?;
                Some((v, i, bound))
            });
        }
        if let Some((to_vertices, to_indices, _)) = self.on_card.as_ref().filter(|_| !vertices.is_empty()) {
            gl.write(to_vertices, 0, vertices);
            gl.write(to_indices, 0, indices);
        }
    }

    /// Lets go of everything.
    pub(super) fn take_down(&mut self, gl: &Gl) {
        if let Some(held) = self.on_card.take() {
            drop_from(gl, &held);
        }
        *self = Self::default();
    }

    fn spread(&mut self, afloat: &Afloat) {
        self.vertices.clear();
        self.indices.clear();
        self.draws.clear();
        self.chalk(&afloat.marks);
        self.chalk(&afloat.arc);
        for board in &afloat.boards {
            self.board(board);
        }
        self.chalk(&afloat.pointer);
        self.under = self.draws.len();
        if let Some(notice) = &afloat.notice {
            self.board(notice);
        }
    }

    fn chalk(&mut self, chalk: &Chalk) {
        let first = self.vertices.len() as u32;
        let blank = chalk.places.iter().zip(&chalk.colours);
        self.vertices.extend(blank.map(|(at, [r, g, b, a])| [at.x, at.y, at.z, 0.5, 0.5, *r, *g, *b, *a]));
        let from = self.indices.len() as u32;
        self.indices.extend(chalk.indices.iter().map(|index| index + first));
        let all = from..self.indices.len() as u32;
        match self.draws.last_mut() {
            _ if all.is_empty() => {}
            Some((None, last)) => last.end = all.end,
            _ => self.draws.push((None, all)),
        }
    }

    fn board(&mut self, board: &Board) {
        let first = self.vertices.len() as u32;
        let shares = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        let corners = board.corners.iter().zip(shares);
        self.vertices.extend(corners.map(|(at, [u, v])| [at.x, at.y, at.z, u, v, 1.0, 1.0, 1.0, board.opacity]));
        let from = self.indices.len() as u32;
        self.indices.extend([0, 1, 2, 0, 2, 3].map(|index| first + index));
        self.draws.push((Some(board.picture.id()), from..from + 6));
    }

    /// Whether anything lies over the darkness.
    pub(super) fn is_over(&self) -> bool {
        self.draws.len() > self.under
    }

    /// Draws what lies under the darkness, or what lies `over` it.
    pub(super) fn draw(&self, gl: &Gl, program: &Program, textures: &Textures, over: bool) {
        let (under, above) = self.draws.split_at(self.under);
        let draws = if over { above } else { under };
        let Some((_, _, bound)) = self.on_card.as_ref().filter(|_| !draws.is_empty()) else { return };
        gl.take(bound);
        for (picture, indices) in draws {
            if textures.lend(gl, *picture) {
                gl.draw(program, indices.clone(), 0..1);
            }
        }
    }
}

fn drop_from(gl: &Gl, (vertices, indices, bound): &(Buffer, Buffer, Vertices)) {
    gl.drop_vertices(bound);
    gl.drop_buffer(vertices);
    gl.drop_buffer(indices);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chalk_under_and_over_the_boards_is_drawn_in_that_order() {
        let mut afloat = Afloat::default();
        let ring = |chalk: &mut Chalk| chalk.ring(Vec3::ZERO, [Vec3::X, Vec3::Y], [0.1, 0.2], 1.0, [1.0; 4]);
        ring(&mut afloat.marks);
        ring(&mut afloat.arc);
        ring(&mut afloat.pointer);
        let corners = [Vec3::ZERO, Vec3::X, Vec3::new(1.0, -1.0, 0.0), Vec3::NEG_Y];
        afloat.boards.push(Board { picture: Handle::default(), corners, opacity: 0.5 });
        let mut hung = Hung::default();
        hung.spread(&afloat);
        let pictures: Vec<bool> = hung.draws.iter().map(|(picture, _)| picture.is_some()).collect();
        assert_eq!(pictures, [false, true, false], "marks and arc share a call");
        let ends: Vec<u32> = hung.draws.iter().flat_map(|(_, all)| [all.start, all.end]).collect();
        assert!(ends[0] == 0 && ends[1] == ends[2] && ends[3] == ends[4] && ends[5] == hung.indices.len() as u32);
        assert!(!hung.is_over());
        afloat.notice = Some(afloat.boards[0].clone());
        hung.spread(&afloat);
        assert_eq!((hung.under, hung.draws.len(), hung.is_over()), (3, 4, true), "a notice lies over the darkness");
        hung.spread(&Afloat::default());
        assert!(hung.draws.is_empty() && hung.vertices.is_empty(), "nothing of it stays");
    }
}
