//! The shelf of a site: the files that visitors fetch, in a folder named by their digest.

use super::{Files, Unlaid};
use crate::library::Held;
use crate::pages::{Entry, Poster};
use crate::{digest, tree};
use heritage::{Outline, Site};

const POSTER: &str = "poster.webp";
const SMALL_POSTER: &str = "poster_640.webp";

/// What visitors may fetch of a site's folder. All else, the answer keys above all, stays behind.
fn is_public(path: &str) -> bool {
    let kind = tree::extension(path);
    let kinds: &[&str] = match path.split_once('/').map(|(folder, _)| folder) {
        Some("models") => &["glb"],
        Some("textures") => &["webp", "png", "jpg"],
        Some("narration" | "ambience") => &["ogg", "mp3"],
        Some("captions") => &["vtt"],
        None => return [POSTER, SMALL_POSTER].contains(&path),
        Some(_) => return false,
    };
    kinds.contains(&kind)
}

/// The site's entry and its public files with `site.json` and `outline.json`; nothing while it has no route.
pub(super) fn shelve(held: &Held) -> Result<Option<(Entry, Files)>, Unlaid> {
    let site = &held.content.site;
    let Some(route) = site.routes.first() else { return Ok(None) };
    let mut files = Files::new();
    for (path, file) in held.files.iter().filter(|(path, _)| is_public(path)) {
        files.insert(path.clone(), std::fs::read(file)?);
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
        first: first(site, &files).into_iter().map(|file| format!("{root}{file}")).collect(),
        files: files.keys().cloned().collect(),
        voices: held.voices.clone(),
        root,
    };
    Ok(Some((entry, files)))
}

/// What the scene asks for before it can be seen: the site's text, the models of the first level, and the colours of the
/// materials that these name.
fn first(site: &Site, files: &Files) -> Vec<String> {
    let models =
        site.scene.models.iter().filter(|model| model.level == 0).map(|model| format!("models/{}", model.file));
    let models: Vec<String> = models.filter(|file| files.contains_key(file)).collect();
    let names = |file: &String, material: &str| {
        // The text of a model stands in it as it is.
        let (name, bytes) = (format!("\"{material}\""), files.get(file).map(Vec::as_slice).unwrap_or_default());
        bytes.windows(name.len()).any(|part| part == name.as_bytes())
    };
    let is_first = |file: &&String| {
        let material = file.strip_suffix("_base.webp");
        material.is_some_and(|material| models.iter().any(|model| names(model, material)))
    };
    let colours = site.scene.textures.iter().filter(is_first).map(|file| format!("textures/{file}"));
    std::iter::once("site.json".to_owned()).chain(models.iter().cloned()).chain(colours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_sources_of_the_text_are_never_public() {
        for path in
            ["quiz/deck.toml", "site.toml", "scene.toml", "stories/zh/place.md", "narration/voices.toml", "built.toml"]
        {
            assert!(!is_public(path), "{path}");
        }
        for path in ["models/heads.glb", "narration/zh/place.ogg", "captions/en/place.vtt", POSTER, SMALL_POSTER] {
            assert!(is_public(path), "{path}");
        }
    }
}
