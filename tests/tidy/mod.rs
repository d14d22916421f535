//! The house rules that no compiler knows: floors, file length, where `cfg` may stand. Rights are the curator's to check.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Floor of each crate; imports point down only, and never sideways on floor 2.
const FLOORS: [(&str, u8); 7] =
    [("heritage", 0), ("protocol", 1), ("companion", 2), ("lobby", 2), ("checkpoint", 2), ("curator", 2), ("tests", 3)];

/// Lines that a source file may have at most.
const LONGEST: usize = 400;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the checkout is there")
}

fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(crate_name, _)| *crate_name == name).map(|(_, floor)| *floor)
}

/// Files that git tracks, or would, relative to the checkout.
fn files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .expect("git lists the files");
    assert!(listed.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout).expect("file names are UTF-8");
    names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .filter(|path| root().join(path).is_file())
        .collect()
}

fn with_ending<'a>(files: &'a [PathBuf], endings: &'a [&str]) -> impl Iterator<Item = &'a PathBuf> {
    files.iter().filter(|path| path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e)))
}

/// Sideways or upward imports among `packages`, as `cargo metadata` prints them.
fn floor_faults(packages: &[Value]) -> Vec<String> {
    let mut faults = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(own) = floor(name) else {
            faults.push(format!("{name} has no floor: add it to FLOORS"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let needed = dependency["name"].as_str().unwrap_or_default();
            if floor(needed).is_some_and(|below| below >= own) {
                faults.push(format!("{name} imports {needed}, which does not lie below it"));
            }
        }
    }
    faults
}

#[test]
fn imports_point_down_only() {
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo tells its metadata");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let metadata: Value = serde_json::from_slice(&told.stdout).expect("metadata is JSON");
    assert_eq!(floor_faults(metadata["packages"].as_array().expect("packages")), Vec::<String>::new());
}

#[test]
fn a_sideways_import_is_found() {
    let packages =
        [serde_json::json!({"name": "lobby", "dependencies": [{"name": "companion"}, {"name": "heritage"}]})];
    assert_eq!(floor_faults(&packages), ["lobby imports companion, which does not lie below it"]);
}

#[test]
fn source_files_are_short() {
    let files = files();
    let long: Vec<_> = with_ending(&files, &["rs", "py", "mjs", "js", "wgsl", "wesl", "css"])
        .filter_map(|path| {
            let lines = fs::read_to_string(root().join(path)).expect("sources are UTF-8").lines().count();
            (lines > LONGEST).then(|| format!("{}: {lines} lines, {LONGEST} allowed", path.display()))
        })
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn only_platform_knows_where_the_scene_runs() {
    let stray: Vec<_> = files()
        .into_iter()
        .filter(|path| path.starts_with("src/companion") && !path.starts_with("src/companion/platform"))
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .filter(|path| {
            let text = fs::read_to_string(root().join(path)).expect("sources are UTF-8");
            text.contains("target_arch") || text.contains("web_sys") || text.contains("wasm_bindgen")
        })
        .collect();
    assert_eq!(stray, Vec::<PathBuf>::new());
}

#[test]
fn scene_features_never_import_one_another() {
    let companion = root().join("src/companion");
    let features: Vec<String> = fs::read_dir(&companion)
        .expect("companion is there")
        .filter_map(|entry| {
            entry.ok().filter(|e| e.path().is_dir()).map(|e| e.file_name().to_string_lossy().into_owned())
        })
        // What every feature may draw on: the world outside, how things look in the light, and marks over the scene.
        .filter(|name| !["platform", "surface", "ink"].contains(&name.as_str()))
        .collect();
    let mut faults = Vec::new();
    for path in
        files().iter().filter(|path| path.starts_with("src/companion") && path.extension().is_some_and(|e| e == "rs"))
    {
        let Some(own) = path.components().nth(2).map(|c| c.as_os_str().to_string_lossy().into_owned()) else {
            continue;
        };
        let text = fs::read_to_string(root().join(path)).expect("sources are UTF-8");
        for other in features.iter().filter(|feature| features.contains(&own) && **feature != own) {
            if text.contains(&format!("crate::{other}::")) || text.contains(&format!("crate::{other};")) {
                faults.push(format!("{} imports the feature {other}", path.display()));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn no_test_is_ignored_and_nothing_is_left_to_do() {
    let marks = [["#[", "ignore"].concat(), ["todo", "!("].concat(), ["unimplemented", "!("].concat()];
    let files = files();
    let found: Vec<_> = with_ending(&files, &["rs"])
        .filter(|path| {
            let text = fs::read_to_string(root().join(path)).expect("sources are UTF-8");
            marks.iter().any(|mark| text.contains(mark.as_str()))
        })
        .collect();
    assert!(found.is_empty(), "ignored tests or unfinished code in {found:?}");
}
