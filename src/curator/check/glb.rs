//! GLB: the parts of a binary glTF 2.0 file that the check looks at. Reads hostile files without trusting a length.

use serde::Deserialize;
use serde_json::Value;

/// The JSON chunk of a GLB file, as far as it is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Document {
    pub nodes: Vec<Node>,
    pub meshes: Vec<Mesh>,
    pub materials: Vec<Material>,
    pub buffers: Vec<Buffer>,
    pub extensions_used: Vec<String>,
    pub extensions_required: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Node {
    pub name: Option<String>,
    pub mesh: Option<usize>,
    pub extras: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Mesh {
    pub primitives: Vec<Primitive>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Primitive {
    pub material: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Material {
    pub name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Buffer {
    pub uri: Option<String>,
}

/// Reads the header and the JSON chunk.
///
/// # Errors
/// In words, where the file is not GLB 2 or is cut short.
pub(super) fn read(file: &[u8]) -> Result<Document, String> {
    let word = |at: usize| -> Option<u32> {
        let bytes = file.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    };
    if !file.starts_with(b"glTF") {
        return Err("this is no GLB file".to_owned());
    }
    if word(4) != Some(2) {
        return Err("this is not glTF version 2".to_owned());
    }
    let length = word(8).map(|length| length as usize);
    if length != Some(file.len()) {
        return Err(format!("the header promises {} bytes and the file has {}", length.unwrap_or(0), file.len()));
    }
    let (Some(chunk), Some(kind)) = (word(12), word(16)) else { return Err("the file ends in its header".to_owned()) };
    let json = (kind == 0x4e4f_534a).then(|| file.get(20..20usize.checked_add(chunk as usize)?)).flatten();
    let json = json.ok_or("the first chunk is not the whole JSON it says it is")?;
    if !json.trim_ascii_start().starts_with(b"{") {
        return Err("its JSON is not an object".to_owned());
    }
    serde_json::from_slice(json).map_err(|error| format!("its JSON cannot be read: {error}"))
}

#[cfg(test)]
fn written(json: &str) -> Vec<u8> {
    let mut file = b"glTF".to_vec();
    for word in [2, 20 + json.len() as u32, json.len() as u32, 0x4e4f_534a] {
        file.extend(u32::to_le_bytes(word));
    }
    file.extend(json.as_bytes());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_cut_anywhere_is_told_and_never_panics() {
        let whole = written(r#"{"nodes":[{"name":"link","mesh":0,"extras":{"certainty":"attested"}}]}"#);
        assert!(read(&whole).is_ok());
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_length_that_lies_is_told() {
        let mut file = written("{}");
        file[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(read(&file).is_err());
        file[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(read(&file).is_err());
    }

    #[test]
    fn other_shapes_than_expected_are_told() {
        for json in ["[]", "{\"nodes\":3}", "{\"nodes\":[{\"mesh\":-1}]}", "nonsense", ""] {
            assert!(read(&written(json)).is_err(), "{json}");
        }
    }
}
