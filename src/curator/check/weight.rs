//! Weight: what a visitor fetches before the scene opens, and in all, within the budgets of a site.

use super::Desk;
use crate::edition::shelf;
use crate::library::Held;
use crate::press;
use std::io;
use std::path::Path;

/// What the scene fetches before it opens, bytes as sent.
const FIRST_LEVEL_BYTES: usize = 400_000;
/// What the scene reads of the site's texts.
const SITE_JSON: &str = "site.json";
/// `site.json`, all models, textures and captions, bytes as sent; sound has its own budget by the minute.
const WHOLE_BYTES: usize = 6_000_000;

pub(super) fn judge(held: &Held, cache: &Path, desk: &mut Desk<'_>) -> io::Result<()> {
    let Some((_, mut files)) = shelf::shelve(held).map_err(io::Error::other)? else { return Ok(()) };
    files.retain(|path, _| {
        path == SITE_JSON || ["models/", "textures/", "captions/"].iter().any(|folder| path.starts_with(folder))
    });
    let twins = press::twins(&files, cache, &|line| eprintln!("{line}"))?;
    let sent = |path: &str| twins.get(&format!("{path}.br")).or_else(|| files.get(path)).map_or(0, Vec::len);
    let whole: usize = files.keys().map(|path| sent(path)).sum();
    if whole > WHOLE_BYTES {
        let what = format!("the site weighs {} kB as sent; {} kB are allowed", whole / 1000, WHOLE_BYTES / 1000);
        desk.lay("scene.toml", 0, what, format!("lighten it; the heaviest is {}", heaviest(files.keys(), &sent)));
    }
    let first = shelf::first(held, &files);
    let weight: usize = first.iter().map(|path| sent(path)).sum();
    if weight > FIRST_LEVEL_BYTES {
        let what =
            format!("the first level weighs {} kB as sent; {} kB are allowed", weight / 1000, FIRST_LEVEL_BYTES / 1000);
        let remedy =
            format!("move a model to level 1 or lighten it; the heaviest is {}", heaviest(first.iter(), &sent));
        desk.lay("scene.toml", 0, what, remedy);
    }
    Ok(())
}

fn heaviest<'a>(paths: impl Iterator<Item = &'a String>, sent: &dyn Fn(&str) -> usize) -> String {
    let heaviest = paths.max_by_key(|path| sent(path));
    heaviest.map_or_else(String::new, |path| format!("{path} with {} kB", sent(path) / 1000))
}
