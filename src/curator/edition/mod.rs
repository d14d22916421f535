//! Edition: everything that one build lays out, made in memory first and then put in place as a whole.

mod app;
mod put;
pub(crate) mod shelf;

use crate::library::Library;
use crate::pages::{self, House};
use crate::{digest, press, tree};
use heritage::reader::SiteAndKeys;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Path to content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Where a build reads and writes.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Styles, scripts, icons.
    pub web: &'a Path,
    /// What `wasm-bindgen` wrote: one folder per program. May be absent; pages then stay still.
    pub bundles: &'a Path,
    /// Where `web/` and `private/` are put.
    pub out: &'a Path,
}

/// What a build came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Laid {
    /// Files visitors can fetch, compressed twins not counted.
    pub files: usize,
    /// Pages among them.
    pub pages: usize,
    /// Whether anything differed from the edition that was there.
    pub changed: bool,
}

/// Why an edition could not be laid out.
#[derive(Debug, thiserror::Error)]
pub enum Unlaid {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// A page could not be rendered.
    #[error(transparent)]
    Page(#[from] pages::Unrendered),
    /// A site could not be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A key lies where visitors could fetch it. Cannot happen as long as [`heritage::Site`] holds none; checked all the same.
    #[error("the answer of station {0} would be published; nothing was written")]
    Leak(String),
}

/// Builds all pages and files of `library` and puts them in place.
///
/// # Errors
/// See [`Unlaid`]. The edition that was there stays in place.
pub fn lay_out(order: Order<'_>, library: &Library, say: &(dyn Fn(&str) + Sync)) -> Result<Laid, Unlaid> {
    let mut web = Files::new();
    let app_files = app::gather(order)?;
    let app = format!("/app/{}/", digest::of_files(&app_files));
    let program_bytes = app_files.get("companion_bg.wasm").map_or(0, Vec::len);
    let live = app_files.contains_key("boot.js") && app_files.contains_key("lobby.js");
    app::top_files(order, &app, &app_files, &mut web)?;
    add(&mut web, &app, app_files);

    let mut entries = Vec::new();
    let mut private = Files::new();
    for held in &library.sites {
        let Some((entry, files)) = shelf::shelve(held)? else {
            say(&format!("{}: no route yet, so no pages", held.name));
            continue;
        };
        refuse_leak(&held.content, &files)?;
        add(&mut web, &entry.root, files);
        private.insert(format!("{}.json", entry.site.id), serde_json::to_vec_pretty(&held.content)?);
        entries.push(entry);
    }
    let (preparing, rights) = (&library.preparing, &library.rights);
    let house = House { entries: &entries, preparing, app: &app, live, program_bytes, rights };
    let papers = pages::render_all(house)?;
    let pages = papers.len();
    web.extend(papers.into_iter().map(|paper| (paper.path, paper.html.into_bytes())));

    let laid = Laid { files: web.len(), pages, changed: true };
    let mut kept: Vec<String> = entries.iter().map(|entry| entry.root.trim_matches('/').to_owned()).collect();
    kept.push(app.trim_matches('/').to_owned());
    let edition = put::Edition::new(order.out, &web, &private, kept);
    if edition.stands()? {
        return Ok(Laid { changed: false, ..laid });
    }
    web.extend(press::twins(&web, &order.out.join("brotli-cache"), say)?);
    edition.put(&web, &private)?;
    Ok(laid)
}

fn add(web: &mut Files, folder: &str, files: Files) {
    let folder = folder.trim_start_matches('/');
    web.extend(files.into_iter().map(|(path, content)| (format!("{folder}{path}"), content)));
}

/// An explanation is written for its key alone, so its words in a public text file are the key's leak.
fn refuse_leak(content: &SiteAndKeys, files: &Files) -> Result<(), Unlaid> {
    let public = files.iter().filter(|(path, _)| ["json", "vtt"].contains(&tree::extension(path)));
    for (_, text) in public {
        let text = String::from_utf8_lossy(text);
        if let Some(key) = content.keys.iter().find(|key| {
            [&key.explanation.zh, &key.explanation.en]
                .iter()
                .any(|words| !words.is_empty() && text.contains(words.as_str()))
        }) {
            return Err(Unlaid::Leak(key.station.to_string()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
