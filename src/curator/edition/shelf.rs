//! The shelf of a site: the files that visitors fetch, in a folder named by their digest.

use super::{Files, Unlaid};
use crate::library::Held;
use crate::pages::{Entry, Poster};
use crate::{digest, tree};
use heritage::Outline;
use heritage::scene::Model;
use std::collections::BTreeSet;

const POSTER: &str = "poster.webp";
const SMALL_POSTER: &str = "poster_640.webp";

/// What visitors may fetch of a site's folder. All else, the answer keys above all, stays behind.
fn is_public(path: &str) -> bool {
    let kind = tree::extension(path);
    let kinds: &[&str] = match path.split_once('/').map(|(folder, _)| folder) {
        Some("textures") => &["webp", "png", "jpg"],
        Some("narration" | "ambience") => &["ogg", "mp3"],
        Some("captions") => &["vtt"],
        None => return [POSTER, SMALL_POSTER].contains(&path),
        Some(_) => return false,
    };
    kinds.contains(&kind)
}

/// The site's entry and its public files with `site.json` and `outline.json`; nothing while it has no route.
pub(crate) fn shelve(held: &Held) -> Result<Option<(Entry, Files)>, Unlaid> {
    let site = &held.content.site;
    let Some(route) = site.routes.first() else { return Ok(None) };
    let mut files = Files::new();
    for (path, file) in held.files.iter().filter(|(path, _)| is_public(path)) {
        files.insert(path.clone(), std::fs::read(file)?);
    }
    for model in &site.scene.models {
        files.extend(held.packed.get(&model.file).map(|packed| (packed_path(model), packed.bytes.clone())));
    }
    files.insert("site.json".to_owned(), serde_json::to_vec(site)?);
    files.insert("outline.json".to_owned(), serde_json::to_vec(&Outline::of(site))?);
    let root = format!("/sites/{}/{}/", site.id, digest::of_files(&files));
    let address = |name: &str| files.contains_key(name).then(|| format!("{root}{name}"));
    let poster = address(POSTER).map(|large| Poster { large, small: address(SMALL_POSTER) });
    let entry = Entry {
        site: site.clone(),
        route: route.clone(),
        has_course: held.content.courses.iter().any(|course| course.route == route.id),
        asks_there: held.content.on_site.iter().map(|asked| asked.station.clone()).collect(),
        poster,
        first: first(held, &files).into_iter().map(|file| format!("{root}{file}")).collect(),
        files: files.keys().cloned().collect(),
        voices: held.voices.clone(),
        root,
    };
    Ok(Some((entry, files)))
}

fn packed_path(model: &Model) -> String {
    format!("models/{}", model.packed_file())
}

/// What the scene asks for before it can be seen, as far as it is there: the site's text, the models of the first level,
/// and the colours of what they are made of. Normal maps follow.
pub(crate) fn first(held: &Held, files: &Files) -> Vec<String> {
    let models = || held.content.site.scene.models.iter().filter(|model| model.level == 0);
    let packed = models().filter_map(|model| held.packed.get(&model.file));
    let materials: BTreeSet<&String> = packed.flat_map(|packed| &packed.materials).collect();
    let colours = materials.into_iter().map(|material| format!("textures/{material}_base.webp"));
    let wanted = std::iter::once("site.json".to_owned()).chain(models().map(packed_path)).chain(colours);
    wanted.filter(|path| files.contains_key(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_sources_of_the_text_are_never_public() {
        for path in [
            "quiz/deck.toml",
            "site.toml",
            "scene.toml",
            "stories/zh/place.md",
            "narration/voices.toml",
            "built.toml",
            "models/heads.glb",
        ] {
            assert!(!is_public(path), "{path}");
        }
        for path in ["textures/rock_base.webp", "narration/zh/place.ogg", "captions/en/place.vtt", POSTER, SMALL_POSTER]
        {
            assert!(is_public(path), "{path}");
        }
    }
}
