//! Packing: the models of a site from the GLB files of the workshop into what visitors fetch ([`heritage::packed`]).

mod cells;

use crate::tree::{self, Tree};
use gltf::mesh::util::ReadColors;
use heritage::Certainty;
use heritage::packed::{Model, Part};
use heritage::scene::Era;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// Where a node is that is not moved.
const STILL: [[f32; 4]; 4] = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];

/// A model as visitors fetch it.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    /// The file.
    pub bytes: Vec<u8>,
    /// What its parts are made of.
    pub materials: BTreeSet<String>,
}

/// A model that cannot be packed, and why, in words.
#[derive(Clone, Debug)]
pub struct Unpacked {
    /// Path within the site's folder.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
}

/// Every GLB file below `models/`, by its name there, and those that cannot be packed.
///
/// # Errors
/// A file that cannot be read.
pub fn all(files: &Tree) -> io::Result<(BTreeMap<String, Packed>, Vec<Unpacked>)> {
    let (mut packed, mut faults) = (BTreeMap::new(), Vec::new());
    for (path, file) in files {
        let Some(name) = path.strip_prefix("models/").filter(|name| tree::extension(name) == "glb") else { continue };
        match one(&std::fs::read(file)?) {
            Ok(model) => {
                let materials = model.parts.iter().map(|part| part.material.clone()).collect();
                packed.insert(name.to_owned(), Packed { bytes: model.pack(), materials });
            }
            Err(what) => faults.push(Unpacked { path: path.clone(), what }),
        }
    }
    Ok((packed, faults))
}

/// The parts of a GLB file, the large ones in pieces.
fn one(file: &[u8]) -> Result<Model, String> {
    let gltf = gltf::Gltf::from_slice(file).map_err(|error| format!("its geometry cannot be read: {error}"))?;
    let blob = gltf.blob.as_deref().unwrap_or_default();
    let mut parts = Vec::new();
    for node in gltf.nodes() {
        let Some(mesh) = node.mesh() else { continue };
        let name = node.name().unwrap_or_default().to_owned();
        if node.transform().matrix() != STILL {
            return Err(format!("{name} is moved, turned or scaled by its node, which is not packed"));
        }
        let said = said_of(&node);
        for primitive in mesh.primitives() {
            let part = part(&primitive, blob, &name, said)?;
            parts.extend(cells::pieces(part));
        }
    }
    Ok(Model { parts })
}

/// Certainty and state as a node's extras say them. What is not said is conjecture, for nothing vouches for it; `check`
/// finds it.
fn said_of(node: &gltf::Node<'_>) -> (Certainty, Option<Era>) {
    let said = node.extras().as_ref().and_then(|extras| serde_json::from_str(extras.get()).ok());
    let said: serde_json::Value = said.unwrap_or_default();
    let word = |key: &str| said.get(key).and_then(serde_json::Value::as_str);
    let certainty = word("certainty").and_then(Certainty::from_code).unwrap_or(Certainty::Conjecture);
    let era = match word("era") {
        Some("1935") => Some(Era::Y1935),
        Some("today") => Some(Era::Today),
        _ => None,
    };
    (certainty, era)
}

fn part(
    primitive: &gltf::Primitive<'_>,
    blob: &[u8],
    name: &str,
    (certainty, era): (Certainty, Option<Era>),
) -> Result<Part, String> {
    if primitive.mode() != gltf::mesh::Mode::Triangles {
        return Err(format!("{name} is not made of triangles"));
    }
    let reader = primitive.reader(|_| Some(blob));
    let missing = |what: &str| format!("{name} has no {what}, or they cannot be read");
    let positions: Vec<[f32; 3]> = reader.read_positions().ok_or_else(|| missing("places"))?.collect();
    let normals: Vec<[f32; 3]> = reader.read_normals().ok_or_else(|| missing("normals"))?.collect();
    let uvs: Vec<[f32; 2]> =
        reader.read_tex_coords(0).ok_or_else(|| missing("texture coordinates"))?.into_f32().collect();
    let colours: Vec<[u8; 4]> = match reader.read_colors(0) {
        // Bytes are kept as they are; whatever is finer is rounded to them.
        Some(ReadColors::RgbaU8(colours)) => colours.collect(),
        Some(colours) => colours.into_rgba_u8().collect(),
        None => return Err(missing("vertex colours, in which the light is baked")),
    };
    let indices: Vec<u32> = reader.read_indices().ok_or_else(|| missing("indices"))?.into_u32().collect();
    let count = positions.len();
    if [normals.len(), uvs.len(), colours.len()] != [count; 3]
        || indices.iter().any(|index| *index as usize >= count)
        || !indices.len().is_multiple_of(3)
    {
        return Err(format!("{name} has not the same number of each, or an index without a vertex"));
    }
    if !positions
        .as_flattened()
        .iter()
        .chain(normals.as_flattened())
        .chain(uvs.as_flattened())
        .all(|value| value.is_finite())
    {
        return Err(format!("{name} has a place that is not a number"));
    }
    let material = primitive.material().name().unwrap_or_default().to_owned();
    Ok(Part {
        name: name.to_owned(),
        material,
        certainty,
        era,
        goes_on: false,
        positions,
        normals,
        uvs,
        colours,
        indices,
    })
}

#[cfg(test)]
mod tests;
