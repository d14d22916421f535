//! Press: brotli beside every file that gains by it, kept by content so that nothing is pressed twice.

use crate::{digest, tree};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// From this size on a file takes over a second, and is named while it is pressed.
const SLOW_BYTES: usize = 400_000;

/// Whether files of this kind gain by compression; pictures and sound are compressed already.
pub fn gains(path: &str) -> bool {
    let kinds = ["html", "css", "js", "mjs", "json", "svg", "webmanifest", "wasm", "packed", "vtt", "txt"];
    kinds.contains(&tree::extension(path))
}

/// The `.br` twin of each file that gains by it, made at brotli's highest quality or taken from `cache`.
///
/// # Errors
/// A cache that cannot be written, or a file that cannot be pressed.
pub fn twins(
    files: &BTreeMap<String, Vec<u8>>,
    cache: &Path,
    say: &(dyn Fn(&str) + Sync),
) -> io::Result<BTreeMap<String, Vec<u8>>> {
    std::fs::create_dir_all(cache)?;
    let mut todo: Vec<(&String, &Vec<u8>)> = files.iter().filter(|(path, _)| gains(path)).collect();
    // The largest first, so that no processor is left with it alone at the end.
    todo.sort_by_key(|(_, content)| std::cmp::Reverse(content.len()));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8);
    std::thread::scope(|scope| {
        let work = || -> io::Result<()> {
            while let Some((path, content)) = todo.get(next.fetch_add(1, Ordering::Relaxed)) {
                let pressed = one(path, content, cache, say)?;
                if pressed.len() < content.len() {
                    let mut done = done.lock().map_err(|_| io::Error::other("another worker failed"))?;
                    done.insert(format!("{path}.br"), pressed);
                }
            }
            Ok(())
        };
        let hands: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        hands.into_iter().try_for_each(|hand| hand.join().map_err(|_| io::Error::other("a worker failed"))?)
    })?;
    done.into_inner().map_err(|_| io::Error::other("a worker failed"))
}

fn one(path: &str, content: &[u8], cache: &Path, say: &(dyn Fn(&str) + Sync)) -> io::Result<Vec<u8>> {
    let kept: PathBuf = cache.join(digest::of(content));
    if let Ok(pressed) = std::fs::read(&kept)
        && !pressed.is_empty()
    {
        return Ok(pressed);
    }
    if content.len() >= SLOW_BYTES {
        say(&format!("compressing {path} ({:.1} MB)", content.len() as f64 / 1e6));
    }
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: content.len(), ..Default::default() };
    let mut pressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut pressed, &params)?;
    // Written aside and renamed: a build cut short leaves no half file in the cache.
    let aside = kept.with_extension(format!("{}.part", std::process::id()));
    std::fs::write(&aside, &pressed)?;
    std::fs::rename(&aside, &kept)?;
    Ok(pressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpressed(pressed: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        brotli::BrotliDecompress(&mut &pressed[..], &mut content).expect("what was pressed can be read");
        content
    }

    #[test]
    fn a_twin_reads_back_as_what_was_pressed() {
        let cache = tempfile::tempdir().expect("a folder");
        let page = b"<p>thirteen chains</p>".repeat(40);
        let files = BTreeMap::from([("a/index.html".to_owned(), page.clone()), ("b.ogg".to_owned(), page.clone())]);
        let twins = twins(&files, cache.path(), &|_| {}).expect("pressed");
        assert_eq!(twins.keys().collect::<Vec<_>>(), ["a/index.html.br"]);
        assert_eq!(unpressed(&twins["a/index.html.br"]), page);
    }

    #[test]
    fn what_is_in_the_cache_is_not_pressed_again() {
        let cache = tempfile::tempdir().expect("a folder");
        let page = b"<p>nine chains under the deck</p>".repeat(40);
        std::fs::write(cache.path().join(digest::of(&page)), b"kept").expect("written");
        let files = BTreeMap::from([("index.html".to_owned(), page)]);
        assert_eq!(twins(&files, cache.path(), &|_| {}).expect("pressed")["index.html.br"], b"kept");
    }

    #[test]
    fn a_file_that_would_grow_has_no_twin() {
        let cache = tempfile::tempdir().expect("a folder");
        let files = BTreeMap::from([("a.txt".to_owned(), b"x".to_vec())]);
        assert!(twins(&files, cache.path(), &|_| {}).expect("pressed").is_empty());
    }
}
