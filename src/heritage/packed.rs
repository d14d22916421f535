//! Packed models: the geometry of a place as visitors fetch it. `curator` packs it, the companion unpacks it.
//!
//! A file holds the parts of one model, each with what it is made of, how sure it is and the state it belongs to. Places lie
//! on one grid for the whole file, so that pieces that touch still touch; every vertex is told by what it differs in from
//! where its neighbours let expect it (the corner opposite across a shared edge, as in Touma and Gotsman 1998), which is
//! nothing for the fourth corner of a rectangle. Brotli does the rest. Little-endian; see [`Model::pack`] for the order.

mod predict;
mod stream;
#[cfg(test)]
mod tests;

use crate::scene::Era;
use crate::source::Certainty;
use stream::{Cursor, put_number, signed, unsigned};

/// What the name of such a file ends in.
pub const EXTENSION: &str = "packed";
/// First bytes of a file; the last is the version of the format.
const MAGIC: [u8; 4] = *b"RTP1";
/// Texture coordinates are kept in so many parts of the texture's side: an eighth of a texel of 256.
const UV_STEPS: f32 = 2048.0;
/// The grid is as fine as 16 bits allow, but no finer than this, metres …
const FINEST_STEP_M: f32 = 0.001;
/// … unless the whole model is hardly larger: at least so many steps across.
const LEAST_STEPS: f32 = 4096.0;
const MOST_STEPS: f32 = 65_535.0;
/// More in one file than any site has; what says so is not such a file.
const MOST_PARTS: usize = 4096;

/// All parts of one model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// In the order of the file.
    pub parts: Vec<Part>,
}

/// One mesh in one material, its place in the site's frame given by its vertices.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its node's name.
    pub name: String,
    /// Name of the material, and so of its textures.
    pub material: String,
    /// How sure history is of it.
    pub certainty: Certainty,
    /// State that it belongs to, if to one only.
    pub era: Option<Era>,
    /// One more piece of the part before it.
    pub goes_on: bool,
    /// Metres, the engine's axes: `x = east, y = up, z = −north`. One per vertex, as all that follows.
    pub positions: Vec<[f32; 3]>,
    /// Unit vectors.
    pub normals: Vec<[f32; 3]>,
    /// Place on the texture, in its sides.
    pub uvs: Vec<[f32; 2]>,
    /// Baked light, linear, 255 for full; the alpha is the share of rock.
    pub colours: Vec<[u8; 4]>,
    /// Three per triangle.
    pub indices: Vec<u32>,
}

/// Why a file cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unpackable {
    /// Another kind of file, or another version.
    #[error("this is no packed model of version 1")]
    Unknown,
    /// It ends before all that it promises.
    #[error("the packed model is cut short")]
    Short,
    /// A number, name or index means nothing.
    #[error("the packed model contradicts itself")]
    Broken,
}

impl Model {
    /// The model as a file: grid, then each part's words, counts, indices, places, normals, texture coordinates, colours.
    /// Vertices are put in the order in which triangles use them; what no triangle uses is left out.
    pub fn pack(&self) -> Vec<u8> {
        let grid = Grid::over(self.parts.iter().flat_map(|part| &part.positions));
        let mut file = MAGIC.to_vec();
        grid.low.iter().chain([&grid.step_m]).for_each(|value| file.extend(value.to_le_bytes()));
        put_number(&mut file, self.parts.len() as u32);
        for part in &self.parts {
            part.pack(grid, &mut file);
        }
        file
    }

    /// Reads a file back. Trusts no length and no index.
    ///
    /// # Errors
    /// See [`Unpackable`].
    pub fn unpack(file: &[u8]) -> Result<Self, Unpackable> {
        let mut cursor = Cursor(file.strip_prefix(MAGIC.as_slice()).ok_or(Unpackable::Unknown)?);
        let low = [cursor.float()?, cursor.float()?, cursor.float()?];
        let grid = Grid { low, step_m: cursor.float()? };
        let count = cursor.number()? as usize;
        if count > MOST_PARTS {
            return Err(Unpackable::Broken);
        }
        let parts = (0..count).map(|_| Part::unpack(grid, &mut cursor)).collect::<Result<_, _>>()?;
        if cursor.0.is_empty() { Ok(Self { parts }) } else { Err(Unpackable::Broken) }
    }
}

