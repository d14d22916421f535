//! Built: what the workshop made is still made from what lies there now.

use super::Desk;
use crate::library::{Held, Library};
use crate::voices::Voice;
use crate::{digest, tree};
use heritage::Lang;
use std::io;
use std::path::PathBuf;

const LIST: &str = "built.toml";
/// The section of the poster, whose script wants a running site.
const POSTER: &str = "poster";

pub(super) fn judge(library: &Library, held: &Held, desk: &mut Desk<'_>) -> io::Result<()> {
    let Some(text) = held.texts.get(LIST) else {
        desk.lay(LIST, 0, "nothing tells from what the models and sounds were made", "run make workshop");
        return Ok(());
    };
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            let error: toml::de::Error = error;
            let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count().max(1));
            desk.lay(LIST, line, error.message().to_owned(), "run make workshop");
            return Ok(());
        }
    };
    for (section, groups) in &table {
        let Some(groups) = groups.as_table() else { continue };
        let script = script_of(groups);
        for (group, files) in groups {
            for (path, noted) in files.as_table().into_iter().flatten() {
                if is_recorded(held, path) {
                    continue;
                }
                let line =
                    text.lines().position(|line| line.contains(&format!("{group}.\"{path}\""))).map_or(0, |at| at + 1);
                let now = content(library, held, path)?;
                let what = match now {
                    None => format!("{path} is gone since [{section}] was built"),
                    Some(now) if Some(digest::of(&now).as_str()) != noted.as_str() => {
                        format!("{path} has changed since [{section}] was built")
                    }
                    Some(_) => continue,
                };
                desk.lay(LIST, line, what, remedy(section, path, &script));
            }
        }
    }
    unlisted(held, &table, desk);
    Ok(())
}

fn remedy(section: &str, path: &str, script: &str) -> String {
    match path.split_once('/').map(|(folder, _)| folder) {
        _ if section == POSTER => {
            format!(
                "take it again from the running site: curator build --lenient, start the service, then node {script}"
            )
        }
        Some("narration" | "captions") => {
            format!(
                "if a person recorded it, name the narrator in narration/voices.toml; or else run {script} and commit what it makes"
            )
        }
        _ => format!("run {script} (or make workshop) and commit what it makes"),
    }
}

/// A model, texture, poster or sound that no section of the list accounts for.
fn unlisted(held: &Held, table: &toml::Table, desk: &mut Desk<'_>) {
    let made = |path: &str| ["glb", "ogg", "mp3", "webp"].contains(&tree::extension(path));
    let listed = |path: &str| {
        table.values().filter_map(|section| section.get("output")?.as_table()).any(|outputs| outputs.contains_key(path))
    };
    for path in held.files.keys().filter(|path| made(path) && !listed(path) && !is_recorded(held, path)) {
        desk.lay(
            path,
            0,
            "built.toml does not say how this file was made",
            "run the script that makes it, or remove it",
        );
    }
}

/// The script that a reader would run: the one whose name says what is built, or else the first.
fn script_of(groups: &toml::Table) -> String {
    let keys =
        ["script", "input"].iter().filter_map(|group| groups.get(*group)?.as_table()).flat_map(toml::Table::keys);
    let scripts: Vec<&String> = keys.filter(|path| ["py", "mjs"].contains(&tree::extension(path))).collect();
    let entry = ["build_", "narrate.", "ambience.", "poster."];
    let named = scripts
        .iter()
        .find(|path| entry.iter().any(|name| path.rsplit('/').next().is_some_and(|file| file.starts_with(name))));
    named.or(scripts.first()).map_or_else(|| "its script".to_owned(), |path| (*path).clone())
}

/// A person's recording and its captions replace what the script made, and so differ from it rightly; what the script read for them no longer matters.
fn is_recorded(held: &Held, path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let (lang, file) = match parts[..] {
        ["narration" | "captions" | "stories", code, file] => {
            (Lang::ALL.into_iter().find(|lang| lang.code() == code), file)
        }
        ["assets", "workshop", "pinyin", file] => (Some(Lang::Zh), file),
        _ => return false,
    };
    let point = file.split('.').next().unwrap_or_default();
    lang.is_some_and(|lang| matches!(held.voices.of(lang, point), Some(Voice::Narrator(_))))
}

/// A path in the list is one of the site's folder, or of the repository where it begins with `assets/`.
fn content(library: &Library, held: &Held, path: &str) -> io::Result<Option<Vec<u8>>> {
    let file: Option<PathBuf> = match path.strip_prefix("assets/") {
        Some(path) => library.files.get(path).cloned(),
        None => held.files.get(path).cloned(),
    };
    file.map(std::fs::read).transpose()
}
