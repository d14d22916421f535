//! The app folder: bundles, styles and scripts; and the few files that must lie at the top of the site.

use super::{Files, Order};
use crate::{style, tree};
use std::collections::BTreeMap;
use std::io;

/// What is asked for at a fixed address, and so lies outside the app folder.
const TOP: [&str; 3] = ["sw.js", "manifest.webmanifest", "robots.txt"];

/// The files of the app folder.
pub(super) fn gather(order: Order<'_>) -> io::Result<Files> {
    let mut files = Files::new();
    for (path, file) in tree::files(order.bundles)? {
        // The first part names the program; declarations and packing lists are of no use to a browser.
        let Some((_, path)) = path.split_once('/') else { continue };
        if ["js", "wasm"].contains(&tree::extension(path)) {
            files.insert(path.to_owned(), std::fs::read(file)?);
        }
    }
    let mut sheets = BTreeMap::new();
    for (path, file) in tree::files(&order.web.join("style"))? {
        if tree::extension(&path) == "css" {
            sheets.insert(path, std::fs::read_to_string(file)?);
        }
    }
    files.extend(style::bind(&sheets).into_iter().map(|(name, text)| (name, text.into_bytes())));
    for (path, file) in tree::files(order.web)? {
        let script = ["js", "mjs"].contains(&tree::extension(&path));
        if script && !TOP.contains(&path.as_str()) {
            files.insert(path, std::fs::read(file)?);
        }
    }
    Ok(files)
}

/// The files at the top: icons, manifest, service worker.
pub(super) fn top_files(order: Order<'_>, app: &str, app_files: &Files, web: &mut Files) -> io::Result<()> {
    for (path, file) in tree::files(order.web)? {
        if tree::within(&path, "icons") || TOP.contains(&path.as_str()) {
            let mut content = std::fs::read(file)?;
            if path == "sw.js" {
                content = filled_in(&content, app, app_files);
            }
            web.insert(path, content);
        }
    }
    Ok(())
}

/// The service worker learns the address of the app folder and of all that is in it.
fn filled_in(script: &[u8], app: &str, app_files: &Files) -> Vec<u8> {
    let shell: Vec<String> = app_files.keys().map(|path| format!("{app}{path}")).collect();
    let shell = serde_json::to_string(&shell).unwrap_or_default();
    String::from_utf8_lossy(script).replace("__APP__", app).replace("__SHELL__", &shell).into_bytes()
}
