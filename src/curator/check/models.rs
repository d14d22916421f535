//! Models: every part of a model says how sure it is and on what it rests, and is of a kind that the scene can read.

use super::Desk;
use super::glb::{self, Document};
use crate::library::Held;
use crate::tree;
use heritage::{Certainty, SourceId};
use std::collections::BTreeSet;
use std::io;

/// What the loader of Bevy 0.20 cannot read.
const UNREADABLE: [&str; 6] = [
    "KHR_mesh_quantization",
    "EXT_meshopt_compression",
    "KHR_draco_mesh_compression",
    "KHR_texture_basisu",
    "EXT_texture_webp",
    "EXT_mesh_gpu_instancing",
];
/// What it reads even where a file cannot do without.
const READABLE: [&str; 3] = ["KHR_materials_unlit", "KHR_texture_transform", "KHR_lights_punctual"];
const REMAKE: &str = "export it again with assets/workshop/build_models.py";

pub(super) fn judge(held: &Held, desk: &mut Desk<'_>) -> io::Result<()> {
    let named: BTreeSet<String> =
        held.content.site.scene.models.iter().map(|model| format!("models/{}", model.file)).collect();
    for path in named.iter().filter(|path| !held.files.contains_key(*path)) {
        desk.lay(
            "scene.toml",
            line_of(held, path),
            format!("{path} is named and not there"),
            "build it, or remove the entry",
        );
    }
    for (path, file) in held.files.iter().filter(|(path, _)| tree::extension(path) == "glb") {
        if !named.contains(path) {
            desk.lay(path, 0, "no entry of scene.toml names this model", "add [[models]] for it, or remove the file");
        }
        match glb::read(&std::fs::read(file)?) {
            Ok(document) => judge_one(held, desk, path, &document),
            Err(why) => desk.lay(path, 0, why, REMAKE),
        }
    }
    Ok(())
}

fn line_of(held: &Held, path: &str) -> usize {
    let name = path.trim_start_matches("models/");
    let lines = held.texts.get("scene.toml").map(|text| text.lines()).into_iter().flatten();
    lines.enumerate().find(|(_, line)| line.contains(name)).map_or(0, |(index, _)| index + 1)
}

fn judge_one(held: &Held, desk: &mut Desk<'_>, path: &str, document: &Document) {
    let unreadable = document.extensions_used.iter().filter(|name| UNREADABLE.contains(&name.as_str()));
    let unknown = document.extensions_required.iter().filter(|name| !READABLE.contains(&name.as_str()));
    for name in unreadable.chain(unknown).collect::<BTreeSet<_>>() {
        desk.lay(
            path,
            0,
            format!("it uses {name}, which the scene cannot read"),
            "export plain glTF without that extension",
        );
    }
    if document.buffers.iter().any(|buffer| buffer.uri.is_some()) {
        desk.lay(path, 0, "it keeps its geometry in another file", "export it as one GLB");
    }
    for (index, node) in document.nodes.iter().enumerate() {
        let Some(mesh) = node.mesh else { continue };
        let name = node.name.clone().unwrap_or_else(|| format!("node {index}"));
        judge_tags(held, desk, path, &name, &node.extras);
        let Some(mesh) = document.meshes.get(mesh) else {
            desk.lay(path, 0, format!("{name} shows a mesh that is not in the file"), REMAKE);
            continue;
        };
        for primitive in &mesh.primitives {
            let material = primitive.material.and_then(|index| document.materials.get(index)?.name.clone());
            match material {
                None => desk.lay(
                    path,
                    0,
                    format!("{name} has a part without a named material"),
                    "name it after a texture set",
                ),
                Some(material) if !held.files.contains_key(&format!("textures/{material}_base.webp")) => {
                    let what = format!("{name} is made of {material}, and textures/{material}_base.webp is not there");
                    desk.lay(path, 0, what, "make the texture, or use a material that has one");
                }
                Some(_) => {}
            }
        }
    }
}

/// `certainty`, `source` (one name or several) and, if given, `era`.
fn judge_tags(held: &Held, desk: &mut Desk<'_>, path: &str, name: &str, extras: &serde_json::Value) {
    let text = |key: &str| extras.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
    let certainty = Certainty::from_code(text("certainty"));
    if certainty.is_none() {
        let what = format!("{name} does not say how sure it is");
        desk.lay(path, 0, what, "set the property certainty to attested, restored, rebuilt or conjecture");
    }
    let sources: Vec<&str> = text("source").split([' ', ',', ';']).filter(|id| !id.is_empty()).collect();
    if sources.is_empty() {
        desk.lay(path, 0, format!("{name} does not say on what it rests"), "set the property source to a source’s id");
    }
    let known = |id: &str| SourceId::new(id).ok().and_then(|id| held.content.site.source(&id));
    for id in sources.iter().filter(|id| known(id).is_none()) {
        desk.lay(
            path,
            0,
            format!("{name} rests on {id}, which site.toml does not list"),
            "add the [[source]], or correct the id",
        );
    }
    // The lens shows a colour and no source, so it cannot say that a reference is owed.
    let bears = |id: &&str| known(id).is_none_or(|source| source.reference.bears());
    if certainty.is_some_and(|certainty| certainty != Certainty::Conjecture) && !sources.iter().any(bears) {
        let what =
            format!("{name} is shown as {}, but its reference is owed or is this site itself", text("certainty"));
        desk.lay(path, 0, what, "cite a source whose reference is given, or tag it conjecture");
    }
    if extras.get("era").is_some() && !["1935", "today"].contains(&text("era")) {
        desk.lay(
            path,
            0,
            format!("{name} belongs to a state that does not exist"),
            "set the property era to 1935 or today",
        );
    }
}
