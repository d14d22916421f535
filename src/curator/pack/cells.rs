//! Cells: a large part in pieces by place, so that what is out of view is not drawn and a line of sight asks few triangles.

use heritage::packed::Part;

/// A part with fewer triangles, or smaller across, stays whole: one more draw would cost more than it saves.
const WHOLE_TRIANGLES: usize = 1_400;
const WHOLE_M: f32 = 60.0;
/// Triangles that a piece should have, more or less.
const PIECE_TRIANGLES: usize = 1_600;
/// Pieces along one side at most.
const MOST_ALONG: usize = 3;

/// `part` as it is, or its pieces on a grid over its plan, each but the first going on from the one before. Vertices that
/// several pieces use stand in each; packing leaves out those that none of a piece's triangles use.
pub(super) fn pieces(part: Part) -> Vec<Part> {
    let Some(grid) = Grid::over(&part.positions, part.indices.len() / 3) else { return vec![part] };
    let mut cells: Vec<Vec<u32>> = vec![Vec::new(); grid.across * grid.along];
    for corners in part.indices.chunks_exact(3) {
        let places = [0, 1, 2].map(|corner| part.positions[corners[corner] as usize]);
        let middle = [0, 2].map(|axis| places.iter().map(|place| place[axis]).sum::<f32>() / 3.0);
        cells[grid.cell(middle)].extend(corners);
    }
    let filled = cells.into_iter().filter(|cell| !cell.is_empty()).enumerate();
    filled.map(|(index, indices)| Part { goes_on: index > 0, indices, ..part.clone() }).collect()
}

/// Equal oblongs over a plan.
struct Grid {
    low: [f32; 2],
    size: [f32; 2],
    across: usize,
    along: usize,
}

impl Grid {
    fn over(positions: &[[f32; 3]], triangles: usize) -> Option<Self> {
        let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
        for [x, _, z] in positions {
            low = [low[0].min(*x), low[1].min(*z)];
            high = [high[0].max(*x), high[1].max(*z)];
        }
        let [wide, long] = [0, 1].map(|axis| high[axis] - low[axis]);
        if triangles < WHOLE_TRIANGLES || wide.max(long) < WHOLE_M {
            return None;
        }
        let wanted = (triangles / PIECE_TRIANGLES).max(2) as f32;
        let count = |own: f32, other: f32| {
            let along = (wanted * own / other.max(0.01)).sqrt().round();
            (along as usize).clamp(1, MOST_ALONG)
        };
        let (across, along) = (count(wide, long), count(long, wide));
        (across * along > 1).then_some(Self { low, size: [wide.max(0.01), long.max(0.01)], across, along })
    }

    fn cell(&self, at: [f32; 2]) -> usize {
        let within = |axis: usize, count: usize| {
            let share = (at[axis] - self.low[axis]) / self.size[axis] * count as f32;
            (share.max(0.0) as usize).min(count - 1)
        };
        within(1, self.along) * self.across + within(0, self.across)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::Certainty;

    /// Level ground of `side` × `side` squares.
    fn ground(side: u32, size_m: f32) -> Part {
        let at = |step: u32| (step as f32 / side as f32 - 0.5) * size_m;
        let corners = (0..=side).flat_map(|z| (0..=side).map(move |x| [at(x), 0.0, at(z)]));
        let positions: Vec<[f32; 3]> = corners.collect();
        let (count, row) = (positions.len(), side + 1);
        let squares = (0..side).flat_map(|z| (0..side).map(move |x| z * row + x));
        let indices =
            squares.flat_map(|first| [first, first + row, first + 1, first + 1, first + row, first + row + 1]);
        Part {
            name: "ground".to_owned(),
            material: "rock".to_owned(),
            certainty: Certainty::Conjecture,
            era: None,
            goes_on: false,
            indices: indices.collect(),
            normals: vec![[0.0, 1.0, 0.0]; count],
            uvs: vec![[0.0; 2]; count],
            colours: vec![[255; 4]; count],
            positions,
        }
    }

    #[test]
    fn a_large_part_falls_into_pieces_that_hold_every_triangle_once() {
        let whole = ground(64, 400.0);
        let pieces = pieces(whole.clone());
        assert!((4..=9).contains(&pieces.len()), "{}", pieces.len());
        let mut triangles: Vec<&[u32]> = pieces.iter().flat_map(|piece| piece.indices.chunks_exact(3)).collect();
        let mut meant: Vec<&[u32]> = whole.indices.chunks_exact(3).collect();
        triangles.sort_unstable();
        meant.sort_unstable();
        assert_eq!(triangles, meant);
        assert_eq!(pieces.iter().filter(|piece| !piece.goes_on).count(), 1, "the lens counts one part");
        for piece in &pieces {
            let east = || piece.indices.iter().map(|index| piece.positions[*index as usize][0]);
            let wide_m = east().fold(f32::MIN, f32::max) - east().fold(f32::MAX, f32::min);
            assert!(wide_m < 240.0, "{wide_m}");
        }
    }

    #[test]
    fn a_small_or_simple_part_stays_whole() {
        for part in [ground(64, 20.0), ground(4, 400.0)] {
            assert_eq!(pieces(part.clone()), [part]);
        }
    }
}