/// Where places lie: the lowest corner and the step, metres.
#[derive(Clone, Copy, Debug)]
struct Grid {
    low: [f32; 3],
    step_m: f32,
}

impl Grid {
    fn over<'a>(positions: impl Iterator<Item = &'a [f32; 3]>) -> Self {
        let (mut low, mut high) = ([f32::MAX; 3], [f32::MIN; 3]);
        for at in positions {
            low = std::array::from_fn(|axis| low[axis].min(at[axis]));
            high = std::array::from_fn(|axis| high[axis].max(at[axis]));
        }
        let size_m = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f32::max);
        let step_m = (size_m / MOST_STEPS).max((size_m / LEAST_STEPS).min(FINEST_STEP_M));
        if size_m > 0.0 { Self { low, step_m } } else { Self { low: low.map(|at| at.min(0.0)), step_m: FINEST_STEP_M } }
    }

    fn steps(self, at: [f32; 3]) -> [i32; 3] {
        std::array::from_fn(|axis| ((at[axis] - self.low[axis]) / self.step_m).round() as i32)
    }

    fn place(self, steps: [i32; 3]) -> [f32; 3] {
        std::array::from_fn(|axis| self.low[axis] + steps[axis] as f32 * self.step_m)
    }
}

impl Part {
    fn pack(&self, grid: Grid, file: &mut Vec<u8>) {
        let certainty = Certainty::ALL.iter().position(|one| *one == self.certainty).unwrap_or_default();
        let era = self.era.map_or(0, |era| if era == Era::Y1935 { 1 } else { 2 });
        file.extend([certainty as u8, era, u8::from(self.goes_on)]);
        for word in [&self.name, &self.material] {
            put_number(file, word.len() as u32);
            file.extend(word.as_bytes());
        }
        let (indices, used) = in_order(&self.indices, self.positions.len());
        put_number(file, indices.len() as u32);
        put_number(file, used.len() as u32);
        let mut next = 0;
        for index in &indices {
            put_number(file, next - index);
            next = next.max(index + 1);
        }
        let expected = predict::predictors(&indices, used.len());
        let places: Vec<[i32; 3]> = used.iter().map(|vertex| grid.steps(self.positions[*vertex])).collect();
        put_differences(file, &places, &expected);
        let normals: Vec<[i8; 2]> = used.iter().map(|vertex| folded(self.normals[*vertex])).collect();
        (0..2).for_each(|axis| file.extend(normals.iter().map(|normal| normal[axis].cast_unsigned())));
        let uvs = used.iter().map(|vertex| self.uvs[*vertex].map(|at| (at * UV_STEPS).round() as i32));
        put_differences(file, &uvs.collect::<Vec<_>>(), &expected);
        let colours: Vec<[u8; 4]> = used.iter().map(|vertex| self.colours[*vertex]).collect();
        put_colours(file, &colours);
    }

    fn unpack(grid: Grid, cursor: &mut Cursor<'_>) -> Result<Self, Unpackable> {
        let [certainty, era, goes_on] = cursor.bytes()?;
        let certainty = *Certainty::ALL.get(usize::from(certainty)).ok_or(Unpackable::Broken)?;
        let era = *[None, Some(Era::Y1935), Some(Era::Today)].get(usize::from(era)).ok_or(Unpackable::Broken)?;
        let (name, material) = (cursor.word()?, cursor.word()?);
        // An index takes a byte at least, and a vertex several: no count can ask for more memory than the file justifies.
        let (count, vertices) = (cursor.count()?, cursor.count()?);
        let mut indices = Vec::with_capacity(count);
        let mut next = 0u32;
        for _ in 0..count {
            let index = next.checked_sub(cursor.number()?).ok_or(Unpackable::Broken)?;
            next = next.max(index + 1);
            indices.push(index);
        }
        if next as usize != vertices || count % 3 != 0 {
            return Err(Unpackable::Broken);
        }
        let expected = predict::predictors(&indices, vertices);
        let positions = differences::<3>(cursor, &expected)?.into_iter().map(|steps| grid.place(steps)).collect();
        let (across, along) = (cursor.take(vertices)?, cursor.take(vertices)?);
        let normals = across.iter().zip(along).map(|(a, b)| unfolded([a.cast_signed(), b.cast_signed()])).collect();
        let uvs = differences::<2>(cursor, &expected)?;
        let uvs = uvs.into_iter().map(|steps| steps.map(|at| at as f32 / UV_STEPS)).collect();
        let colours = colours(cursor, vertices)?;
        Ok(Self { name, material, certainty, era, goes_on: goes_on != 0, positions, normals, uvs, colours, indices })
    }
}

