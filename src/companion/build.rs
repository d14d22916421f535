//! Translates the shaders, so that no visitor's phone has to: WGSL by parts, each program that a frame can ask for put
//! together from them, checked, and written as the GLSL that WebGL2 reads. A fault is told with its place.

#[path = "frame/compose.rs"]
mod compose;

use compose::{Defs, compose};
use naga::back::glsl::{Options, PipelineOptions, ReflectionInfo, Version, Writer, WriterFlags};
use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};
use naga::{GlobalVariable, Handle, Module, ShaderStage};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Where a program's blocks and textures are bound, by group and binding: `SLOTS` and `UNITS` of `frame::programs`.
const SLOTS: [((u32, u32), u32); 4] = [((0, 0), 0), ((0, 1), 1), ((1, 0), 2), ((2, 0), 3)];
const UNITS: [((u32, u32), u32); 3] = [((0, 2), 0), ((2, 1), 1), ((2, 3), 2)];
/// The shadow map's own view has a slot of its own, so that nothing is bound anew between map and picture.
const LIGHT_SLOT: u32 = 4;
/// A program that writes depth alone.
const NO_COLOUR: &str = "#version 300 es\nvoid main(){}\n";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

struct Half {
    text: String,
    blocks: Vec<(String, u32)>,
    textures: Vec<(String, u32)>,
}

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed=frame");
    println!("cargo::rerun-if-changed=build.rs");
    let read = |name: &str| std::fs::read_to_string(Path::new("frame").join(name).with_extension("wgsl"));
    let mut programs = BTreeMap::new();
    let mut add = |own: &str, parts: &[&str], defs: &Defs| -> Outcome<()> {
        let mut name = own.to_owned();
        name.extend(defs.iter().filter(|(_, on)| *on).map(|(def, _)| format!(" {def}")));
        if programs.contains_key(&name) {
            return Ok(());
        }
        let texts = parts.iter().chain([&own]).map(|part| read(part)).collect::<Result<Vec<_>, _>>()?;
        let text = compose(&texts.iter().map(String::as_str).collect::<Vec<_>>(), defs);
        let written = program(&name, &text)?;
        programs.insert(name, written);
        Ok(())
    };
    for (plain, lens) in [(false, false), (true, false), (true, true)] {
        let defs = [("PLAIN", plain), ("LENS", lens)];
        add("sky", &["view", "code", "air"], &defs[..1])?;
        let things = ["view", "code", "air", "things", "evidence", "material"];
        for kind in ["", "LAND", "LEAVES", "WATER"] {
            for (cut, uvs) in [(false, false), (false, true), (true, true)] {
                let own = [("LAND", kind == "LAND"), ("LEAVES", kind == "LEAVES"), ("UVS", uvs)];
                let all = [defs.as_slice(), &[("CUT", cut)]].concat();
                // Only land and water are cut off at the round of a model.
                if kind == "WATER" {
                    add("water", &things, &all)?;
                } else if kind == "LAND" || !cut {
                    add("surface", &things, &[&all, own.as_slice()].concat())?;
                }
            }
        }
    }
    add("ink", &["code"], &[])?;
    add("board", &["view", "code", "air"], &[])?;
    add("shadow", &[], &[])?;
    let all: String = programs.into_values().collect();
    let to = Path::new(&std::env::var("OUT_DIR")?).join("programs.rs");
    Ok(std::fs::write(to, format!("&[\n{all}]\n"))?)
}

/// One program as a line of Rust.
fn program(name: &str, text: &str) -> Outcome<String> {
    let at_fault = |fault: String| format!("the shader “{name}” cannot be read: {fault}");
    let module = naga::front::wgsl::parse_str(text).map_err(|fault| at_fault(fault.emit_to_string(text)))?;
    let info = Validator::new(ValidationFlags::all(), Capabilities::default())
        .validate(&module)
        .map_err(|fault| at_fault(fault.emit_to_string(text)))?;
    let vertex = half(&module, &info, ShaderStage::Vertex)?;
    let colours = module.entry_points.iter().any(|entry| entry.stage == ShaderStage::Fragment);
    let fragment = if colours {
        half(&module, &info, ShaderStage::Fragment)?
    } else {
        Half { text: NO_COLOUR.to_owned(), blocks: vec![], textures: vec![] }
    };
    let slot = |(name, slot): &(String, u32)| (name.clone(), if colours || *slot > 0 { *slot } else { LIGHT_SLOT });
    let blocks: Vec<_> = vertex.blocks.iter().chain(&fragment.blocks).map(slot).collect();
    let textures: Vec<_> = vertex.textures.iter().chain(&fragment.textures).collect();
    let mut line = String::new();
    writeln!(
        line,
        "Text {{ name: {name:?}, vertex: {:?}, fragment: {:?}, blocks: &{blocks:?}, textures: &{textures:?} }},",
        vertex.text, fragment.text
    )?;
    Ok(line)
}

fn half(module: &Module, info: &ModuleInfo, stage: ShaderStage) -> Outcome<Half> {
    // The canvas has y upwards as WGSL's clip space has; only depth differs, and matrices see to that.
    let options = Options {
        version: Version::Embedded { version: 300, is_webgl: true },
        writer_flags: WriterFlags::empty(),
        ..Options::default()
    };
    let entry_point = if stage == ShaderStage::Vertex { "vertex" } else { "fragment" };
    let wanted = PipelineOptions { shader_stage: stage, entry_point: entry_point.to_owned(), multiview: None };
    let mut written = String::new();
    let found = Writer::new(&mut written, module, info, &options, &wanted, naga::proc::BoundsCheckPolicies::default())?
        .write()?;
    let text = written
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .fold(String::new(), |text, line| text + line + "\n");
    let (blocks, textures) = bound(module, &found)?;
    Ok(Half { text, blocks, textures })
}

type Named = Vec<(String, u32)>;

/// The blocks and textures of a half by name, each with its slot or unit.
fn bound(module: &Module, found: &ReflectionInfo) -> Outcome<(Named, Named)> {
    let place = |handle: Handle<GlobalVariable>| {
        let binding = module.global_variables[handle].binding.ok_or("a variable is bound nowhere")?;
        Ok::<_, &str>((binding.group, binding.binding))
    };
    let among = |table: &[((u32, u32), u32)], place| {
        table.iter().find(|(other, _)| *other == place).map(|(_, to)| *to).ok_or("no slot is kept for a binding")
    };
    let mut blocks = Vec::new();
    for (handle, name) in &found.uniforms {
        blocks.push((name.clone(), among(&SLOTS, place(*handle)?)?));
    }
    let mut textures = Vec::new();
    for (name, mapping) in &found.texture_mapping {
        textures.push((name.clone(), among(&UNITS, place(mapping.texture)?)?));
    }
    blocks.sort();
    textures.sort();
    Ok((blocks, textures))
}
