//! Prediction: where a vertex is expected by those before it. Packing and unpacking come to the same, for both know the
//! triangles before the vertices.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Spreads an edge's two numbers by one multiplication (Knuth): the standard hash takes longer than all the rest.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte) ^ self.0);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32);
    }
}

/// Which earlier vertices a vertex is expected from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// None: it is the first.
    Nowhere,
    /// At another.
    At(usize),
    /// As far beyond an edge as the vertex on its other side: the edge's ends, then that vertex.
    Across([usize; 3]),
}

impl Expected {
    /// The value expected, by the values of the earlier ones. Wraps, as no sum of hostile numbers may panic.
    pub(super) fn of(self, value: impl Fn(usize) -> i32) -> i32 {
        match self {
            Self::Nowhere => 0,
            Self::At(other) => value(other),
            Self::Across([a, b, opposite]) => value(a).wrapping_add(value(b)).wrapping_sub(value(opposite)),
        }
    }
}

/// What each vertex is expected from. `indices` name vertices in the order of their numbers, each first as the next one.
pub(super) fn predictors(indices: &[u32], vertices: usize) -> Vec<Expected> {
    let mut expected = Vec::with_capacity(vertices);
    let mut beyond: HashMap<u64, u32, BuildHasherDefault<Spread>> = HashMap::default();
    beyond.reserve(indices.len());
    let edge = |a: u32, b: u32| u64::from(a.min(b)) << 32 | u64::from(a.max(b));
    for corners in indices.chunks_exact(3) {
        let [a, b, c] = [corners[0], corners[1], corners[2]];
        for (vertex, one, other) in [(a, b, c), (b, c, a), (c, a, b)] {
            if vertex as usize != expected.len() {
                continue;
            }
            let known = [one, other].into_iter().filter(|corner| *corner < vertex);
            let across = beyond.get(&edge(one, other)).filter(|_| one < vertex && other < vertex);
            expected.push(match (across, known.max()) {
                (Some(opposite), _) => Expected::Across([one as usize, other as usize, *opposite as usize]),
                (None, Some(nearest)) => Expected::At(nearest as usize),
                (None, None) => vertex.checked_sub(1).map_or(Expected::Nowhere, |last| Expected::At(last as usize)),
            });
        }
        for (one, other, opposite) in [(a, b, c), (b, c, a), (c, a, b)] {
            beyond.insert(edge(one, other), opposite);
        }
    }
    expected
}