/// The same triangles over vertices numbered as they are first used, and which vertex got each number.
fn in_order(indices: &[u32], vertices: usize) -> (Vec<u32>, Vec<usize>) {
    let mut number = vec![u32::MAX; vertices];
    let mut used = Vec::new();
    let renamed = |vertex: &u32| {
        let own = &mut number[*vertex as usize];
        if *own == u32::MAX {
            *own = used.len() as u32;
            used.push(*vertex as usize);
        }
        *own
    };
    (indices.iter().map(renamed).collect(), used)
}

fn put_differences<const N: usize>(file: &mut Vec<u8>, values: &[[i32; N]], expected: &[predict::Expected]) {
    for axis in 0..N {
        let along: Vec<i32> = values.iter().map(|value| value[axis]).collect();
        for (value, expected) in along.iter().zip(expected) {
            put_number(file, unsigned(value.wrapping_sub(expected.of(|other| along[other]))));
        }
    }
}

fn differences<const N: usize>(
    cursor: &mut Cursor<'_>,
    expected: &[predict::Expected],
) -> Result<Vec<[i32; N]>, Unpackable> {
    let mut values = vec![[0; N]; expected.len()];
    for axis in 0..N {
        let mut along: Vec<i32> = Vec::with_capacity(expected.len());
        for expected in expected {
            along.push(expected.of(|other| along[other]).wrapping_add(signed(cursor.number()?)));
        }
        values.iter_mut().zip(along).for_each(|(value, along)| value[axis] = along);
    }
    Ok(values)
}

/// Each colour that there is, in the order of first use, then which of them each vertex has.
fn put_colours(file: &mut Vec<u8>, colours: &[[u8; 4]]) {
    let mut known: Vec<[u8; 4]> = Vec::new();
    let mut number = std::collections::HashMap::new();
    let which: Vec<u32> = colours
        .iter()
        .map(|colour| {
            *number.entry(*colour).or_insert_with(|| {
                known.push(*colour);
                known.len() as u32 - 1
            })
        })
        .collect();
    put_number(file, known.len() as u32);
    (0..4).for_each(|channel| file.extend(known.iter().map(|colour| colour[channel])));
    for which in which {
        put_number(file, which);
    }
}

fn colours(cursor: &mut Cursor<'_>, vertices: usize) -> Result<Vec<[u8; 4]>, Unpackable> {
    let known = cursor.count()?;
    let channels = [cursor.take(known)?, cursor.take(known)?, cursor.take(known)?, cursor.take(known)?];
    let one = |which: usize| (which < known).then(|| channels.map(|channel| channel[which]));
    (0..vertices).map(|_| one(cursor.number()? as usize).ok_or(Unpackable::Broken)).collect()
}

/// A unit vector on the octahedron, unfolded into a square (Cigolle and others 2014); within a degree.
fn folded(normal: [f32; 3]) -> [i8; 2] {
    let [x, y, z] = normal;
    let sum = (x.abs() + y.abs() + z.abs()).max(f32::MIN_POSITIVE);
    let (x, y) = (x / sum, y / sum);
    let flat = if z >= 0.0 { [x, y] } else { [(1.0 - y.abs()).copysign(x), (1.0 - x.abs()).copysign(y)] };
    flat.map(|part| (part * 127.0).round() as i8)
}

fn unfolded(flat: [i8; 2]) -> [f32; 3] {
    let [x, y] = flat.map(|part| f32::from(part.max(-127)) / 127.0);
    let z = 1.0 - x.abs() - y.abs();
    let (x, y) = if z >= 0.0 { (x, y) } else { ((1.0 - y.abs()).copysign(x), (1.0 - x.abs()).copysign(y)) };
    let long = (x * x + y * y + z * z).sqrt();
    [x / long, y / long, z / long]
}
